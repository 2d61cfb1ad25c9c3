"""The plan: ticket, assessment, policy and clock in, dated steps with their words out.

:func:`plan` is pure: the same four give the same plan, byte for byte. It is also called for every row of a
million, so a plan counts its dates and writes its messages when they are asked for.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from triage.classify.filled import filled
from triage.policy.case import Case, CaseStep
from triage.policy.deadlines import counted, provisional
from triage.policy.model import Policy
from triage.policy.pauses import merged
from triage.policy.resolve import case_of
from triage.policy.wording import letter_of, reasons_line, shown
from triage.records import Assessment, Plan, Stage, Step, Ticket

__all__ = ["forms_of", "plan", "planned", "plans"]

Said: TypeAlias = Assessment | Callable[[], Assessment]
"""The assessment that a plan rests on, or what gives it."""


def plan(ticket: Ticket, assessment: Assessment, policy: Policy, now: dt.datetime) -> Plan:
    """Say what to do about a complaint, by whom, until when, in which words.

    Parameters
    ----------
    ticket : Ticket
        Deadlines run from its ``created_at``; where that is missing, from `now`.
    assessment : Assessment
        What the complaint is.
    policy : Policy
        From :func:`triage.policy.load.load_policy`.
    now : datetime
        The clock; a time without zone is taken to be in the policy's zone.

    Returns
    -------
    plan : Plan
        Steps in order of stage, then due date.

    Raises
    ------
    LabelError
        If the assessment holds a signal the policy does not know, or an issue type of another category.

    Examples
    --------
    >>> from triage.policy.load import load_policy
    >>> from triage.records import Category, Decision, IssueType, Severity
    >>> ticket = Ticket("系统上线三天崩了两次，打电话也没人接", created_at=dt.datetime(2026, 10, 9, 17, 30))
    >>> assessment = Assessment(Category.TECHNICAL, {Category.TECHNICAL: 0.97}, {}, IssueType.FUNCTION_FAILURE,
    ...                         Severity.NORMAL, 0.97, Decision.AUTOMATE)
    >>> made = plan(ticket, assessment, load_policy(), now=dt.datetime(2026, 10, 9, 18, 0))
    >>> made.priority, made.due(Stage.ACKNOWLEDGEMENT).isoformat()
    ('P3', '2026-10-10T17:30:00+08:00')
    """
    return plans([ticket], [assessment], policy, now)[0]


def plans(tickets: Sequence[Ticket], assessments: Sequence[Assessment], policy: Policy, now: dt.datetime) -> list[Plan]:
    """Return for each ticket and its assessment what :func:`plan` does, sooner."""
    cases = [
        case_of(
            policy,
            (
                found.category,
                found.issue,
                found.severity,
                tuple([signal.name for signal in found.signals]) if found.signals else (),
                tuple(found.categories),
                found.decision,
                form,
            ),
        )
        for found, form in zip(assessments, forms_of(tickets, policy), strict=True)
    ]
    return planned(tickets, cases, assessments, policy, now)


def forms_of(tickets: Iterable[Ticket], policy: Policy) -> list[str]:
    """Return the written forms of the replies to tickets: their channels choose."""
    forms = policy.channels
    return [forms.get(ticket.channel, "message") if ticket.channel else "message" for ticket in tickets]


def planned(
    tickets: Sequence[Ticket], cases: Sequence[Case], said: Iterable[Said], policy: Policy, now: dt.datetime
) -> list[Plan]:
    """Return the plans of tickets whose cases are known.

    Parameters
    ----------
    tickets : sequence of Ticket
        The tickets.
    cases : sequence of Case
        What the plan of each shares with those of others.
    said : iterable of Assessment, or of callable
        The assessments, or what gives them: few plans ask for more than made the case.
    policy, now
        As for :func:`plan`.
    """
    zone, steady_from = policy.calendar.zone, policy.calendar.steady_from
    starts: list[dt.datetime] = []
    dues: list[list[dt.datetime | None] | None] = []
    for ticket, case in zip(tickets, cases, strict=True):
        start = ticket.created_at or now
        if start.tzinfo is not zone:
            start = start.replace(tzinfo=zone) if start.tzinfo is None else start.astimezone(zone)
        if start.microsecond:
            start = start.replace(microsecond=0)
        starts.append(start)
        if ticket.pauses:
            dues.append(counted(case.program, start, merged(ticket, now, zone)))
        else:
            dues.append(None if start.year >= steady_from else [])
    made: list[Plan] = filled(_Planned, len(starts), cases, dues, said, starts, itertools.repeat(None), tickets)
    return made


class _Planned(Plan):
    """A plan that counts and writes when asked; equal to, and saved as, the plain record."""

    __slots__ = ("_case", "_dues", "_said", "_start", "_steps", "_ticket")
    _case: Case
    #: None where each date can be counted alone; else all of them, or none yet.
    _dues: list[dt.datetime | None] | None
    _said: Said
    _start: dt.datetime
    _steps: tuple[Step, ...] | None
    _ticket: Ticket

    @property
    def _assessment(self) -> Assessment:
        return self._said if isinstance(self._said, Assessment) else self._said()

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        # dataclasses.replace() calls the class: what it makes is a plain record.
        return Plan(*args, **kwargs)

    @property
    def owner(self) -> str:
        return self._case.owner_label

    @property
    def owner_key(self) -> str:
        return self._case.owner

    @property
    def priority(self) -> str:
        return self._case.priority

    @property
    def policy(self) -> str:
        return self._case.policy.identity

    @property
    def planned_at(self) -> dt.datetime:
        return self._start

    @property
    def reply(self) -> str:
        step = self._case.reply
        return self._message(step) if step else ""

    @property
    def steps(self) -> tuple[Step, ...]:
        if self._steps is not None:
            return self._steps
        stages = {stage: place for place, stage in enumerate(Stage)}
        made = [self._step(step) for step in self._case.steps]
        late = dt.datetime.max.replace(tzinfo=dt.UTC)
        steps = tuple(sorted(made, key=lambda step: (stages[step.stage], step.due or late)))
        _set_steps(self, steps)
        return steps

    def due(self, stage: Stage) -> dt.datetime | None:
        places, first = self._case.stages[stage]
        if first is None:
            return None
        if self._dues is None:
            try:
                return first(self._start)
            except OverflowError:
                pass  # counted below, one by one
        return min([date for date in map(self._due, places) if date], default=None)

    def due_of(self, key: str) -> dt.datetime | None:
        step = self._case.step(key)
        return Plan.due_of(self, key) if step is None else self._due(step.deadline)

    def whole(self) -> Plan:
        """Return the plain record."""
        return Plan(self.owner, self.priority, self.steps, self.reply, self.policy, self.planned_at, self.owner_key)

    def _due(self, index: int) -> dt.datetime | None:
        if index < 0:
            return None
        dues = self._dues
        if dues is None:
            try:
                return self._case.program.counts[index](self._start)
            except OverflowError:
                dues = []
        if not dues:
            dues = counted(self._case.program, self._start)
            _set_dues(self, dues)
        return dues[index]

    def _provisional(self, index: int, due: dt.datetime | None) -> bool:
        return index >= 0 and provisional(index, due, self._case.program, self._due, self._start)

    def _step(self, step: CaseStep) -> Step:
        case = self._case
        person, origin = self._assignee(step.owner.value)
        due = self._due(step.deadline)
        source = step.source(case.policy, case.key[6])
        return Step(
            key=step.key,
            stage=step.stage,
            title=step.value("title"),
            owner=case.policy.roles[step.owner.value].label,
            due=due,
            message=self._message(step),
            audience=step.audience,
            assignee=person,
            provisional=self._provisional(step.deadline, due),
            source=source | {"assignee": origin} if origin else source,
            owner_key=step.owner.value,
        )

    def _assignee(self, role: str) -> tuple[str | None, str]:
        """Find who is behind a role; never the person complained of: then whoever that role reports to."""
        policy = self._case.policy
        seen: set[str] = set()
        current: str | None = role
        while current is not None and current not in seen:
            seen.add(current)
            for kind, name in (("project", self._ticket.project), ("product", self._ticket.product), ("default", "")):
                person = policy.assignments.get((kind, name or ""), {}).get(current)
                if person:
                    if person != self._ticket.engineer:
                        return person, ".".join(filter(None, ("owners.toml: assign", kind, name, current)))
                    break
            else:
                return None, ""
            current = policy.roles[current].reports_to
        return None, ""

    def _message(self, step: CaseStep) -> str:
        pieces, gaps = letter_of(self._case, step, self._ticket, _value)
        parts = [*pieces]
        for place, value in gaps:
            parts[place] = value(self)
        return "".join(parts)

    def _shown(self, index: int) -> str:
        due = self._due(index)
        return shown(due, self._start, provisional=self._provisional(index, due))

    def _receipt(self, name: str) -> str:
        from triage.policy.receipt import filled_form

        known, missing = filled_form(self._ticket, self._assessment, self._case.policy)
        return "\n".join(f"- {line}" for line in (known if name == "known" else missing)) or "- 无"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, _Planned):
            return self.whole() == other.whole()
        return self.whole() == other if isinstance(other, Plan) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self.whole())

    def __reduce__(self) -> tuple[Any, ...]:
        whole = self.whole()
        return Plan, tuple(getattr(whole, field.name) for field in dataclasses.fields(Plan))


def _value(case: Case, root: str, name: str) -> Callable[[_Planned], str]:
    """Return what gives the value of a slot for a plan of the case."""
    if root == "due":
        place = case.index.get(name, -1)
        if place >= 0 and case.program.rules[place].certain:
            return lambda made: shown(made._due(place), made._start)
        return lambda made: made._shown(place)
    if root == "ticket":
        if name == "created":
            return lambda made: shown(made._start, made._start)
        return lambda made: str(getattr(made._ticket, name))
    if root == "form":
        return lambda made: made._receipt(name)
    return lambda made: reasons_line(name, made._assessment)


#: A frozen record is filled by no other way.
_set_dues = _Planned.__dict__["_dues"].__set__
_set_steps = _Planned.__dict__["_steps"].__set__
