"""OpenCC is asked where it could say something else than the table of single characters."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.text import characters as tables_of
from triage.text import traditional
from triage.text.characters import characters
from triage.text.cleaners import CLEANER_OF
from triage.text.normalize import normalize
from triage.text.normalize_many import normalize_many
from triage.text.traditional import SIGNS, calling_characters, phrase_file

SIMPLIFY = CLEANER_OF["simplified"]
#: Characters that change alone, that change in company, that never change, and what describes a character.
MIXED = st.text("統餘複鍾乾著瞭藉於沈坏毛捏回覆答反么麼麽计計畫籌俱傢系统崩了⿰亻\n ,a", max_size=20)
HAN = st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=20)


@pytest.fixture
def unknown_phrases(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(traditional, "PHRASES", {})
    for cached in (calling_characters, characters):
        cached.cache_clear()
    yield
    for cached in (calling_characters, characters):
        cached.cache_clear()


def character_by_character(text: str) -> str:
    return "".join(map(SIMPLIFY, text))


def test_the_phrases_of_the_installed_opencc_are_known() -> None:
    if calling_characters() is None:
        pytest.skip("every text is shown to this OpenCC: when the next test passes, add its phrases to PHRASES")
    assert calling_characters() > SIGNS


def test_every_phrase_that_changes_in_company_holds_a_sign(tmp_path: Path) -> None:
    file, listed = phrase_file(), tmp_path / "phrases.txt"
    tool = file and file.parents[2] / "bin" / "opencc_dict"
    if file is None or tool is None or not tool.is_file():
        pytest.skip("this OpenCC comes without the tool that lists its phrases")
    subprocess.run([tool, "-i", file, "-o", listed, "-f", "ocd2", "-t", "text"], check=True)
    phrases = [line.split("\t")[0] for line in listed.read_text(encoding="utf-8").splitlines()]
    changing = [phrase for phrase in phrases if SIMPLIFY(phrase) != character_by_character(phrase)]
    assert len(changing) > 100
    assert [phrase for phrase in changing if SIGNS.isdisjoint(phrase)] == []


@given(MIXED | HAN)
def test_without_a_calling_character_each_stands_alone(text: str) -> None:
    if calling_characters() is not None and calling_characters().isdisjoint(text):
        assert SIMPLIFY(text) == character_by_character(text)


@given(st.lists(MIXED | HAN, max_size=5))
def test_texts_in_which_neighbours_count(texts: list[str]) -> None:
    assert normalize_many(texts) == [normalize(text) for text in texts]


def test_a_description_at_the_end_of_a_text_says_nothing_of_the_next() -> None:
    assert normalize_many(["覆⿰", "乾.", "統"]) == ["覆⿰", "干.", "统"]


def test_an_opencc_with_unknown_phrases_reads_every_text(unknown_phrases: None) -> None:
    assert calling_characters() is None
    assert characters().calls[ord("系")] & tables_of.CONTEXT
    assert not characters().calls[ord("a")] & tables_of.CONTEXT
    texts = ["回覆太慢，系統崩了３次", "abc", "乾坤⿰", "統"]
    assert normalize_many(texts) == [normalize(text) for text in texts]
