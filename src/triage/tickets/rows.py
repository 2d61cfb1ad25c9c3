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
from triage.tickets.cells import unguard
from triage.tickets.chunks import Chunk
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
    bare = cell.strip()
    return not bare or (len(bare) <= 4 and bare.casefold() in _NOTHING)


class RowReader:
    """Turns rows into tickets; can be sent to other processes.

    Parameters
    ----------
    columns : Columns
        Where in a row things stand.
    zone : tzinfo
        The zone of times that name none.
    guarded : bool
        Whether cells have the apostrophes of :func:`~triage.tickets.cells.guard`.
    kept : sequence of int, optional
        The places of the columns that blocks have; all by default.
    file : str
        The name of the export.

    Examples
    --------
    >>> from triage.tickets.columns import find_columns
    >>> reader = RowReader(find_columns(["工单号", "投诉内容"], []), dt.UTC)
    >>> block = reader.read(Chunk([["T1", "系统又崩了"], ["T2", ""]], [2, 3]))
    >>> block.tickets[0].id, block.problems[0].code
    ('T1', 'empty_text')
    """

    def __init__(
        self,
        columns: Columns,
        zone: dt.tzinfo,
        *,
        guarded: bool = False,
        kept: Sequence[int] | None = None,
        file: str = "",
    ) -> None:
        self._columns = columns
        self._zone = zone
        self._guarded = guarded
        self._kept = kept
        self._file = file
        self._width = len(columns.header)
        self._text = columns.text
        fields = dict(columns.fields)
        self._created = fields.pop("created_at", None)
        self._fields = tuple(fields.items())
        self._drop = columns.format.drop
        # A day's tickets share few times and exports repeat them: remembering halves the cost.
        forms = columns.format.times
        self._time = functools.lru_cache(maxsize=4096)(
            lambda cell: None if is_nothing(cell) else read_time(cell, zone, forms)
        )

    def __reduce__(self) -> tuple[Any, ...]:
        made = functools.partial(RowReader, guarded=self._guarded, kept=self._kept, file=self._file)
        return made, (self._columns, self._zone)

    def read(self, chunk: Chunk) -> Block:
        """Read a chunk.

        Parameters
        ----------
        chunk : Chunk
            Rows of this export.

        Returns
        -------
        Block
            The same rows, as many cells in each as the header has.
        """
        block = Block(numbers=chunk.numbers, left_out=chunk.left_out, file=self._file)
        for number, found in zip(chunk.numbers, chunk.rows, strict=True):
            cells = [unguard(cell) for cell in found] if self._guarded else found
            if len(cells) > self._width and not any(cells[self._width :]):
                cells = cells[: self._width]  # delimiters at the end of every row: nothing is lost
            item: Ticket | RowProblem
            if (fault := chunk.faults.get(number)) is not None:
                item = fault
                block.raws[number] = fault.value
            elif len(cells) == self._width:
                item = self._ticket(block, number, cells)
            else:
                item = self._ragged(block, number, cells)
            if len(cells) != self._width:
                cells = (cells + [""] * self._width)[: self._width]
            block.rows.append(cells)
            block.items.append(item)
        if (kept := self._kept) is not None:
            block.rows = [[cells[place] for place in kept] for cells in block.rows]
        return block

    def _ragged(self, block: Block, number: int, cells: list[str]) -> RowProblem:
        raw = raw_text(cells)
        block.raws[number] = raw
        have = len(cells)
        code, much = ("too_few_cells", "only") if have < self._width else ("too_many_cells", "as many as")
        message = f"the row has {much} {have} cells, the header {self._width}"
        return RowProblem(number, code, message, _short(raw))

    def _ticket(self, block: Block, number: int, cells: list[str]) -> Ticket | RowProblem:
        text = self._join(cells)
        if not text:
            names = " + ".join(self._columns.text_names)
            seen = " ".join(cells[place] for place in self._text)
            return RowProblem(number, "empty_text", f"there is no text in {names}", _short(seen))
        facts: dict[str, Any] = {}
        for field, place in self._fields:
            cell = cells[place].strip()
            if not is_nothing(cell):
                facts[field] = self._drop.sub("", cell) if self._drop else cell
        created = None
        if self._created is not None:
            try:
                created = self._time(cells[self._created])
            except ValueError:
                name = self._columns.header[self._created]
                message = f"the time in {name} cannot be read; deadlines run from now"
                block.notes.append(RowProblem(number, "unreadable_time", message, _short(cells[self._created])))
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
