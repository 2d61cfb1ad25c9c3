"""The words of a step: its template, cut once per case, filled for the ticket; dates and lists as Chinese."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from typing import Any, NamedTuple

from triage.policy.resolve import Case, CaseStep
from triage.policy.schema import CUSTOMER_FACTS, SIGNALS
from triage.policy.templates import OPTIONAL, SLOTS, cut
from triage.records import Assessment, Audience, Ticket

__all__ = ["Letter", "context_of", "quoted", "reasons_line", "shown", "written"]

_WEEKDAYS = "一二三四五六日"
_INNER = str.maketrans("“”", "‘’")
_BY_THE_HOUR = dt.timedelta(days=14)


def shown(due: dt.datetime | None, start: dt.datetime, *, provisional: bool = False) -> str:
    """Write a date as a letter does; what is more than two weeks away goes by the day.

    Examples
    --------
    >>> shown(dt.datetime(2026, 10, 10, 17, 30), dt.datetime(2026, 10, 9, 17, 30))
    '10月10日（周六）17:30'
    >>> shown(dt.datetime(2027, 1, 4, 9, 0), dt.datetime(2026, 12, 31), provisional=True)
    '2027年1月4日（周一）09:00（暂定，以届时公布的节假日安排为准）'
    """
    if due is None:
        return "另行约定的时间"
    year = f"{due.year}年" if due.year != start.year else ""
    text = f"{year}{due.month}月{due.day}日（周{_WEEKDAYS[due.weekday()]}）"
    if due - start <= _BY_THE_HOUR:
        text += f"{due.hour:02}:{due.minute:02}"
    return f"{text}（暂定，以届时公布的节假日安排为准）" if provisional else text


class Letter(NamedTuple):
    """A message but for what the single ticket fills in.

    Attributes
    ----------
    pieces : tuple of str
        The text, empty where something is filled in.
    gaps : tuple of (int, str, str)
        Which piece, and the two halves of the slot's name, such as ``due`` and ``investigate``.
    escape : bool
        Whether it is HTML.
    """

    pieces: tuple[str, ...]
    gaps: tuple[tuple[int, str, str], ...]
    escape: bool


def quoted(text: str) -> str:
    """Put a customer's words in quotation marks; marks within them become single ones.

    Examples
    --------
    >>> quoted("他说“不会”")
    '“他说‘不会’”'
    """
    return f"“{text.translate(_INNER)}”"


def written(case: Case, step: CaseStep, ticket: Ticket, value: Callable[[str, str], str]) -> str:
    """Return the message of a step for a ticket; `value` gives what a slot holds."""
    # Truth values of OPTIONAL in order, spelled out: this is done for every row of an export.
    present = (
        bool(ticket.id),
        bool(ticket.customer),
        bool(ticket.product),
        bool(ticket.project),
        bool(ticket.channel),
        bool(ticket.engineer),
    )
    letter = case.letters.get((step.key, present))
    if letter is None:
        letter = case.letters[step.key, present] = _letter(case, step, present)
    parts = list(letter.pieces)
    for place, root, name in letter.gaps:
        said = value(root, name)
        parts[place] = html.escape(said) if letter.escape else said
    return "".join(parts)


def _letter(case: Case, step: CaseStep, present: tuple[bool, ...]) -> Letter:
    """Render a step's template, with gaps where the ticket comes in."""
    slots = SLOTS + tuple(f"due.{key}" for key in case.policy.step_keys)
    absent = frozenset(f"ticket.{name}" for name, there in zip(OPTIONAL, present, strict=True) if not there)
    template = step.template(case.policy, case.key[6])
    pieces, names = cut(template, context_of(case, step), slots, absent)
    gaps = tuple((place, *name.split(".", 1)) for place, name in names.items())
    return Letter(pieces, gaps, escape=template.name.endswith(".html"))  # type: ignore[arg-type]


def context_of(case: Case, step: CaseStep) -> dict[str, dict[str, Any]]:
    """Return the values a step's template may use that are the same for every ticket of the case."""
    roles = case.policy.roles
    within = dict.fromkeys(case.policy.step_keys, "约定时间")
    for key, place in case.index.items():
        if case.program.rules[place].durations:
            within[key] = case.program.rules[place].durations[0].label
    if step.audience is Audience.CUSTOMER:
        facts = {name: value for name, value in case.facts.items() if name in CUSTOMER_FACTS}
        return {"facts": facts, "within": within, "case": {"owner": case.owner_label}}
    category, issue, severity, signals, also, _, _ = case.key
    return {
        "facts": dict(case.facts),
        "within": within,
        "case": {
            "category": category.label,
            "issue": issue.label if issue else "未细分",
            "severity": severity.label,
            "priority": case.priority,
            "owner": case.owner_label,
            "also": [second.label for second in also],
            "signals": [SIGNALS[name] for name in signals],
            "impact": _IMPACT[case.impact],
            "urgency": _URGENCY[case.urgency],
        },
        "step": {
            "title": step.value("title"),
            "owner": roles[step.owner.value].label,
            "accountable": roles[step.accountable].label,
            "proof": step.value("proof"),
            "reason": step.value("source"),
        },
        "roles": {key: role.label for key, role in roles.items()},
    }


_IMPACT = {"wide": "全局", "group": "部门或团队", "single": "个人或单点"}
_URGENCY = {"now": "立即", "soon": "尽快", "usual": "常规"}


def reasons_line(name: str, assessment: Assessment) -> str:
    """Return what the assessment says of itself, for people inside."""
    if name == "confidence":
        return f"{assessment.confidence:.0%}"
    if name == "reasons":
        return "；".join(assessment.reasons) or "无"
    if name == "signals":
        found = [f"{SIGNALS.get(signal.name, signal.name)}{quoted(signal.quote)}" for signal in assessment.signals]
        return "；".join(found) or "无"
    return "；".join(quoted(found.quote) for found in assessment.evidence[:5]) or "无"
