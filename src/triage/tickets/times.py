"""Dates and times as exports write them, with the time zone they are meant in."""

from __future__ import annotations

import datetime as dt
import functools
import re
import zoneinfo
from collections.abc import Sequence

from triage.errors import InputError

__all__ = ["read_time", "zone_named"]

#: 2026/9/21 8:59, 2026-09-21 08:59:03, 2026.9.21, 2026年9月21日 8时59分, 2026年9月21日 下午3:05
_NUMERIC = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:\s*(?:[(（]?(?:周|星期)[一二三四五六日天][)）]?)?\s*(上午|凌晨|早上|中午|下午|晚上|AM|PM)?\s*"
    r"(\d{1,2})\s*[:：时点]\s*(\d{1,2})?\s*分?(?:\s*[:：]?\s*(\d{1,2})(?:\.\d+)?\s*秒?)?\s*(AM|PM)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_LATER = {"下午", "晚上", "pm"}


@functools.lru_cache(maxsize=8)
def zone_named(name: str) -> zoneinfo.ZoneInfo:
    """Return the time zone of that name.

    Raises
    ------
    InputError
        If there is no such zone.
    """
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        options = zoneinfo.available_timezones()
        near = InputError("", value=name, options=options).nearest or "Asia/Shanghai"
        raise InputError("unknown time zone", value=name, cure=f"For instance {near!r}.") from error


def _numeric(cell: str) -> dt.datetime | None:
    match = _NUMERIC.fullmatch(cell)
    if match is None:
        return None
    year, month, day, half, hour, minute, second, half_after = match.groups()
    clock = int(hour or 0)
    part = (half or half_after or "").lower()
    if part in _LATER and clock < 12:
        clock += 12
    elif part in {"上午", "凌晨", "am"} and clock == 12:
        clock = 0
    elif part == "中午" and clock < 3:
        clock += 12
    return dt.datetime(int(year), int(month), int(day), clock, int(minute or 0), int(second or 0))  # noqa: DTZ001


def _compact(cell: str) -> dt.datetime | None:
    match = _COMPACT.fullmatch(cell)
    if match is None:
        return None
    return dt.datetime(*(int(part) for part in match.groups(default="0")))  # type: ignore[arg-type]  # noqa: DTZ001


def _formatted(cell: str, forms: Sequence[str]) -> dt.datetime | None:
    for form in forms:
        try:
            return dt.datetime.strptime(cell, form)  # noqa: DTZ007
        except ValueError:
            continue
    return None


def read_time(cell: str, zone: dt.tzinfo, forms: Sequence[str] = ()) -> dt.datetime:
    """Read a date or a time.

    Parameters
    ----------
    cell : str
        As the export writes it.
    zone : tzinfo
        The zone meant where the cell names none.
    forms : sequence of str
        Further forms, as for :func:`datetime.datetime.strptime`.

    Returns
    -------
    datetime
        With time zone; a date alone is its midnight.

    Raises
    ------
    ValueError
        If it is no time, or one that does not exist.

    Examples
    --------
    >>> zone = zone_named("Asia/Shanghai")
    >>> read_time("2026年9月21日 下午3:05", zone).isoformat()
    '2026-09-21T15:05:00+08:00'
    >>> read_time("21/Sep/26 08:55 AM", zone, ["%d/%b/%y %I:%M %p"]).isoformat()
    '2026-09-21T08:55:00+08:00'
    """
    text = cell.strip()
    moment: dt.datetime | None = None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = _formatted(text, forms) or _numeric(text) or _compact(text)
    if moment is None or not 1990 <= moment.year <= 2100:
        raise ValueError(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
