"""When each step of a case is due: made once per case, counted per ticket."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from triage.policy.calendar import WorkCalendar
from triage.policy.durations import Clock, Duration

__all__ = ["Deadline", "Program", "compiled", "counted", "extended", "provisional", "share_of"]

_SEVERAL, _SHARE = 3, 4


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
    """The deadlines of a case, made ready for counting."""

    rules: tuple[Deadline, ...]
    steps: tuple[tuple[int, int, Any], ...]
    calendar: WorkCalendar


def share_of(rules: list[Deadline], base: int, percent: int) -> Deadline:
    """Return the rule for a share of another deadline's time, on that deadline's own clock.

    A share of hours is itself so many hours, known beforehand; a share of workdays depends on the day.
    """
    target = rules[base]
    if len(target.durations) == 1 and target.durations[0].clock is not Clock.WORKDAYS:
        clock, amount = target.durations[0].clock, target.durations[0].amount
        return Deadline(target.base, (Duration(clock, amount * percent // 100),))
    return Deadline(base, percent=percent)


def compiled(rules: tuple[Deadline, ...], calendar: WorkCalendar) -> Program:
    """Make what :func:`counted` runs through."""
    steps: list[tuple[int, int, Any]] = []
    for rule in rules:
        if rule.percent:
            steps.append((_SHARE, rule.base, rule.percent))
            continue
        parts = [_part(duration, calendar) for duration in rule.durations]
        kind, argument = parts[0] if len(parts) == 1 else (_SEVERAL, tuple(parts))
        steps.append((kind, rule.base, argument))
    return Program(rules, tuple(steps), calendar)


def _part(duration: Duration, calendar: WorkCalendar) -> tuple[int, Any]:
    if duration.clock is Clock.CALENDAR:
        return 0, dt.timedelta(0, duration.amount)
    if duration.clock is Clock.WORKING:
        return 2, duration.amount
    return 1, calendar.workday_ends(duration.amount)


def counted(program: Program, start: dt.datetime) -> list[dt.datetime | None]:
    """Count all due dates of a case for a ticket that came in at `start`, in the calendar's zone.

    A date beyond the calendar (some helpdesks write the year 9999 for "none") gives no date.
    """
    # This is done for every row of an export: kinds are told apart inline and by number, and whatever is
    # out of the ordinary (summer time, the end of the calendar) goes the slow way.
    calendar = program.calendar
    if start.year < calendar.steady_from:
        return _slowly(program, start)
    dates: list[Any] = []
    append = dates.append
    try:
        for kind, base, argument in program.steps:
            since = start if base < 0 else dates[base]
            if kind == 0:
                append(since + argument)
            elif kind == 1:
                append(argument[since.toordinal()])
            elif kind == 2:
                append(calendar.add_working(since, argument))
            elif kind == 3:
                day = since.toordinal()
                append(
                    min(
                        [
                            since + part if kind == 0 else part[day] if kind == 1 else calendar.add_working(since, part)
                            for kind, part in argument
                        ]
                    )
                )
            else:
                append(_share(program.rules, base, argument, dates, calendar, start))
    except OverflowError:
        return _slowly(program, start)
    return dates


def _slowly(program: Program, start: dt.datetime) -> list[dt.datetime | None]:
    dates: list[dt.datetime | None] = []
    for base, durations, percent in program.rules:
        since = start if base < 0 else dates[base]
        due = None
        if since is not None:
            try:
                if percent:
                    due = _share(program.rules, base, percent, dates, program.calendar, start)
                else:
                    due = min(program.calendar.add(since, duration) for duration in durations)
            except OverflowError:
                due = None
        dates.append(due)
    return dates


def _share(
    rules: tuple[Deadline, ...],
    base: int,
    percent: int,
    dates: list[dt.datetime | None],
    calendar: WorkCalendar,
    start: dt.datetime,
) -> dt.datetime | None:
    target, end = rules[base], dates[base]
    since = start if target.base < 0 else dates[target.base]
    if end is None or since is None:
        return None
    return calendar.share(since, end, percent)


def provisional(index: int, program: Program, dates: list[dt.datetime | None], start: dt.datetime) -> bool:
    """Whether a due date rests on days whose holidays are not published, or on no date at all."""
    due, rule = dates[index], program.rules[index]
    if due is None:
        return True
    if rule.base >= 0 and provisional(rule.base, program, dates, start):
        return True
    working = rule.percent > 0 or any(duration.clock is not Clock.CALENDAR for duration in rule.durations)
    return working and not program.calendar.sure(start, due)


def extended(
    due: dt.datetime, pauses: list[tuple[dt.datetime, dt.datetime]], calendar: WorkCalendar, *, working: bool
) -> dt.datetime:
    """Return a due date moved by the time the clock stood still, for example while the customer was asked.

    Parameters
    ----------
    due : datetime
        The date without pauses.
    pauses : list of (datetime, datetime)
        From and to; they must not overlap.
    calendar : WorkCalendar
        Whose time counts.
    working : bool
        Whether the deadline runs in working time; then only working time within a pause is given back.

    Returns
    -------
    due : datetime

    Examples
    --------
    A pause from Friday 17:00 to Monday 10:00 gives back two working hours of a deadline on Monday 15:00:

    >>> calendar = WorkCalendar({day: ((32400, 64800),) for day in range(5)})
    >>> at = lambda day, hour: dt.datetime(2026, 11, day, hour, tzinfo=calendar.zone)
    >>> due = extended(at(23, 15), [(at(20, 17), at(23, 10))], calendar, working=True)
    >>> f"{due:%m-%d %H:%M}"
    '11-23 17:00'
    """
    zone = calendar.zone
    spans = [(begin.astimezone(zone), end.astimezone(zone)) for begin, end in pauses if end > begin]
    if not spans:
        return due
    if working:
        return calendar.add_working(due, sum(calendar.working_between(begin, end) for begin, end in spans))
    lost = sum(int((end - begin).total_seconds()) for begin, end in spans)
    return calendar.add(due, Duration(Clock.CALENDAR, lost))
