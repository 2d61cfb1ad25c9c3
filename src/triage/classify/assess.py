"""From a text to an assessment: heads, signals, decision and evidence brought together."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from triage.classify.collector import collector_paused
from triage.classify.decide import MIN_CHARACTERS, Thresholds, decide, find_thresholds
from triage.classify.findings import PRIMARIES, Findings
from triage.classify.model import HEADS, Model, Readings
from triage.classify.signals import RawSignal
from triage.classify.terms import Floats, Ints
from triage.records import Assessment, Category, Evidence, IssueType, Severity
from triage.text.cleaners import MARKS
from triage.text.normalize import Original

if TYPE_CHECKING:
    from triage.classify.explain import Explanation

__all__ = ["Assessor"]

#: The first primaries, in the same order; what follows them is no complaint.
_CATEGORIES = tuple(Category(name) for name in HEADS["categories"])
_PLACES, _NONE = np.arange(len(_CATEGORIES)), len(_CATEGORIES)
_ISSUES = (*(IssueType(name) for name in HEADS["issue"]), None)
_SEVERITIES = tuple(Severity)
#: Of each primary which issue types are its own; an issue is chosen among these.
_OWN_ISSUES = np.array([[issue.category is primary for issue in _ISSUES if issue] for primary in PRIMARIES])
_RANKS: dict[Severity | None, int] = {None: 0, **{severity: rank for rank, severity in enumerate(_SEVERITIES)}}
#: Most texts have Chinese or Latin characters enough, and soon; a match saves looking at each.
_has_words = re.compile(f"(?:[^a-zA-Z一-龥]*+[a-zA-Z一-龥]){{{MIN_CHARACTERS}}}").match
#: Texts scored at a time; beyond this the arrays leave the processor's cache and nothing is gained. Compiled functions
#: hold little of a text and gain by fetching their tables into the cache less often: 5 µs a text, for 15 MB.
_BLOCK, _COMPILED_BLOCK = 512, 2048


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
        with collector_paused():
            return [assessment for _, found in self.findings(texts, days) for assessment in found.assessments()]

    def explain(self, text: str, category: Category | None = None) -> Explanation:
        """Take the score of a category, by default the primary one, apart into words."""
        from triage.classify.explain import explain

        return explain(self.model, text, category or self.assess([text])[0].category)

    def findings(
        self, texts: Sequence[str], days: Sequence[dt.date | None] | None = None
    ) -> Iterator[tuple[slice, Findings]]:
        """Find what texts are, block by block, without a record for each.

        Parameters
        ----------
        texts, days
            As for :meth:`assess`.

        Yields
        ------
        tuple of slice and Findings
            Which of the texts, and what they are found to be.
        """
        days = days or [None] * len(texts)
        size = _COMPILED_BLOCK if self.model.compiled_for(len(texts)) else _BLOCK
        for first in range(0, len(texts), size):
            block = slice(first, first + size)
            readings = self.model.read(texts[block], days[block])
            yield block, self.concluded(readings, self.model.score(readings))

    def concluded(self, readings: Readings, heads: Mapping[str, Floats]) -> Findings:
        """Conclude from what the model read and scored.

        Parameters
        ----------
        readings : Readings
            From :meth:`~triage.classify.model.Model.read`.
        heads : mapping of str to ndarray
            From :meth:`~triage.classify.model.Model.score`.
        """
        shares = heads["primary"]
        primary, second = _likeliest(shares)
        rows = shares.tolist()  # plain numbers: reading them one by one from arrays takes ten times as long
        confidence = [row[at] for row, at in zip(rows, primary.tolist(), strict=True)]
        next_best = [row[at] for row, at in zip(rows, second.tolist(), strict=True)]
        categories = [PRIMARIES[at] for at in primary.tolist()]
        likeliest = zip(categories, confidence, [PRIMARIES[at] for at in second.tolist()], next_best, strict=True)
        decisions = [
            decide(*pair, self.thresholds, characters=_characters(text), unknown=unknown)
            for pair, text, unknown in zip(likeliest, readings.texts, readings.terms.unknown.tolist(), strict=True)
        ]
        return Findings(
            readings,
            categories,
            self._asserted(primary, heads["categories"]),
            shares,
            _issues(primary, heads["issue"]),
            _severities(primary, heads["severity"], readings.signals),
            confidence,
            [decision for decision, _ in decisions],
            [reasons for _, reasons in decisions],
            self._evidence if self.evidence else None,
            self.identity,
        )

    def _evidence(self, original: Original, found: Sequence[RawSignal], category: Category) -> tuple[Evidence, ...]:
        from triage.classify.explain import evidence  # many never ask for it

        return evidence(self.model, original, found, category, self.evidence)

    def _asserted(self, primary: Ints, probabilities: Floats) -> list[dict[Category, float]]:
        """Return of each text the categories asserted."""
        places, rows = primary.tolist(), probabilities.tolist()
        if len(rows) == 1:  # plain numbers are compared sooner than arrays are set up
            return [self._asserted_of_one(places[0], rows[0])]
        asserted = [{} if at == _NONE else {_CATEGORIES[at]: row[at]} for at, row in zip(places, rows, strict=True)]
        others = probabilities >= self._asserted_from
        others[primary[:, None] == _PLACES] = False
        for text in np.flatnonzero(others.any(axis=1)).tolist():  # few assert another
            asserted[text] = self._asserted_of_one(places[text], rows[text])
        return asserted

    def _asserted_of_one(self, primary: int, probabilities: list[float]) -> dict[Category, float]:
        """Return the categories asserted: the primary one, then the others, surest first."""
        if primary == _NONE:
            return {}
        first = _CATEGORIES[primary]
        candidates = zip(_CATEGORIES, probabilities, self._asserted_from, strict=True)
        more = [(other, sure) for other, sure, least in candidates if sure >= least and other is not first]
        return {first: probabilities[primary], **dict(sorted(more, key=_surest))}


def _likeliest(shares: Floats) -> tuple[Ints, Ints]:
    """Return the two likeliest primaries of each text; of two that are equal the one named first."""
    if len(shares) == 1:
        row = shares[0].tolist()
        first, second, *_ = sorted(range(len(row)), key=row.__getitem__, reverse=True)
        return np.array([first]), np.array([second])
    order = np.argsort(-shares, axis=1, kind="stable")
    return order[:, 0], order[:, 1]


def _surest(pair: tuple[Category, float]) -> float:
    return -pair[1]


def _characters(text: str) -> int:
    """Return how many letters and Chinese characters a text has; counting stops when there are enough."""
    if _has_words(text):
        return MIN_CHARACTERS
    count = 0
    for char in text:
        if char.isalpha() and char not in MARKS:
            count += 1
            if count == MIN_CHARACTERS:
                break
    return count


def _issues(primary: Ints, probabilities: Floats) -> list[IssueType | None]:
    """Return of each text the surest of its primary's own issue types; none where it is no complaint."""
    if len(primary) == 1:
        own, row = _OWN_ISSUES[primary[0]].nonzero()[0].tolist(), probabilities[0].tolist()
        return [_ISSUES[max(own, key=row.__getitem__)] if own else None]
    best = np.where(_OWN_ISSUES[primary], probabilities, -1.0).argmax(axis=1)
    best[primary == _NONE] = len(_ISSUES) - 1
    return [_ISSUES[at] for at in best.tolist()]


def _severities(primary: Ints, at_least: Floats, signals: Sequence[Sequence[RawSignal]]) -> list[Severity]:
    """Return the severity the head gives, raised by the facts found; never lowered by them."""
    if len(primary) == 1:
        ranks = [0 if primary[0] == _NONE else sum([sure >= 0.5 for sure in at_least[0].tolist()])]
    else:
        ranks = ((at_least >= 0.5).sum(axis=1) * (primary != _NONE)).tolist()
    for text, found in enumerate(signals):
        if found and primary[text] != _NONE:
            ranks[text] = max(ranks[text], *(_RANKS[signal.raises_to] for signal in found))
    return [_SEVERITIES[rank] for rank in ranks]
