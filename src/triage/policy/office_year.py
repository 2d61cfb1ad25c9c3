"""A year of the office laid out with running totals, and where durations end by the day they start on."""

from __future__ import annotations

import bisect
import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

__all__ = ["OfficeYear", "WorkdayEnds", "WorkingEnds", "laid_out"]

_DAY = 86400


@dataclasses.dataclass(frozen=True, slots=True)
class OfficeYear:
    """One year laid out: intervals in seconds since day zero, and the working days."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    worked: tuple[int, ...]  # seconds worked from 1 January to the end of each interval
    days: tuple[int, ...]
    closing: tuple[int, ...]  # when each working day closes
    total: int

    def worked_before(self, at: int) -> int:
        """Return the seconds worked from 1 January to a moment."""
        i = bisect.bisect_right(self.starts, at) - 1
        return 0 if i < 0 else self.worked[i] - max(0, self.ends[i] - at)


def laid_out(year: int, intervals: Callable[[dt.date], tuple[tuple[int, int], ...]]) -> OfficeYear:
    """Lay out a year from the working intervals of each day."""
    starts: list[int] = []
    ends: list[int] = []
    worked: list[int] = []
    days: list[int] = []
    closing: list[int] = []
    total = 0
    for day in range(dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal() + 1):
        for start, end in intervals(dt.date.fromordinal(day)):
            total += end - start
            starts.append(day * _DAY + start)
            ends.append(day * _DAY + end)
            worked.append(total)
        if starts and starts[-1] >= day * _DAY:
            days.append(day)
            closing.append(ends[-1])
    return OfficeYear(tuple(starts), tuple(ends), tuple(worked), tuple(days), tuple(closing), total)


class WorkdayEnds(dict[int, dt.datetime]):
    """Where so many workdays end depends on the day alone: counted once for each day met.

    Parameters
    ----------
    count : callable
        Gives the end for the ordinal of a day.
    """

    def __init__(self, count: Callable[[int], dt.datetime]) -> None:
        super().__init__()
        self.count = count

    def __missing__(self, ordinal: int) -> dt.datetime:
        due = self[ordinal] = self.count(ordinal)
        return due


class WorkingEnds(dict[int, tuple[list[int], list[Any]]]):
    """Where so many working seconds end, laid out for each day met.

    Within a day the end moves along with the start (a timedelta) or stands still (a datetime); that changes
    only where the office opens or closes, and where the end jumps over a closing time.

    Parameters
    ----------
    lay_out : callable
        Gives, for the ordinal of a day, the seconds of the day at which something changes, and what holds from
        there on.
    """

    def __init__(self, lay_out: Callable[[int], tuple[list[int], list[Any]]]) -> None:
        super().__init__()
        self.lay_out = lay_out

    def __missing__(self, ordinal: int) -> tuple[list[int], list[Any]]:
        laid = self[ordinal] = self.lay_out(ordinal)
        return laid

    def after(self, start: dt.datetime) -> dt.datetime:
        """Return the end for a start in the calendar's zone; the same as ``add_working``, sooner."""
        marks, ends = self[start.toordinal()]
        end = ends[bisect.bisect_right(marks, start.hour * 3600 + start.minute * 60 + start.second) - 1]
        due: dt.datetime = start + end if end.__class__ is dt.timedelta else end
        return due
