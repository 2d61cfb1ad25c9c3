"""The texts of a corpus as a learner sees them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from triage.classify.features import message_terms
from triage.classify.model import signal_flags
from triage.classify.signals import find_signals
from triage.classify.terms import Floats, Ints
from triage.text.normalize import Original, normalize
from triage.text.tokenize import Tokenizer

__all__ = ["Pieces"]


@dataclasses.dataclass(frozen=True)
class Pieces:
    """Texts as sparse TF-IDF rows, whole and by clause.

    Parameters
    ----------
    vectorizer : TfidfVectorizer
        Knows the vocabulary and its inverse document frequencies.
    whole : sparse matrix of shape (n_pieces, n_terms)
        The texts.
    clauses : sparse matrix of shape (n_clauses, n_terms)
        Their clauses.
    owners : ndarray of shape (n_clauses,)
        The text of each clause, in rising order.
    flags : ndarray of shape (n_pieces, n_signals)
        Which facts each text states.
    """

    vectorizer: Any
    whole: Any
    clauses: Any
    owners: Ints
    flags: Floats

    @classmethod
    def read(cls, texts: Sequence[str], *, min_count: int, max_terms: int) -> Pieces:
        """Cut texts into terms and weigh them; a term in fewer than `min_count` is left out, the commonest are kept."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        tokenizer = Tokenizer()
        clean = [normalize(text) for text in texts]
        terms = [message_terms(text, tokenizer) for text in clean]
        vectorizer = TfidfVectorizer(
            analyzer=_identity,
            min_df=min_count,
            max_features=max_terms,
            sublinear_tf=True,
            dtype=np.float64,
        )
        joined = [[term for clause in message for term in clause] for message in terms]
        vectorizer.fit(joined)
        # The scorer keeps idf in single precision; train on what will be used.
        vectorizer.idf_ = vectorizer.idf_.astype(np.float32).astype(np.float64)
        whole = vectorizer.transform(joined)
        clauses = vectorizer.transform([clause for message in terms for clause in message])
        owners = np.repeat(np.arange(len(terms)), [len(message) for message in terms])
        found = [find_signals(text, Original(raw).quote) for text, raw in zip(clean, texts, strict=True)]
        return cls(vectorizer, whole, clauses, owners, signal_flags(found))


def _identity(terms: list[str]) -> list[str]:
    return terms
