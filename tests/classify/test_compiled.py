"""Compiled stages say, text for text, what the arrays say."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.classify.assess import Assessor
from triage.classify.model import Model, pool
from triage.classify.signal_rules import load_rules
from triage.classify.signals import find_signals_many
from triage.classify.store import load_model
from triage.text.choice import choice
from triage.text.normalize_many import normalize_aligned

pytest.importorskip("numba")

from triage.classify.compiled import Compiled

#: What rules look for, what cancels it, and what lies between.
PIECES = st.sampled_from(
    ["再不修我就打12315", "系统崩了", "没人管", "三个星期了", "@消费者报", "退钱", "数据丢了", "不会去投诉", *",!? \n"]
) | st.text("系统崩了没人管ab1.?!，但是差Ｎ@😡", max_size=5)
TEXTS = st.lists(st.lists(PIECES, max_size=8).map("".join), min_size=24, max_size=30)


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


@pytest.fixture(scope="module")
def compiled(model: Model) -> Compiled:
    return Compiled(model.base)


def same_numbers(model: Model, compiled: Compiled, texts: list[str]) -> None:
    clean, originals = normalize_aligned(texts)
    plain = model.base.lookup.terms(clean, model.tokenizer)
    found = model.base.lookup.terms(clean, model.tokenizer, compiled)
    order, other = np.lexsort((plain.columns, plain.clauses)), np.lexsort((found.columns, found.clauses))
    assert plain.texts.tolist() == found.texts.tolist()
    assert plain.clauses[order].tolist() == found.clauses[other].tolist()
    assert plain.columns[order].tolist() == found.columns[other].tolist()
    assert plain.unknown.tolist() == found.unknown.tolist()
    expected = pool(*model.base.scores(plain), plain.texts)
    for terms in (plain, found):
        np.testing.assert_allclose(compiled.pooled(terms), expected, rtol=0, atol=1e-9)
    quotes, days = [original.quote for original in originals], [None] * len(texts)
    assert find_signals_many(clean, quotes, days, compiled_way=compiled) == find_signals_many(clean, quotes, days)


@settings(max_examples=60, deadline=None)  # the first example may compile
@given(texts=TEXTS)
def test_any_texts_have_the_same_numbers(model: Model, compiled: Compiled, texts: list[str]) -> None:
    same_numbers(model, compiled, texts)


def test_the_corpus_has_the_same_numbers(model: Model, compiled: Compiled, corpus: pd.DataFrame) -> None:
    same_numbers(model, compiled, corpus["text"].iloc[::8].tolist())


def test_examples_of_all_rules_have_the_same_signals(model: Model, compiled: Compiled) -> None:
    rules = load_rules().rules
    texts = [text for rule in rules for text in (*rule.examples, *rule.counterexamples)]
    same_numbers(model, compiled, texts)
    same_numbers(model, compiled, ["。".join(texts)] * 24)  # more places to try than there is room for at first


def test_answers_are_the_same(model: Model, corpus: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    texts, assessor = [*corpus["text"].iloc[::40], ""], Assessor(model, evidence=0)
    monkeypatch.setattr(choice, "compiled", False)
    plain = assessor.assess(texts)
    monkeypatch.setattr(choice, "compiled", True)
    for expected, found in zip(plain, assessor.assess(texts), strict=True):
        assert (found.category, found.issue, found.severity) == (expected.category, expected.issue, expected.severity)
        assert (found.signals, found.decision) == (expected.signals, expected.decision)
        assert found.probabilities == pytest.approx(expected.probabilities, abs=1e-9, rel=0)
        assert found.categories == pytest.approx(expected.categories, abs=1e-9, rel=0)


def test_a_copy_for_another_process_leaves_it_here(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "compiled", True)
    texts = ["系统崩了"] * 24
    expected = model.score(model.read(texts))["primary"]
    sent = pickle.dumps(model)
    assert b"Compiled" not in sent
    copy = pickle.loads(sent)  # noqa: S301
    np.testing.assert_array_equal(copy.score(copy.read(texts))["primary"], expected)
