"""Many records of one kind at once, filled field by field."""

from __future__ import annotations

import collections
import functools
import itertools
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar, cast

__all__ = ["filled"]

Record = TypeVar("Record")


def filled(kind: type[Record], count: int, *columns: Iterable[Any]) -> list[Record]:
    """Make frozen records as their class makes them, in a quarter of the time.

    Parameters
    ----------
    kind : type
        A frozen dataclass with slots and nothing to do after they are set.
    count : int
        How many.
    *columns : iterable
        For every slot, in order, its values: one a record at least.

    Returns
    -------
    list
        The records.

    Examples
    --------
    >>> from triage.records import RowProblem
    >>> made = filled(RowProblem, 2, [2, 3], itertools.repeat("empty_text"), ["no text", "no text"], ["", "-"])
    >>> made[1] == RowProblem(3, "empty_text", "no text", "-")
    True
    """
    fillings = zip(_setters(cast(Hashable, kind)), columns, strict=True)
    if count == 1:  # a call for one text: mapping over one record costs more than filling it
        record = object.__new__(kind)
        for fill, column in fillings:
            fill(record, next(iter(column)))
        return [record]
    made = list(map(object.__new__, itertools.repeat(kind, count)))
    for fill, column in fillings:
        collections.deque(map(fill, made, column), maxlen=0)
    return made


@functools.cache
def _setters(kind: Any) -> list[Callable[[Any, Any], None]]:
    """Return what fills the slots of a record: a frozen one is filled by no other way."""
    return [kind.__dict__[name].__set__ for name in kind.__slots__]
