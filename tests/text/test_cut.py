"""The compiled tokenizer cuts as the tokenizer does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.datasets import load_corpus
from triage.text.lexicon import Lexicon, lexicon
from triage.text.normalize import normalize
from triage.text.tokenize import Tokenizer, domain_words
from triage.text.trie import code_points

pytest.importorskip("numba")

from triage.text.cut import cut

TOKENIZER = Tokenizer()
#: Words of the dictionary and of ours, what it lacks, and what lies between words.
PIECES = st.sampled_from(
    ["系统", "掉单", "没人", "接", "互相踢", "皮球", "v6.0.1", "a_b", "3.5%", "--", "C++", "T恤", "㐀", "鿖", " ", "\n"]
)
WORDS = st.lists(PIECES | st.sampled_from(domain_words()), max_size=12).map("".join)
MIXED = st.text("闪退了的我不能登录擦最垃圾啊一个手机态度差ab1 2._-%+#&.,!\n㐀鿖豈豈\U00020001", max_size=40)
ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=30)


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return lexicon({}, domain_words())


def tokens(text: str, words: Lexicon) -> list[str]:
    ends = cut(code_points(text), words).tolist()
    return [text[low:high] for low, high in zip([0, *ends], ends, strict=False)]


@settings(max_examples=500, deadline=None)  # the first example may compile
@given(text=(WORDS | MIXED | ANY_TEXT).map(normalize))
def test_any_text_is_cut_the_same(words: Lexicon, text: str) -> None:
    assert tokens(text, words) == TOKENIZER(text)


def test_the_corpus_is_cut_the_same(words: Lexicon) -> None:
    for text in map(normalize, load_corpus()["text"].iloc[::5]):
        assert tokens(text, words) == TOKENIZER(text)


def test_words_asked_for_have_their_columns() -> None:
    found = lexicon({"系统": 3, "某某词": 4}, ())
    assert sorted(np.unique(found.columns).tolist()) == [-1, 3, 4]
