"""The last step of outputs that cannot be written as a run goes on: made of the plain table, whole or not at all.

While a run goes on, its rows are in a plain table beside the output, which can be gone on with after a kill.
When it is complete, this step makes the output of it; killed here, it is done again. For the same rows it
writes the same bytes.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from triage.errors import OutputError
from triage.tickets.outcome_cells import COLUMNS
from triage.tickets.packing import packing_writer
from triage.tickets.save_json import write_json_lines
from triage.tickets.save_parquet import write_parquet
from triage.tickets.save_workbook import write_workbook
from triage.tickets.targets import Target
from triage.tickets.write import pieces_of

__all__ = ["Originals", "seal", "sum_of"]

#: How much of the plain table is written between two reports of progress.
_ROWS = 1_000


class Originals:
    """The rows of the input with their types, for outputs that have types.

    Parameters
    ----------
    values : iterable of list of object, optional
        The values of every row, in order; None if the input is text.
    batches : iterable of RecordBatch, optional
        The same as Arrow batches, if the input is Parquet.
    """

    def __init__(self, values: Iterable[list[object]] | None = None, batches: Iterable[Any] | None = None) -> None:
        self.values = values
        self.batches = batches

    def only(self, chosen: Iterable[bool]) -> Originals:
        """Return the values of some of the rows."""
        return Originals(None if self.values is None else itertools.compress(self.values, chosen))


def sum_of(path: Path, size: int | None = None) -> tuple[int, int]:
    """Return size and checksum of a file or its beginning; of a file that is not there, those of nothing."""
    if not path.exists():
        return 0, 0
    length, crc = 0, 0
    for piece in pieces_of(path, size):
        length, crc = length + len(piece), zlib.crc32(piece, crc)
    return length, crc


def seal(
    plain: Path,
    target: Target,
    originals: Originals,
    progress: Callable[[float], None] | None = None,
    base: tuple[int, int] = (0, 0),
) -> None:
    """Make the output of the plain table.

    Parameters
    ----------
    plain : Path
        A complete CSV table: in the encoding of the target if that is text, else in UTF-8.
    target : Target
        What is to be written.
    originals : Originals
        The rows of the input with their types.
    progress : callable, optional
        Called now and then with the share of the plain table that was read.
    base : tuple of int
        Size and checksum of what the output holds already, if it is NDJSON and added to: that stays in front, and what
        an earlier try put after it does not.

    Raises
    ------
    OutputError
        If the output cannot be written, or is not what was to be added to.
    """
    if base[0] and sum_of(target.path, base[0]) != base:
        cure = "Run again without resuming."
        raise OutputError("the file to add to has changed during the run", value=str(target.path), cure=cure)
    hidden = target.path.with_name(f".{target.path.name}.sealing")
    try:
        with hidden.open("wb") as raw:
            _begin(raw, target.path, base[0])
            with _packing(raw, target) as stream:
                _write(plain, stream, target, originals, progress or (lambda _: None))
            raw.flush()
            os.fsync(raw.fileno())
        hidden.replace(target.path)
    except OSError as error:
        raise OutputError(f"cannot write ({error.strerror})", value=str(target.path)) from error
    finally:
        hidden.unlink(missing_ok=True)


def _begin(raw: BinaryIO, older: Path, size: int) -> None:
    """Copy the beginning of an older file; its last line is ended, if it was not."""
    if size:
        last = b""
        for last in pieces_of(older, size):
            raw.write(last)
        if not last.endswith(b"\n"):
            raw.write(b"\n")


@contextlib.contextmanager
def _packing(raw: BinaryIO, target: Target) -> Iterator[BinaryIO]:
    if target.packing is None:
        yield raw
    else:
        with packing_writer(raw, target.packing, target.path.name) as stream:
            yield stream


def _write(
    plain: Path, stream: BinaryIO, target: Target, originals: Originals, progress: Callable[[float], None]
) -> None:
    size = plain.stat().st_size
    if target.delimiter is not None:
        done = 0
        for piece in pieces_of(plain):
            stream.write(piece)
            done += len(piece)
            progress(done / size)
        return
    with plain.open("rb") as raw, io.TextIOWrapper(raw, "utf-8", newline="") as table:
        rows = _told(csv.reader(table), lambda: progress(raw.tell() / size))
        header = next(rows)
        width = len(header) - len(COLUMNS)
        if target.kind == "parquet":
            write_parquet(stream, header, rows, originals.batches)
            return
        parts = _parts(rows, width, originals.values)
        if target.kind == "xlsx":
            write_workbook(stream, header, parts, target.fitting)
        else:
            write_json_lines(stream, header, parts)


def _told(rows: Iterable[list[str]], tell: Callable[[], None]) -> Iterator[list[str]]:
    """Give the rows and tell now and then how far they have been read."""
    for number, row in enumerate(rows, start=1):
        if number % _ROWS == 0:
            tell()
        yield row


def _parts(
    rows: Iterable[list[str]], width: int, values: Iterable[list[object]] | None
) -> Iterator[tuple[Sequence[object], list[str]]]:
    """Give of every row what the input had and what was found."""
    given: Iterable[list[object] | None] = itertools.repeat(None) if values is None else values
    for row, own in zip(rows, given, strict=False):
        original: Sequence[object] = row[:width]
        if own is not None:  # a ragged row has fewer or more values; what does not fit is in the list of problems
            original = [*own[:width], *row[len(own) : width]]
        yield original, row[width:]
