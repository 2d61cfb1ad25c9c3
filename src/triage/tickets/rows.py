"""Rows of cells made tickets, or problems with a number and a reason."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import functools
import io
from collections.abc import Iterator, Sequence
from typing import Any

from triage.records import RowProblem, Ticket
from triage.tickets.columns import Columns
from triage.tickets.times import read_time

__all__ = ["Block", "RowReader", "raw_text"]

#: What programs write into a cell for nothing.
_NOTHING = frozenset({"nan", "null", "none", "n/a", "#n/a", "<na>", "nat", "\\n"})

_SHOWN = 80


@dataclasses.dataclass(slots=True)
class Block:
    """Some rows of an export, in order.

    Iterating gives pairs of the original cells and the ticket, or the reason why there is none.

    Parameters
    ----------
    rows : list of list of str
        The cells, exactly as many as the header has.
    items : list of Ticket or RowProblem
        What was made of each row.
    notes : list of RowProblem
        What is wrong with rows that have a ticket all the same, such as a time that cannot be read.
    raws : dict of int to str
        For rows whose cells had to be cut to fit, by record number: the whole row as CSV.
    numbers : list of int
        The record number of each row.
    left_out : int
        How many rows were taken out of the block since it was read.
    file : str
        The name of the export.
    """

    rows: list[list[str]] = dataclasses.field(default_factory=list)
    items: list[Ticket | RowProblem] = dataclasses.field(default_factory=list)
    notes: list[RowProblem] = dataclasses.field(default_factory=list)
    raws: dict[int, str] = dataclasses.field(default_factory=dict)
    numbers: list[int] = dataclasses.field(default_factory=list)
    left_out: int = 0
    file: str = ""

    def __iter__(self) -> Iterator[tuple[list[str], Ticket | RowProblem]]:
        return zip(self.rows, self.items, strict=True)

    def __len__(self) -> int:
        return len(self.rows)

    def select(self, keep: Sequence[int]) -> Block:
        """Return a block of the rows at these places, in order."""
        numbers = [self.numbers[place] for place in keep]
        kept = set(numbers)
        return Block(
            [self.rows[place] for place in keep],
            [self.items[place] for place in keep],
            [note for note in self.notes if note.row in kept],
            {number: raw for number, raw in self.raws.items() if number in kept},
            numbers,
            self.left_out + len(self) - len(keep),
            self.file,
        )

    @property
    def tickets(self) -> list[Ticket]:
        """The tickets alone, in order."""
        return [item for item in self.items if isinstance(item, Ticket)]

    @property
    def problems(self) -> list[RowProblem]:
        """Problems and notes in order of rows."""
        found = [item for item in self.items if isinstance(item, RowProblem)]
        return sorted([*found, *self.notes], key=lambda problem: problem.row) if self.notes else found


def raw_text(cells: Sequence[str]) -> str:
    """Write cells as one line of CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def is_nothing(cell: str) -> bool:
    """Tell whether a cell is blank or says that there is nothing."""
    return not cell or not (bare := cell.strip()) or (len(bare) <= 4 and bare.casefold() in _NOTHING)


class RowReader:
    """Turns rows into tickets.

    Parameters
    ----------
    columns : Columns
        Where in a row things stand.
    zone : tzinfo
        The zone of times that name none.
    """

    def __init__(self, columns: Columns, zone: dt.tzinfo) -> None:
        self._columns = columns
        self._width = len(columns.header)
        self._text = columns.text
        fields = dict(columns.fields)
        self._created = fields.pop("created_at", None)
        self._fields = tuple(fields.items())
        self._drop = columns.format.drop
        # A day's tickets share few times and exports repeat them: remembering halves the cost.
        forms = columns.format.times
        self._time = functools.lru_cache(maxsize=4096)(lambda cell: read_time(cell, zone, forms))

    def add(self, block: Block, number: int, cells: list[str], fault: RowProblem | None = None) -> None:
        """Add a row to a block.

        Parameters
        ----------
        block : Block
            Takes the row.
        number : int
            Number of the record.
        cells : list of str
            Its cells, as many as it has.
        fault : RowProblem, optional
            A problem found earlier; the row is kept and not read.
        """
        have = len(cells)
        if have > self._width and not any(cells[self._width :]):
            del cells[self._width :]  # delimiters at the end of every row: nothing is lost
            have = self._width
        item: Ticket | RowProblem
        if fault is not None:
            item = fault
            block.raws[number] = fault.value
        elif have == self._width:
            item = self._ticket(block, number, cells)
        else:
            raw = raw_text(cells)
            block.raws[number] = raw
            code, much = ("too_few_cells", "only") if have < self._width else ("too_many_cells", "as many as")
            message = f"the row has {much} {have} cells, the header {self._width}"
            item = RowProblem(number, code, message, _short(raw))
        if have != self._width:
            cells = (cells + [""] * self._width)[: self._width]
        block.numbers.append(number)
        block.rows.append(cells)
        block.items.append(item)

    def _ticket(self, block: Block, number: int, cells: list[str]) -> Ticket | RowProblem:
        text = self._join(cells)
        if not text:
            names = " + ".join(self._columns.text_names)
            seen = " ".join(cells[place] for place in self._text)
            return RowProblem(number, "empty_text", f"there is no text in {names}", _short(seen))
        facts: dict[str, Any] = {}
        for field, place in self._fields:
            cell = cells[place]
            if not is_nothing(cell):
                facts[field] = self._drop.sub("", cell.strip()) if self._drop else cell.strip()
        created = None
        if self._created is not None and not is_nothing(cell := cells[self._created]):
            try:
                created = self._time(cell)
            except ValueError:
                name = self._columns.header[self._created]
                message = f"the time in {name} cannot be read; deadlines run from now"
                block.notes.append(RowProblem(number, "unreadable_time", message, _short(cell)))
        return Ticket(text, created_at=created, **facts)

    def _join(self, cells: list[str]) -> str:
        """Join the text columns; what a later one repeats from an earlier one is said once."""
        if len(self._text) == 1:
            text = cells[self._text[0]]
            return "" if is_nothing(text) else text
        parts: list[str] = []
        for place in self._text:
            part = cells[place]
            if is_nothing(part):
                continue
            # A title is often the first words of the description, cut off with dots.
            parts = [p for p in parts if p.strip().rstrip(".…") not in part]
            if not any(part.strip() in earlier for earlier in parts):
                parts.append(part)
        return "\n".join(parts)
