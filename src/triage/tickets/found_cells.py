"""What was found of many tickets as cells of their rows, without a record of each in between."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from triage.policy.model import Policy
from triage.policy.plan import forms_of, planned
from triage.policy.resolve import case_of
from triage.records import Ticket
from triage.tickets.outcome_cells import FIRST, NAMES, SECOND, Labels, asserted_cell, evidence_cell, time_cell

if TYPE_CHECKING:
    from triage.classify.findings import Findings

__all__ = ["found_cells"]


def found_cells(
    findings: Findings, tickets: Sequence[Ticket], policy: Policy, now: dt.datetime, labels: Labels = "key"
) -> list[list[str]]:
    """Write what was found of tickets into the columns of :data:`~triage.tickets.outcome_cells.COLUMNS`.

    Parameters
    ----------
    findings : Findings
        What they are found to be.
    tickets : sequence of Ticket
        The tickets.
    policy : Policy
        Says what is to be done.
    now : datetime
        The clock, as for :func:`triage.policy.plan.plan`.
    labels : {"key", "zh"}
        Whether enums are written as keys or by their Chinese labels.

    Returns
    -------
    list of list of str
        Of each ticket what :func:`~triage.tickets.outcome_cells.outcome_cells` writes of its outcome.
    """
    names = NAMES[labels]
    facts = [tuple([raw.name for raw in found]) if found else () for found in findings.readings.signals]
    keys = zip(
        findings.categories,
        findings.issues,
        findings.severities,
        facts,
        map(tuple, findings.asserted),
        findings.decisions,
        forms_of(tickets, policy),
        strict=True,
    )
    cases = [case_of(policy, key) for key in keys]
    said = [functools.partial(findings.assessment, at) for at in range(len(cases))]
    plans = planned(tickets, cases, said, policy, now)
    columns = (
        [names[category] for category in findings.categories],
        [asserted_cell(asserted, names) for asserted in findings.asserted],
        [names[issue] for issue in findings.issues],
        [names[severity] for severity in findings.severities],
        [f"{confidence:.4f}" for confidence in findings.confidence],
        [names[decision] for decision in findings.decisions],
        ["; ".join(reasons) for reasons in findings.reasons],
        ["; ".join(dict.fromkeys(found)) if found else "" for found in facts],
        [evidence_cell(evidence) for evidence in findings.evidence()] if findings.evidence_of else repeat(""),
        [case.owner_label for case in cases],
        [case.priority for case in cases],
        [time_cell(plan.due(FIRST)) for plan in plans],
        [time_cell(plan.due(SECOND)) for plan in plans],
        [plan.reply for plan in plans],
        repeat(findings.model),
        repeat(policy.identity),
    )
    return [list(row) for row in zip(*columns, strict=False)]
