"""Rows whose quotes went wrong, read as they were meant: a quote too many, or quotes within quotes."""

from __future__ import annotations

import collections
import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triage.tickets.dialect import Dialect

__all__ = ["Lines", "commonest_width", "mended_rows"]

#: Lines that a cell may have before it is asked whether its quote was meant; also how far a mended row may reach.
_MOST_LINES = 200


class _Long(Exception):  # noqa: N818 - no error
    """A record has more lines than most."""


class Lines:
    """Lines that are remembered until the record is done, and can be given back.

    Parameters
    ----------
    lines : iterable of str
        The lines, with their ends.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: collections.deque[str] = collections.deque()
        self._read = 0
        self.taken: list[str] = []
        self.most: float = _MOST_LINES

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            line = next(self._lines)
            self._read += 1
        self.taken.append(line)
        if len(self.taken) > self.most:
            raise _Long
        return line

    @property
    def done(self) -> int:
        """How many lines the records given so far have."""
        return self._read - len(self._again)

    def give_back(self, used: int) -> None:
        """Give back the lines after the first so many."""
        self._again.extendleft(reversed(self.taken[used:]))
        del self.taken[used:]

    def at_least(self, count: int) -> Sequence[str]:
        """Take lines until there are so many, or no more."""
        while len(self.taken) < min(count, self.most) and (line := next(self, None)) is not None:
            del line
        return self.taken


def commonest_width(rows: Iterable[Sequence[str]]) -> int:
    """Return how many cells most rows have, of those that have any; 0 if there are none."""
    lengths = collections.Counter(len(row) for row in rows if any(row))
    return max(lengths, key=lambda length: lengths[length], default=0)


def mended_rows(dialect: Dialect, lines: Iterable[str], width: int) -> Iterator[list[str]]:
    r"""Cut lines into rows as :meth:`Dialect.rows` does, and mend those whose quotes are not where they belong.

    A row is mended only if that gives it exactly `width` cells; others are cut as they always were. Tried are, in
    this order: quotes inside a quoted cell that nobody doubled; one quote beside a delimiter that neither opens nor
    closes a cell; and the first once more, over several lines.

    Parameters
    ----------
    dialect : Dialect
        How the file is written.
    lines : iterable of str
        With their ends.
    width : int
        How many cells rows have; 0 to mend nothing.

    Yields
    ------
    list of str
        The cells of a row; none of an empty line.

    Examples
    --------
    >>> from triage.tickets.dialect import Dialect
    >>> lines = ['1,"19" 屏幕, 黑屏",已关\r\n', '2,"打不开,处理中\r\n', '3,"慢",新建\r\n']
    >>> list(mended_rows(Dialect(), lines, 3))
    [['1', '19" 屏幕, 黑屏', '已关'], ['2', '"打不开', '处理中'], ['3', '慢', '新建']]
    """
    source = lines if isinstance(lines, Lines) else Lines(lines)
    if dialect.quote is None or width < 2:
        for row in dialect.rows(source):
            source.taken.clear()
            yield row
        return
    reader = iter(dialect.rows(source, strict=True))
    while True:
        source.taken.clear()
        cells: list[str] | None = None
        try:
            cells = next(reader)
            if len(cells) == width or len(source.taken) == 1:
                yield cells
                continue
        except StopIteration:
            return
        except (csv.Error, _Long):
            pass
        read = len(source.taken)
        mended = _mend(dialect, source, width)
        if mended is not None:
            row, used = mended
            source.give_back(used)
            yield row
        elif cells is not None:
            source.give_back(read)
            yield cells
        else:
            source.give_back(0)
            source.most = math.inf
            yield next(iter(dialect.rows(source)))
            source.most = _MOST_LINES


def _mend(dialect: Dialect, source: Lines, width: int) -> tuple[list[str], int] | None:
    """Return the cells of the first row among the lines taken, and how many lines it has."""
    line = source.taken[0]
    for doubled in (True, False):
        if (cells := _cells(dialect, line, doubled)) is not None and len(cells) == width:
            return cells, 1
    for place in _edges(dialect, line)[: 4 * width]:
        cells = _cells(dialect, line, literal=place)
        if cells is None or len(cells) != width:
            continue
        # In the last cell the quote may as well begin a text of several lines: a row must follow.
        below = source.at_least(2)[1:2] if dialect.delimiter not in line[place:] else ()
        if all((next_row := _cells(dialect, text)) is not None and len(next_row) in (0, width) for text in below):
            return cells, 1
    text = line
    for count in range(2, _MOST_LINES):
        taken = source.at_least(count)
        if len(taken) < count:
            return None
        alone = _cells(dialect, taken[count - 1])
        if alone is not None and len(alone) == width and taken[count - 1].count(dialect.quote or "") % 2 == 0:
            return None  # a row of its own: not to be swallowed
        text += taken[count - 1]
        cells = _cells(dialect, text)
        if cells is not None:
            return (cells, count) if len(cells) == width else None
    return None


def _edges(dialect: Dialect, line: str) -> list[int]:
    """Return the places of quotes that stand beside a delimiter, or at the beginning of the line."""
    found = []
    for place, char in enumerate(line):
        if char == dialect.quote:
            before = line[:place].rstrip(" ") if dialect.spaced else line[:place]
            if not before or dialect.delimiter in (before[-1], line[place + 1 : place + 2]):
                found.append(place)
    return found


def _cells(dialect: Dialect, text: str, doubled: bool = True, literal: int = -1) -> list[str] | None:
    """Cut one row leniently: a quote closes its cell only where a delimiter or the end of the line follows.

    Parameters
    ----------
    dialect : Dialect
        How the file is written.
    text : str
        The row, with its line end.
    doubled : bool
        Whether two quotes before a delimiter are one in the text; otherwise the second of them closes the cell.
    literal : int
        The place of a quote that neither opens nor closes a cell.

    Returns
    -------
    list of str or None
        The cells; None if a quoted cell is not closed, or a line ends outside of one.
    """
    quote = dialect.quote or '"'
    body = text.rstrip("\r\n")
    if not body:
        return []
    cells: list[str] = []
    at = 0
    while True:
        while dialect.spaced and body[at : at + 1] == " ":
            at += 1
        if body[at : at + 1] != quote or at == literal:
            end = body.find(dialect.delimiter, at)
            end = len(body) if end < 0 else end
            cells.append(body[at:end])
            if "\n" in cells[-1] or "\r" in cells[-1]:
                return None
        else:
            found = _quoted(dialect, body, at + 1, doubled, literal)
            if found is None:
                return None
            cell, end = found
            cells.append(cell)
        if end == len(body):
            return cells
        at = end + 1


def _quoted(dialect: Dialect, body: str, at: int, doubled: bool, literal: int) -> tuple[str, int] | None:
    """Return the text of the cell whose quote was opened before `at`, and where its delimiter stands."""
    quote = dialect.quote or '"'
    parts: list[str] = []
    while (place := body.find(quote, at)) >= 0:
        after = place
        while after < len(body) and body[after] == quote:
            after += 1
        count = after - place
        parts.append(body[at:place])
        if dialect.escape and parts[-1].endswith(dialect.escape):
            parts[-1] = parts[-1][: -len(dialect.escape)]
            parts.append(quote)
            at = place + 1
            continue
        ends = (after == len(body) or body[after] == dialect.delimiter) and after - 1 != literal
        if ends and (count % 2 or not doubled):
            parts.append(quote * (count // 2))
            return "".join(parts), after
        parts.append(quote * ((count + 1) // 2))
        at = after
    return None
