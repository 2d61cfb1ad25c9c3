"""The pipeline a notebook would hold, as large as our model: what `speed.py` measures us against.

It is a module of its own because it is saved as notebooks save, by pickle: a new interpreter must find it, and
must not import for it what a notebook would not.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triage.classify.model import Model


def jieba_words(text: str) -> list[str]:
    """Cut by jieba; ``jieba.lcut`` itself holds a lock and can be neither cloned nor saved."""
    import jieba

    jieba.setLogLevel(logging.CRITICAL)
    return jieba.lcut(text)


def naive_vectorizer(words: int | None, chars: int | None) -> Any:
    """Return TF-IDF of jieba's words, with `chars` also of two to four characters, of so many terms each."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    parts = [
        ("words", TfidfVectorizer(tokenizer=jieba_words, token_pattern=None, sublinear_tf=True, max_features=words))
    ]
    if chars:
        vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 4), sublinear_tf=True, max_features=chars)
        parts.append(("chars", vectorizer))
    return FeatureUnion(parts)


class NaivePipeline:
    """The notebook's pipeline with our number of terms, base outputs and answers."""

    def __init__(self, model: Model) -> None:
        kinds = [term[0] for term in model.base.vocabulary]
        self.vectorizer = naive_vectorizer(kinds.count("w"), kinds.count("c"))

    def fit(self, pieces: Any) -> NaivePipeline:
        """Fit TF-IDF and all heads."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.multiclass import OneVsRestClassifier
        from sklearn.svm import LinearSVC

        from triage.classify.model import DISTRIBUTIONS, HEADS, OUTPUTS
        from triage.classify.train import targets

        rows = self.vectorizer.fit_transform(pieces["text"].tolist())
        wanted = targets(pieces).clip(0)  # not said counts as no
        # Few iterations: the figures of these heads are not used, only their shape.
        self.base = OneVsRestClassifier(LinearSVC(C=0.1, tol=0.1, max_iter=20_000)).fit(rows, wanted)
        scores = self.base.decision_function(rows)
        self.tops = {}
        for head, names in HEADS.items():
            first = OUTPUTS.index(f"{head}:{names[0]}")
            block = wanted[:, first : first + len(names)]
            if head in DISTRIBUTIONS:
                said = block.sum(axis=1) == 1
                machine: Any = LogisticRegression(max_iter=200).fit(scores[said], block[said].argmax(axis=1))
            else:
                machine = OneVsRestClassifier(LogisticRegression(max_iter=200)).fit(scores, block)
            self.tops[head] = machine
        return self

    def __call__(self, texts: Sequence[str]) -> dict[str, Any]:
        """Return the probabilities of all answers."""
        scores = self.base.decision_function(self.vectorizer.transform(texts))
        return {head: machine.predict_proba(scores) for head, machine in self.tops.items()}
