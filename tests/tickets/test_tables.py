"""Workbooks, Parquet, JSON lists and standard input read like the same table saved as CSV."""

import datetime as dt
import gzip
import io
import json
import sys
from pathlib import Path

import pytest

from triage.errors import ColumnError, InputError, MissingExtraError
from triage.tickets import read_tickets
from triage.tickets.source import open_source

HEADER = ["编号", "时间", "描述"]
ROWS = [[1, dt.datetime(2026, 9, 21, 8, 5), "系统又崩了"], [2.5, dt.date(2026, 9, 22), "=没人管"], [3, None, None]]  # noqa: DTZ001
AS_CELLS = [["1", "2026-09-21 08:05:00", "系统又崩了"], ["2.5", "2026-09-22", "=没人管"], ["3", "", ""]]


def cells_of(reader):
    return [cells for block in reader for cells, _ in block]


@pytest.fixture
def workbook(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("python_calamine")

    def write(rows, name="台账.xlsx", sheets=("数据",)):
        book = openpyxl.Workbook()
        book.active.title = "说明"
        book.active.sheet_state = "hidden"
        for title in sheets:
            sheet = book.create_sheet(title)
            for at, row in enumerate(rows, start=1):
                for column, value in enumerate(row, start=2):
                    cell = sheet.cell(at, column, value)
                    if isinstance(value, str):
                        cell.data_type = "s"  # text beginning with = is text here
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def test_workbook(workbook):
    reader = read_tickets(workbook([["投诉台账"], [], HEADER, *ROWS[:1], [], *ROWS[1:]]))
    assert reader.header == tuple(HEADER)
    assert cells_of(reader) == AS_CELLS
    assert (reader.encoding, reader.dialect) == (None, None)
    (block,) = reader
    assert block.numbers == [4, 6, 7]  # as the spreadsheet numbers its rows
    assert block.tickets[0].created_at.isoformat() == "2026-09-21T08:05:00+08:00"
    assert [problem.code for problem in block.problems] == ["empty_text"]


def test_a_workbook_from_before_2007(tmp_path):
    xlwt = pytest.importorskip("xlwt")
    pytest.importorskip("python_calamine")
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("台账")
    for at, row in enumerate([["投诉台账"], HEADER, ["T1", "2026-09-21", "系统又崩了"], [2, "", "没人管"]]):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    book.save(str(tmp_path / "a.xls"))
    reader = read_tickets(tmp_path / "a.xls")
    assert reader.header == tuple(HEADER)
    assert cells_of(reader) == [["T1", "2026-09-21", "系统又崩了"], ["2", "", "没人管"]]


@pytest.mark.parametrize("name", ["a.parquet.gz", "a.zst"])
def test_packed_parquet(name, tmp_path):
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    zstandard = pytest.importorskip("zstandard")
    parquet.write_table(arrow.table({"描述": ["系统又崩了", "没人管"]}), tmp_path / "plain")
    pack = gzip.compress if name.endswith("gz") else zstandard.compress
    (tmp_path / name).write_bytes(pack((tmp_path / "plain").read_bytes()))
    reader = read_tickets(tmp_path / name)
    assert cells_of(reader) == cells_of(reader) == [["系统又崩了"], ["没人管"]]


def test_sheets(workbook):
    path = workbook([HEADER, *ROWS], sheets=("八月", "九月"))
    assert len(cells_of(read_tickets(path, sheet="九月"))) == 3
    with pytest.raises(InputError, match=r"no such sheet: '十月'.*Valid: 说明, 八月, 九月"):
        read_tickets(path, sheet="十月")


def test_workbooks_that_cannot_be_used(workbook, export):
    with pytest.raises(InputError, match="the workbook is empty"):
        read_tickets(workbook([]))
    with pytest.raises(ColumnError, match="no header row"):
        read_tickets(workbook(ROWS[:1] * 3))
    with pytest.raises(InputError, match="workbook cannot be read"):
        read_tickets(export(workbook([HEADER, *ROWS]).read_bytes()[:900], name="half.xlsx"))


def test_parquet(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {"编号": [1, 2], "时间": [ROWS[0][1], None], "描述": ["系统又崩了", None], "标签": [["甲"], None]}
    parquet.write_table(arrow.table(columns), tmp_path / "a.parquet")
    reader = read_tickets(tmp_path / "a.parquet")
    assert reader.header == ("编号", "时间", "描述", "标签")
    assert cells_of(reader) == [["1", "2026-09-21T08:05:00", "系统又崩了", '["甲"]'], ["2", "", "", ""]]
    (block,) = reader
    assert block.numbers == [2, 3]
    assert [problem.code for problem in block.problems] == ["empty_text"]


@pytest.mark.parametrize(
    ("package", "content", "extra"), [("python_calamine", b"PK\x03\x04", "excel"), ("pyarrow", b"PAR1", "parquet")]
)
def test_a_missing_package_names_the_command(package, content, extra, export, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf'pip install "triage\[{extra}\]"'):
        read_tickets(export(content))


TICKETS = [{"id": number, "text": f"第{number}次崩了，[{'没人管' * 9}]"} for number in range(900)]


@pytest.mark.parametrize("layout", [{}, {"indent": 2}, {"separators": (",", ":")}])
@pytest.mark.parametrize("name", ["a.json", "a"])
def test_json_list(layout, name, export):
    reader = read_tickets(export(json.dumps(TICKETS, ensure_ascii=False, **layout), name=name))
    assert cells_of(reader) == [[str(ticket["id"]), ticket["text"]] for ticket in TICKETS]


def test_json_list_cut_short(export):
    (block,) = read_tickets(export('[{"text": "崩了"}, 7, {"text": "没人', name="a.json"))
    assert [problem.code for problem in block.problems] == ["not_json", "not_json"]
    assert [ticket.text for ticket in block.tickets] == ["崩了"]


def test_standard_input(monkeypatch):
    class Stdin:
        buffer = io.BytesIO("编号,描述\n1,崩了\n".encode("gbk"))

    monkeypatch.setattr("sys.stdin", Stdin)
    reader = read_tickets("-")
    assert cells_of(reader) == cells_of(reader) == [["1", "崩了"]]
    folder = Path(reader.source.path).parent
    assert reader.source.name == "<stdin>"
    del reader
    assert not folder.exists()


def test_standard_input_with_nothing(monkeypatch):
    class Stdin:
        buffer = io.BytesIO()

    monkeypatch.setattr("sys.stdin", Stdin)
    with pytest.raises(InputError, match="the file is empty: '<stdin>'"):
        read_tickets("-")


def test_how_far_a_file_is_read(export):
    source = open_source(export(b"x" * 100))
    with source.open() as stream:
        assert source.fraction == 0
        stream.read()
        assert source.fraction == 1
    assert source.fraction == 1
