"""How long something may take: calendar time and working time are different things.

``24h`` runs through the night; ``8 working hours`` runs only while the office is open; ``2 workdays``
ends with the business of the second working day after the day of the start.
"""

from __future__ import annotations

import enum
import re
from typing import NamedTuple

__all__ = ["Clock", "Duration"]


class Clock(enum.Enum):
    """What makes a duration pass."""

    CALENDAR = "calendar"
    WORKING = "working"
    WORKDAYS = "workdays"

    # Members are unique objects; the hash an enum brings is a function in Python, called for every deadline.
    __hash__ = object.__hash__


# Every unit with its clock and its length; the Chinese forms are what a manager writes of his own accord.
_UNITS: dict[str, tuple[Clock, int]] = {
    **dict.fromkeys(["min", "minute", "minutes", "分钟"], (Clock.CALENDAR, 60)),
    **dict.fromkeys(["h", "hour", "hours", "小时", "个小时"], (Clock.CALENDAR, 3600)),
    **dict.fromkeys(["d", "day", "days", "天", "日"], (Clock.CALENDAR, 86400)),
    **dict.fromkeys(["working minute", "working minutes", "工作分钟"], (Clock.WORKING, 60)),
    **dict.fromkeys(["working hour", "working hours", "工作小时", "个工作小时"], (Clock.WORKING, 3600)),
    **dict.fromkeys(["workday", "workdays", "working day", "working days", "工作日", "个工作日"], (Clock.WORKDAYS, 1)),
}
_FORM = re.compile(r"\s*(\d{1,6})\s*([^\W\d][^\d]*?)\s*")
_EXAMPLES = '"30min", "24h", "3d", "8 working hours", "2 workdays"'


class Duration(NamedTuple):
    """A length of time on one clock; a tuple, because every deadline's is hashed for every case.

    Parameters
    ----------
    clock : Clock
        Which clock runs.
    amount : int
        Seconds; for ``Clock.WORKDAYS`` whole working days.

    Examples
    --------
    >>> Duration.parse("24h")
    Duration(clock=<Clock.CALENDAR: 'calendar'>, amount=86400)
    >>> str(Duration.parse("2个工作日")), Duration.parse("8 working hours").label
    ('2 workdays', '8个工作小时')
    """

    clock: Clock
    amount: int

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read a duration as the policy writes it.

        Raises
        ------
        ValueError
            If it is none; the message names the forms there are.
        """
        found = _FORM.fullmatch(text)
        unit = re.sub(r"\s+", " ", found[2]).lower() if found else ""
        if found is None or unit not in _UNITS:
            raise ValueError(f"is not a duration; write {_EXAMPLES}")
        clock, length = _UNITS[unit]
        return cls(clock, int(found[1]) * length)

    def _parts(self) -> tuple[int, int]:
        if self.clock is Clock.WORKDAYS:
            return self.amount, 0
        size = 86400 if self.clock is Clock.CALENDAR and self.amount % 86400 == 0 and self.amount > 172800 else 3600
        size = size if self.amount % size == 0 else 60
        return self.amount // size, size

    def __str__(self) -> str:
        count, size = self._parts()
        if self.clock is Clock.WORKDAYS:
            return f"{count} workday{'s' if count != 1 else ''}"
        if self.clock is Clock.WORKING:
            return f"{count} working {'hour' if size == 3600 else 'minute'}{'s' if count != 1 else ''}"
        return f"{count}{ {60: 'min', 3600: 'h', 86400: 'd'}[size] }"

    @property
    def label(self) -> str:
        """The duration in Chinese."""
        count, size = self._parts()
        if self.clock is Clock.WORKDAYS:
            return f"{count}个工作日"
        if self.clock is Clock.WORKING:
            return f"{count}{'个工作小时' if size == 3600 else '工作分钟'}"
        return f"{count}{ {60: '分钟', 3600: '小时', 86400: '天'}[size] }"
