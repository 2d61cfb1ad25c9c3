"""The small scorer against scikit-learn, and the properties the rest relies on."""

import itertools
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from triage.classify.features import message_terms
from triage.classify.model import HEADS, OUTPUTS, Model, pool, signal_flags, softmax
from triage.classify.signals import find_signals
from triage.text.normalize import Original, normalize

ODD_TEXTS = ["", " ", "。。。", "😡😡😡", "hello world", "\ud800", "啊" * 5000, "系统崩了，" * 300]


def reference(model: Model, texts: list[str]) -> dict[str, np.ndarray]:
    """Score with scikit-learn's own vectorizer and plain matrix products."""
    clean = [normalize(text) for text in texts]
    terms = [message_terms(text, model.tokenizer) for text in clean]
    vectorizer = TfidfVectorizer(analyzer=list, vocabulary=model.base.vocabulary, sublinear_tf=True)
    vectorizer.idf_ = model.base.idf.astype(float)
    weights = model.base.weights.astype(float)
    whole = (
        vectorizer.transform([list(itertools.chain.from_iterable(message)) for message in terms]) @ weights
        + model.base.intercept
    )
    flat = [clause for message in terms for clause in message]
    clauses = vectorizer.transform(flat) @ weights + model.base.intercept
    owners = np.repeat(np.arange(len(texts)), [len(message) for message in terms])
    inputs = np.hstack(
        [
            pool(whole, clauses, owners),
            signal_flags([find_signals(text, Original(raw).quote) for text, raw in zip(clean, texts, strict=True)]),
        ]
    )
    return {head: model.activate(head, top.logits(inputs)) for head, top in model.tops.items()}


def test_probabilities_are_those_of_scikit_learn(small_model: Model, corpus: pd.DataFrame) -> None:
    texts = [*corpus["text"].iloc[::97].tolist(), *ODD_TEXTS]
    ours = small_model.score(small_model.read(texts))
    for head, expected in reference(small_model, texts).items():
        np.testing.assert_allclose(ours[head], expected, rtol=0, atol=1e-9)


def test_one_text_gets_the_same_numbers_alone_as_among_others(small_model: Model, corpus: pd.DataFrame) -> None:
    texts = [*corpus["text"].iloc[::301].tolist(), *ODD_TEXTS]
    together = small_model.score(small_model.read(texts))
    for at, text in enumerate(texts):
        alone = small_model.score(small_model.read([text]))
        for head in HEADS:
            np.testing.assert_allclose(alone[head][0], together[head][at], rtol=0, atol=1e-12)


def test_distributions_sum_to_one(small_model: Model) -> None:
    heads = small_model.score(small_model.read(ODD_TEXTS))
    for head in ("primary", "issue"):
        np.testing.assert_allclose(heads[head].sum(axis=1), 1.0)
    for values in heads.values():
        assert ((values >= 0) & (values <= 1)).all()


@settings(max_examples=50)
@given(st.integers(1, 6).flatmap(lambda n: st.lists(st.integers(0, n - 1), max_size=12).map(lambda o: (n, sorted(o)))))
def test_pool_is_maximum_and_mean_over_the_clauses_of_each_message(case: tuple[int, list[int]]) -> None:
    messages, owners = case
    rng = np.random.default_rng(0)
    whole = rng.normal(size=(messages, len(OUTPUTS)))
    clauses = rng.normal(size=(len(owners), len(OUTPUTS)))
    pooled = pool(whole, clauses, np.array(owners, dtype=int))
    for at in range(messages):
        mine = clauses[[owner == at for owner in owners]]
        best, mean = (mine.max(axis=0), mine.mean(axis=0)) if len(mine) else (-1.0, -1.0)
        np.testing.assert_allclose(
            pooled[at], np.r_[whole[at], np.zeros(len(OUTPUTS)) + best, np.zeros(len(OUTPUTS)) + mean]
        )


def test_softmax_takes_large_logits() -> None:
    np.testing.assert_allclose(softmax(np.array([[1000.0, 0.0]])), [[1.0, 0.0]])


@pytest.mark.parametrize("module", ["sklearn", "scipy", "pandas"])
def test_scoring_imports_neither_scikit_learn_nor_pandas(module: str) -> None:
    code = (
        f"import json, sys, triage; triage.Triager().triage('系统崩了'); print(json.dumps({module!r} in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) is False
