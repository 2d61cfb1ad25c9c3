import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.text.cleaners import CLEANERS, MARKS
from triage.text.normalize import align, normalize

CASES = [
    ("full width", "ＡＢＣ１２３，！", "abcＮ,!"),
    ("traditional", "系統崩潰，資料遺失", "系统崩溃,资料遗失"),
    ("zero width", "闪\u200b退\ufeff了", "闪退了"),
    ("marks hung on every character", "闪\u0f7c退\u0336了\u20e3", "闪退了"),
    ("marks stay part of letters typed whole", "café", "café"),
    ("lone surrogate", "闪退\ud800了", "闪退了"),
    ("line breaks", "一\r\n二\u2028三", "一\n二\n三"),
    ("mention", "@南岭通信客服 没信号", "Ｍ 没信号"),
    ("mail address is no mention of a word", "发到a@b.cn了", "发到aＭ.cn了"),
    ("link", "看https://a.example/x?y=1这里", "看Ｕ这里"),
    ("time", "13:40开始断网", "Ｔ开始断网"),
    ("date", "2026年3月5日和3月5号", "Ｄ和Ｄ"),
    ("amount", "扣了30块钱和¥1,200.50", "扣了Ｙ和Ｙ"),
    ("order number", "单号H20815662不见了", "单号Ｏ不见了"),
    ("number", "崩了3次，版本6.0.1", "崩了Ｎ次,版本Ｎ"),
    ("hotline keeps its name", "我要打12315和12345", "我要打12315和12345"),
    ("longer number is no hotline", "12315000", "Ｏ"),
    ("a run of emoji is one mark, that of its first", "太慢了😡👍🚀", "太慢了Ｑ"),
    ("kinds of emoji", "😡，👍，🚀", "Ｑ,Ｐ,Ｅ"),
    ("repeats", "啊啊啊啊啊！！！！", "啊啊!!"),
    ("blanks", "打 \t  不开", "打 不开"),
    ("empty", "", ""),
    ("length-changing lower case", "İΣ", "İσ"),
]


@pytest.mark.parametrize(("raw", "clean"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_way_of_typing_comes_to_one_form(raw: str, clean: str) -> None:
    assert normalize(raw) == clean


ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=60) | st.text(
    "系統系统崩了3次13:40 @客服a@b.cn，,！!\r\n\u200b\ud83d😡２０２６年1月￥50元İΣẞ", max_size=40
)


@given(ANY_TEXT)
def test_alignment_is_the_same_text_with_its_way_back(raw: str) -> None:
    aligned = align(raw)
    assert aligned.text == normalize(raw)
    spans = [aligned.span(at, at + 1) for at in range(len(aligned.text))]
    for start, end in spans:
        assert 0 <= start < end <= len(raw)
    assert spans == sorted(spans)
    for (low, _), (_, high) in itertools.combinations(spans[:12], 2):
        assert low < high


@given(ANY_TEXT)
def test_normal_form_has_no_half_of_a_pair_and_no_control_character(raw: str) -> None:
    clean = normalize(raw)
    clean.encode("utf-8")
    assert not any(ord(char) < 32 and char not in "\t\n" for char in clean)


def test_marks_cannot_be_typed() -> None:
    """A full-width letter in the input becomes a plain one, so that every mark in the output is ours."""
    typed = "".join(MARKS)
    assert not set(normalize(f"前{typed}后")) & set(MARKS)


def test_one_megabyte_is_read_in_linear_time() -> None:
    small, large = "系统崩了3次，@a" * 1000, "系统崩了3次，@a" * 100_000
    assert len(normalize(large)) > 99 * len(normalize(small))


def test_cleaners_have_names_of_their_own() -> None:
    names = [cleaner.name for cleaner in CLEANERS]
    assert len(set(names)) == len(names)
