"""Every kind of output holds the same rows, keeps what the input had, and appears whole or not at all."""

import csv
import datetime as dt
import gzip
import json
import sys

import pytest

from tests.batch.standin import Keywords
from triage.batch import score_file
from triage.errors import MissingExtraError, OutputError
from triage.tickets import read_tickets
from triage.tickets.outcome_cells import COLUMNS

KINDS = ["csv", "tsv", "ndjson", "xlsx", "parquet", "csv.gz", "csv.zst", "ndjson.gz", "ndjson.zst", "tsv.gz"]
ODD = [
    "=HYPERLINK(1)",
    "@客服",
    "'=1",
    " 前后 ",
    "甲\n乙",
    "a\rb",
    '"引"',
    "_x0041_",
    "\x01",
    "1e5",
    "007",
    "😀",
    "",
    ",",
]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["工单号", "描述", "备注", "备注"])
        rows.writerows([f"T{n}", f"第{n}次崩了，没人管", cell, str(n)] for n, cell in enumerate(ODD))
        rows.writerow(["T99", "", "空", ""])
    return path


def rows_of(path):
    """Read a scored file as this library reads it, all columns and without its own changes of them."""
    reader = read_tickets(path, text_columns=["描述"])
    return list(reader.header), [cells for block in reader for cells, _ in block]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", KINDS)
def test_original_cells_come_back_exactly(kind, source, tmp_path, triager):
    pytest.importorskip("zstandard")
    output = tmp_path / f"out.{kind}"
    summary = score_file(source, output, triager, block_size=4)
    header, rows = rows_of(output)
    told_by_name = kind.startswith(("ndjson", "parquet"))
    assert header == ["工单号", "描述", "备注", "备注_2" if told_by_name else "备注"]
    assert rows == rows_of(source)[1]
    assert summary.rows == len(ODD) + 1
    assert names_in(tmp_path) == sorted(["in.csv", f"out.{kind}", "out.problems.csv"])


@pytest.mark.parametrize("kind", ["ndjson", "xlsx", "parquet", "csv.gz", "ndjson.zst"])
def test_the_last_step_says_how_far_it_is(kind, source, tmp_path, triager, monkeypatch):
    pytest.importorskip("zstandard")
    monkeypatch.setattr("triage.tickets.seal._ROWS", 2)
    seen = []
    score_file(source, tmp_path / f"out.{kind}", triager, progress=seen.append)
    judging, sealing = ([state for state in seen if state.sealing is step] for step in (False, True))
    assert [state.rows for state in judging] == [len(ODD) + 1]
    shares = [state.fraction for state in sealing]
    assert shares == sorted(shares)
    assert 0 < shares[0] <= shares[-1] == 1


def own_columns(path):
    """Read the triage_ columns of any kind as text."""
    name = path.name
    if ".ndjson" in name:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        return [[line[column] for column in COLUMNS] for line in lines]
    if name.endswith(".parquet"):
        frame = pytest.importorskip("pyarrow.parquet").read_table(path)
        return [[row[column] for column in COLUMNS] for row in frame.to_pylist()]
    if name.endswith(".xlsx"):
        book = pytest.importorskip("openpyxl").load_workbook(path)
        header, *rows = book.active.iter_rows(values_only=True)
        return [list(row[header.index(COLUMNS[0]) :]) for row in rows]
    raise AssertionError(name)


@pytest.mark.parametrize("kind", ["ndjson", "xlsx", "parquet"])
def test_what_was_found_is_the_same_in_every_kind(kind, source, tmp_path, triager, table):
    score_file(source, tmp_path / "out.csv", triager)
    score_file(source, tmp_path / f"out.{kind}", triager)
    confidence = COLUMNS.index("triage_confidence")
    for expected, found in zip(table(tmp_path / "out.csv"), own_columns(tmp_path / f"out.{kind}"), strict=True):
        cells = [expected[column].removeprefix("'") or None for column in COLUMNS]
        cells[confidence] = float(cells[confidence]) if cells[confidence] else None  # a number where there are any
        assert found == cells


