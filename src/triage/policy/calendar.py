"""Working time: office hours in several intervals, statutory holidays, make-up working days, own closures.

All reckoning is done on the wall clock of the policy's zone, to the second. Working intervals are laid out
once per year with running totals, so that adding working time is two bisections and no walk over days.
"""

from __future__ import annotations

import bisect
import datetime as dt
import functools
import zoneinfo
from collections.abc import Iterable, Mapping
from typing import Any

from triage.policy.durations import Clock, Duration
from triage.policy.holidays import statutory_days
from triage.policy.office_year import OfficeYear, WorkdayEnds, WorkingEnds, laid_out

__all__ = ["Interval", "WorkCalendar"]

Interval = tuple[int, int]
"""Opening and closing, in seconds after midnight."""

_DAY = 86400
_IDLE_YEARS = 3  # a calendar that is closed for three years on end will not open again


class WorkCalendar:
    """The office calendar of a policy.

    Parameters
    ----------
    hours : mapping of int to tuple of Interval
        Working intervals by weekday, Monday being 0; a weekday without intervals is off.
    makeup : tuple of Interval
        Intervals of a make-up working day and of an extra day.
    zone : ZoneInfo
        The time zone of the wall clock.
    closures, extra_days : iterable of date
        The user's own days off and working days; they outrank the statutory ones.
    statutory : bool
        Whether the statutory holidays and make-up days apply.
    known_until : date, optional
        Last day for which the user vouches, where the closures name holidays not yet in the package.

    Examples
    --------
    The Friday before the make-up Saturday of 国庆节 2026; lunch from 12:00 to 13:30:

    >>> calendar = WorkCalendar({day: ((32400, 43200), (48600, 64800)) for day in range(5)})
    >>> friday = dt.datetime(2026, 10, 9, 17, 30, tzinfo=calendar.zone)
    >>> due = calendar.add(friday, Duration.parse("2 working hours"))
    >>> f"{due:%m-%d %H:%M}", calendar.sure(friday, due)
    ('10-10 10:30', True)
    """

    steady_from: int
    """The year from which the zone's clock has not been put forward or back."""

    def __init__(
        self,
        hours: Mapping[int, tuple[Interval, ...]],
        makeup: tuple[Interval, ...] | None = None,
        *,
        zone: zoneinfo.ZoneInfo | None = None,
        closures: Iterable[dt.date] = (),
        extra_days: Iterable[dt.date] = (),
        statutory: bool = True,
        known_until: dt.date | None = None,
    ) -> None:
        self.zone = zone or zoneinfo.ZoneInfo("Asia/Shanghai")
        self._hours = {day: tuple(hours.get(day, ())) for day in range(7)}
        longest = max(self._hours.values(), key=lambda day: sum(end - start for start, end in day))
        self._makeup = makeup if makeup is not None else longest
        self._closures = frozenset(closures)
        self._extra_days = frozenset(extra_days)
        self._statutory = statutory
        self._vouched = known_until
        self._day_one = dt.datetime.min.replace(tzinfo=self.zone)
        self._known: tuple[int, int] | None = None
        self._years: dict[int, OfficeYear] = {}
        self._workday_ends: dict[int, WorkdayEnds] = {}
        self._working_ends: dict[int, WorkingEnds] = {}
        self.steady_from = _steady_from(self.zone)

    @property
    def known_until(self) -> dt.date:
        """Last day whose status is sure; deadlines in working time beyond it are provisional."""
        if not self._statutory:
            return dt.date.max
        published = statutory_days().known_until
        return max(published, self._vouched) if self._vouched else published

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_years": {}, "_workday_ends": {}, "_working_ends": {}}

    def intervals(self, day: dt.date) -> tuple[Interval, ...]:
        """Return the working intervals of a day, empty where it is off."""
        if day in self._closures:
            return ()
        if day in self._extra_days:
            return self._makeup
        if self._statutory:
            published = statutory_days()
            if day in published.workdays:
                return self._hours[day.weekday()] or self._makeup
            if day in published.holidays:
                return ()
        return self._hours[day.weekday()]

    def is_working(self, at: dt.datetime) -> bool:
        """Whether the office is open at a moment; opening and closing minute count as open."""
        at = at.astimezone(self.zone)
        seconds = at.hour * 3600 + at.minute * 60 + at.second
        return any(start <= seconds <= end for start, end in self.intervals(at.date()))

    def add(self, start: dt.datetime, duration: Duration) -> dt.datetime:
        """Count a duration from a moment.

        Parameters
        ----------
        start : datetime
            With time zone.
        duration : Duration
            Calendar time, working time, or workdays. The day of the start does not count as a workday and
            the last one ends with its business (民法典第二百零一条、第二百零三条).

        Returns
        -------
        due : datetime
            In the calendar's zone; :meth:`sure` tells whether all days it rests on are published.

        Raises
        ------
        OverflowError
            If the date lies beyond the year 9999.
        """
        if start.tzinfo is not self.zone:
            start = start.astimezone(self.zone)
        clock, amount = duration.clock, duration.amount
        if clock is Clock.CALENDAR:
            due = start + dt.timedelta(0, amount)
            if start.year < self.steady_from and due.utcoffset() != start.utcoffset():
                # A change to or from summer time lies between.
                due = (start.astimezone(dt.UTC) + dt.timedelta(0, amount)).astimezone(self.zone)
            return due
        if clock is Clock.WORKING:
            return self.add_working(start, amount)
        return self.workday_ends(amount)[start.toordinal()] if amount else self._add_workdays(_position(start), 0)

    def workday_ends(self, count: int) -> WorkdayEnds:
        """Return when the business of the so many-th working day after a day ends, by the day's ordinal."""
        ends = self._workday_ends.get(count)
        if ends is None:
            ends = self._workday_ends[count] = WorkdayEnds(lambda day: self._add_workdays(day * _DAY, count))
        return ends

    def working_ends(self, seconds: int) -> WorkingEnds:
        """Return when so many working seconds end, by the start; more than none."""
        ends = self._working_ends.get(seconds)
        if ends is None:
            ends = self._working_ends[seconds] = WorkingEnds(functools.partial(self._lay_out_day, seconds))
        return ends

    def sure(self, start: dt.datetime, due: dt.datetime) -> bool:
        """Whether every day between two moments is known to be worked or free."""
        if not self._statutory:
            return True
        if self._known is None:
            self._known = statutory_days().known_from.toordinal(), self.known_until.toordinal()
        first, last = self._known
        return first <= start.toordinal() and due.toordinal() <= last

    def add_working(self, start: dt.datetime, seconds: int) -> dt.datetime:
        """Count working seconds from a moment in the calendar's zone; 0 gives the next open moment."""
        at, year = _position(start), start.year
        if seconds == 0:
            return self._next_open(at, year)
        return self._wall(self._worked_to(self._year(year).worked_before(at) + seconds, year)[0])

    def share(self, start: dt.datetime, end: dt.datetime, percent: int) -> dt.datetime:
        """Return the moment at which a share of the working time from `start` to `end` has passed."""
        at, year = _position(start), start.year
        block = self._year(year)
        before = block.worked_before(at)
        here = end.year == year
        passing = block.worked_before(_position(end)) - before if here else self.working_between(start, end)
        seconds = passing * percent // 100
        return self._wall(self._worked_to(before + seconds, year)[0]) if seconds > 0 else self._next_open(at, year)

    def _worked_to(self, target: int, year: int) -> tuple[int, int]:
        """Return when so much has first been worked since 1 January of `year`, and how long the office stays open."""
        block = self._year(year)
        idle = 0
        while target > block.total:
            target -= block.total
            idle = 0 if block.total else idle + 1
            year += 1
            block = self._year(year, idle)
        i = bisect.bisect_left(block.worked, target)
        left = block.worked[i] - target
        return block.ends[i] - left, left

    def working_between(self, start: dt.datetime, end: dt.datetime) -> int:
        """Return the working seconds from `start` to `end`, both in the calendar's zone; 0 if reversed."""
        if end <= start:
            return 0
        worked = self._year(end.year).worked_before(_position(end))
        worked -= self._year(start.year).worked_before(_position(start))
        return worked + sum(self._year(year).total for year in range(start.year, end.year))

    def _lay_out_day(self, seconds: int, ordinal: int) -> tuple[list[int], list[Any]]:
        """Lay out where so many working seconds end for every start of a day."""
        day = dt.date.fromordinal(ordinal)
        block, midnight = self._year(day.year), ordinal * _DAY
        worked = block.worked_before(midnight)
        marks: list[int] = [0]
        ends: list[Any] = [self._wall(self._worked_to(worked + seconds, day.year)[0])]
        for opens, closes in self.intervals(day):
            begin = opens
            while begin < closes:
                end, left = self._worked_to(worked + begin - opens + seconds, day.year)
                marks.append(begin)
                ends.append(dt.timedelta(0, end - midnight - begin))
                begin += left + 1
            worked += closes - opens
            marks.append(closes)
            ends.append(self._wall(self._worked_to(worked + seconds, day.year)[0]))
        return marks, ends

    def _add_workdays(self, at: int, count: int) -> dt.datetime:
        year = dt.date.fromordinal(at // _DAY).year
        block = self._year(year)
        # Zero workdays means the close of business today, or of the next open day if that has passed.
        index = (
            bisect.bisect_right(block.days, at // _DAY) + count - 1 if count else bisect.bisect_left(block.closing, at)
        )
        idle = 0
        while index >= len(block.days):
            index -= len(block.days)
            idle = 0 if block.days else idle + 1
            year += 1
            block = self._year(year, idle)
        return self._wall(block.closing[index])

    def _next_open(self, at: int, year: int) -> dt.datetime:
        idle = 0
        while True:
            block = self._year(year, idle)
            i = bisect.bisect_left(block.ends, at)
            if i < len(block.ends):
                return self._wall(max(block.starts[i], at))
            idle = 0 if block.total else idle + 1
            year += 1

    def _wall(self, at: int) -> dt.datetime:
        return self._day_one + dt.timedelta(0, at - _DAY)

    def _year(self, year: int, idle: int = 0) -> OfficeYear:
        block = self._years.get(year)
        if block is None:
            if year >= dt.MAXYEAR or idle > _IDLE_YEARS:
                raise OverflowError(f"no working time is known in or after {year}")
            block = self._years[year] = laid_out(year, self.intervals)
        return block


def _position(at: dt.datetime) -> int:
    """Return a wall-clock moment in seconds since day zero."""
    return at.toordinal() * _DAY + at.hour * 3600 + at.minute * 60 + at.second


@functools.cache
def _steady_from(zone: zoneinfo.ZoneInfo) -> int:
    """Return the year from which the zone's clock has not been put forward or back; China: 1992."""
    offsets = {
        year: {dt.datetime(year, month, 15, tzinfo=zone).utcoffset() for month in range(1, 13)}
        for year in range(1970, 2061)
    }
    last = offsets[2060]
    if len(last) > 1:
        return dt.MAXYEAR
    return max((year for year, found in offsets.items() if found != last), default=1969) + 1
