"""Some rows of an export as they stand in the file: cheap to hand over to whoever reads them as tickets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from triage.records import RowProblem
from triage.tickets.footnotes import Row

__all__ = ["Chunk", "chunks_of"]

#: A chunk with more characters than this is not made longer: judging takes memory in proportion to them.
_CHARACTERS = 100_000


@dataclasses.dataclass(slots=True)
class Chunk:
    """Some rows of an export, in order.

    Parameters
    ----------
    rows : list of list of str
        The cells of each row, as many as it has.
    numbers : list of int
        The record number of each row.
    faults : dict of int to RowProblem
        What keeps rows from being tickets, by record number, as far as the table shows it.
    left_out : int
        How many rows were taken out since they were read.
    file : int
        Which of the files of a run it is from, counted from 0.
    """

    rows: list[list[str]] = dataclasses.field(default_factory=list)
    numbers: list[int] = dataclasses.field(default_factory=list)
    faults: dict[int, RowProblem] = dataclasses.field(default_factory=dict)
    left_out: int = 0
    file: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def select(self, keep: Sequence[int]) -> Chunk:
        """Return a chunk of the rows at these places, in order."""
        numbers = [self.numbers[place] for place in keep]
        return Chunk(
            [self.rows[place] for place in keep],
            numbers,
            {number: self.faults[number] for number in numbers if number in self.faults},
            self.left_out + len(self) - len(keep),
            self.file,
        )


def chunks_of(rows: Iterable[Row], most: int, file: int = 0) -> Iterator[Chunk]:
    """Gather rows in chunks.

    Parameters
    ----------
    rows : iterable of Row
        The rows of a table.
    most : int
        How many rows a chunk has; fewer where they are long.
    file : int
        Which of the files of a run they are from.

    Yields
    ------
    Chunk
        The rows, in order.

    Examples
    --------
    >>> rows = [(number, ["系统又崩了"], None) for number in (2, 3, 5)]
    >>> [chunk.numbers for chunk in chunks_of(rows, 2)]
    [[2, 3], [5]]
    """
    chunk, characters = Chunk(file=file), 0
    for number, cells, fault in rows:
        chunk.rows.append(cells)
        chunk.numbers.append(number)
        if fault is not None:
            chunk.faults[number] = fault
        characters += sum(map(len, cells))
        if len(chunk.rows) >= most or characters > _CHARACTERS:
            yield chunk
            chunk, characters = Chunk(file=file), 0
    if chunk.rows:
        yield chunk
