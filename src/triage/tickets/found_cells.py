"""What was found of many tickets as cells of their rows, without a record of each in between."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from triage.policy.model import Policy
from triage.policy.plan import form_of, planned
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
        [form_of(ticket, policy) for ticket in tickets],
        strict=True,
    )
    rows = []
    for at, (ticket, key, asserted, confidence, reasons, evidence) in enumerate(
        zip(tickets, keys, findings.asserted, findings.confidence, findings.reasons, findings.evidence(), strict=False)
    ):
        case = case_of(policy, key)
        plan = planned(ticket, case, now, functools.partial(findings.assessment, at))
        category, issue, severity, signals, _, decision, _ = key
        rows.append(
            [
                names[category],
                asserted_cell(asserted, names),
                names[issue],
                names[severity],
                f"{confidence:.4f}",
                names[decision],
                "; ".join(reasons),
                "; ".join(dict.fromkeys(signals)) if signals else "",
                evidence_cell(evidence) if evidence else "",
                case.owner_label,
                case.priority,
                time_cell(plan.due(FIRST)),
                time_cell(plan.due(SECOND)),
                plan.reply,
                findings.model,
                policy.identity,
            ]
        )
    return rows
