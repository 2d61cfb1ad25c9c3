"""Exports of every shape, read to the same tickets."""

import csv
import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.errors import ColumnError, InputError
from triage.records import RowProblem, Ticket
from triage.tickets import TableWriter, read_tickets

SHEET = "工单号,投诉时间,客户,投诉内容\n1,2026/9/21 8:05,甲公司,系统又崩了\n2,2026/9/22,乙公司,电话没人接\n"


def everything(path, **options):
    reader = read_tickets(path, **options)
    pairs = [pair for block in reader for pair in block]
    return reader, [cells for cells, _ in pairs], [item for _, item in pairs]


def test_a_sheet(export):
    reader, rows, items = everything(export(SHEET, encoding="gbk"))
    assert reader.header == ("工单号", "投诉时间", "客户", "投诉内容")
    assert rows[0] == ["1", "2026/9/21 8:05", "甲公司", "系统又崩了"]
    assert isinstance(items[0], Ticket)
    assert (items[0].text, items[0].id, items[0].customer) == ("系统又崩了", "1", "甲公司")
    assert items[0].created_at.isoformat() == "2026-09-21T08:05:00+08:00"
    assert [line.split(":")[0] for line in reader.describe()] == ["encoding", "dialect", "columns"]


def test_a_reader_can_be_read_twice(export):
    reader = read_tickets(export(SHEET))
    assert [block.rows for block in reader] == [block.rows for block in reader]


def test_blocks(export):
    path = export("描述\n" + "崩了\n" * 7)
    assert [len(block) for block in read_tickets(path, block_size=3)] == [3, 3, 1]
    assert [block.numbers for block in read_tickets(path, block_size=3)][1] == [5, 6, 7]


SAME = {
    "crlf": SHEET.replace("\n", "\r\n"),
    "cr": SHEET.replace("\n", "\r"),
    "mixed ends": SHEET.replace("\n", "\r\n", 1),
    "no newline at the end": SHEET.rstrip("\n"),
    "empty lines": SHEET.replace("\n", "\n\n") + "\n\n",
    "semicolon": SHEET.replace(",", ";"),
    "tab": SHEET.replace(",", "\t"),
    "bar": SHEET.replace(",", "|"),
    "all quoted": '"' + SHEET.replace(",", '","').strip("\n").replace("\n", '"\n"') + '"\n',
    "delimiter at the end of rows": SHEET.replace("了\n", "了,\n").replace("接\n", "接,,\n"),
    "blank columns": SHEET.replace("\n", ",,\n"),
    "title above": "2026年投诉台账\n\n" + SHEET,
    "title above, as spreadsheets save it": "2026年投诉台账,,,\n制表：张三,,,\n" + SHEET,
    "group names above": "基本信息,,,投诉\n" + SHEET,
    "names twice": SHEET.replace("\n1", "\nticket_id,created_at,customer,complaint\n1"),
    "merged names": ",,客户,投诉内容\n工单号,投诉时间,,\n" + SHEET.split("\n", 1)[1],
}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("case", SAME)
def test_one_table_in_many_dialects(case, encoding, export):
    _, rows, items = everything(export(SAME[case], encoding=encoding))
    assert [row[:4] for row in rows] == [
        ["1", "2026/9/21 8:05", "甲公司", "系统又崩了"],
        ["2", "2026/9/22", "乙公司", "电话没人接"],
    ]
    assert [item.text for item in items] == ["系统又崩了", "电话没人接"]
    assert [item.created_at.hour for item in items] == [8, 0]


def test_nul_bytes_and_odd_separators_stay(export):
    _, rows, items = everything(export("编号,描述\n1,崩\x00了\n2,慢\u2028还慢\x0c\x1c\n"))
    assert rows == [["1", "崩\x00了"], ["2", "慢\u2028还慢\x0c\x1c"]]
    assert len(items) == 2


def test_row_numbers_are_those_a_spreadsheet_shows(export):
    text = '台账\n\n编号,描述\n1,"两\n行"\n\n3\n4,慢,多\n'
    _, _, items = everything(export(text))
    assert [(item.row, item.code) for item in items if isinstance(item, RowProblem)] == [
        (6, "too_few_cells"),
        (7, "too_many_cells"),
    ]


