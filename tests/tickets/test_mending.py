"""Quotes that went wrong cost no row, and sound rows are never touched."""

import csv
import io
import random

import pytest

from triage.tickets import read_tickets
from triage.tickets.dialect import Dialect
from triage.tickets.mending import mended_rows


def mended(text, width=3, dialect=None):
    return list(mended_rows(dialect or Dialect(), text.splitlines(keepends=True), width))


SOUND = "T9,打不开,新建\n"


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('T1,"他说"不行", 就挂了",已关', ["T1", '他说"不行", 就挂了', "已关"]),
        ('T1,"屏幕 15"",已关', ["T1", '屏幕 15"', "已关"]),
        ('T1,"说 ""马上"", 三天了"吗",已关', ["T1", '说 "马上", 三天了"吗', "已关"]),
        ('"T1,打不开,"已关"', ['"T1', "打不开", "已关"]),
        ('T1,"打不开,"已关"', ["T1", '"打不开', "已关"]),
        ('T1,打不开,"', ["T1", "打不开", '"']),
        ('T1,打不开,"已关', ["T1", "打不开", '"已关']),
        ('""T1","打不开, 闪退",已关', ['"T1', "打不开, 闪退", "已关"]),
    ],
)
@pytest.mark.parametrize("below", [SOUND * 3, '"T9","打不开","新建"\n' * 3, SOUND.rstrip("\n"), "\n" + SOUND])
def test_a_row_is_mended_and_no_other_touched(line, cells, below):
    rows = [row for row in mended(SOUND + line + "\n" + below) if row]
    assert rows == [["T9", "打不开", "新建"], cells, *[["T9", "打不开", "新建"]] * (len(rows) - 2)]
    assert len(rows) - 2 == below.count("打不开")


def test_a_text_of_several_lines_keeps_quotes_nobody_doubled():
    assert mended('T1,"他说"不行"\n然后, 挂了",已关\n' + SOUND) == [
        ["T1", '他说"不行"\n然后, 挂了', "已关"],
        ["T9", "打不开", "新建"],
    ]


def test_a_text_in_the_last_cell_is_not_cut_at_its_lines():
    text = 'T1,新建,"他说"不行"吧\n第二行"\nT9,新建,打不开\n'
    assert mended(text) == [["T1", "新建", '他说"不行"吧\n第二行'], ["T9", "新建", "打不开"]]


@pytest.mark.parametrize("lines", [2, 150, 1000])
def test_a_pasted_log_is_one_cell(lines):
    log = "\n".join(f"at line {n}" for n in range(lines))
    rows = [["T1", "新建", log], ["T2", log, "新建"], ["T3", "新建", "慢"]]
    assert mended(written(rows)) == rows


def test_a_quote_never_closed_costs_no_row_below():
    rows = [[f"T{n}", "打不开", "新建"] for n in range(5000)]
    text = written(rows)
    spoiled = text.replace("T7,打不开,新建", 'T7,打不开,"新建')
    rows[7][2] = '"新建'
    assert mended(spoiled) == rows


def test_what_cannot_be_mended_is_cut_as_ever():
    text = 'T1,"一"二,三,四,五,六\n' + SOUND
    assert mended(text) == list(csv.reader(text.splitlines(keepends=True)))


def test_backslashes_and_apostrophes():
    escaped = Dialect(escape="\\")
    assert mended('T1,"屏幕 \\"15\\" 英寸"大, 黑屏",已关\n', dialect=escaped) == [
        ["T1", '屏幕 "15" 英寸"大, 黑屏', "已关"]
    ]
    assert mended("T1,'it won't start, ever','新建'\n", dialect=Dialect(quote="'")) == [
        ["T1", "it won't start, ever", "新建"]
    ]


def written(rows, quoting=csv.QUOTE_MINIMAL):
    text = io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator="\n").writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_sound_rows_of_any_width_come_back(quoting):
    dice = random.Random(7)  # noqa: S311
    signs = ["慢", '"', ",", "\n", "'", "a", " ", '""', '",', ',"']
    for _ in range(300):
        rows = [
            ["".join(dice.choices(signs, k=dice.randrange(5))) for _ in range(dice.choice([2, 3, 3, 3, 4]))]
            for _ in range(dice.randrange(1, 8))
        ]
        text = written(rows, quoting)
        lines = io.StringIO(text, newline="").readlines()
        # A row of another width may be several rows run together: those of the usual width alone are sure.
        found = list(mended_rows(Dialect(), lines, 3))
        if all(len(row) == 3 for row in rows):
            assert found == rows
        assert "".join("".join(row) for row in found).count("慢") == text.count("慢")


def test_the_sheet_that_a_clerk_typed(export):
    rows = ["工单号,投诉内容,状态"]
    rows += [f'T{n},"页面卡住, 点了没反应",新建' for n in range(20)]
    rows[5] = 'T4,"升级后屏幕显示"未授权", 打不开",新建'
    rows[9] = 'T8,系统崩了,"'
    rows[13] = 'T12,"一直转圈,新建'
    (block,) = read_tickets(export("\r\n".join(rows) + "\r\n"))
    assert [ticket.id for ticket in block.tickets] == [f"T{n}" for n in range(20)]
    assert not block.problems
    texts = [ticket.text for ticket in block.tickets]
    assert (texts[4], texts[8], texts[12]) == ('升级后屏幕显示"未授权", 打不开', "系统崩了", '"一直转圈')
