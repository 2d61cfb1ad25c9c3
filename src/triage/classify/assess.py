"""From a text to an assessment: heads, signals, decision and evidence brought together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from triage.classify.collector import collector_paused
from triage.classify.decide import MIN_CHARACTERS, Thresholds, decide, find_thresholds
from triage.classify.model import HEADS, Model, Readings
from triage.classify.signals import RawSignal
from triage.records import Assessment, Category, Evidence, IssueType, Severity, Signal
from triage.text.cleaners import MARKS
from triage.text.normalize import Original

if TYPE_CHECKING:
    from triage.classify.explain import Explanation

__all__ = ["Assessor"]

_PRIMARIES = tuple(Category(name) for name in HEADS["primary"])
_CATEGORIES = tuple(Category(name) for name in HEADS["categories"])
_ISSUES = tuple(IssueType(name) for name in HEADS["issue"])
_SEVERITIES = tuple(Severity)
#: For each primary which issue types are its own; an issue is chosen among these.
_OWN_ISSUES = {
    category: [at for at, issue in enumerate(_ISSUES) if issue.category is category] for category in _CATEGORIES
}
_RANKS = {severity: rank for rank, severity in enumerate(_SEVERITIES)}
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
        self.target_precision = target
        self.thresholds: Thresholds = find_thresholds(model.facts["thresholds"]["precision_table"], target)
        self.identity = model.identity
        self._asserted_from: list[float] = model.facts["thresholds"]["categories"]

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
        with collector_paused():
            return [
                assessment
                for first in range(0, len(texts), _BLOCK)
                for assessment in self._assess_block(texts[first : first + _BLOCK], days[first : first + _BLOCK])
            ]

    def explain(self, text: str, category: Category | None = None) -> Explanation:
        """Take the score of a category, by default the primary one, apart into words."""
        from triage.classify.explain import explain

        return explain(self.model, text, category or self.assess([text])[0].category)

    def _assess_block(self, texts: Sequence[str], days: Sequence[dt.date | None]) -> list[Assessment]:
        readings = self.model.read(texts, days)
        heads = self.model.score(readings)
        # Plain numbers: reading them one by one from arrays takes ten times as long.
        columns = (heads[head].tolist() for head in ("primary", "categories", "issue", "severity"))
        rows = zip(*columns, readings.terms.unknown.tolist(), strict=True)
        return [self._one(readings, at, *row) for at, row in enumerate(rows)]

    def _one(
        self,
        readings: Readings,
        at: int,
        primary: list[float],
        categories: list[float],
        issues: list[float],
        at_least: list[float],
        unknown: float,
    ) -> Assessment:
        text, original, found = readings.texts[at], readings.originals[at], readings.signals[at]
        signals = tuple([_placed(raw, original) for raw in found]) if found else ()
        probabilities = dict(zip(_PRIMARIES, primary, strict=True))
        category = _PRIMARIES[primary.index(max(primary))]
        decision, reasons = decide(probabilities, self.thresholds, characters=_characters(text), unknown=unknown)
        return Assessment(
            category=category,
            categories=self._asserted(category, categories),
            probabilities=probabilities,
            issue=_issue(category, issues),
            severity=_severity(category, at_least, signals),
            confidence=probabilities[category],
            decision=decision,
            reasons=reasons,
            signals=signals,
            evidence=self._evidence(original, found, category) if self.evidence else (),
            model=self.identity,
        )

    def _evidence(self, original: Original, found: Sequence[RawSignal], category: Category) -> tuple[Evidence, ...]:
        from triage.classify.explain import evidence  # many never ask for it

        return evidence(self.model, original, found, category, self.evidence)

    def _asserted(self, category: Category, probabilities: list[float]) -> dict[Category, float]:
        """Return the categories asserted: the primary one, then the others, surest first."""
        if category is Category.NONE:
            return {}
        others = [
            (name, p)
            for name, p, least in zip(_CATEGORIES, probabilities, self._asserted_from, strict=True)
            if p >= least and name is not category
        ]
        return {category: probabilities[_CATEGORIES.index(category)], **dict(sorted(others, key=_surest))}


def _surest(pair: tuple[Category, float]) -> float:
    return -pair[1]


def _characters(text: str) -> int:
    """Return how many letters and Chinese characters a text has; counting stops when there are enough."""
    count = 0
    for char in text:
        if char.isalpha() and char not in MARKS:
            count += 1
            if count == MIN_CHARACTERS:
                break
    return count


def _placed(raw: RawSignal, original: Original) -> Signal:
    """Place a fact found in the original text."""
    start, end = original.span(raw.start, raw.end)
    return Signal(raw.name, start, end, original.text[start:end], raw.rule, raw.raises_to, raw.days)


def _issue(category: Category, probabilities: list[float]) -> IssueType | None:
    if category is Category.NONE:
        return None
    return _ISSUES[max(_OWN_ISSUES[category], key=probabilities.__getitem__)]


def _severity(category: Category, at_least: list[float], signals: Sequence[Signal]) -> Severity:
    """Return the severity the head gives, raised by the facts found; never lowered by them."""
    if category is Category.NONE:
        return Severity.LOW
    rank = sum([p >= 0.5 for p in at_least])
    for signal in signals:
        if signal.raises_to:
            rank = max(rank, _RANKS[signal.raises_to])
    return _SEVERITIES[rank]
