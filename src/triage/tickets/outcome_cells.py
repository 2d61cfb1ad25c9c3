"""An outcome as the cells of one row."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Sequence
from typing import Any, Literal

from triage.records import Outcome, Stage

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

_LABEL = operator.attrgetter("label")


def _time(moment: dt.datetime | None) -> str:
    return moment.isoformat(sep=" ", timespec="minutes") if moment else ""


def _listed(parts: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(parts))


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
    # A string enum is its key; .value costs three times as much as str.
    named: Callable[[Any], str] = _LABEL if labels == "zh" else str
    found, plan = outcome.assessment, outcome.plan
    return [
        named(found.category),
        "; ".join([f"{named(category)} {chance:.4f}" for category, chance in found.categories.items()]),
        named(found.issue) if found.issue else "",
        named(found.severity),
        f"{found.confidence:.4f}",
        named(found.decision),
        "; ".join(found.reasons),
        _listed([signal.name for signal in found.signals]),
        "; ".join([f"{part.quote} ({part.weight:+.2f})" for part in found.evidence]),
        plan.owner,
        plan.priority,
        _time(plan.due(Stage.ACKNOWLEDGEMENT)),
        _time(plan.due(Stage.INVESTIGATION)),
        plan.reply,
        found.model,
        plan.policy,
    ]
