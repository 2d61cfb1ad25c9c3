"""When each step of a case is due: made once per case, counted per ticket."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from triage.policy.calendar import WorkCalendar
from triage.policy.durations import Clock, Duration
from triage.policy.office_year import WorkdayEnds
from triage.policy.pauses import Span, extended

__all__ = ["Deadline", "Program", "compiled", "counted", "in_order", "provisional", "share_of"]

_LATER, _DAYS, _WORKING, _SEVERAL, _SHARE = range(5)


class Deadline(NamedTuple):
    """How one step's due date comes about.

    Attributes
    ----------
    base : int
        Index of the deadline this one counts from; -1 for the arrival of the ticket.
    durations : tuple of Duration
        The earliest of these counts; more than one only where clocks differ.
    percent : int
        Where above 0: a share of the time of `base` instead of a duration.
    """

    base: int
    durations: tuple[Duration, ...] = ()
    percent: int = 0


class Program(NamedTuple):
    """The deadlines of a case, made ready for counting.

    Attributes
    ----------
    rules : tuple of Deadline
        In the order of :func:`in_order`.
    later : tuple of timedelta
        The first rules: calendar time from the arrival of the ticket, directly or by way of others.
    days : tuple of WorkdayEnds
        The next ones: workdays from the day of the arrival, likewise.
    steps : tuple of (int, int, object)
        All others: what to do, from which date, how much.
    calendar : WorkCalendar
        Whose time counts.
    working : tuple of bool
        Whether each rule counts working time.
    """

    rules: tuple[Deadline, ...]
    later: tuple[dt.timedelta, ...]
    days: tuple[WorkdayEnds, ...]
    steps: tuple[tuple[int, int, Any], ...]
    calendar: WorkCalendar
    working: tuple[bool, ...]


def _from_arrival(rules: Sequence[Deadline], rule: Deadline, clock: Clock) -> int | None:
    """Return how much of one clock's time lies between the arrival and a deadline; None if not only that.

    Hours after hours and workdays after workdays add up; so does no other pair.
    """
    if len(rule.durations) != 1 or rule.durations[0].clock is not clock:
        return None
    before = _from_arrival(rules, rules[rule.base], clock) if rule.base >= 0 else 0
    return None if before is None else before + rule.durations[0].amount


def _group(rules: Sequence[Deadline], rule: Deadline) -> int:
    """0 for calendar time from the arrival, 1 for workdays from there, 2 for everything else."""
    if _from_arrival(rules, rule, Clock.CALENDAR) is not None:
        return 0
    return 1 if _from_arrival(rules, rule, Clock.WORKDAYS) is not None else 2


def in_order(rules: Sequence[Deadline]) -> tuple[tuple[Deadline, ...], list[int]]:
    """Put the deadlines that are quickest to count first.

    Returns
    -------
    rules : tuple of Deadline
        Each still behind the one it counts from.
    places : list of int
        Where each of the given rules has gone.
    """
    order = sorted(range(len(rules)), key=lambda at: _group(rules, rules[at]))
    places = [0] * len(rules)
    for new, old in enumerate(order):
        places[old] = new
    moved = [rules[old] for old in order]
    return tuple(rule._replace(base=places[rule.base]) if rule.base >= 0 else rule for rule in moved), places


def share_of(rules: list[Deadline], base: int, percent: int) -> Deadline:
    """Return the rule for a share of another deadline's time, on that deadline's own clock.

    A share of hours is itself so many hours, known beforehand; a share of workdays depends on the day.
    """
    target = rules[base]
    if target.percent:
        return Deadline(target.base, percent=max(1, target.percent * percent // 100))
    if len(target.durations) == 1 and target.durations[0].clock is not Clock.WORKDAYS:
        clock, amount = target.durations[0].clock, target.durations[0].amount
        return Deadline(target.base, (Duration(clock, max(1, amount * percent // 100)),))
    return Deadline(base, percent=percent)


def compiled(rules: tuple[Deadline, ...], calendar: WorkCalendar) -> Program:
    """Make what :func:`counted` runs through."""
    later: list[dt.timedelta] = []
    days: list[WorkdayEnds] = []
    steps: list[tuple[int, int, Any]] = []
    for rule in rules:
        hours, workdays = (_from_arrival(rules, rule, clock) for clock in (Clock.CALENDAR, Clock.WORKDAYS))
        parts = [_part(duration, calendar) for duration in rule.durations]
        if hours is not None:
            later.append(dt.timedelta(0, hours))
        elif workdays is not None:
            days.append(calendar.workday_ends(workdays))
        elif rule.percent:
            steps.append((_SHARE, rules[rule.base].base, (rule.base, rule.percent, *_calendar_part(rules, rule))))
        elif len(parts) > 1:
            # Clocks differ, so there is one of each kind at most.
            steps.append((_SEVERAL, rule.base, tuple(dict(parts).get(kind) for kind in (_LATER, _DAYS, _WORKING))))
        else:
            steps.append((parts[0][0], rule.base, parts[0][1]))
    working = tuple(
        rule.percent > 0 or any(duration.clock is not Clock.CALENDAR for duration in rule.durations) for rule in rules
    )
    return Program(rules, tuple(later), tuple(days), tuple(steps), calendar, working)


def _part(duration: Duration, calendar: WorkCalendar) -> tuple[int, Any]:
    if duration.clock is Clock.CALENDAR:
        return _LATER, dt.timedelta(0, duration.amount)
    if duration.clock is Clock.WORKING:
        after: Callable[[dt.datetime], dt.datetime] = calendar.working_ends(duration.amount).after
        return _WORKING, after
    return _DAYS, calendar.workday_ends(duration.amount)


def _calendar_part(rules: tuple[Deadline, ...], rule: Deadline) -> tuple[dt.timedelta | None, dt.timedelta | None]:
    """Return the calendar time among the durations shared, whole and in part."""
    for duration in rules[rule.base].durations:
        if duration.clock is Clock.CALENDAR:
            part = duration.amount * rule.percent // 100
            return dt.timedelta(0, duration.amount), dt.timedelta(0, part)
    return None, None


def counted(program: Program, start: dt.datetime, pauses: tuple[Span, ...] = ()) -> list[dt.datetime | None]:
    """Count all due dates of a case.

    Parameters
    ----------
    program : Program
        The deadlines.
    start : datetime
        When the ticket came in, in the calendar's zone, without fractions of a second.
    pauses : tuple of Span
        When the clock stood still, from :func:`triage.policy.pauses.merged`.

    Returns
    -------
    dates : list of datetime or None
        One for each rule. A date beyond the calendar (some helpdesks write the year 9999 for "none") is None.
    """
    # This is done for every row of an export: kinds are told apart inline and by number, and whatever is
    # out of the ordinary (pauses, summer time, the end of the calendar) goes the slow way.
    if pauses or start.year < program.calendar.steady_from:
        return _slowly(program, start, pauses)
    try:
        dates: list[Any] = [start + length for length in program.later]
        append = dates.append
        day = start.toordinal()
        for ends in program.days:
            append(ends[day])
        for kind, base, argument in program.steps:
            since = start if base < 0 else dates[base]
            if kind == _DAYS:
                append(argument[since.toordinal()])
            elif kind == _LATER:
                append(since + argument)
            elif kind == _WORKING:
                append(argument(since))
            elif kind == _SEVERAL:
                length, ends, after = argument
                due = since + length if length else None
                if ends is not None and (due is None or ends[since.toordinal()] < due):
                    due = ends[since.toordinal()]
                if after is not None and (due is None or after(since) < due):
                    due = after(since)
                append(due)
            else:
                base, percent, length, part = argument
                # Where several clocks run, the share is one of the clock that has ended first.
                if length and dates[base] == since + length:
                    append(since + part)
                else:
                    append(program.calendar.share(since, dates[base], percent))
    except OverflowError:
        return _slowly(program, start, pauses)
    return dates


def _slowly(program: Program, start: dt.datetime, pauses: tuple[Span, ...] = ()) -> list[dt.datetime | None]:
    dates: list[dt.datetime | None] = []
    for rule in program.rules:
        # A share is one of the time of another rule, so it counts from where that one does.
        target = program.rules[rule.base] if rule.percent else rule
        since = start if target.base < 0 else dates[target.base]
        try:
            due = None if since is None else _moved(target, rule.percent, since, pauses, program.calendar)
        except OverflowError:
            due = None
        dates.append(due)
    return dates


def _moved(
    rule: Deadline, percent: int, since: dt.datetime, pauses: tuple[Span, ...], calendar: WorkCalendar
) -> dt.datetime:
    """Count one deadline, or a share of it, and give back the time the clock stood still."""
    found = []
    for duration in rule.durations:
        working = duration.clock is not Clock.CALENDAR
        end = calendar.add(since, duration)
        # At the same moment the calendar's clock goes first: False sorts before True.
        found.append((extended(since, end, pauses, calendar, working=working), working, end, duration))
    due, working, end, duration = min(found, key=lambda one: one[:2])
    if not percent:
        return due
    if working:
        part = calendar.share(since, end, percent)
    else:
        part = calendar.add(since, Duration(Clock.CALENDAR, duration.amount * percent // 100))
    return extended(since, part, pauses, calendar, working=working)


def provisional(index: int, program: Program, dates: list[dt.datetime | None], start: dt.datetime) -> bool:
    """Whether a due date rests on days whose holidays are not published, or on no date at all."""
    due, rule = dates[index], program.rules[index]
    if due is None:
        return True
    if rule.base >= 0 and provisional(rule.base, program, dates, start):
        return True
    return program.working[index] and not program.calendar.sure(start, due)
