"""Which words decided: the score of a category, taken apart into the words of the original text.

All heads are linear and the pools (whole, maximum, mean) pick or average linear scores, so a score is
exactly the sum of what each term brought plus a constant. A term's part is spread evenly over its
characters, and the characters are gathered into words.
"""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np

from triage.classify.features import clause_spans, read_clauses
from triage.classify.model import HEADS, OUTPUTS, Floats, Model, Reading
from triage.classify.signals import SIGNAL_NAMES, find_signals
from triage.records import Category, Evidence
from triage.text.normalize import Aligned, align

__all__ = ["Explanation", "explain"]


@dataclasses.dataclass(frozen=True)
class Explanation:
    """The score of one category taken apart.

    Parameters
    ----------
    category : Category
        Whose score.
    score : float
        The calibrated logit of the primary head.
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
    aligned = align(text)
    read = read_clauses(aligned.text, model.tokenizer)
    known = model.base.vocabulary
    spans = [[(known[t], low, high) for t, low, high in clause_spans(clause) if t in known] for clause in read]

    # 1. What one occurrence of a term brings to each base score.
    whole_rows = _occurrence_scores(model, [column for clause in spans for column, _, _ in clause])
    clause_rows = [_occurrence_scores(model, [column for column, _, _ in clause]) for clause in spans]
    clauses = np.array([model.base.intercept + rows.sum(axis=0) for rows in clause_rows]).reshape(
        len(spans), len(OUTPUTS)
    )

    # 2. The top head's weight of each base output, for the whole, the maximum and the mean.
    at = HEADS["primary"].index(category.value)
    top = model.tops["primary"]
    pooled, on_flags = np.split(top.weights[:, at] / top.temperature, [3 * len(OUTPUTS)])
    on_whole, on_best, on_mean = np.split(pooled, 3)
    best = clauses.argmax(axis=0) if len(spans) else np.zeros(len(OUTPUTS), dtype=int)

    # 3. Gather the parts by character of the normalised text: terms, then facts found by rule.
    parts = np.zeros(len(aligned.text))
    position = 0
    totals = []
    for number, clause in enumerate(spans):
        of_clause = on_best * (best == number) + on_mean / len(spans)
        total = 0.0
        for offset, (_, low, high) in enumerate(clause):
            weight = float(whole_rows[position] @ on_whole + clause_rows[number][offset] @ of_clause)
            parts[low:high] += weight / (high - low)
            total += weight
            position += 1
        totals.append(total)
    signals = find_signals(aligned.text)
    for flag, name in enumerate(SIGNAL_NAMES):
        said = [signal for signal in signals if signal.name == name]
        for signal in said:
            parts[signal.start : signal.end] += on_flags[flag] / len(said) / (signal.end - signal.start)

    columns = [[column for column, _, _ in clause] for clause in spans]
    inputs = model.inputs([Reading(aligned.text, columns, 0.0, signals)])
    score = float(top.logits(inputs)[0, at])
    words = _words(
        text, aligned, [w for clause in read for w in _word_spans(clause.start, clause.words)], parts, category
    )
    decider = read[int(np.argmax(totals))] if totals else None
    return Explanation(
        category,
        score,
        score - sum(word.weight for word in words),
        words,
        aligned.span(decider.start, decider.end) if decider else None,
    )


def _occurrence_scores(model: Model, columns: list[int]) -> Floats:
    """Return what each occurrence brings to each base score, shape (n_occurrences, n_outputs)."""
    if not columns:
        return np.zeros((0, len(OUTPUTS)))
    counts = Counter(columns)
    distinct = np.array(list(counts))
    repeated = np.array(list(counts.values()))
    values = (1.0 + np.log(repeated)) * model.base.idf[distinct]
    values = values / np.sqrt((values * values).sum()) / repeated
    share = dict(zip(distinct.tolist(), values, strict=True))
    brought: Floats = model.base.weights[columns] * np.array([share[column] for column in columns])[:, None]
    return brought


def _word_spans(start: int, words: list[str]) -> list[tuple[int, int]]:
    ends = np.cumsum([len(word) for word in words]) + start
    return [(int(end) - len(word), int(end)) for word, end in zip(words, ends, strict=True)]


def _words(
    text: str, aligned: Aligned, spans: list[tuple[int, int]], parts: Floats, category: Category
) -> tuple[Evidence, ...]:
    """Gather characters into words; what stands between words (?, !) counts to the word before."""
    out = []
    for number, (low, high) in enumerate(spans):
        until = spans[number + 1][0] if number + 1 < len(spans) else len(parts)
        weight = float(parts[low:until].sum())
        if weight:
            start, end = aligned.span(low, high)
            out.append(Evidence(start, end, text[start:end], weight, category))
    return tuple(out)
