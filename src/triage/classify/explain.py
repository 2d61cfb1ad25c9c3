"""Which words decided: the score of a category, taken apart into the words of the original text.

All heads are linear and the pools (whole, maximum, mean) pick or average linear scores, so a score is
exactly the sum of what each term brought plus a constant. A term's part is spread evenly over its
characters, and the characters are gathered into words.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from triage.classify.model import HEADS, Model, pool, signal_flags
from triage.classify.placed import place_terms
from triage.classify.signals import SIGNAL_NAMES, RawSignal, find_signals
from triage.classify.terms import Floats, Ints
from triage.records import Category, Evidence
from triage.text.cleaners import Aligned
from triage.text.normalize import Original

__all__ = ["Explanation", "evidence", "explain", "explain_reading"]

# What is left of zero after differences are summed up.
_NOISE = 1e-12
# Neighbours are joined until so many characters stand together.
_LONG = 8


@dataclasses.dataclass(frozen=True)
class Explanation:
    """The score of one category taken apart.

    Parameters
    ----------
    category : Category
        Whose score.
    score : float
        The logit of the primary head.
    bias : float
        The part no word accounts for; ``bias + sum(weights) == score``.
    words : tuple of Evidence
        Every word that weighs, in order of the text.
    clause : tuple of (int, int) or None
        The span of the clause that brought most, in the original text.
    """

    category: Category
    score: float
    bias: float
    words: tuple[Evidence, ...]
    clause: tuple[int, int] | None

    def top(self, count: int = 5) -> tuple[Evidence, ...]:
        """Return the weightiest words, neighbours of one sign joined."""
        joined = _joined([(word.start, word.end, word.weight) for word in self.words])
        return tuple(
            Evidence(start, end, "".join([word.quote for word in self.words[low:high]]), weight, self.category)
            for start, end, weight, low, high in _weightiest(joined, count)
        )


def explain(model: Model, text: str, category: Category) -> Explanation:
    """Take the score of a category apart into the words of the text.

    Parameters
    ----------
    model : Model
        The model.
    text : str
        The original text.
    category : Category
        The category to explain.

    Returns
    -------
    Explanation
        With offsets into `text`.
    """
    original = Original(text)
    return explain_reading(model, original, find_signals(original.aligned.text, original.quote), category)


def explain_reading(model: Model, original: Original, signals: Sequence[RawSignal], category: Category) -> Explanation:
    """Take the score of a category apart where the text has been read already.

    Parameters
    ----------
    model : Model
        The model.
    original : Original
        The text and the way back to it.
    signals : sequence of RawSignal
        The facts found in it.
    category : Category
        The category to explain.

    Returns
    -------
    Explanation
        What :func:`explain` gives.
    """
    weighed = _weigh(model, original.aligned, signals, category)
    text, top, at = original.text, model.tops["primary"], HEADS["primary"].index(category.value)
    words = tuple(Evidence(start, end, text[start:end], weight, category) for start, end, weight in weighed.words)
    owners = np.zeros(len(weighed.clauses), dtype=np.int64)
    inputs = np.hstack([pool(weighed.whole[None], weighed.clauses, owners), signal_flags([signals])])
    score = float(top.logits(inputs)[0, at])
    return Explanation(category, score, score - sum(word.weight for word in words), words, weighed.decider)


def evidence(
    model: Model, original: Original, signals: Sequence[RawSignal], category: Category, count: int
) -> tuple[Evidence, ...]:
    """Return the weightiest words of a text that has been read already, and nothing else of the explanation.

    Parameters
    ----------
    model, original, signals, category
        As for :func:`explain_reading`.
    count : int
        How many.

    Returns
    -------
    tuple of Evidence
        What ``explain_reading(…).top(count)`` gives.
    """
    joined = _joined(_weigh(model, original.aligned, signals, category).words)
    return tuple(
        Evidence(start, end, original.text[start:end], weight, category)
        for start, end, weight, _, _ in _weightiest(joined, count)
    )


@dataclasses.dataclass(slots=True)
class _Weighed:
    """What each word brought (original span and weight), the base scores, and the span of the deciding clause."""

    words: list[tuple[int, int, float]]
    whole: Floats
    clauses: Floats
    decider: tuple[int, int] | None


def _weigh(model: Model, aligned: Aligned, signals: Sequence[RawSignal], category: Category) -> _Weighed:
    placed = place_terms(aligned.text, model.base.lookup, model.tokenizer)
    columns, owners, count = placed.columns, placed.owners, len(placed.clauses)

    # 1. What one occurrence of a term is worth in the whole message and in its clause, and the base scores.
    weights = model.base.weights[columns].astype(np.float64)
    in_whole = _shares(model, columns, np.zeros_like(owners))
    in_clause = _shares(model, columns, owners)
    whole = model.base.intercept + in_whole @ weights
    outputs = len(model.base.intercept)
    cells = (owners[:, None] * outputs + np.arange(outputs)).ravel()
    summed = np.bincount(cells, (in_clause[:, None] * weights).ravel(), count * outputs)
    clauses = summed.reshape(count, outputs) + model.base.intercept

    # 2. The top head's weight of each base output: in the whole, in the clause that has the maximum, in the mean.
    at = HEADS["primary"].index(category.value)
    pooled = model.tops["primary"].weights[:, at]
    on_whole, on_best, on_mean = pooled[:outputs], pooled[outputs : 2 * outputs], pooled[2 * outputs : 3 * outputs]
    on_flags = pooled[3 * outputs :].tolist()
    on_clause = np.empty((count, outputs))
    on_clause[:] = on_mean / max(count, 1)
    if count:
        on_clause[clauses.argmax(axis=0), np.arange(outputs)] += on_best

    # 3. Gather the parts by character of the normalised text: terms, then facts found by rule.
    brought = in_whole * (weights @ on_whole) + in_clause * (weights * on_clause[owners]).sum(axis=1)
    evenly = brought / (placed.highs - placed.lows)
    size = len(aligned.text) + 1
    steps = np.bincount(placed.lows, evenly, size) - np.bincount(placed.highs, evenly, size)
    names = [signal.name for signal in signals]
    for signal in signals:
        stated = on_flags[SIGNAL_NAMES.index(signal.name)] / names.count(signal.name) / (signal.end - signal.start)
        steps[signal.start] += stated
        steps[signal.end] -= stated

    decider = None
    if count:
        decider = aligned.span(*placed.clauses[int(np.bincount(owners, brought, count).argmax())])
    return _Weighed(_by_word(aligned, placed.words, steps.cumsum()), whole, clauses, decider)


def _shares(model: Model, columns: Ints, owners: Ints) -> Floats:
    """Return the TF-IDF value of each occurrence: that of its term in its row, shared among its repetitions."""
    keys = owners * len(model.base.idf) + columns
    distinct, place, counts = np.unique(keys, return_inverse=True, return_counts=True)
    _, _, values = model.base.tfidf(distinct, counts)
    shares: Floats = (values / counts)[place]
    return shares


def _by_word(aligned: Aligned, words: list[tuple[int, int]], parts: Floats) -> list[tuple[int, int, float]]:
    """Gather characters into words; what stands between words (?, !) counts to the word before."""
    if not words:
        return []
    weights = np.add.reduceat(parts, [low for low, _ in words]).tolist()
    return [
        (*aligned.span(low, high), weight)
        for (low, high), weight in zip(words, weights, strict=True)
        if abs(weight) > _NOISE
    ]


def _joined(words: list[tuple[int, int, float]]) -> list[tuple[int, int, float, int, int]]:
    """Join short neighbours of one sign: span, weight, and which of the words they are."""
    joined: list[tuple[int, int, float, int, int]] = []
    for at, (start, end, weight) in enumerate(words):
        if joined:
            low, high, sum_, first, _ = joined[-1]
            if high == start and (sum_ > 0) == (weight > 0) and high - low < _LONG:
                joined[-1] = low, end, sum_ + weight, first, at + 1
                continue
        joined.append((start, end, weight, at, at + 1))
    return joined


def _weightiest(joined: list[tuple[int, int, float, int, int]], count: int) -> list[tuple[int, int, float, int, int]]:
    """Return the first by weight, then by place; the last bits of a sum do not decide."""
    return sorted(joined, key=lambda each: (-round(abs(each[2]), 9), each[0]))[:count]
