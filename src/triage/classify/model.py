"""The model as plain arrays, and the small scorer that reads texts with them.

A message is read twice: as a whole and clause by clause. Linear *base* heads over TF-IDF give every clause
and the whole message their scores; the clause scores are pooled; small linear *top* heads over whole and
pooled scores, and over the facts found by rule, give the answer. One rude clause among ten polite ones moves
the pooled maximum, not only a tenth of a mean. Training needs scikit-learn; scoring needs numpy alone.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from triage.classify.features import TermColumns, read_clauses, term_count
from triage.classify.signals import SIGNAL_NAMES, RawSignal, find_signals
from triage.text.normalize import Original, normalize
from triage.text.tokenize import Tokenizer

__all__ = ["DISTRIBUTIONS", "HEADS", "OUTPUTS", "Base", "Model", "Reading", "Top", "pool", "signal_flags", "softmax"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Top heads and their outputs in order. The outputs of ``categories`` and ``severity`` are independent
#: yes/no answers ("asserts this category", "is at least this severe"); ``primary`` and ``issue`` are
#: distributions.
HEADS: Mapping[str, tuple[str, ...]] = {
    "primary": ("technical", "communication", "process", "attitude", "none"),
    "categories": ("technical", "communication", "process", "attitude"),
    "issue": (
        "function_failure", "performance", "interface_error", "data_loss",
        "slow_response", "unclear_explanation", "passive", "perfunctory",
        "schedule_delay", "missing_documentation", "change_management", "procedure",
        "harsh_tone", "impatience", "arrogance",
    ),
    "severity": ("normal", "high", "critical"),
}  # fmt: skip
DISTRIBUTIONS = frozenset({"primary", "issue"})
#: The base heads: one yes/no score for each output of each top head.
OUTPUTS = tuple(f"{head}:{name}" for head, names in HEADS.items() for name in names)
#: What a clause pool holds for a message without a single clause.
NO_CLAUSE = -1.0


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model sees it.

    Parameters
    ----------
    text : str
        The normalised text.
    clauses : list of list of int
        The known columns of every clause, each as often as it occurs.
    unknown : float
        Share of the terms that the model does not know.
    signals : tuple of RawSignal
        Facts found by rule, in the normalised text.
    original : Original
        The way back to what was typed.
    """

    text: str
    clauses: list[list[int]]
    unknown: float
    signals: tuple[RawSignal, ...]
    original: Original


@dataclasses.dataclass(frozen=True)
class Base:
    """TF-IDF and the linear heads over it.

    Parameters
    ----------
    vocabulary : dict of str to int
        Term → column.
    idf : ndarray of shape (n_terms,)
        Inverse document frequencies.
    weights : ndarray of shape (n_terms, n_outputs)
        Coefficients of :data:`OUTPUTS`.
    intercept : ndarray of shape (n_outputs,)
        Their intercepts.
    """

    vocabulary: dict[str, int]
    idf: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    intercept: Floats

    @functools.cached_property
    def lookup(self) -> TermColumns:
        """The vocabulary by kind of term, for the path every text takes."""
        return TermColumns.of(self.vocabulary)

    def scores(self, owners: Ints, columns: Ints, n_rows: int) -> Floats:
        """Score bags of terms.

        Parameters
        ----------
        owners : ndarray of shape (n_occurrences,)
            The row each occurrence belongs to, in rising order.
        columns : ndarray of shape (n_occurrences,)
            The column of each occurrence.
        n_rows : int
            Number of rows.

        Returns
        -------
        ndarray of shape (n_rows, n_outputs)
            Decision values; a row without a known term has the intercept.
        """
        keys, counts = np.unique(owners * len(self.idf) + columns, return_counts=True)
        rows, terms, values = self.tfidf(keys, counts)
        scores = np.tile(self.intercept, (n_rows, 1))
        if len(rows):
            starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
            scores[rows[starts]] += np.add.reduceat(self.weights[terms] * values[:, None], starts, axis=0)
        return scores

    def tfidf(self, keys: Ints, counts: Ints) -> tuple[Ints, Ints, Floats]:
        """Weigh the distinct terms of each row.

        Parameters
        ----------
        keys : ndarray of shape (n_distinct,)
            ``row * n_terms + column`` of each, in rising order.
        counts : ndarray of shape (n_distinct,)
            How often it occurs in the row.

        Returns
        -------
        rows, columns, values : ndarray of shape (n_distinct,)
            Values are sublinear TF-IDF, L2-normalised by row.
        """
        rows, terms = np.divmod(keys, len(self.idf))
        values = (1.0 + np.log(counts)) * self.idf[terms]
        norms = np.sqrt(np.bincount(rows, weights=values * values))
        return rows, terms, values / norms[rows]


@dataclasses.dataclass(frozen=True)
class Top:
    """A linear head over whole and pooled base scores.

    Parameters
    ----------
    weights : ndarray of shape (n_inputs, n_outputs)
        Coefficients.
    intercept : ndarray of shape (n_outputs,)
        Intercepts.
    """

    weights: Floats
    intercept: Floats

    def logits(self, inputs: Floats) -> Floats:
        """Return logits of shape (n_rows, n_outputs)."""
        logits: Floats = inputs @ self.weights + self.intercept
        return logits


