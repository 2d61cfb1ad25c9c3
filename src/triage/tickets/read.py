"""Read the tickets of an export, whatever helpdesk it comes from."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from triage.errors import InputError
from triage.tickets.chunks import Chunk, chunks_of
from triage.tickets.columns import OWN_PREFIX, Columns, find_columns
from triage.tickets.delimited import DelimitedFile
from triage.tickets.footnotes import Row, footnotes
from triage.tickets.headings import headings
from triage.tickets.json_lines import JsonFile
from triage.tickets.parquet import ParquetFile
from triage.tickets.rows import Block, RowReader
from triage.tickets.slices import Slice, cut
from triage.tickets.source import Source, open_source
from triage.tickets.tables import Table, open_table
from triage.tickets.times import zone_named

__all__ = ["TicketReader", "read_tickets"]


class TicketReader:
    """The tickets of an export, in blocks; made by :func:`read_tickets`.

    It can be iterated any number of times; each time the file is read anew from its beginning.

    Attributes
    ----------
    path : Path
        The file.
    header : tuple of str
        All column names, in order, as they stand in the file; without columns of an earlier scoring.
    encoding : Encoding or None
        The encoding and how it was found; None for workbooks and Parquet, which leave no choice.
    dialect : Dialect or None
        Delimiter and quotes, where there are any.
    columns : Columns
        The format recognised, the text columns and the facts.
    row_reader : RowReader
        Makes tickets of rows.
    notes : tuple of str
        What a user should be told: guesses, lines skipped.
    """

    def __init__(self, source: Source, table: Table, columns: Columns, zone: dt.tzinfo, block_size: int) -> None:
        self._table = table
        self._zone = zone
        self._block_size = block_size
        own = [name.startswith(OWN_PREFIX) for name in columns.header]
        self._kept = [place for place, is_own in enumerate(own) if not is_own] if any(own) else None
        # Of scored files only text ones are guarded; others have no need of it.
        self._guarded = columns.format.guarded_cells or (any(own) and table.dialect is not None)
        self.row_reader = RowReader(columns, zone, guarded=self._guarded, kept=self._kept, file=Path(source.name).name)
        self.source = source
        self.path = source.path
        self.encoding = table.encoding
        self.dialect = table.dialect
        self.columns = columns
        self.header = tuple(name for name, is_own in zip(columns.header, own, strict=True) if not is_own)
        notes = []
        if table.layout.skipped:
            notes.append(f"lines beside the header that were left out: {table.layout.skipped}")
        if columns.guess:
            notes.append(f"the text column {columns.text_names[0]!r} was guessed: {columns.guess}")
        if any(own):
            notes.append("the file was scored before: its triage_ columns are replaced")
        self.notes = tuple(notes)

    def __iter__(self) -> Iterator[Block]:
        """Give the rows in blocks."""
        return self.blocks()

    def blocks(self, skip: int = 0) -> Iterator[Block]:
        """Give the rows in blocks, without so many at the beginning."""
        return map(self.row_reader.read, self.chunks_of(itertools.islice(self.rows(), skip, None)))

    def chunks_of(self, rows: Iterable[Row], file: int = 0) -> Iterator[Chunk]:
        """Gather rows of the file, of which :attr:`row_reader` makes blocks."""
        return chunks_of(rows, self._block_size, file)

    def rows(self) -> Iterator[Row]:
        """Give the rows as they stand in the file, all columns."""
        rows = self._table.rows()
        if isinstance(self._table, JsonFile | ParquetFile | Slice):
            return rows
        layout = self._table.layout
        written = () if layout.numbered else self._table.sample[: layout.first]
        return headings(footnotes(rows, len(layout.header), self.columns.text), layout.header, written)

    def parts(self, rows: int) -> list[TicketReader]:
        """Return readers of so many rows each, one after the other; each can be sent to another process or machine.

        Parameters
        ----------
        rows : int
            How many rows a part has at most, if the file can be cut; see :func:`~triage.tickets.slices.cut`.

        Returns
        -------
        list of TicketReader
            The parts, in order.

        Raises
        ------
        InputError
            If the file is not a text file of rows and cells.
        """
        if not isinstance(self._table, DelimitedFile):
            cure = "Save it as CSV or Parquet."
            raise InputError("only CSV files can be read in parts", value=self.source.name, cure=cure)
        faults = {number: fault for number, _, fault in self.rows() if fault is not None}
        slices = cut(self._table, faults, rows)
        return [TicketReader(each.source, each, self.columns, self._zone, self._block_size) for each in slices]

    def originals(self) -> Iterator[list[object]] | None:
        """Give the values of every row with their types, in order; None where the file holds text alone."""
        values = None if self._guarded else self._table.originals()
        if values is None or self._kept is None:
            return values
        kept = self._kept
        return ([row[place] for place in kept if place < len(row)] for row in values)

    def arrow(self) -> tuple[Any, Iterator[Any]] | None:
        """Give the Arrow schema and the record batches of a Parquet file; None for files of other kinds."""
        if not isinstance(self._table, ParquetFile):
            return None
        schema, batches = self._table.schema, self._table.batches()
        if self._kept is None:
            return schema, batches
        kept = self._kept
        return schema.empty_table().select(kept).schema, (batch.select(kept) for batch in batches)

    def describe(self) -> list[str]:
        """Say in sentences what was detected."""
        facts = [] if self.encoding is None else [f"encoding: {self.encoding}"]
        if self.dialect is not None:
            facts.append(f"dialect: {self.dialect}")
        facts.append(f"columns: {self.columns}")
        return facts + [f"note: {note}" for note in self.notes]


def read_tickets(
    path: str | Path,
    *,
    text_columns: Sequence[str | int] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    sheet: str | None = None,
    timezone: str = "Asia/Shanghai",
    block_size: int = 1000,
) -> TicketReader:
    r"""Open an export of tickets and find out how to read it.

    The whole file is decoded once before this returns, so that a damaged character is reported before
    any work is done.

    Parameters
    ----------
    path : str or Path
        CSV of any dialect, JSON (one object a line, or a list), Excel workbook, or Parquet; gzip
        and zstd are unpacked, and ``"-"`` is standard input.
    text_columns : sequence of str or int, optional
        The columns with the complaint, by name or by number from 1; found by themselves if left out.
    encoding, delimiter : str, optional
        Where detection is to be overruled.
    header : bool, optional
        False for a file without a header row; None to look for it.
    sheet : str, optional
        The sheet of a workbook; by default the first that is visible and not empty.
    timezone : str
        The zone of times that name none.
    block_size : int
        Rows in a block; fewer where they are long.

    Returns
    -------
    TicketReader
        The tickets in blocks, and what was detected.

    Raises
    ------
    InputError
        If the file is missing, empty, or of a kind that is not supported.
    EncodingError
        If its bytes are not text.
    ColumnError
        If the text column is missing or ambiguous.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "投诉.csv"
    >>> text = "工单号,投诉内容\r\nT1,升级后打不开，催了三次没人管\r\nT2,\r\n"
    >>> _ = path.write_bytes(text.encode("gb18030"))
    >>> reader = read_tickets(path)
    >>> reader.encoding.label, reader.columns.text_names
    ('GB18030', ('投诉内容',))
    >>> for block in reader:
    ...     for cells, item in block:
    ...         print(cells, getattr(item, "code", "ticket"))
    ['T1', '升级后打不开，催了三次没人管'] ticket
    ['T2', ''] empty_text
    """
    zone = zone_named(timezone)
    source = open_source(path)
    table = open_table(source, encoding=encoding, delimiter=delimiter, header=header, sheet=sheet)
    rows = table.sample[table.layout.first :]
    names = table.layout.header
    if text_columns is None and table.layout.numbered and len(names) == 1:
        text_columns = [1]
    columns = find_columns(names, rows, text_columns=text_columns, where=source.name)
    return TicketReader(source, table, columns, zone, block_size)
