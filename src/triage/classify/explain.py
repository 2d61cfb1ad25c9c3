"""Which words decided: the score of a category, taken apart into the words of the original text.

All heads are linear and the pools (whole, maximum, mean) pick or average linear scores, so a score is
exactly the sum of what each term brought plus a constant. A term's part is spread evenly over its
characters, and the characters are gathered into words.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np

from triage.classify.features import clause_spans, read_clauses
from triage.classify.model import HEADS, Model, pool, signal_flags
from triage.classify.signals import SIGNAL_NAMES, RawSignal, find_signals
from triage.classify.terms import Floats, Ints
from triage.records import Category, Evidence
from triage.text.normalize import Aligned, Original

__all__ = ["Explanation", "explain", "explain_reading"]

# What is left of zero after differences are summed up.
_NOISE = 1e-12


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
        joined: list[Evidence] = []
        for word in self.words:
            last = joined[-1] if joined else None
            if last and last.end == word.start and (last.weight > 0) == (word.weight > 0) and len(last.quote) < 8:
                joined[-1] = Evidence(
                    last.start, word.end, last.quote + word.quote, last.weight + word.weight, self.category
                )
            else:
                joined.append(word)
        return tuple(sorted(joined, key=lambda e: (-abs(e.weight), e.start))[:count])


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
    aligned, text = original.aligned, original.text
    read = read_clauses(aligned.text, model.tokenizer)
    column_of = model.base.vocabulary.get
    found = [
        (column, number, low, high)
        for number, clause in enumerate(read)
        for term, low, high in clause_spans(clause)
        if (column := column_of(term)) is not None
    ]
    columns, owners, lows, highs = np.array(found, dtype=np.int64).reshape(-1, 4).T

    # 1. What one occurrence of a term is worth in the whole message and in its clause, and the base scores.
    weights = model.base.weights[columns]
    in_whole = _shares(model, columns, np.zeros_like(owners))
    in_clause = _shares(model, columns, owners)
    whole = model.base.intercept + in_whole @ weights
    clauses = np.tile(model.base.intercept, (len(read), 1))
    np.add.at(clauses, owners, in_clause[:, None] * weights)

    # 2. The top head's weight of each base output: in the whole, in the clause that has the maximum, in the mean.
    at = HEADS["primary"].index(category.value)
    top = model.tops["primary"]
    outputs = len(model.base.intercept)
    pooled, on_flags = np.split(top.weights[:, at], [3 * outputs])
    on_whole, on_best, on_mean = np.split(pooled, 3)
    on_clause = np.tile(on_mean / max(len(read), 1), (len(read), 1))
    if len(read):
        on_clause[clauses.argmax(axis=0), np.arange(outputs)] += on_best

    # 3. Gather the parts by character of the normalised text: terms, then facts found by rule.
    brought = in_whole * (weights @ on_whole) + in_clause * (weights * on_clause[owners]).sum(axis=1)
    names = [signal.name for signal in signals]
    stated = [on_flags[SIGNAL_NAMES.index(name)] / names.count(name) for name in names]
    lows = np.r_[lows, [signal.start for signal in signals]].astype(np.int64)
    highs = np.r_[highs, [signal.end for signal in signals]].astype(np.int64)
    evenly = np.r_[brought, stated] / (highs - lows)
    steps = np.zeros(len(aligned.text) + 1)
    np.add.at(steps, lows, evenly)
    np.add.at(steps, highs, -evenly)

    words = _words(
        text, aligned, [span for c in read for span in _word_spans(c.start, c.words)], steps.cumsum(), category
    )
    inputs = np.hstack([pool(whole[None], clauses, np.zeros(len(read), dtype=np.int64)), signal_flags([signals])])
    score = float(top.logits(inputs)[0, at])
    by_clause = np.bincount(owners, brought, minlength=len(read))
    decider = read[int(by_clause.argmax())] if len(read) else None
    return Explanation(
        category,
        score,
        score - sum(word.weight for word in words),
        words,
        aligned.span(decider.start, decider.end) if decider else None,
    )


def _shares(model: Model, columns: Ints, owners: Ints) -> Floats:
    """Return the TF-IDF value of each occurrence: that of its term in its row, shared among its repetitions."""
    keys = owners * len(model.base.idf) + columns
    distinct, place, counts = np.unique(keys, return_inverse=True, return_counts=True)
    _, _, values = model.base.tfidf(distinct, counts)
    shares: Floats = (values / counts)[place]
    return shares


def _word_spans(start: int, words: list[str]) -> list[tuple[int, int]]:
    ends = itertools.accumulate(map(len, words), initial=start)
    return list(itertools.pairwise(ends))


def _words(
    text: str, aligned: Aligned, spans: list[tuple[int, int]], parts: Floats, category: Category
) -> tuple[Evidence, ...]:
    """Gather characters into words; what stands between words (?, !) counts to the word before."""
    if not spans:
        return ()
    weights = np.add.reduceat(parts, [low for low, _ in spans]).tolist()
    out = []
    for (low, high), weight in zip(spans, weights, strict=True):
        if abs(weight) > _NOISE:
            start, end = aligned.span(low, high)
            out.append(Evidence(start, end, text[start:end], weight, category))
    return tuple(out)
