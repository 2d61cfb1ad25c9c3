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
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from triage.classify.base import Base
from triage.classify.block import FEW
from triage.classify.signals import SIGNAL_NAMES, RawSignal, find_signals_many
from triage.classify.terms import Floats, Ints, Terms, run_sizes, run_starts
from triage.text.choice import choice
from triage.text.normalize import Original, normalized
from triage.text.normalize_many import normalize_aligned
from triage.text.tokenize import Tokenizer

if TYPE_CHECKING:
    from triage.classify.compiled import Compiled

__all__ = ["DISTRIBUTIONS", "HEADS", "OUTPUTS", "Base", "Model", "Readings", "Top", "pool", "signal_flags", "softmax"]

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
_PLACE_OF = {name: at for at, name in enumerate(SIGNAL_NAMES)}
#: What a clause pool holds for a message without a single clause.
NO_CLAUSE = -1.0


@dataclasses.dataclass(frozen=True, slots=True)
class Readings:
    """Texts as the model sees them.

    Parameters
    ----------
    texts : list of str
        The normalised texts.
    originals : list of Original
        The way back to what was typed.
    terms : Terms
        The known terms of every clause.
    signals : list of tuple of RawSignal
        Facts found by rule, in the normalised texts.
    """

    texts: list[str]
    originals: list[Original]
    terms: Terms
    signals: list[tuple[RawSignal, ...]]


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


def _activated(head: str, logits: list[float]) -> list[float]:
    """Turn the few logits of one message into probabilities, sooner than arrays are set up."""
    if head in DISTRIBUTIONS:
        most = max(logits)
        powers = [math.exp(logit - most) for logit in logits]
        together = sum(powers)
        return [power / together for power in powers]
    return [1.0 / (1.0 + math.exp(-logit)) for logit in logits]


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
    if n_messages == 1 and len(owners):
        best_of_one, sum_of_one = np.maximum.reduce(clauses), np.add.reduce(clauses)
        return np.concatenate((whole, best_of_one, sum_of_one / len(owners)), axis=None)[None]
    best = np.full((n_messages, n_outputs), NO_CLAUSE)
    mean = np.full((n_messages, n_outputs), NO_CLAUSE)
    if len(owners):
        starts = run_starts(owners)
        messages = owners[starts]
        best[messages] = np.maximum.reduceat(clauses, starts, axis=0)
        mean[messages] = np.add.reduceat(clauses, starts, axis=0) / run_sizes(starts, len(owners))[:, None]
    return np.concatenate([whole, best, mean], axis=1)


def signal_flags(found: Sequence[Sequence[RawSignal]]) -> Floats:
    """Return which facts each message states, shape (n_messages, n_signals), 0 or 1."""
    flags = np.zeros((len(found), len(SIGNAL_NAMES)))
    for row, signals in enumerate(found):
        for signal in signals:
            flags[row, _PLACE_OF[signal.name]] = 1.0
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

    def read(self, texts: Sequence[str], days: Sequence[dt.date | None] | None = None) -> Readings:
        """Normalise texts, cut them into clauses and these into known terms, and find the facts they state.

        Parameters
        ----------
        texts : sequence of str
            The raw texts.
        days : sequence of date, optional
            The day each was written, from which "since March" is counted.
        """
        choice.count(len(texts))
        # Its dictionary is laid out first, when little else takes memory.
        compiled = self.compiled_for(len(texts))
        if len(texts) < FEW:
            pairs = [normalized(text) for text in texts]
            clean, originals = [text for text, _ in pairs], [original for _, original in pairs]
        else:
            clean, originals = normalize_aligned(texts)
        terms = self.base.lookup.terms(clean, self.tokenizer, compiled)
        quotes = [original.quote for original in originals]
        found = find_signals_many(clean, quotes, days or [None] * len(texts), compiled_way=compiled)
        return Readings(clean, originals, terms, found)

    def inputs(self, readings: Readings) -> Floats:
        """Score messages and clauses with the base and pool them.

        Parameters
        ----------
        readings : Readings
            The messages, from :meth:`read`.

        Returns
        -------
        ndarray of shape (n_messages, 3 * n_outputs + n_signals)
            What the top heads read.
        """
        terms, compiled = readings.terms, self.compiled_for(len(readings.texts))
        pooled = compiled.pooled(terms) if compiled else pool(*self.base.scores(terms), terms.texts)
        return np.concatenate([pooled, signal_flags(readings.signals)], axis=1)

    def score(self, readings: Readings) -> dict[str, Floats]:
        """Return the calibrated probabilities of every head.

        Parameters
        ----------
        readings : Readings
            The messages, from :meth:`read`.

        Returns
        -------
        dict of str to ndarray of shape (n_messages, n_outputs)
            Keys and outputs as in :data:`HEADS`.
        """
        logits = self._all_tops.logits(self.inputs(readings))
        if len(logits) == 1:
            row = logits[0].tolist()
            return {head: np.array([_activated(head, row[place])]) for head, place in self._places.items()}
        return {head: self.activate(head, logits[:, place]) for head, place in self._places.items()}

    def compiled_for(self, texts: int) -> Compiled | None:
        """Return the compiled functions where they do so many texts."""
        return self._compiled if texts >= FEW and choice.takes_compiled() else None

    def __getstate__(self) -> dict[str, Any]:
        # Where a copy goes, numba may be missing; the dictionary is large and quickly laid out again.
        return {name: value for name, value in self.__dict__.items() if name != "_compiled"}

    @functools.cached_property
    def _compiled(self) -> Compiled:
        from triage.classify.compiled import Compiled

        return Compiled(self.base)

    @functools.cached_property
    def _all_tops(self) -> Top:
        """All top heads side by side: one product instead of four."""
        tops = self.tops.values()
        return Top(np.hstack([top.weights for top in tops]), np.concatenate([top.intercept for top in tops]))

    @functools.cached_property
    def _places(self) -> dict[str, slice]:
        """The outputs of each head among those of all."""
        ends = np.cumsum([len(top.intercept) for top in self.tops.values()]).tolist()
        return {head: slice(low, high) for head, low, high in zip(self.tops, [0, *ends], ends, strict=False)}

    @staticmethod
    def activate(head: str, logits: Floats) -> Floats:
        """Turn the logits of a head into probabilities."""
        return softmax(logits) if head in DISTRIBUTIONS else sigmoid(logits)