@pytest.mark.parametrize("cell", ["", " ", "　", "NaN", "nan", "NULL", "None", "N/A", "#N/A", "\\N", "<NA>"])
def test_nothing_in_the_text(cell, export):
    _, rows, (item,) = everything(export(f"编号,描述\n1,{cell}\n"))
    assert (item.row, item.code) == (2, "empty_text")
    assert rows == [["1", cell]]


@pytest.mark.parametrize(
    ("subject", "body", "text"),
    [
        ("慢", "打开要一分钟", "慢\n打开要一分钟"),
        ("系统打开慢", "系统打开慢，要一分钟", "系统打开慢，要一分钟"),
        ("系统打开…", "系统打开慢，要一分钟", "系统打开慢，要一分钟"),
        ("投诉：系统打开慢", "系统打开慢", "投诉：系统打开慢"),
        ("", "打开要一分钟", "打开要一分钟"),
        ("慢", "nan", "慢"),
    ],
)
def test_subject_and_description_are_joined_without_saying_it_twice(subject, body, text, export):
    _, _, (item,) = everything(export(f"标题,描述\n{subject},{body}\n"))
    assert item.text == text


def test_repeated_headers(export):
    reader, rows, (item,) = everything(
        export("Summary,Issue key,Created,Description,Comment,Comment\n慢,CS-1,21/Sep/26 08:55 AM,真慢,一,二\n")
    )
    assert reader.header[-2:] == ("Comment", "Comment")
    assert rows[0][-2:] == ["一", "二"]
    assert item.text == "真慢"
    assert item.created_at.hour == 8


def test_zentao_numbers_are_taken_off(export):
    path = export("编号;所属产品;标题;描述;由谁创建;创建日期\n1;进销存(#3);慢;打不开;客户;2026-09-21\n", encoding="gbk")
    assert everything(path)[2][0].product == "进销存"


def test_osticket_apostrophes_are_taken_off_and_put_back(export, tmp_path):
    path = export(
        "Ticket Number,Subject,Help Topic,Date Created\n1,'@客服 没人管,投诉,9/21/26 8:05 AM\n", encoding="utf-8-sig"
    )
    reader, rows, (item,) = everything(path)
    assert item.text == "@客服 没人管"
    with TableWriter(tmp_path / "out.csv", reader.header) as table:
        table.write(rows)
    assert (tmp_path / "out.csv").read_text("utf-8-sig").splitlines() == path.read_text("utf-8-sig").splitlines()


def test_an_unreadable_time_is_noted_and_the_ticket_kept(export):
    (block,) = read_tickets(export("时间,描述\n前天,崩了\n,慢\n"))
    assert [ticket.created_at for ticket in block.tickets] == [None, None]
    assert [(note.row, note.code, note.value) for note in block.notes] == [(2, "unreadable_time", "前天")]


def test_the_zone_of_times_that_name_none(export):
    _, _, items = everything(export(SHEET), timezone="Europe/Berlin")
    assert items[0].created_at.isoformat() == "2026-09-21T08:05:00+02:00"


def test_no_header(export):
    path = export("1,2026/9/21,系统又崩了\n2,2026/9/22,电话没人接\n")
    with pytest.raises(ColumnError, match=r"no header row.*--no-header --text-column"):
        read_tickets(path)
    reader, rows, items = everything(path, header=False, text_columns=[3])
    assert reader.header == ("column_1", "column_2", "column_3")
    assert [item.text for item in items] == ["系统又崩了", "电话没人接"]
    assert len(rows) == 2


def test_one_complaint_a_line(export):
    path = export("系统又崩了，打电话也没人管，怎么办\n一直转圈,慢得很,受不了\n", name="complaints.txt")
    assert [item.text for item in everything(path, header=False)[2]] == [
        "系统又崩了，打电话也没人管，怎么办",
        "一直转圈,慢得很,受不了",
    ]


