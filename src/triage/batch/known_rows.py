"""Which tickets a scored file has already, so that adding to it adds none twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from triage.errors import OutputError
from triage.tickets.cells import unguard
from triage.tickets.delimited import DelimitedFile
from triage.tickets.outcome_cells import COLUMNS
from triage.tickets.read import TicketReader
from triage.tickets.rows import Block
from triage.tickets.source import open_source
from triage.tickets.targets import Target

__all__ = ["KnownRows"]


class KnownRows:
    """The tickets of a scored file, by their number; by all their cells where they have none.

    Parameters
    ----------
    target : Target
        The scored file; one that does not exist has no tickets.
    reader : TicketReader
        The export that is added; its columns must be those of the file.
    encoding : str
        How the file is written.
    guarded : bool
        Whether its cells are guarded.

    Raises
    ------
    OutputError
        If the file has other columns.
    """

    def __init__(self, target: Target, reader: TicketReader, *, encoding: str, guarded: bool) -> None:
        self._width = len(reader.header)
        place = reader.columns.fields.get("id")
        self._place = None if place is None else reader.header.index(reader.columns.header[place])
        self._known: set[bytes] = set()
        path = target.path
        if not path.exists():
            return
        file = DelimitedFile(open_source(path), encoding=encoding, delimiter=target.delimiter, header=True)
        expected = [*reader.header, *COLUMNS]
        found = [unguard(name) for name in file.sample[0]] if guarded else file.sample[0]
        if found != expected:
            other = [name for name in found if name not in expected]
            missing = [name for name in expected if name not in found]
            raise OutputError(
                "the file to add to has other columns: "
                f"{', '.join(other) or 'none'} too many, {', '.join(missing) or 'none'} missing, or another order",
                value=str(path),
                cure="Write to a new file.",
            )
        for number, cells, _ in file.records():
            if number > 1 and cells:
                row = [unguard(cell) for cell in cells] if guarded else cells
                self._known.add(self._key(row[: self._width]))

    def _key(self, cells: Sequence[str]) -> bytes:
        """Return eight bytes for a ticket: a set of ten million of them stays small."""
        number = "" if self._place is None else cells[self._place].strip()
        text = number or "\x1f".join(cells)
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()

    def new(self, block: Block) -> Block:
        """Return the rows of a block that the file does not have."""
        keep = [place for place, cells in enumerate(block.rows) if self._key(cells) not in self._known]
        return block if len(keep) == len(block) else block.select(keep)
