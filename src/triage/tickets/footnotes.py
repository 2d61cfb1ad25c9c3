"""Notes below a table, told from tickets that lack their text: "共 12 条", "制表人：张三"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from triage.records import RowProblem

__all__ = ["Row", "footnotes"]

#: The number of a record, its cells, and a problem found with it.
Row: TypeAlias = tuple[int, list[str], RowProblem | None]

#: More rows in a line than this are no notes.
_MOST = 12
#: What a note has and the number of a ticket has not: Chinese, a space between words, or no digit at all.
_WORDS = re.compile(r"[\u3400-\u9fff]|\S\s+\S|^[^\d]{4,}$")


def _note(cells: Sequence[str], width: int) -> str | None:
    """Return the one cell of a row that may be a note: the first, with words in it and nothing after it."""
    if width < 3 or not cells or "".join(cells[1:]).strip():
        return None
    return cells[0] if _WORDS.search(cells[0]) else None


def footnotes(rows: Iterable[Row], width: int, text: Sequence[int]) -> Iterator[Row]:
    """Mark the notes below a table; they stay rows, and are not reported as damaged tickets.

    Parameters
    ----------
    rows : iterable of Row
        All rows of the table.
    width : int
        How many columns it has.
    text : sequence of int
        The places of the text columns: where the first column is one, a row with one cell is a ticket,
        unless it has fewer cells than the table.

    Yields
    ------
    Row
        The same rows; each of the last ones that is a note has a problem that says so.

    Examples
    --------
    >>> rows = [(2, ["T1", "9月1日", "系统又崩了"], None), (3, ["共 1 条"], None)]
    >>> [(number, fault and fault.code) for number, _, fault in footnotes(rows, 3, [2])]
    [(2, None), (3, 'footnote')]
    """
    held: list[tuple[Row, str]] = []
    tickets_alone = 0 in text
    for row in rows:
        _, cells, fault = row
        note = None if fault is not None or (tickets_alone and len(cells) >= width) else _note(cells, width)
        if note is not None and len(held) < _MOST:
            held.append((row, note))
            continue
        if held:
            yield from (before for before, _ in held)
            held = []
        yield row
    message = "a note below the table, not a ticket"
    for (number, cells, _), note in held:
        yield number, cells, RowProblem(number, "footnote", message, note)
