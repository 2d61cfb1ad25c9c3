"""Trying a policy out: the messages of every layer, written for a full ticket and for a bare one."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

from triage.policy.model import Policy
from triage.policy.plan import plan
from triage.policy.schema import FORMS
from triage.records import Assessment, Category, Decision, IssueType, Severity, Signal, Ticket

__all__ = ["rendering_problems"]

_FULL = Ticket("系统崩了", "1", None, "客户", "产品", "项目", "电话", "工程师")
_BARE = Ticket("系统崩了")


def rendering_problems(policy: Policy) -> list[str]:
    """Return what goes wrong when the messages are written."""
    now = dt.datetime(2026, 11, 10, 9, 0, tzinfo=policy.zone)
    problems: list[str] = []
    # The reply is written in the form that answers the ticket's channel; every form gets its turn.
    words = {form: word for word, form in policy.channels.items()}
    tickets = (_BARE, *(dataclasses.replace(_FULL, channel=words.get(form, "电话")) for form in FORMS))
    for category, issue, severity, signal in _situations(policy):
        found = (Signal(signal, 0, 2, "系统", "trial"),) if signal else ()
        asserted = dict.fromkeys([category, *policy.also], 1.0)
        assessment = Assessment(category, asserted, {}, issue, severity, 1.0, Decision.REVIEW, signals=found)
        for ticket in tickets:
            made = plan(ticket, assessment, policy, now)
            try:
                steps = made.steps
            except ValueError as error:
                problems.append(f"a message cannot be written: {error}")
                continue
            problems += [
                f"step {step.key!r} has no words ({step.source['message']})." for step in steps if not step.message
            ]
    return list(dict.fromkeys(problems))


def _situations(policy: Policy) -> Iterator[tuple[Category, IssueType | None, Severity, str | None]]:
    """Yield enough situations for every layer's words to be written at least once."""
    for issue in IssueType:
        yield issue.category, issue, Severity.NORMAL, None
    for category in Category:
        for severity in Severity:
            yield category, None, severity, None
        for name in policy.signals:
            yield category, None, Severity.HIGH, name
