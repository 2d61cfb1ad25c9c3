"""Text files of rows and cells: CSV and its kin."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator

from triage.errors import ColumnError, InputError
from triage.records import RowProblem
from triage.tickets.dialect import Dialect, detect_dialect
from triage.tickets.encoding import Encoding, detect_encoding
from triage.tickets.layout import Layout, find_layout
from triage.tickets.mending import commonest_width, mended_rows
from triage.tickets.source import Source

__all__ = ["DelimitedFile"]

_SAMPLE = 1 << 17
_ROWS = 300


class DelimitedFile:
    """A CSV file with its encoding, dialect and header found.

    Parameters
    ----------
    source : Source
        The file.
    encoding, delimiter : str, optional
        Where they are known.
    header : bool, optional
        Whether the file has a header; None to look for it.
    """

    def __init__(
        self,
        source: Source,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        header: bool | None = None,
    ) -> None:
        self.source = source
        self.encoding: Encoding = detect_encoding(source, encoding)
        raw = source.head(_SAMPLE)
        decoder = codecs.getincrementaldecoder(self.encoding.codec)()
        sample = decoder.decode(raw)
        if not sample.strip():
            raise InputError("there is nothing but white space in the file", value=source.name)
        self.dialect: Dialect = detect_dialect(sample, whole=len(raw) < _SAMPLE, delimiter=delimiter)
        self.width = 0
        self.sample = self._first_rows()
        self.width = commonest_width(self.sample)
        self.sample = self._first_rows()
        self.layout: Layout = find_layout(self.sample, header)
        if not self.layout.header:
            first = next((cells for cells in self.sample if any(cells)), [])
            raise ColumnError(
                "the file has no header row: its first row looks like data",
                value=" | ".join(first),
                where=source.name,
                cure="Add a row of column names, or say so and name the text column by its number: "
                "header=False, text_columns=[1] (--no-header --text-column 1 on the command line).",
            )

    def _first_rows(self) -> list[list[str]]:
        return [cells for _, cells, _ in itertools.islice(self.records(), _ROWS)]

    def records(self) -> Iterator[tuple[int, list[str], RowProblem | None]]:
        """Give every record with its number, empty lines among them."""
        with self.source.open() as stream:
            text = io.TextIOWrapper(stream, self.encoding.codec, errors="strict", newline="")
            number = 0
            try:
                for number, cells in enumerate(mended_rows(self.dialect, text, self.width), start=1):
                    yield number, cells, None
            except csv.Error as error:
                raise InputError(
                    f"the file cannot be cut into cells ({error})",
                    where=f"{self.source.name}, record {number + 1}",
                    cure="Most likely a quote is opened there and never closed.",
                ) from error
            finally:
                text.detach()

    def rows(self) -> Iterator[tuple[int, list[str], RowProblem | None]]:
        """Give every row of data with the number of its record; empty lines are counted and left out."""
        for record in itertools.islice(self.records(), self.layout.first, None):
            if record[1]:
                yield record

    def originals(self) -> None:
        """Return None: text is all there is."""
