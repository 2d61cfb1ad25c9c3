"""From a text to an assessment: heads, signals, decision and evidence brought together."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from triage.classify.decide import MIN_CHARACTERS, Thresholds, decide, find_thresholds
from triage.classify.explain import Explanation, explain
from triage.classify.model import HEADS, Floats, Model, Readings
from triage.classify.signals import RawSignal
from triage.records import Assessment, Category, IssueType, Severity, Signal
from triage.text.normalize import MARKS, Original

__all__ = ["Assessor"]

_PRIMARIES = tuple(Category(name) for name in HEADS["primary"])
_CATEGORIES = tuple(Category(name) for name in HEADS["categories"])
_ISSUES = tuple(IssueType(name) for name in HEADS["issue"])
_SEVERITIES = tuple(Severity)
#: For each primary which issue types are its own; an issue is chosen among these.
_OWN_ISSUES = {category: np.array([issue.category is category for issue in _ISSUES]) for category in _CATEGORIES}
#: Texts scored at a time; beyond this the arrays leave the processor's cache and nothing is gained.
_BLOCK = 512


class Assessor:
    """Assess texts with one model.

    Parameters
    ----------
    model : Model
        What reads.
    target_precision : float, optional
        Promised precision of ``automate``; by default the one the model was trained for.
    evidence : int, default 5
        How many spans of evidence each assessment carries; 0 is fastest.
    """

    def __init__(self, model: Model, *, target_precision: float | None = None, evidence: int = 5) -> None:
        self.model = model
        self.evidence = evidence
        target = model.facts["recipe"]["target_precision"] if target_precision is None else target_precision
        self.thresholds: Thresholds = find_thresholds(model.facts["thresholds"]["precision_table"], target)
        self._asserted_from = np.array(model.facts["thresholds"]["categories"])

    def assess(self, texts: Sequence[str], days: Sequence[dt.date | None] | None = None) -> list[Assessment]:
        """Assess texts; each gets the same numbers alone as among others (to the last bits of a float).

        Parameters
        ----------
        texts : sequence of str
            Raw texts.
        days : sequence of date, optional
            The day each was written, from which "since March" is counted.

        Returns
        -------
        list of Assessment
            In the same order.
        """
        days = days or [None] * len(texts)
        return [
            assessment
            for first in range(0, len(texts), _BLOCK)
            for assessment in self._assess_block(texts[first : first + _BLOCK], days[first : first + _BLOCK])
        ]

    def explain(self, text: str, category: Category | None = None) -> Explanation:
        """Take the score of a category, by default the primary one, apart into words."""
        return explain(self.model, text, category or self.assess([text])[0].category)

    def _assess_block(self, texts: Sequence[str], days: Sequence[dt.date | None]) -> list[Assessment]:
        readings = self.model.read(texts, days)
        heads = self.model.score(readings)
        return [self._one(readings, heads, at) for at in range(len(texts))]

    def _one(self, readings: Readings, heads: Mapping[str, Floats], at: int) -> Assessment:
        text, original = readings.texts[at], readings.originals[at]
        signals = _signals(readings.signals[at], original)
        probabilities = dict(zip(_PRIMARIES, heads["primary"][at].tolist(), strict=True))
        category = max(probabilities, key=probabilities.__getitem__)
        decision, reasons = decide(
            probabilities,
            self.thresholds,
            characters=_characters(text),
            unknown=float(readings.terms.unknown[at]),
        )
        return Assessment(
            category=category,
            categories=self._asserted(category, heads["categories"][at]),
            probabilities=probabilities,
            issue=_issue(category, heads["issue"][at]),
            severity=_severity(category, heads["severity"][at], signals),
            confidence=probabilities[category],
            decision=decision,
            reasons=reasons,
            signals=signals,
            evidence=explain(self.model, original.text, category).top(self.evidence) if self.evidence else (),
            model=self.model.identity,
        )

    def _asserted(self, category: Category, probabilities: Floats) -> dict[Category, float]:
        """Return the categories asserted, surest first; the primary one is always among them."""
        if category is Category.NONE:
            return {}
        found = [
            (name, float(p))
            for name, p, least in zip(_CATEGORIES, probabilities, self._asserted_from, strict=True)
            if p >= least or name is category
        ]
        return dict(sorted(found, key=lambda pair: -pair[1]))


def _characters(text: str) -> int:
    """Return how many letters and Chinese characters a text has; counting stops when there are enough."""
    letters = (char for char in text if char.isalpha() and char not in MARKS)
    return sum(1 for _ in itertools.islice(letters, MIN_CHARACTERS))


def _signals(found: Sequence[RawSignal], original: Original) -> tuple[Signal, ...]:
    """Place the facts found in the original text."""
    return tuple(
        Signal(
            raw.name,
            *original.span(raw.start, raw.end),
            original.quote(raw.start, raw.end),
            raw.rule,
            raw.raises_to,
            raw.days,
        )
        for raw in found
    )


def _issue(category: Category, probabilities: Floats) -> IssueType | None:
    if category is Category.NONE:
        return None
    return _ISSUES[int(np.where(_OWN_ISSUES[category], probabilities, -1.0).argmax())]


def _severity(category: Category, at_least: Floats, signals: Sequence[Signal]) -> Severity:
    """Return the severity the head gives, raised by the facts found; never lowered by them."""
    if category is Category.NONE:
        return Severity.LOW
    rank = int((at_least >= 0.5).sum())
    return _SEVERITIES[max([rank, *(signal.raises_to.rank for signal in signals if signal.raises_to)])]
