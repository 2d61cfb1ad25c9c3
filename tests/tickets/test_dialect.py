"""Delimiters, quotes and escapes, told from the shape of the table."""

import csv
import io
import itertools

import pytest

from triage.errors import InputError
from triage.tickets.dialect import DELIMITERS, Dialect, detect_dialect

ROWS = [
    ["编号", "标题", "描述", "状态"],
    ["1", "登录慢", "每次登录要等一分钟,一直转圈;刷新也没用", "处理中"],
    ["2", "报错", '点保存就提示"系统繁忙"', "已关闭"],
    ["3", "没人回", "第一,打电话没人接\n第二,留言也没人回", "处理中"],
    ["4", "拖延", "说好的9月1日|又改到10月", ""],
]


@pytest.mark.parametrize(("delimiter", "end"), list(itertools.product(DELIMITERS, ["\n", "\r\n", "\r"])))
def test_quoted_tables(delimiter, end):
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if end == "\r" else csv.QUOTE_MINIMAL  # the line feed in a cell needs it
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(ROWS)
    found = detect_dialect(text.getvalue())
    assert (found.delimiter, found.quote, found.escape) == (delimiter, '"', None)
    assert list(found.rows(io.StringIO(text.getvalue(), newline=""))) == ROWS


CASES = {
    "commas in unquoted text": ("编号;描述\n1;慢,很慢\n2;崩,又崩,还崩\n3;好\n", Dialect(";", None)),
    "quotes in unquoted text": (
        '编号\t标题\t描述\n1\t"慢"的很\t他说"马上"\n2\t错\t"没有"人管\n',
        Dialect("\t", None),
    ),
    "backslash": ('编号,描述\n1,"他说\\"马上\\",又没了"\n2,"还是\\"等等\\""\n', Dialect(",", '"', "\\")),
    "single quotes": ("'编号','描述'\n'1','慢,很慢'\n'2','崩,又崩'\n", Dialect(",", "'")),
    "one column": ("投诉内容\n系统崩了,没人管,怎么办\n慢\n电话打不通,一直占线\n", Dialect("\x1f", None)),
    "one column, quoted": ('投诉内容\n"系统崩了,没人管"\n"慢"\n"电话打不通,占线"\n', Dialect("\x1f", '"')),
    "ragged": ("编号,时间,描述\n1,9月,慢\n2,9月\n3,9月,崩,了\n4,9月,错\n", Dialect(",", None)),
    "short": ("编号|描述\n", Dialect("|", None)),
    "preamble": ("投诉台账,2026年\n\n编号\t日期\t描述\n1\t9月\t慢,很慢\n2\t9月\t崩\n", Dialect("\t", None)),
    "everything quoted": ('"编号","描述"\n"1","慢"\n"2","崩"\n', Dialect(",", '"')),
}


@pytest.mark.parametrize("case", CASES)
def test_cases(case):
    text, expected = CASES[case]
    assert detect_dialect(text) == expected


def test_a_sample_cut_inside_quotes():
    text = "编号,描述\n" + "".join(f'{n},"第{n}次,又崩了\n还是没人管"\n' for n in range(50))
    assert detect_dialect(text[:400], whole=False) == Dialect(",", '"')


def test_given_delimiter_is_kept():
    assert detect_dialect("a,b;c\n1,2;3\n", delimiter=";").delimiter == ";"
    assert detect_dialect("a^b\n1^2\n", delimiter="^").delimiter == "^"


@pytest.mark.parametrize("delimiter", ["", ",,", "\n", '"'])
def test_no_delimiter(delimiter):
    with pytest.raises(InputError, match="not a delimiter"):
        detect_dialect("a,b\n", delimiter=delimiter)


def test_described():
    assert str(Dialect("\x1f", None)) == "delimiter none (one column), no quotes"
    assert str(Dialect("\t", '"', "\\")) == 'delimiter tab, quote ", escape \\'
