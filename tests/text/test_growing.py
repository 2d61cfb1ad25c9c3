"""A tokenizer that knows the words of its texts cuts them as one that knows all words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text import growing
from triage.text.dictionary import SORTED, Dictionary, jieba_folder, open_dictionary
from triage.text.growing import GrowingEngine

#: Characters of many words, of few and of none; letters that begin words and end them; what is no word at all.
CHARACTERS = "一不系统数据库上线吉林工业大学阿Q江南styleT恤4s店c#+.龢鿏𠀀Ｎ \n\0,"
#: A text may hold what stands in the dictionary's lines: a word, a blank, its count.
LINES = (jieba_folder() / "dict.txt").read_text("utf-8").splitlines()[1000::3001]
PIECES = st.sampled_from(
    [*LINES, *(line[:at] for line in LINES for at in (3, -2, -1)), "\n", " ", "客服 3", "客服 3061号"]
)
WHOLE = GrowingEngine()
WHOLE.cut("数" * (growing.WORTH + 1))


@settings(deadline=None)
@given(st.lists(st.text(CHARACTERS, max_size=30), max_size=4))
def test_cuts_as_with_all_words(texts: list[str]) -> None:
    engine = GrowingEngine()
    assert [engine.cut(text) for text in texts] == [WHOLE.cut(text) for text in texts]


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_cuts_lines_of_the_dictionary_as_with_all_words(text: str) -> None:
    assert GrowingEngine().cut(text) == WHOLE.cut(text)


def test_a_text_may_go_on_like_a_line() -> None:
    words = Dictionary("阿Q 3 nr\n一 217830 m\n系统 7134 n\n系统性 39 n\n".encode(), 225006)
    assert list(words.found_in("系统 7134 n\n系统性 39")) == [("系统", 7134), ("系统", 7134), ("系统性", 39)]


def test_cuts_sentences_as_with_all_words() -> None:
    engine = GrowingEngine()
    for text in (
        "吉林的系统上线三天崩了两次,打电话也没人接",
        "态度倒是挺好,就是系统一直崩",
        "盘点完保存,上个月的库存数据全没了",
    ):
        assert engine.cut(text) == WHOLE.cut(text)
        assert not engine.has_word("量子力学")


def test_goes_over_to_all_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "WORTH", 10)
    engine = GrowingEngine()
    engine.cut("系统崩了")
    assert not engine.has_word("量子力学")
    engine.cut("系统又崩了三次")
    assert engine.has_word("量子力学")


def test_an_unknown_dictionary_is_loaded_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.text.dictionary.SORTED", {})
    assert open_dictionary() is None
    engine = GrowingEngine()
    assert engine.cut("系统崩了") == WHOLE.cut("系统崩了")
    assert engine.has_word("量子力学")


def test_the_installed_dictionary_is_in_order() -> None:
    """With a new release of jieba this is skipped until its dictionary is added to `SORTED`."""
    words = open_dictionary()
    if words is None:
        pytest.skip("jieba's dictionary is not known: once the checks below hold for it, add its CRC-32 to SORTED")
    lines = (jieba_folder() / "dict.txt").read_text("utf-8").splitlines()
    counts = {word: int(count) for word, count, _ in (line.split(" ") for line in lines)}
    assert words.total == sum(counts.values())
    sorted_part = list(counts)[len(words.unsorted) :]
    firsts = [word[0] for word in sorted_part]
    assert firsts == sorted(firsts)
    for word in [*sorted_part[::97], "吉林", "高姓大名"]:
        assert (word, counts[word]) in words.found_in(f"{word}系统")


def test_nothing_is_found_of_what_no_word_begins_with() -> None:
    words = Dictionary("阿Q 3 nr\n一 217830 m\n系统 7134 n\n".encode(), 224967)
    assert list(words.found_in("Q龢𠀀\ud800 系一系统")) == [("一", 217830), ("系统", 7134)]
    assert SORTED
