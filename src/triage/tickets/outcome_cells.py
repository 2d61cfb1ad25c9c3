"""An outcome as the cells of one row."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from typing import Literal

from triage.records import Category, Decision, Evidence, IssueType, Outcome, Severity, Stage

__all__ = [
    "COLUMNS",
    "FIRST",
    "NAMES",
    "NUMBERS",
    "SECOND",
    "TIMES",
    "Labels",
    "asserted_cell",
    "evidence_cell",
    "outcome_cells",
    "outcome_keys",
    "time_cell",
]

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
NAMES: Mapping[str, Mapping[str | None, str]] = {
    labels: {None: ""} | {each: each.label if labels == "zh" else each.value for kind in kinds for each in kind}
    for kinds in [(Category, IssueType, Severity, Decision)]
    for labels in ("key", "zh")
}
#: The stages whose due dates are written.
FIRST, SECOND = Stage.ACKNOWLEDGEMENT, Stage.INVESTIGATION
_COUNTED = (Category, Severity, Decision)
_CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60))


def time_cell(moment: dt.datetime | None) -> str:
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


def asserted_cell(asserted: Mapping[Category, float], names: Mapping[str | None, str]) -> str:
    """Write the categories asserted with their probabilities."""
    if len(asserted) == 1:  # as most are
        ((category, chance),) = asserted.items()
        return f"{names[category]} {chance:.4f}"
    return "; ".join([f"{names[category]} {chance:.4f}" for category, chance in asserted.items()])


def evidence_cell(evidence: tuple[Evidence, ...]) -> str:
    """Write the words that decided with their weights."""
    return "; ".join([f"{part.quote} ({part.weight:+.2f})" for part in evidence])


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
    names = NAMES[labels]
    found, plan = outcome.assessment, outcome.plan
    return [
        names[found.category],
        asserted_cell(found.categories, names),
        names[found.issue],
        names[found.severity],
        f"{found.confidence:.4f}",
        names[found.decision],
        "; ".join(found.reasons),
        "; ".join(dict.fromkeys([signal.name for signal in found.signals])),
        evidence_cell(found.evidence),
        plan.owner,
        plan.priority,
        time_cell(plan.due(FIRST)),
        time_cell(plan.due(SECOND)),
        plan.reply,
        found.model,
        plan.policy,
    ]


def outcome_keys(rows: Sequence[Sequence[str]], labels: Labels = "key") -> list[tuple[str, str, str]]:
    """Read the keys of category, severity and decision off the cells of outcomes.

    Examples
    --------
    >>> outcome_keys([["态度类", "态度类 0.9712", "傲慢", "高", "0.9712", "自动分派"]], "zh")
    [('attitude', 'high', 'automate')]
    """
    if labels == "key":
        return [(row[0], row[3], row[5]) for row in rows]
    categories, severities, decisions = ({each.label: each.value for each in kind} for kind in _COUNTED)
    return [(categories[row[0]], severities[row[3]], decisions[row[5]]) for row in rows]
