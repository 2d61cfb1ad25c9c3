"""Parquet files, by pyarrow, a batch at a time."""

from __future__ import annotations

import datetime as dt
import importlib
import itertools
from collections.abc import Iterator
from typing import Any

from triage.errors import InputError, MissingExtraError
from triage.records import RowProblem
from triage.tickets.json_lines import cell_of
from triage.tickets.layout import Layout
from triage.tickets.source import Source

__all__ = ["ParquetFile"]

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
        self.layout = Layout(tuple(self._open().schema_arrow.names), 0)
        self.sample = [cells for _, cells, _ in itertools.islice(self.rows(), _ROWS)]

    def _open(self) -> Any:
        try:
            pa = importlib.import_module("pyarrow")
            pq = importlib.import_module("pyarrow.parquet")
        except ImportError as error:
            raise MissingExtraError(
                "Parquet files need pyarrow",
                where=self._source.name,
                cure='Install it: pip install "triage[parquet]".',
            ) from error
        try:
            return pq.ParquetFile(self._source.path)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"the Parquet file cannot be read ({error})", value=self._source.name) from error

    def rows(self) -> Iterator[tuple[int, list[str], RowProblem | None]]:
        """Give every row with its number; the names of the columns count as record 1."""
        number = 1
        with self._open() as file:
            for batch in file.iter_batches(batch_size=_BATCH):
                for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    number += 1
                    yield number, [_cell(value) for value in values], None
