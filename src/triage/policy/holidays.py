"""The statutory holidays and make-up working days (调休) of mainland China, and where knowledge ends.

The days come from the maintained package ``chinesecalendar``, which encodes the yearly notice of the
State Council (国务院办公厅关于部分节假日安排的通知).
"""

from __future__ import annotations

import datetime as dt
import functools

__all__ = ["StatutoryDays", "statutory_days"]


class StatutoryDays:
    """The published days and the span for which they are complete.

    Attributes
    ----------
    holidays, workdays : frozenset of date
        Days off, and weekend days that are worked.
    known_from, known_until : date
        First and last day for which the list can be relied upon.
    """

    def __init__(self, holidays: frozenset[dt.date], workdays: frozenset[dt.date]) -> None:
        self.holidays = holidays
        self.workdays = workdays
        self.known_from = dt.date(min(holidays).year, 1, 1)
        # The notice for the next year may still move the days before New Year: it did in December 2006,
        # 2007, 2011 and 2018, never before the 28th. So the last published year is sure to the 24th only.
        self.known_until = dt.date(max(holidays).year, 12, 24)


@functools.cache
def statutory_days() -> StatutoryDays:
    """Return the published days; the package is imported when a calendar is first needed.

    Examples
    --------
    >>> days = statutory_days()                     # 国庆节 and the Saturday worked in its stead
    >>> dt.date(2026, 10, 1) in days.holidays, dt.date(2026, 10, 10) in days.workdays
    (True, True)
    """
    from chinese_calendar import constants

    return StatutoryDays(frozenset(constants.holidays), frozenset(constants.workdays))
