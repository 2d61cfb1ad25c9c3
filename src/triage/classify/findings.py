"""What a block of texts is found to be, column by column; records are made of it where they are asked for."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from triage.classify.filled import filled
from triage.classify.model import HEADS, Readings
from triage.classify.signals import RawSignal
from triage.classify.terms import Floats
from triage.records import Assessment, Category, Decision, Evidence, IssueType, Severity, Signal
from triage.text.normalize import Original

__all__ = ["PRIMARIES", "EvidenceOf", "Findings"]

PRIMARIES = tuple(Category(name) for name in HEADS["primary"])
"""The primary categories in the order of their shares."""

EvidenceOf: TypeAlias = Callable[[Original, tuple[RawSignal, ...], Category], tuple[Evidence, ...]]
"""From a text, its facts and its category to the words that decided."""


class Findings(NamedTuple):
    """What some texts are found to be: one value a text in every column.

    Attributes
    ----------
    readings : Readings
        The texts, the way back to what was typed, and the facts found by rule.
    categories : list of Category
        The primary ones.
    asserted : list of dict of Category to float
        The categories asserted, the primary one first, then the surest.
    shares : ndarray of shape (n_texts, 5)
        The distributions over :data:`PRIMARIES`.
    issues : list of IssueType or None
        Of the primary category's own.
    severities : list of Severity
        Raised by the facts found.
    confidence : list of float
        The shares of the primary categories.
    decisions : list of Decision
        How far each may be acted upon.
    reasons : list of tuple of str
        Why no further.
    evidence_of : callable or None
        Gathers evidence, if some is wanted.
    model : str
        Identity of the model.
    """

    readings: Readings
    categories: list[Category]
    asserted: list[dict[Category, float]]
    shares: Floats
    issues: list[IssueType | None]
    severities: list[Severity]
    confidence: list[float]
    decisions: list[Decision]
    reasons: list[tuple[str, ...]]
    evidence_of: EvidenceOf | None
    model: str

    def assessments(self) -> list[Assessment]:
        """Make the records of all texts."""
        # Plain numbers: reading them one by one from arrays takes ten times as long.
        probabilities = [dict(zip(PRIMARIES, row, strict=True)) for row in self.shares.tolist()]
        signals = [
            tuple([_placed(raw, original) for raw in found]) if found else ()
            for found, original in zip(self.readings.signals, self.readings.originals, strict=True)
        ]
        return filled(
            Assessment,
            len(self.categories),
            self.categories,
            self.asserted,
            probabilities,
            self.issues,
            self.severities,
            self.confidence,
            self.decisions,
            self.reasons,
            signals,
            self.evidence(),
            itertools.repeat(self.model),
        )

    def assessment(self, at: int) -> Assessment:
        """Make the record of one text."""
        found, original = self.readings.signals[at], self.readings.originals[at]
        return Assessment(
            self.categories[at],
            self.asserted[at],
            dict(zip(PRIMARIES, self.shares[at].tolist(), strict=True)),
            self.issues[at],
            self.severities[at],
            self.confidence[at],
            self.decisions[at],
            self.reasons[at],
            tuple([_placed(raw, original) for raw in found]),
            self.evidence_of(original, found, self.categories[at]) if self.evidence_of else (),
            self.model,
        )

    def evidence(self) -> Iterable[tuple[Evidence, ...]]:
        """Gather the words that decided, text by text; nothing, as often as asked, where none is wanted."""
        if self.evidence_of is None:
            return itertools.repeat(())
        return map(self.evidence_of, self.readings.originals, self.readings.signals, self.categories)


def _placed(raw: RawSignal, original: Original) -> Signal:
    """Place a fact found in the original text."""
    start, end = original.span(raw.start, raw.end)
    return Signal(raw.name, start, end, original.text[start:end], raw.rule, raw.raises_to, raw.days)
