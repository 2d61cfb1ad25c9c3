"""Which tickets a scored file has already, so that adding to it adds none twice."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from triage.errors import OutputError
from triage.tickets.cells import unguard
from triage.tickets.chunks import Chunk
from triage.tickets.delimited import DelimitedFile
from triage.tickets.json_lines import cell_of
from triage.tickets.names import distinct
from triage.tickets.outcome_cells import COLUMNS
from triage.tickets.read import TicketReader
from triage.tickets.rows import Block
from triage.tickets.source import open_source
from triage.tickets.targets import Target

__all__ = ["KnownRows"]

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(?=\d\d:)")
_POINT = re.compile(r"([+-]?\d+)\.0")


def _plain(cell: str) -> str:
    """Write what JSON, a sheet and Parquet write in their own ways in one: truth values, times, whole numbers.

    Examples
    --------
    >>> _plain("TRUE"), _plain("2026-09-01T08:30:00"), _plain("3.0"), _plain('"1.10"')
    ('true', '2026-09-01 08:30:00', '3', '1.10')
    """
    if cell in {"TRUE", "FALSE"}:
        return cell.lower()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        cell = cell[1:-1]
    whole = _POINT.fullmatch(cell)
    return whole[1] if whole else _TIME.sub(r"\1 ", cell, count=1)


class KnownRows:
    """The tickets of a scored file, by their number; by all their cells where they have none.

    Parameters
    ----------
    target : Target
        The scored file; one that does not exist has no tickets.
    reader : TicketReader
        The export that is added; its columns must be those of the file.
    encoding : str
        How the file is written, if it is CSV.
    guarded : bool
        Whether its cells are guarded, if it is CSV.
    size : int, optional
        How many bytes of an NDJSON file are looked at; all by default.

    Raises
    ------
    OutputError
        If the file has other columns, or is damaged.
    """

    def __init__(
        self, target: Target, reader: TicketReader, *, encoding: str, guarded: bool, size: int | None = None
    ) -> None:
        self._target = target
        self._width = len(reader.header)
        place = reader.columns.fields.get("id")
        self._place = None if place is None else reader.header.index(reader.columns.header[place])
        self._known: set[bytes] = set()
        if not target.path.exists():
            return
        self._expected = [*reader.header, *COLUMNS]
        rows = self._of_json(size) if target.kind == "ndjson" else self._of_table(encoding, guarded)
        self._known.update(map(self._key, rows))

    def _of_table(self, encoding: str, guarded: bool) -> Iterator[Sequence[str]]:
        target = self._target
        file = DelimitedFile(open_source(target.path), encoding=encoding, delimiter=target.delimiter, header=True)
        found = [unguard(name) for name in file.sample[0]] if guarded else file.sample[0]
        if found != self._expected:
            raise self._other(found, self._expected)
        for number, cells, _ in file.records():
            if number > 1 and cells:
                row = [unguard(cell) for cell in cells] if guarded else cells
                yield row[: self._width]

    def _of_json(self, size: int | None) -> Iterator[Sequence[str]]:
        """Give the cells of every line; any key may be missing from a line, as it may in the export."""
        expected = distinct(self._expected)
        own, theirs = expected[: self._width], set(expected)
        seen: dict[str, None] = {}
        with self._target.path.open("rb") as stream:
            left = self._target.path.stat().st_size if size is None else size
            for number, line in enumerate(stream, start=1):
                if left <= 0:
                    break
                left -= len(line)
                if not line.strip():
                    continue
                ticket = self._object(line, number)
                if not ticket.keys() <= theirs:
                    raise self._other([*dict.fromkeys([*seen, *ticket])], expected)
                seen.update(dict.fromkeys(ticket))
                yield [cell_of(ticket.get(name)) for name in own]
        if seen and len(seen) != len(theirs):
            raise self._other(list(seen), expected)

    def _object(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise OutputError(
                "the file to add to is damaged: a line is not a JSON object",
                value=line[:60].decode("utf-8", "replace").strip(),
                where=f"{self._target.path}, line {number}",
                cure="Mend or remove the line, or write to a new file.",
            )
        return found

    def _other(self, found: Sequence[str], expected: Sequence[str]) -> OutputError:
        other = [name for name in found if name not in expected]
        missing = [name for name in expected if name not in found]
        return OutputError(
            "the file to add to has other columns: "
            f"{', '.join(other) or 'none'} too many, {', '.join(missing) or 'none'} missing, or another order",
            value=str(self._target.path),
            cure="Write to a new file.",
        )

    def _key(self, cells: Sequence[str]) -> bytes:
        """Return eight bytes for a ticket: a set of ten million of them stays small."""
        if self._target.kind == "ndjson":
            cells = [_plain(cell) for cell in cells]
        number = "" if self._place is None else cells[self._place].strip()
        text = number or "\x1f".join(cells)
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()

    def are_new(self, block: Block) -> Iterator[bool]:
        """Tell of every row of a block whether the file does not have it."""
        return (self._key(cells) not in self._known for cells in block.rows)

    def new(self, chunks: Iterable[Chunk], read: Callable[[Chunk], Block]) -> Iterator[Chunk]:
        """Give of every chunk the rows that the file does not have."""
        for chunk in chunks:
            keep = [place for place, new in enumerate(self.are_new(read(chunk))) if new]
            yield chunk if len(keep) == len(chunk) else chunk.select(keep)
