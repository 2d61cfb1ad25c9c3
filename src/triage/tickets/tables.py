"""What sort of file an export is, by its content first and its ending second."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from triage.errors import InputError
from triage.records import RowProblem
from triage.tickets.delimited import DelimitedFile
from triage.tickets.dialect import Dialect
from triage.tickets.encoding import Encoding
from triage.tickets.json_lines import JsonFile
from triage.tickets.layout import Layout
from triage.tickets.parquet import ParquetFile
from triage.tickets.source import Source
from triage.tickets.workbook import Workbook

__all__ = ["ENDINGS", "Table", "open_table"]

#: What can be read, by ending. Files with another ending are read by their content.
ENDINGS = (
    ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet"
)  # fmt: skip

#: Beginnings of files that hold no table.
_FOREIGN = [
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
]


class Table(Protocol):
    """What the readers of the several kinds of file have in common."""

    layout: Layout
    sample: list[list[str]]

    @property
    def encoding(self) -> Encoding | None:
        """How bytes become text, where the file leaves that open."""
        ...

    @property
    def dialect(self) -> Dialect | None:
        """How text becomes cells, where the file leaves that open."""
        ...

    def rows(self) -> Iterator[tuple[int, list[str], RowProblem | None]]:
        """Give every row of data with the number of its record, and a problem where there is one."""
        ...

    def originals(self) -> Iterator[list[object]] | None:
        """Give the values of the same rows with their types; None where the file holds text alone."""
        ...


def open_table(
    source: Source,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    sheet: str | None = None,
) -> Table:
    """Open an export with the reader of its kind.

    Parameters
    ----------
    source : Source
        The file.
    encoding, delimiter, header, sheet
        As for :func:`~triage.tickets.read.read_tickets`.

    Returns
    -------
    Table
        Rows of cells.

    Raises
    ------
    InputError
        If the file holds no table.
    """
    head = source.head(512)
    if head.startswith(b"PAR1"):
        return ParquetFile(source)
    # Workbooks are zip files or, before 2007, compound files; some programs save CSV under .xls.
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return Workbook(source, header=header, sheet=sheet)
    for beginning, what in _FOREIGN:
        if head.startswith(beginning):
            raise InputError(
                f"the file is {what} and holds no table that can be read",
                value=source.name,
                cure=f"Export the tickets as CSV and give that file; what can be read: {' '.join(ENDINGS)}",
            )
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if text.startswith((b"<html", b"<table", b"<!doc", b"<?xml", b"<meta", b"<style")):
        raise InputError(
            "the file is a web page or XML, whatever its ending says",
            value=source.name,
            cure="Open it in a spreadsheet program, save it as CSV and give that file.",
        )
    named = source.ending in {".json", ".jsonl", ".ndjson"}
    if named or (source.ending not in ENDINGS and text.startswith((b'{"', b'[{"', b"[\n"))):
        return JsonFile(source, encoding=encoding)
    if delimiter is None and source.ending == ".tsv":
        delimiter = "\t"
    return DelimitedFile(source, encoding=encoding, delimiter=delimiter, header=header)
