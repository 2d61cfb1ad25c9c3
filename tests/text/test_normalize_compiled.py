"""Compiled cleaners make of every text what the cleaners make of it, with the same way back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.datasets import load_corpus
from triage.text.cleaners import CLEANER_OF
from triage.text.normalize import align
from triage.text.trie import cut_apart, laid_out

pytest.importorskip("numba")

from triage.text.mark_kernel import replaced, tables
from triage.text.normalize_compiled import normalize_compiled

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=30)
#: Characters of every cleaner, those of which a form is empty or several, those beyond the tables.
MIXED = st.text(
    "系統统崩了回覆反坏麼乾⿰亻3次13:40 .@客服a@b.cn，,！!?？…\r\n\u2028\x85\u200b\ufe0f\ud83d\u0301😡❤🈁👨"
    "２０２６年1月￥50元İΣẞ١𝟎𠀀豈㍿℃①\t\u3000\xa0/w",
    max_size=40,
)
#: Runs of digits and what stands beside them: every way in which figures touch.
FIGURES = st.text("0123511912345١.,:-/年月日号¥$元块钱万千百rmb 系\n", max_size=16)
PIECES = st.sampled_from(
    ["http://", "https:/", "https://", "www.", "@南岭客服:", "12315", "110", "13:40:05", "20261124001", "ab123456x"]
) | st.sampled_from(
    ["2026-1-3", "1999年12", "3月12日", "¥3.5万元", "块钱", "😡😡", "哈哈哈哈", "……", "\r\n", "\r\u200b\n", "回覆"]
)
TOUCHING = st.lists(PIECES | FIGURES.map(lambda text: text[:3]) | MIXED.map(lambda text: text[:3]), max_size=8).map(
    "".join
)
TEXTS = st.lists(ANY_TEXT | MIXED | FIGURES | TOUCHING, min_size=1, max_size=6)
#: Each mark and the cleaner that sets it; that of emoji stands for all three.
SET = dict(
    zip(
        "ＵＭＴＤＹＯＮＥ",
        ["links", "mentions", "times", "dates", "amounts", "order numbers", "numbers", "emoji"],
        strict=True,
    )
)
#: In compatibility forms, in lower case and within the tables: what the cleaners that set marks get to see.
FORMED = st.lists(
    PIECES | st.text("0123511912345١.,:-/年月日号¥元块钱万千百rmbhttpsw@a系 !，、\n😡❤é", max_size=12), max_size=6
).map("".join)


def same(texts: list[str]) -> None:
    clean, originals = normalize_compiled(texts)
    for text, new, original in zip(texts, clean, originals, strict=True):
        aligned = align(text)
        assert (new, original.text, original.aligned.text) == (aligned.text, text, aligned.text)
        for at in range(len(new)):
            assert original.span(at, at + 1) == aligned.span(at, at + 1)
            assert original.quote(0, at + 1) == text[slice(*aligned.span(0, at + 1))]


@settings(max_examples=300, deadline=None)  # the first example may compile
@given(TEXTS)
def test_any_texts_become_the_same(texts: list[str]) -> None:
    same(texts)


def test_the_corpus_becomes_the_same() -> None:
    same(load_corpus()["text"].iloc[::9].tolist())


@pytest.mark.parametrize("mark", SET)
def test_a_mark_stands_where_its_pattern_finds_something(mark: str) -> None:
    cleaner = CLEANER_OF[SET[mark]]

    @settings(max_examples=200, deadline=None)
    @given(FORMED | FIGURES)
    def check(text: str) -> None:
        codes = laid_out([text])[0].copy()
        places = np.arange(len(codes), dtype=np.int32)
        last = replaced(ord(mark), codes, places, places + 1, 0, len(text), *tables())
        assert cut_apart(codes[: last + 1], np.array([last + 1])) == [cleaner(text)]

    check()


def test_names_and_letters_before_figures_have_their_longest() -> None:
    same(["@" + "客" * size + "?" for size in range(23, 27)])
    same(["a" * size + "123456" for size in range(7)])


def test_hotlines_stand() -> None:
    same(
        ["0110", "00315", "110", "119.5", "12315,3", "１２３１５", "١١٠", "1١0", "12345678", "打x12345!", "1234512345"]
    )
