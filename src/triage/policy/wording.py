"""The words of a step: its template, cut once per case, filled for the ticket; dates and lists as Chinese."""

from __future__ import annotations

import datetime as dt
import functools
import html
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from triage.policy.case import Case, CaseStep
from triage.policy.files import Template
from triage.policy.model import Policy
from triage.policy.schema import CUSTOMER_FACTS, SIGNALS
from triage.policy.templates import OPTIONAL, cut, is_slot, names_in
from triage.records import Assessment, Audience, Ticket

__all__ = ["Letter", "letter_of", "quoted", "reasons_line", "shown"]

_WEEKDAYS = "一二三四五六日"
_CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60))
_INNER = str.maketrans("“”", "‘’")
_FACTS = [(name, f"facts.{name}") for name in CUSTOMER_FACTS]
_WORDS = 5_000  # letters kept; a file of a million complaints needs some hundreds
_BY_THE_HOUR = dt.timedelta(days=14)

Value: TypeAlias = Callable[[Any], str]
"""From a plan to what fills a gap of its letter."""

ValueOf: TypeAlias = Callable[[Case, str, str], Value]
"""From a case and the two halves of a slot's name, such as ``due`` and ``investigate``, to what gives its value."""


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
    text = _day(due.toordinal())
    if due.year != start.year:
        text = f"{due.year}年{text}"
    if due - start <= _BY_THE_HOUR:
        text += _CLOCK[due.hour * 60 + due.minute]
    return f"{text}（暂定，以届时公布的节假日安排为准）" if provisional else text


@functools.lru_cache(maxsize=4096)
def _day(ordinal: int) -> str:
    """Write a day, which many tickets share."""
    day = dt.date.fromordinal(ordinal)
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


class Letter(NamedTuple):
    """A message but for what the single ticket fills in.

    Attributes
    ----------
    pieces : tuple of str
        The text, empty where something is filled in.
    gaps : tuple of (int, callable)
        Which piece, and what gives it for a plan, escaped where the letter is HTML.
    """

    pieces: tuple[str, ...]
    gaps: tuple[tuple[int, Value], ...]


def quoted(text: str) -> str:
    """Put a customer's words in quotation marks; marks within them become single ones.

    Examples
    --------
    >>> quoted("他说“不会”")
    '“他说‘不会’”'
    """
    return f"“{text.translate(_INNER)}”"


def letter_of(case: Case, step: CaseStep, ticket: Ticket, value: ValueOf) -> Letter:
    """Return the message of a step but for what a ticket fills in; one for all tickets that lack the same facts.

    Parameters
    ----------
    case : Case
        The case.
    step : CaseStep
        One of its steps.
    ticket : Ticket
        Which of the facts that may be missing are there.
    value : ValueOf
        Gives what fills its gaps.
    """
    # Absence of OPTIONAL in order, spelled out: this is done for every row of an export.
    met = (
        step.key,
        not ticket.id,
        not ticket.customer,
        not ticket.product,
        not ticket.project,
        not ticket.channel,
        not ticket.engineer,
    )
    letter: Letter | None = case.letters.get(met)
    if letter is None:
        absent = frozenset(f"ticket.{name}" for name, lacks in zip(OPTIONAL, met[1:], strict=True) if lacks)
        letter = case.letters[met] = _letter(case, step, absent, value)
    return letter


def _letter(case: Case, step: CaseStep, absent: frozenset[str], value: ValueOf) -> Letter:
    """Render a step's template, with gaps where the ticket comes in."""
    template = step.template(case.policy, case.key[6])
    used = names_in(template.text)
    context = _context_of(case, step, used)
    pieces, gaps = _cut(case.policy, template, context, used, absent, shared=step.audience is Audience.CUSTOMER)
    escape = template.name.endswith(".html")
    values = {place: value(case, *name.split(".", 1)) for place, name in gaps.items()}
    return Letter(pieces, tuple((place, _escaped(each) if escape else each) for place, each in values.items()))


def _cut(
    policy: Policy,
    template: Template,
    context: dict[str, dict[str, Any]],
    used: frozenset[str],
    absent: frozenset[str],
    *,
    shared: bool,
) -> tuple[tuple[str, ...], dict[int, str]]:
    """Cut a template; most cases that differ say the same to a customer, and share what was cut."""
    slots = sorted(name for name in used if is_slot(name))
    if not shared:
        return cut(template, context, slots, absent)
    met = (template, absent & used, *[tuple(values.items()) for values in context.values()])
    known: tuple[tuple[str, ...], dict[int, str]] | None = policy.words.get(met)
    if known is None:
        if len(policy.words) >= _WORDS:
            policy.words.pop(next(iter(policy.words)))
        known = policy.words[met] = cut(template, context, slots, absent)
    return known


def _escaped(value: Value) -> Value:
    return lambda made: html.escape(value(made))


def _context_of(case: Case, step: CaseStep, used: frozenset[str]) -> dict[str, dict[str, Any]]:
    """Return those values a step's template uses that are the same for every ticket of the case."""
    roles = case.policy.roles
    within = {key: _span(case, key) for key, name in _spans(case.policy.step_keys) if name in used}
    if step.audience is Audience.CUSTOMER:
        facts = {name: case.facts[name] for name, dotted in _FACTS if dotted in used and name in case.facts}
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


@functools.lru_cache(maxsize=8)
def _spans(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(key, f"within.{key}") for key in keys]


def _span(case: Case, key: str) -> str:
    """Say how long a step may take."""
    place = case.index.get(key)
    durations = () if place is None else case.program.rules[place].durations
    return durations[0].label if durations else "约定时间"


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
