"""When each step of a case is due: made once per case, counted per ticket."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from triage.policy.calendar import WorkCalendar
from triage.policy.durations import Clock, Duration
from triage.policy.pauses import Span, extended

__all__ = ["Deadline", "Program", "compiled", "counted", "earliest", "first", "provisional", "share_of"]

Count: TypeAlias = Callable[[dt.datetime], dt.datetime]
"""From a moment to the due date counted from it."""

DueOf: TypeAlias = Callable[[int], dt.datetime | None]
"""From a rule to its due date."""


class Deadline(NamedTuple):
    """How one step's due date comes about.

    Attributes
    ----------
    base : int
        Index of the deadline this one counts from, which stands before it; -1 for the arrival of the ticket.
    durations : tuple of Duration
        The earliest of these counts; more than one only where clocks differ.
    percent : int
        Where above 0: a share of the time of `base` instead of a duration.
    """

    base: int
    durations: tuple[Duration, ...] = ()
    percent: int = 0

    @property
    def works(self) -> bool:
        """Whether it rests on which days are worked: of several clocks one at least counts working time."""
        return self.percent > 0 or len(self.durations) > 1 or self.durations[0].clock is not Clock.CALENDAR

    @property
    def certain(self) -> bool:
        """Whether it rests on nothing but the arrival of the ticket."""
        return self.base < 0 and not self.works


class Program(NamedTuple):
    """The deadlines of a case, made ready for counting.

    Attributes
    ----------
    rules : tuple of Deadline
        Each behind the one it counts from.
    counts : Counts
        For each rule what gives its date for the arrival of a ticket, alone and without the others.
    calendar : WorkCalendar
        Whose time counts.
    """

    rules: tuple[Deadline, ...]
    counts: Counts
    calendar: WorkCalendar


class Counts(dict[int, Count]):
    """How each date of a program is counted from the arrival of a ticket; made when it is first asked for."""

    def __init__(self, rules: tuple[Deadline, ...], calendar: WorkCalendar) -> None:
        super().__init__()
        self.rules = rules
        self.calendar = calendar

    def __missing__(self, place: int) -> Count:
        rule = self.rules[place]
        # A share is one of the time of another rule, so it counts from where that one does.
        base = self.rules[rule.base].base if rule.percent else rule.base
        count = self._own(rule)
        self[place] = count = count if base < 0 else _after(self[base], count)
        return count

    def _own(self, rule: Deadline) -> Count:
        """Return how a rule counts from where it does."""
        if rule.percent:
            return _share(self._own(self.rules[rule.base]), self.rules[rule.base], rule.percent, self.calendar)
        return first([_part(duration, self.calendar) for duration in rule.durations])


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


def earliest(rules: Sequence[Deadline], places: Sequence[int]) -> tuple[int, ...]:
    """Leave out of some deadlines those that can never be the earliest: they count from another of them.

    Examples
    --------
    >>> day = Duration.parse("1 workday")
    >>> rules = [Deadline(-1, (day,)), Deadline(0, (day,)), Deadline(1, (day,)), Deadline(-1, (day, day))]
    >>> earliest(rules, [0, 2, 3])
    (0, 3)
    """

    def later(place: int) -> bool:
        # A share is counted back into the time of its base.
        while not rules[place].percent and (place := rules[place].base) >= 0:
            if place in places:
                return True
        return False

    return tuple(place for place in places if not later(place))


def compiled(rules: tuple[Deadline, ...], calendar: WorkCalendar) -> Program:
    """Make what :func:`counted` runs through."""
    return Program(rules, Counts(rules, calendar), calendar)


def first(counts: Sequence[Count]) -> Count:
    """Count in several ways; the first to end is what counts."""
    if len(counts) == 1:
        return counts[0]
    return lambda since: min([count(since) for count in counts])


def _after(base: Count, count: Count) -> Count:
    return lambda start: count(base(start))


def _part(duration: Duration, calendar: WorkCalendar) -> Count:
    if duration.clock is Clock.CALENDAR:
        length = dt.timedelta(0, duration.amount)
        return lambda since: since + length
    if duration.clock is Clock.WORKING:
        return calendar.working_ends(duration.amount).after
    ends = calendar.workday_ends(duration.amount)
    return lambda since: ends[since.toordinal()]


def _share(whole: Count, target: Deadline, percent: int, calendar: WorkCalendar) -> Count:
    """Count a share of the time of another deadline."""
    lengths = [duration.amount for duration in target.durations if duration.clock is Clock.CALENDAR]
    if not lengths:
        return lambda since: calendar.share(since, whole(since), percent)
    length, part = dt.timedelta(0, lengths[0]), dt.timedelta(0, lengths[0] * percent // 100)

    def count(since: dt.datetime) -> dt.datetime:
        # Where several clocks run, the share is one of the clock that has ended first.
        end = whole(since)
        return since + part if end == since + length else calendar.share(since, end, percent)

    return count


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
    # Whatever is out of the ordinary (pauses, summer time, the end of the calendar) goes the slow way.
    if pauses or start.year < program.calendar.steady_from:
        return _slowly(program, start, pauses)
    try:
        return [program.counts[place](start) for place in range(len(program.rules))]
    except OverflowError:
        return _slowly(program, start)


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


def provisional(index: int, due: dt.datetime | None, program: Program, due_of: DueOf, start: dt.datetime) -> bool:
    """Whether a due date rests on days whose holidays are not published, or on no date at all.

    Parameters
    ----------
    index : int
        Which of the rules.
    due : datetime or None
        Its date.
    program : Program
        The deadlines.
    due_of : callable
        Gives the date of any rule.
    start : datetime
        The arrival of the ticket.
    """
    if due is None:
        return True
    rule = program.rules[index]
    if rule.certain:
        return False
    if rule.works and not program.calendar.sure(start, due):
        return True
    return rule.base >= 0 and provisional(rule.base, due_of(rule.base), program, due_of, start)
