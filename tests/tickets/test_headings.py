"""Several header rows, headers that come again, and other tables below the tickets."""

import pytest

from triage.records import Ticket
from triage.tickets import read_tickets
from triage.tickets.layout import find_layout

HEADER = ["工单号", "客户", "投诉内容"]


def read(path, rows):
    path.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
    return [item for block in read_tickets(path) for item in block.items]


def codes(path, rows):
    return ["ticket" if isinstance(item, Ticket) else item.code for item in read(path, rows)]


def test_names_that_stand_twice_get_their_group():
    rows = [
        ["2026年投诉台账", *[""] * 5],
        ["客户", "", "", "处理人", "", "投诉"],
        ["姓名", "电话", "编号", "姓名", "电话", "内容"],
        ["张三", "1", "T1", "李四", "2", "系统又崩了"],
    ]
    layout = find_layout(rows)
    assert layout.header == ("客户 / 姓名", "客户 / 电话", "编号", "处理人 / 姓名", "处理人 / 电话", "内容")
    assert (layout.first, layout.skipped) == (3, 2)


def test_a_group_and_a_name_are_known_together(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("投诉,,处理,\n时间,内容,时间,内容\n2026/9/1,系统又崩了,2026/9/2,已重启\n", "utf-8")
    reader = read_tickets(path)
    assert reader.columns.text_names == ("投诉 / 内容",)
    assert reader.header[reader.columns.fields["created_at"]] == "投诉 / 时间"


def test_columns_that_stand_twice_below_a_title_keep_their_names():
    rows = [["导出", "", "", ""], ["编号", "描述", "Comment", "Comment"], ["1", "崩了", "", ""]]
    assert find_layout(rows).header == ("编号", "描述", "Comment", "Comment")


def test_unknown_names_that_stand_twice():
    assert find_layout([["甲", "乙", "丙"], ["甲", "乙", "丙 "], ["x", "y", "z"]]).first == 2


@pytest.mark.parametrize("other", [["甲一", "乙二", "丙三"], ["甲一", "乙二", "丙三", "描述", "戊五"]])
def test_another_table_is_told_by_names_that_nobody_knows(other, tmp_path):
    header = ["甲一", "乙二", "丙三", "描述"]
    rows = [header, ["x", "甲一", "乙二", "崩了"], ["x", "y", "z", "崩了"], other, ["x"] * len(other)]
    assert codes(tmp_path / "in.csv", rows) == ["ticket", "ticket", "other_table", "other_table"]


def test_exports_put_one_after_the_other(tmp_path):
    rows = [HEADER, ["1", "甲", "崩了"], HEADER, ["2", "乙", "没人管"], [*HEADER, ""], ["3", "丙", "又崩了"]]
    assert codes(tmp_path / "in.csv", rows) == ["ticket", "header_again"] * 2 + ["ticket"]


@pytest.mark.parametrize(
    "other",
    [
        [["客户", "投诉内容"], ["甲", "x"], ["乙", "y"]],
        [["客户", "投诉内容", "渠道", "项目"], ["甲", "x", "网", "z"]],
        [[], ["姓名", "项目"], ["甲", "12"]],
    ],
    ids=["less", "more", "below an empty line"],
)
def test_another_table_is_not_scored_and_says_where_it_begins(other, tmp_path):
    rows = [HEADER, ["1", "甲", "崩了"], ["2", "乙", "没人管"], *other, HEADER, ["3", "丙", "又崩了"]]
    items = read(tmp_path / "in.csv", rows)
    others = items[2:-2]
    begins = 5 if not other[0] else 4
    assert {(item.code, item.message.split(",")[0]) for item in others} == {
        ("other_table", f"another table begins in row {begins}")
    }
    assert len(others) == sum(map(bool, other))
    assert [isinstance(item, Ticket) for item in items[-2:]] == [False, True]


def test_tickets_made_of_words_that_columns_have_are_tickets(tmp_path):
    rows = [["渠道", "类型", "内容"], ["电话", "投诉", "反馈"], ["客户", "系统", "问题"], [], ["网站", "投诉", "崩了"]]
    assert codes(tmp_path / "in.csv", rows) == ["ticket"] * 3