def test_a_cell_of_a_megabyte(export):
    text = "系统又崩了，没人管。" * 100_000
    assert everything(export(f"编号,描述\n1,{text}\n"))[2][0].text == text


def test_a_quote_never_closed_is_one_bad_cell_at_most(export):
    _, rows, _ = everything(export('编号,描述\n1,"崩了\n2,慢\n'), delimiter=",")
    assert "".join("".join(row) for row in rows).replace('"', "").count("慢") == 1


JSON = [
    {
        "ticket": {
            "id": 7,
            "subject": "慢",
            "description": "打开要一分钟",
            "created_at": "2026-09-21T08:35:00Z",
            "tags": [],
        }
    },
    {
        "ticket": {
            "id": 8,
            "subject": "崩",
            "description": None,
            "created_at": None,
            "tags": ["甲"],
            "via": {"channel": "web"},
        }
    },
]


def test_ndjson(export):
    path = export("\n".join(json.dumps(line, ensure_ascii=False) for line in JSON) + "\n\n", name="export.ndjson")
    reader, rows, items = everything(path)
    assert reader.header == ("id", "subject", "description", "created_at", "tags", "via")
    assert reader.dialect is None
    assert reader.columns.format.name == "zendesk-json"
    assert rows == [
        ["7", "慢", "打开要一分钟", "2026-09-21T08:35:00Z", "[]", ""],
        ["8", "崩", "", "", '["甲"]', '{"channel": "web"}'],
    ]
    assert items[0].text == "慢\n打开要一分钟"
    assert items[0].created_at.isoformat() == "2026-09-21T08:35:00+00:00"
    assert (items[1].text, items[1].channel) == ("崩", '{"channel": "web"}')


def test_ndjson_with_lines_that_are_no_objects(export):
    _, rows, items = everything(
        export('{"text": "崩了"}\n{"text": "慢\n[1]\nnull\n{"text": "\\ud83d"}\n', name="a.jsonl")
    )
    assert [(item.row, item.code) for item in items if isinstance(item, RowProblem)] == [
        (2, "not_json"),
        (3, "not_json"),
        (4, "not_json"),
    ]
    assert items[4].text == "\ud83d"
    assert len(rows) == 5


def test_ndjson_without_objects(export):
    with pytest.raises(InputError, match="there is no JSON object"):
        read_tickets(export("[1]\n2\n", name="a.json"))


def test_gzip(export):
    reader, _, items = everything(export(gzip.compress(SHEET.encode("gbk")), name="export.csv.gz"))
    assert (reader.encoding.label, len(items)) == ("GB18030", 2)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (gzip.compress(SHEET.encode())[:-12], "a.csv.gz", "gzip file is damaged"),
        (gzip.compress(b""), "a.csv.gz", "empty once unpacked"),
        (b"", "a.csv", "the file is empty"),
        (b"\xd0\xcf\x11\xe0....", "a.xls", r"workbook cannot be read.*as CSV"),
        (b"PAR1....", "a.parquet", "Parquet file cannot be read"),
        (b"<html><body>", "a.xls", "web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "a.xls", "web page or XML"),
    ],
)
def test_what_cannot_be_read(content, name, message, export):
    with pytest.raises(InputError, match=f"(?s){message}"):
        read_tickets(export(content, name=name))


def test_a_missing_file(tmp_path, export):
    export(SHEET, name="投诉-九月.csv")
    with pytest.raises(InputError, match=r"no such file.*Did you mean '投诉-九月.csv'"):
        read_tickets(tmp_path / "投诉九月.csv")
    with pytest.raises(InputError, match=r"a folder, not a file.*\*\.csv"):
        read_tickets(tmp_path)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x1f"), max_size=12)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.tuples(st.integers(1, 99).map(str), CELLS, CELLS), min_size=1, max_size=8))
def test_whatever_a_spreadsheet_saves_comes_back(rows, tmp_path):
    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([("编号", "标题", "描述"), *rows])
    reader, found, items = everything(path, delimiter=",")
    assert reader.header == ("编号", "标题", "描述")
    assert [tuple(row) for row in found] == rows
    assert len(items) == len(rows)
