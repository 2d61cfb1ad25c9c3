"""Many records of one kind at once, filled field by field."""

from __future__ import annotations

import collections
import dataclasses
import functools
import itertools
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar, cast

__all__ = ["filled"]

Record = TypeVar("Record")

#: So many records are worth going field by field.
_WORTH = 4


def filled(kind: type[Record], count: int, *columns: Iterable[Any]) -> list[Record]:
    """Make frozen records as their class makes them, in a quarter of the time.

    Parameters
    ----------
    kind : type
        A frozen dataclass with slots and nothing to do after its fields are set.
    count : int
        How many.
    *columns : iterable
        For every field, in order, its values: one a record at least.

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
    if count < _WORTH:
        return [kind(*row) for row in itertools.islice(zip(*columns, strict=False), count)]
    made = list(map(object.__new__, itertools.repeat(kind, count)))
    for fill, column in zip(_setters(cast(Hashable, kind)), columns, strict=True):
        collections.deque(map(fill, made, column), maxlen=0)
    return made


@functools.cache
def _setters(kind: Any) -> list[Callable[[Any, Any], None]]:
    """Return what fills the slots of a record: a frozen one is filled by no other way."""
    return [kind.__dict__[field.name].__set__ for field in dataclasses.fields(kind)]
