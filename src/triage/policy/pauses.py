"""When the clock stands still, because the customer was asked something: due dates move by that time."""

from __future__ import annotations

import datetime as dt

from triage.errors import InputError
from triage.policy.calendar import WorkCalendar
from triage.policy.durations import Clock, Duration
from triage.records import Ticket

__all__ = ["Span", "extended", "merged"]

Span = tuple[dt.datetime, dt.datetime]
"""From and to."""


def merged(ticket: Ticket, now: dt.datetime, zone: dt.tzinfo) -> tuple[Span, ...]:
    """Return a ticket's pauses in a zone, in order, those that overlap made one.

    Parameters
    ----------
    ticket : Ticket
        A pause that has not ended lasts until `now`; a time without zone is taken to be in `zone`.
    now : datetime
        The clock.
    zone : tzinfo
        The zone of the due dates.

    Raises
    ------
    InputError
        If a pause ends before it begins.

    Examples
    --------
    >>> at = lambda hour: dt.datetime(2026, 11, 10, hour)
    >>> ticket = Ticket("导不出报表", pauses=((at(14), None), (at(10), at(11)), (at(9), at(10))))
    >>> [f"{begin:%H:%M}-{end:%H:%M}" for begin, end in merged(ticket, at(16), dt.UTC)]
    ['09:00-11:00', '14:00-16:00']
    """
    spans: list[Span] = []
    for begin, end in ticket.pauses:
        first, last = (_zoned(moment, zone) for moment in (begin, now if end is None else end))
        if last < first and end is not None:
            raise InputError(
                "a pause that ends before it begins",
                value=f"{begin.isoformat()} – {end.isoformat()}",
                where=f"ticket {ticket.id}" if ticket.id else "ticket.pauses",
                cure="Give (from, to), or (from, None) while the answer is awaited.",
            )
        spans.append((first, max(first, last)))
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return tuple(joined)


def _zoned(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    whole = moment.replace(microsecond=0)
    return whole.replace(tzinfo=zone) if whole.tzinfo is None else whole.astimezone(zone)


def extended(
    since: dt.datetime, due: dt.datetime, pauses: tuple[Span, ...], calendar: WorkCalendar, *, working: bool
) -> dt.datetime:
    """Return a due date moved by the time its clock stood still.

    Parameters
    ----------
    since : datetime
        Where the clock started.
    due : datetime
        The date without pauses.
    pauses : tuple of Span
        From :func:`merged`. One that begins after the date, moved by those before it, changes nothing.
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
    >>> due = extended(at(20, 9), at(23, 15), ((at(20, 17), at(23, 10)),), calendar, working=True)
    >>> f"{due:%m-%d %H:%M}"
    '11-23 17:00'
    """
    for begin, end in pauses:
        first = max(begin, since)
        if begin >= due or end <= first:
            continue
        if working:
            lost = calendar.working_between(first, end)
            due = calendar.add_working(due, lost) if lost else due
        else:
            due = calendar.add(due, Duration(Clock.CALENDAR, int((end - first).total_seconds())))
    return due
