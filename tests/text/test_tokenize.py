import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.errors import InputError
from triage.text.tokenize import Tokenizer, domain_words

RUST = Tokenizer("rjieba")
PYTHON = Tokenizer("jieba")

MIXED = "闪退了的我不能登录系统掉单没人管一个手机服务态度差ab1 2._-%+#&.,，!\n\r\t㐀鿖豈Ａ３.5\U00020001"
SAMPLES = [
    "系统上线三天崩了两次，打电话也没人接",
    "升级到v6.0.1之后T_T报错a.b@c.com，3.5%的单子掉单",
    "啊啊啊啊啊啊，擦擦擦擦，最最最最垃圾",
    "㐀字豈字鿖字\U00020001字",
    "  \r\n\t ",
    "",
]


@pytest.mark.parametrize("text", SAMPLES)
def test_both_engines_cut_the_same(text: str) -> None:
    assert RUST(text) == PYTHON(text)


@settings(max_examples=500, deadline=None)
@given(st.text(MIXED, max_size=30) | st.text(st.characters(categories=["L", "N", "P", "S", "Z"]), max_size=20))
def test_both_engines_cut_any_text_the_same(text: str) -> None:
    assert RUST(text) == PYTHON(text)


@settings(max_examples=200, deadline=None)
@given(st.text(MIXED, max_size=30))
def test_nothing_is_lost_in_cutting(text: str) -> None:
    assert "".join(RUST(text)) == text


def test_without_domain_words_the_tokens_are_those_of_jieba() -> None:
    import jieba

    plain, reference = Tokenizer("rjieba", domain=False), jieba.Tokenizer()
    for text in SAMPLES:
        assert plain(text) == reference.lcut(text)


@pytest.mark.parametrize("word", domain_words())
def test_a_domain_word_is_one_word(word: str) -> None:
    assert RUST(word) == [word]


@pytest.mark.parametrize(
    ("text", "word"),
    [("今天又没人接", "没人接"), ("客服态度差，还挂电话", "态度差"), ("昨晚掉单了", "掉单"), ("互相踢皮球", "踢皮球")],
)
def test_a_domain_word_is_one_word_inside_a_sentence(text: str, word: str) -> None:
    assert word in RUST(text)


def test_a_copy_in_another_process_cuts_the_same() -> None:
    copy = pickle.loads(pickle.dumps(RUST))  # noqa: S301
    assert copy.identity == RUST.identity
    assert copy(SAMPLES[0]) == RUST(SAMPLES[0])


def test_identity_depends_on_the_words_and_not_on_the_engine() -> None:
    assert RUST.identity == PYTHON.identity != Tokenizer(domain=False).identity


def test_an_unknown_engine_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="Did you mean 'rjieba'"):
        Tokenizer("rjiaba")
