"""Many texts at once: the array versions say, text for text, what the plain ones say."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.datasets import load_corpus
from triage.text.clauses import clauses
from triage.text.normalize import Original, align, normalize
from triage.text.normalize_many import normalize_aligned, normalize_many
from triage.text.spans import clause_bounds
from triage.text.trie import Trie, code_points

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=30) | st.text(
    "系統系统崩了回覆反覆就是说但是3次13:40 ."
    "@客服a@b.cn，,！!?？…\r\n\u200b\ufe0f\ud83d😡２０２６年1月￥50元İΣẞ١𝟎\t\u3000/w",
    max_size=40,
)
#: Runs of digits and what stands beside them: every way in which figures touch.
FIGURES = st.text("0123511912345.,:-/年月日号¥$元块千rmb 系", max_size=16)


@pytest.fixture(scope="module")
def corpus_texts() -> list[str]:
    return load_corpus()["text"].iloc[::7].tolist()


def spans(texts: list[str]) -> Iterator[str]:
    joined = "".join(f"{text}\n" for text in texts)
    return (joined[start:end] for start, end in zip(*clause_bounds(code_points(joined)), strict=True))


@given(st.lists(ANY_TEXT | FIGURES, max_size=6))
def test_texts_are_normalised_as_each_alone(texts: list[str]) -> None:
    assert normalize_many(texts) == [normalize(text) for text in texts]


@given(st.lists(ANY_TEXT | FIGURES, max_size=3))
def test_the_way_back_is_that_of_each_alone(texts: list[str]) -> None:
    for text, original in zip(texts, normalize_aligned(texts)[1], strict=True):
        aligned = align(text)
        assert original.aligned.text == aligned.text
        for at in range(len(aligned.text)):
            assert original.span(at, at + 1) == aligned.span(at, at + 1)


@given(st.lists(ANY_TEXT.map(normalize), min_size=1, max_size=6))
def test_clauses_are_those_of_each_alone(texts: list[str]) -> None:
    assert list(spans(texts)) == [text[start:end] for text in texts for start, end in clauses(text)]


def test_on_the_corpus(corpus_texts: list[str]) -> None:
    clean, originals = normalize_aligned(corpus_texts)
    assert clean == [normalize(text) for text in corpus_texts]
    assert list(spans(clean)) == [text[start:end] for text in clean for start, end in clauses(text)]
    for text, original in zip(corpus_texts[::20], originals[::20], strict=True):
        plain = Original(text)
        assert [original.span(0, at) for at in range(1, len(plain.aligned.text))] == [
            plain.span(0, at) for at in range(1, len(plain.aligned.text))
        ]


@given(st.sets(st.text("系统崩𠀀a", min_size=1, max_size=5), max_size=30), st.text("系统崩𠀀𠀁ab\n", max_size=30))
def test_a_trie_finds_every_word_at_every_place(words: set[str], text: str) -> None:
    listed = sorted(words)
    trie = Trie.of(listed)
    found = {
        (place, listed[word])
        for places, nodes in trie.walk(trie.numbers(code_points(text)))
        for place, word in zip(places.tolist(), trie.words[nodes].tolist(), strict=True)
        if word >= 0
    }
    assert found == {(at, word) for word in words for at in range(len(text)) if text.startswith(word, at)}


def test_a_trie_whose_entries_crowd() -> None:
    listed = [chr(0x4E00 + first) + chr(0x4E00 + second) for first in range(90) for second in range(90)]
    trie = Trie.of(listed)
    (_, _), (places, nodes) = trie.walk(trie.numbers(code_points("".join(listed))))
    assert trie.words[nodes[places % 2 == 0]].tolist() == list(range(len(listed)))
