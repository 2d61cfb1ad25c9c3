"""The parts of a CSV file have together the rows of the whole, whatever stands in its cells."""

import pickle

import pytest

from triage.errors import InputError
from triage.tickets import read_tickets


def wild(number):
    kind = number % 11
    return {
        0: f'T{number},"第{number}次崩了,\r\n还是\n没人管 ""急""",新建',
        1: f"T{number},只有两格",
        2: "",
        3: f'T{number},"说"不行", 就挂了",新建',
        4: f'T{number},崩了,"',
        5: f"T{number},,新建",
        6: f"T{number},a,b,c",
    }.get(kind, f"T{number},打不开第{number}次😀,新建")


@pytest.fixture
def text():
    rows = [wild(number) for number in range(300)]
    rows[150] = "工单号,描述,状态"
    rows[200:203] = ["", "客户,描述", "甲,崩了"]
    return "\r\n".join(["投诉台账,,", "", "工单号,描述,状态", *rows, "共 300 条"]) + "\n"


def rows_of(readers):
    found = []
    for reader in readers:
        for block in reader:
            items = [(item.code, item.row) if hasattr(item, "code") else item for item in block.items]
            found += zip(block.numbers, block.rows, items, strict=True)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_the_parts_are_the_whole(size, end, encoding, text, export, monkeypatch):
    path = export(text.replace("\r\n", end), encoding=encoding)
    reader = read_tickets(path)
    parts = reader.parts(size)
    assert len(parts) == max(1, -(-sum(part._table.count for part in parts) // size))
    found = rows_of(parts)
    assert found == rows_of([reader])
    assert found == rows_of(pickle.loads(pickle.dumps(parts)))  # noqa: S301 - as they are sent to another machine
    assert len({number for number, _, _ in found}) == len(found) > 200


def test_line_ends_at_the_border_of_pieces_read(text, export, monkeypatch):
    path = export(text)
    whole = rows_of([read_tickets(path)])
    for chunk in (1, 2, 3, 5):
        monkeypatch.setattr("triage.tickets.source._CHUNK", chunk)
        assert rows_of(read_tickets(path).parts(9)) == whole


@pytest.mark.parametrize(("name", "encoding"), [("a.csv", "utf-16"), ("a.csv.gz", "utf-8")])
def test_what_cannot_be_cut_is_one_part(name, encoding, text, export):
    import gzip

    content = text.encode(encoding)
    path = export(gzip.compress(content) if name.endswith("gz") else content, name)
    reader = read_tickets(path)
    parts = reader.parts(7)
    assert len(parts) == 1
    assert rows_of(parts) == rows_of([reader])


def test_a_file_without_rows_is_one_empty_part(export):
    (part,) = read_tickets(export("工单号,描述\n")).parts(5)
    assert rows_of([part]) == []


def test_a_file_without_header_and_without_quotes(export):
    reader = read_tickets(export("1;慢\n2;崩了\n3;没人管\n"), header=False, text_columns=[2])
    assert [cells for _, cells, _ in rows_of(reader.parts(2))] == [["1", "慢"], ["2", "崩了"], ["3", "没人管"]]


def test_other_kinds_are_refused(export):
    with pytest.raises(InputError, match=r"only CSV files can be read in parts: .*Save it as CSV or Parquet"):
        read_tickets(export('{"描述": "崩了"}\n', "a.ndjson")).parts(5)
