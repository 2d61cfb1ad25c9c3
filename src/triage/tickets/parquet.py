"""Parquet files, by pyarrow, a batch at a time."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from typing import IO, Any

from triage.errors import InputError, import_extra
from triage.records import RowProblem
from triage.tickets.json_lines import cell_of
from triage.tickets.layout import Layout
from triage.tickets.source import Source

__all__ = ["ParquetFile", "need_pyarrow"]

_ROWS = 300
_BATCH = 2000


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return "" if value != value else repr(value)  # NaN is nothing
    return cell_of(value)


def need_pyarrow(where: str) -> Any:
    """Import pyarrow with its Parquet module, or say how to install it."""
    problem = "Parquet files need pyarrow"
    import_extra("pyarrow.parquet", "parquet", problem, where=where)
    return import_extra("pyarrow", "parquet", problem, where=where)


class ParquetFile:
    """A Parquet file; its columns have names and its cells are written as text.

    Parameters
    ----------
    source : Source
        The file.
    """

    encoding = None
    dialect = None

    def __init__(self, source: Source) -> None:
        self._source = source
        self._unpacked: IO[bytes] | None = None
        if source.packed is not None:  # Parquet is read from its end
            self._unpacked = tempfile.TemporaryFile()  # noqa: SIM115 - it goes with this object
            weakref.finalize(self, self._unpacked.close)
            with source.open() as stream:
                shutil.copyfileobj(stream, self._unpacked)
        self.layout = Layout(tuple(self._open().schema_arrow.names), 0)
        self.sample = [cells for _, cells, _ in itertools.islice(self.rows(), _ROWS)]

    def _open(self) -> Any:
        pa = need_pyarrow(self._source.name)
        try:
            return pa.parquet.ParquetFile(self._unpacked or self._source.path)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"the Parquet file cannot be read ({error})", value=self._source.name) from error

    @property
    def schema(self) -> Any:
        """The Arrow schema: what the columns hold."""
        with self._open() as file:
            return file.schema_arrow

    def batches(self) -> Iterator[Any]:
        """Give the Arrow record batches, a few thousand rows at a time."""
        with self._open() as file:
            yield from file.iter_batches(batch_size=_BATCH)

    def originals(self) -> Iterator[list[object]]:
        """Give the values of every row."""
        for batch in self.batches():
            columns = [column.to_pylist() for column in batch.columns]
            yield from ([*values] for values in zip(*columns, strict=True))

    def rows(self) -> Iterator[tuple[int, list[str], RowProblem | None]]:
        """Give every row with its number; the names of the columns count as record 1."""
        for number, values in enumerate(self.originals(), start=2):
            yield number, [_cell(value) for value in values], None