def softmax(logits: Floats) -> Floats:
    """Turn rows of logits into distributions."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def sigmoid(logits: Floats) -> Floats:
    """Turn logits into independent probabilities."""
    probabilities: Floats = 1.0 / (1.0 + np.exp(-logits))
    return probabilities


def pool(whole: Floats, clauses: Floats, owners: Ints) -> Floats:
    """Join the scores of whole messages with those of their clauses.

    Parameters
    ----------
    whole : ndarray of shape (n_messages, n_outputs)
        Base scores of the messages.
    clauses : ndarray of shape (n_clauses, n_outputs)
        Base scores of all their clauses.
    owners : ndarray of shape (n_clauses,)
        The message of each clause, in rising order.

    Returns
    -------
    ndarray of shape (n_messages, 3 * n_outputs)
        Whole scores, maximum and mean over the clauses.
    """
    n_messages, n_outputs = whole.shape
    best = np.full((n_messages, n_outputs), NO_CLAUSE)
    mean = np.full((n_messages, n_outputs), NO_CLAUSE)
    if len(owners):
        starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
        sizes = np.diff(np.r_[starts, len(owners)])
        best[owners[starts]] = np.maximum.reduceat(clauses, starts, axis=0)
        mean[owners[starts]] = np.add.reduceat(clauses, starts, axis=0) / sizes[:, None]
    return np.hstack([whole, best, mean])


def signal_flags(found: Sequence[Sequence[RawSignal]]) -> Floats:
    """Return which facts each message states, shape (n_messages, n_signals), 0 or 1."""
    flags = np.zeros((len(found), len(SIGNAL_NAMES)))
    for row, signals in enumerate(found):
        for signal in signals:
            flags[row, SIGNAL_NAMES.index(signal.name)] = 1.0
    return flags


@dataclasses.dataclass(frozen=True)
class Model:
    """All heads, ready to score.

    Parameters
    ----------
    base : Base
        TF-IDF and base heads.
    tops : mapping of str to Top
        One head for each key of :data:`HEADS`.
    facts : mapping
        What stands in the model card: identity, tokenizer, data, metrics, thresholds.
    """

    base: Base
    tops: Mapping[str, Top]
    facts: Mapping[str, Any]

    @functools.cached_property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer the model was trained with."""
        return Tokenizer()

    @property
    def identity(self) -> str:
        """Name and content hash of the model."""
        return f"{self.facts['name']}@{self.facts.get('hash', 'unsaved')[:12]}"

    def read(self, text: str, day: dt.date | None = None) -> Reading:
        """Normalise a text, cut it into clauses and these into known terms, and find the facts it states.

        Parameters
        ----------
        text : str
            The raw text.
        day : date, optional
            The day it was written, from which "since March" is counted.
        """
        clean = normalize(text)
        clauses = read_clauses(clean, self.tokenizer)
        known = [self.base.lookup.columns(clause) for clause in clauses]
        total = sum(map(term_count, clauses))
        unknown = 1.0 - sum(map(len, known)) / total if total else 0.0
        original = Original(text)
        return Reading(clean, known, unknown, find_signals(clean, original.quote, today=day), original)

    def inputs(self, readings: Sequence[Reading]) -> Floats:
        """Score messages and clauses with the base and pool them.

        Parameters
        ----------
        readings : sequence of Reading
            The messages, from :meth:`read`.

        Returns
        -------
        ndarray of shape (n_messages, 3 * n_outputs + n_signals)
            What the top heads read.
        """
        clauses = [clause for reading in readings for clause in reading.clauses]
        owners = np.repeat(np.arange(len(readings)), [len(reading.clauses) for reading in readings])
        sizes = np.fromiter(map(len, clauses), dtype=np.int64, count=len(clauses))
        columns = np.fromiter(itertools.chain.from_iterable(clauses), dtype=np.int64, count=int(sizes.sum()))
        by_clause = np.repeat(np.arange(len(clauses)), sizes)
        whole = self.base.scores(owners[by_clause], columns, len(readings))
        pooled = pool(whole, self.base.scores(by_clause, columns, len(clauses)), owners)
        return np.hstack([pooled, signal_flags([reading.signals for reading in readings])])

    def score(self, readings: Sequence[Reading]) -> dict[str, Floats]:
        """Return the calibrated probabilities of every head.

        Parameters
        ----------
        readings : sequence of Reading
            The messages, from :meth:`read`.

        Returns
        -------
        dict of str to ndarray of shape (n_messages, n_outputs)
            Keys and outputs as in :data:`HEADS`.
        """
        inputs = self.inputs(readings)
        return {head: self.activate(head, top.logits(inputs)) for head, top in self.tops.items()}

    @staticmethod
    def activate(head: str, logits: Floats) -> Floats:
        """Turn the logits of a head into probabilities."""
        return softmax(logits) if head in DISTRIBUTIONS else sigmoid(logits)
