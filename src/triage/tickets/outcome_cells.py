"""An outcome as the cells of one row."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from typing import Literal

from triage.records import Category, Decision, IssueType, Outcome, Severity, Signal, Stage

__all__ = ["COLUMNS", "NUMBERS", "TIMES", "Labels", "outcome_cells"]

#: The columns written after the original ones, in order.
COLUMNS = (
    "triage_category",
    "triage_categories",
    "triage_issue",
    "triage_severity",
    "triage_confidence",
    "triage_decision",
    "triage_reasons",
    "triage_signals",
    "triage_evidence",
    "triage_owner",
    "triage_priority",
    "triage_first_response_due",
    "triage_investigation_due",
    "triage_reply",
    "triage_model",
    "triage_policy",
)

#: Those of them that hold a number, where a file tells numbers from text.
NUMBERS = frozenset({"triage_confidence"})

#: Those that hold a moment, where a file or table tells times from text.
TIMES = ("triage_first_response_due", "triage_investigation_due")

#: How categories, issues, severities and decisions are written: by their keys or in Chinese.
Labels = Literal["key", "zh"]

#: Each word by its record; looking one up costs a fifth of making text of an enum.
_NAMES: Mapping[str, Mapping[str | None, str]] = {
    labels: {None: ""} | {each: each.label if labels == "zh" else each.value for kind in kinds for each in kind}
    for kinds in [(Category, IssueType, Severity, Decision)]
    for labels in ("key", "zh")
}
_FIRST, _SECOND = Stage.ACKNOWLEDGEMENT, Stage.INVESTIGATION
_CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60))


def _time(moment: dt.datetime | None) -> str:
    """Write a moment as ``isoformat(" ", "minutes")`` does, in a third of the time: days and zones repeat."""
    if moment is None:
        return ""
    return f"{_day(moment.toordinal())} {_CLOCK[moment.hour * 60 + moment.minute]}{_zone(moment.utcoffset())}"


@functools.lru_cache(maxsize=4096)
def _day(ordinal: int) -> str:
    return dt.date.fromordinal(ordinal).isoformat()


@functools.lru_cache(maxsize=64)
def _zone(offset: dt.timedelta | None) -> str:
    if offset is None:
        return ""
    return dt.datetime.min.replace(tzinfo=dt.timezone(offset)).isoformat(" ", "minutes")[16:]


def _facts(signals: tuple[Signal, ...]) -> str:
    return "; ".join(dict.fromkeys([signal.name for signal in signals])) if signals else ""


def outcome_cells(outcome: Outcome, labels: Labels = "key") -> list[str]:
    """Write an outcome into the columns of :data:`COLUMNS`.

    Parameters
    ----------
    outcome : Outcome
        What was found.
    labels : {"key", "zh"}
        Whether enums are written as keys or by their Chinese labels.

    Returns
    -------
    list of str
        One cell a column; probabilities with four digits, times in ISO 8601 with zone.
    """
    names = _NAMES[labels]
    found, plan = outcome.assessment, outcome.plan
    return [
        names[found.category],
        "; ".join([f"{names[category]} {chance:.4f}" for category, chance in found.categories.items()]),
        names[found.issue],
        names[found.severity],
        f"{found.confidence:.4f}",
        names[found.decision],
        "; ".join(found.reasons),
        _facts(found.signals),
        "; ".join([f"{part.quote} ({part.weight:+.2f})" for part in found.evidence]),
        plan.owner,
        plan.priority,
        _time(plan.due(_FIRST)),
        _time(plan.due(_SECOND)),
        plan.reply,
        found.model,
        plan.policy,
    ]
