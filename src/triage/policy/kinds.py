"""The kinds of value a policy file may hold: how each is read, and how an editor is told of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import re
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from triage.policy.durations import Duration

__all__ = [
    "BOOL", "DATE", "DATES", "DURATION", "INTERVALS", "NUMBER", "PERCENT", "REF_ROLE", "REF_STEP",
    "REF_TEMPLATE", "TEXT", "TEXTS", "ZONE", "Kind", "choice", "choice_of",
]  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value.

    Parameters
    ----------
    what : str
        What is expected, for the message.
    read : callable
        Turns the TOML value into what the program uses; raises ValueError saying what is wrong.
    refers : str or None
        ``role``, ``step`` or ``template`` where the value names one.
    options : tuple of str
        The valid values, where they can be listed.
    json : mapping
        The kind in JSON Schema.
    """

    what: str
    read: Callable[[Any], Any]
    refers: str | None = None
    options: tuple[str, ...] = ()
    json: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def _expect(value: Any, *types: type) -> Any:
    # bool is an int to Python and never to a manager.
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise ValueError(f"is {type(value).__name__}")
    return value


def _text(value: Any) -> str:
    text: str = _expect(value, str)
    if not text.strip():
        raise ValueError("is empty")
    return text.strip()


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in _expect(value, list))


def _duration(value: Any) -> Duration:
    duration = Duration.parse(_expect(value, str))
    if not duration.amount:
        raise ValueError('leaves no time; write at least "1min"')
    return duration


def _percent(value: Any) -> int:
    if not 1 <= _expect(value, int) <= 200:
        raise ValueError("is not between 1 and 200")
    return int(value)


def _date(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        raise ValueError("has a time of day")  # noqa: TRY004 - read() promises ValueError
    return dt.date.fromisoformat(_expect(value, dt.date).isoformat())


def _dates(value: Any) -> frozenset[dt.date]:
    """Read dates and spans such as "2027-02-15..2027-02-21"."""
    days: set[dt.date] = set()
    for item in _expect(value, list):
        if isinstance(item, str) and ".." in item:
            first, last = (dt.date.fromisoformat(part.strip()) for part in item.split("..", 1))
            if not first <= last <= first + dt.timedelta(days=366):
                raise ValueError(f"{item!r} is not a span of at most a year")
            days.update(first + dt.timedelta(days=n) for n in range((last - first).days + 1))
        else:
            days.add(_date(item))
    return frozenset(days)


_INTERVAL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def _intervals(value: Any) -> tuple[tuple[int, int], ...]:
    intervals: list[tuple[int, int]] = []
    for item in _expect(value, list):
        found = _INTERVAL.fullmatch(_expect(item, str).replace(" ", ""))
        if not found:
            raise ValueError(f'{item!r} is no interval; write "09:00-12:00"')
        start, end = (int(found[i]) * 3600 + int(found[i + 1]) * 60 for i in (1, 3))
        if not start < end <= 86400:
            raise ValueError(f"{item!r} ends before it begins; a night shift is written as two days")
        if intervals and start < intervals[-1][1]:
            raise ValueError(f"{item!r} overlaps the interval before it, or stands out of order")
        intervals.append((start, end))
    return tuple(intervals)


def _zone(value: Any) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(_expect(value, str))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('is no time zone; write one such as "Asia/Shanghai"') from None


def choice(options: Iterable[str], what: str) -> Kind:
    """Make the kind that takes one of a few words."""
    names = tuple(options)

    def read(value: Any) -> str:
        if value not in names:
            raise ValueError("is not valid")
        return str(value)

    return Kind(what, read, options=names, json={"enum": list(names)})


def choice_of(members: type[enum.StrEnum], what: str) -> Kind:
    """Make the kind that takes a member of an enum by its key."""
    kind = choice([member.value for member in members], what)
    return dataclasses.replace(kind, read=lambda value: members(kind.read(value)))


TEXT = Kind("a text", _text, json={"type": "string", "minLength": 1})
TEXTS = Kind("a list of texts", _texts, json={"type": "array", "items": {"type": "string", "minLength": 1}})
BOOL = Kind("true or false", lambda value: _expect(value, bool), json={"type": "boolean"})
NUMBER = Kind("a whole number", lambda value: _expect(value, int), json={"type": "integer"})
PERCENT = Kind("a percentage", _percent, json={"type": "integer", "minimum": 1, "maximum": 200})
DURATION = Kind("a duration", _duration, json={"type": "string", "examples": ["24h", "2 workdays", "8 working hours"]})
DATE = Kind("a date such as 2026-12-01", _date, json={"type": "string", "format": "date"})
DATES = Kind("a list of dates or spans", _dates, json={"type": "array"})
INTERVALS = Kind("a list of intervals", _intervals, json={"type": "array", "items": {"pattern": _INTERVAL.pattern}})
ZONE = Kind("a time zone", _zone, json={"type": "string"})
REF_ROLE = dataclasses.replace(TEXT, what="a role", refers="role")
REF_STEP = dataclasses.replace(TEXT, what="a step", refers="step")
REF_TEMPLATE = dataclasses.replace(TEXT, what="a template", refers="template")