def test_a_workbook_holds_text_that_nothing_executes(source, tmp_path, triager):
    openpyxl = pytest.importorskip("openpyxl")
    score_file(source, tmp_path / "out.xlsx", triager)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    formula = sheet["C2"]
    assert (formula.value, formula.data_type, formula.number_format) == ("=HYPERLINK(1)", "s", "@")
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_json_keeps_its_values(tmp_path, triager):
    tickets = [
        {"id": 7, "text": "崩了", "tags": ["甲", 1], "score": 1.5, "open": True, "note": None},
        {"id": 2**70, "text": "没人管\ud83d", "extra": {"a": [None]}},
    ]
    (tmp_path / "in.ndjson").write_text("\n".join(map(json.dumps, tickets)) + "\n坏了\n", "utf-8")
    score_file(tmp_path / "in.ndjson", tmp_path / "out.ndjson", triager)
    lines = [json.loads(line) for line in (tmp_path / "out.ndjson").read_text("utf-8").splitlines()]
    assert [{k: v for k, v in line.items() if k not in COLUMNS} for line in lines] == [*tickets, {}]


def test_parquet_keeps_its_types(tmp_path, triager):
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    table = pa.table(
        {
            "id": pa.array(range(5000), pa.int32()),
            "text": [f"第{n}次崩了" if n % 3 else None for n in range(5000)],
            "at": pa.array([dt.datetime(2026, 9, 21, tzinfo=dt.UTC)] * 5000, pa.timestamp("ns", "Asia/Shanghai")),
            "tags": pa.array([["甲"], None] * 2500, pa.list_(pa.string())),
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    score_file(tmp_path / "in.parquet", tmp_path / "out.parquet", triager, limit=4321)
    found = pq.read_table(tmp_path / "out.parquet")
    assert found.select(table.column_names).cast(table.schema).equals(table.slice(0, 4321))
    assert found.schema.field("at").type == table.schema.field("at").type
    again = tmp_path / "again.parquet"
    score_file(tmp_path / "out.parquet", again, triager)  # its own columns are replaced
    assert pq.read_table(again).equals(found)


def test_a_workbook_keeps_numbers_and_days(tmp_path, triager):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    when = dt.datetime(2026, 9, 21, 8, 5)  # noqa: DTZ001 - sheets know no zones
    book.active.append(["投诉台账"])
    book.active.append(["编号", "描述", "时间", "金额", "办结"])
    book.active.append([1, "崩了", when, 2.5, True])
    book.active.append(["007", "没人管", None, None, False])
    book.save(tmp_path / "in.xlsx")
    score_file(tmp_path / "in.xlsx", tmp_path / "out.xlsx", triager)
    _, *rows = openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows(values_only=True)
    assert rows[0][:5] == (1, "崩了", when, 2.5, True)
    assert rows[1][:3] == ("007", "没人管", None)


def test_a_number_with_more_digits_than_a_sheet_has_is_text(tmp_path, triager):
    pytest.importorskip("xlsxwriter")
    (tmp_path / "in.ndjson").write_text('{"id": 12345678901234567890, "text": "崩了", "ok": 1e400}\n', "utf-8")
    score_file(tmp_path / "in.ndjson", tmp_path / "out.xlsx", triager)
    _, row = pytest.importorskip("openpyxl").load_workbook(tmp_path / "out.xlsx").active.iter_rows(values_only=True)
    assert row[:3] == ("12345678901234567890", "崩了", "Infinity")


def test_a_cell_too_long_for_a_sheet_is_listed_whole(tmp_path, triager, table):
    text = "崩了" + "😀" * 20_000
    (tmp_path / "in.csv").write_text(f"编号,描述\n1,{text}\n2,没人管\n", "utf-8")
    summary = score_file(tmp_path / "in.csv", tmp_path / "out.xlsx", triager)
    assert summary.problems == {"cell_cut": 1}
    rows = rows_of(tmp_path / "out.xlsx")[1]
    assert rows[0][1] == text[: 2 + 16382]
    listed = table(tmp_path / "out.problems.csv")
    assert (listed[0]["row"], listed[0]["raw"], listed[0]["file"]) == ("2", text, "in.csv")


def test_more_rows_than_a_sheet_has(source, tmp_path, triager, monkeypatch):
    monkeypatch.setattr("triage.tickets.targets._SHEET_ROWS", 5)
    with pytest.raises(OutputError, match=r"a sheet holds 4 rows.*Write \.csv"):
        score_file(source, tmp_path / "out.xlsx", triager, block_size=2)
    assert not (tmp_path / "out.xlsx").exists()
    monkeypatch.setattr("triage.tickets.targets._SHEET_COLUMNS", 3)
    with pytest.raises(OutputError, match="a sheet holds 3 columns"):
        score_file(source, tmp_path / "out.xlsx", triager)


def stop_at(rows):
    def progress(state):
        if state.rows >= rows:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("kind", ["csv.gz", "csv.zst", "ndjson", "xlsx", "parquet"])
def test_every_kind_is_resumed_to_the_same_bytes(kind, source, tmp_path, monkeypatch):
    pytest.importorskip("zstandard")
    score_file(source, tmp_path / f"whole.{kind}", Keywords())
    output = tmp_path / f"out.{kind}"
    output.write_bytes(b"older")
    with pytest.raises(KeyboardInterrupt):
        score_file(source, output, Keywords(), block_size=3, progress=stop_at(6))
    assert output.read_bytes() == b"older"
    with monkeypatch.context() as patch:  # the power fails while the last step is done

        def cut(*_, **__):
            raise KeyboardInterrupt

        patch.setattr("os.fsync", cut)
        with pytest.raises(KeyboardInterrupt):
            score_file(source, output, Keywords(), resume=True)
    assert output.read_bytes() == b"older"
    score_file(source, output, Keywords(), resume=True)
    assert output.read_bytes() == (tmp_path / f"whole.{kind}").read_bytes()
    assert not [name for name in names_in(tmp_path) if name.startswith(".")]


def test_to_says_the_kind_whatever_the_ending(source, tmp_path, triager):
    score_file(source, tmp_path / "out", triager, to="ndjson")
    assert json.loads((tmp_path / "out").read_text("utf-8").splitlines()[0])["工单号"] == "T0"
    score_file(source, tmp_path / "out.gz", triager, to="csv")
    assert gzip.decompress((tmp_path / "out.gz").read_bytes()).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("out.docx", {}, r"Valid: \.csv.*\.parquet"),
        ("out.xlsx.gz", {}, "xlsx is packed by itself"),
        ("out", {"to": "exel"}, r"not a kind of output.*xlsx"),
        ("out.xlsx", {"append": True}, r"plain \.csv, \.tsv and \.ndjson files only"),
        ("out.csv.gz", {"append": True}, r"plain \.csv, \.tsv and \.ndjson files only"),
    ],
)
def test_outputs_that_cannot_be_are_refused_before_any_work(name, options, message, source, tmp_path, triager):
    with pytest.raises(OutputError, match=message):
        score_file(source, tmp_path / name, triager, **options)
    assert triager.calls == []
    assert names_in(tmp_path) == ["in.csv"]


@pytest.mark.parametrize(
    ("package", "name", "extra"),
    [("xlsxwriter", "out.xlsx", "excel"), ("pyarrow", "out.parquet", "parquet"), ("zstandard", "out.csv.zst", "zstd")],
)
def test_a_missing_package_names_the_command_before_any_work(package, name, extra, source, tmp_path, monkeypatch):
    for module in [module for module in sys.modules if module.split(".")[0] == package]:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, package, None)
    triager = Keywords()
    with pytest.raises(MissingExtraError, match=rf'pip install "triage\[{extra}\]"'):
        score_file(source, tmp_path / name, triager)
    assert triager.calls == []
    assert names_in(tmp_path) == ["in.csv"]
