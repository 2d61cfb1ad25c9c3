"""Write rows as Parquet, by pyarrow, a batch at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from triage.tickets.names import distinct
from triage.tickets.outcome_cells import COLUMNS, NUMBERS
from triage.tickets.parquet import need_pyarrow

__all__ = ["write_parquet"]

_BATCH = 2_000
#: Batches in a row group: few enough to be held in memory, enough to be packed well.
_GROUP = 10


def write_parquet(
    stream: BinaryIO, header: Sequence[str], rows: Iterator[list[str]], batches: Iterable[Any] | None = None
) -> None:
    """Write rows as a Parquet file, packed with zstd.

    Parameters
    ----------
    stream : binary stream
        Takes the file.
    header : sequence of str
        All columns; names that are empty or stand twice are made distinct.
    rows : iterator of list of str
        The cells of every row.
    batches : iterable of RecordBatch, optional
        The rows of the input where that is Parquet: its columns are written as they are. Otherwise they
        are text.
    """
    pa = need_pyarrow("output")
    pq = pa.parquet
    names = distinct(header)
    width = len(names) - len(COLUMNS)
    added = [pa.field(name, pa.float64() if name in NUMBERS else pa.string()) for name in COLUMNS]
    writer: Any = None
    try:
        for group in _groups(rows, batches):
            tables = []
            for cells, batch in group:
                found = [_array(pa, field, column) for field, column in zip(added, _columns(cells, width), strict=True)]
                if batch is not None:
                    own = batch.columns[:width]
                    fields = [field.with_name(name) for field, name in zip(batch.schema, names, strict=False)]
                else:
                    own = [pa.array([row[at] for row in cells], pa.string()) for at in range(width)]
                    fields = [pa.field(name, pa.string()) for name in names[:width]]
                tables.append(pa.Table.from_arrays([*own, *found], schema=pa.schema([*fields, *added])))
            table = pa.concat_tables(tables)
            writer = writer or pq.ParquetWriter(stream, table.schema, compression="zstd")
            writer.write_table(table)
        if writer is None:
            fields = [pa.field(name, pa.string()) for name in names[:width]]
            writer = pq.ParquetWriter(stream, pa.schema([*fields, *added]), compression="zstd")
    finally:
        if writer is not None:
            writer.close()


def _columns(rows: list[list[str]], width: int) -> Iterator[list[str]]:
    return ([row[width + at] for row in rows] for at in range(len(COLUMNS)))


def _array(pa: Any, field: Any, cells: list[str]) -> Any:
    if field.name in NUMBERS:
        return pa.array([float(cell) if cell else None for cell in cells], field.type)
    return pa.array([cell or None for cell in cells], field.type)


def _groups(
    rows: Iterator[list[str]], batches: Iterable[Any] | None
) -> Iterator[list[tuple[list[list[str]], Any | None]]]:
    """Give the rows of a row group, cut like the batches they belong to."""
    pieces = _pieces(rows, batches)
    while group := list(itertools.islice(pieces, _GROUP)):
        yield group


def _pieces(rows: Iterator[list[str]], batches: Iterable[Any] | None) -> Iterator[tuple[list[list[str]], Any | None]]:
    if batches is None:
        while cells := list(itertools.islice(rows, _BATCH)):
            yield cells, None
        return
    for batch in batches:
        cells = list(itertools.islice(rows, len(batch)))
        if not cells:
            return
        yield cells, batch.slice(0, len(cells))  # a limit may end within a batch
