"""Write a table so that it appears whole or not at all, and opens in a spreadsheet without harm."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
import types
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from triage.errors import OutputError
from triage.tickets.csv_lines import LineForm

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["TableWriter", "check_target", "partial_path", "pieces_of"]

_PIECE = 1 << 20


def pieces_of(path: Path, size: int | None = None) -> Iterator[bytes]:
    """Give a file, or so many bytes of its beginning, in pieces of a mebibyte at most."""
    left = sys.maxsize if size is None else size
    with path.open("rb") as stream:
        while left > 0 and (piece := stream.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece


def check_target(path: str | Path) -> Path:
    """Make sure, before any work is done, that a file can be written.

    Parameters
    ----------
    path : str or Path
        Where the result is to appear.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    OutputError
        If its folder is missing or cannot be written, or a folder stands there.
    """
    path = Path(path)
    folder = path.parent
    if path.is_dir():
        raise OutputError("there is a folder of that name", value=str(path), cure="Give the name of a file.")
    if not folder.is_dir():
        cure = "Make the folder first, or write elsewhere."
        where = f"output {path.name}"
        raise OutputError("there is no such folder", value=str(folder), where=where, cure=cure)
    probe = folder / f".{path.name}.{os.getpid()}.probe"
    try:
        probe.open("xb").close()
        probe.unlink()
    except OSError as error:
        raise OutputError(
            f"cannot write into the folder ({error.strerror})",
            value=str(folder),
            where=f"output {path.name}",
            cure="Write elsewhere or change its rights.",
        ) from error
    return path


class _Counted(io.FileIO):
    """A file that knows how long it is and the checksum of what was written to it."""

    size = 0
    crc = 0

    def write(self, data: Buffer) -> int:
        count = super().write(data)
        self.size += count
        self.crc = zlib.crc32(memoryview(data)[:count], self.crc)
        return count


class TableWriter:
    """Writes a CSV file that appears under its name only when it is complete.

    Rows go to a hidden file beside the target, which takes the target's place at the end of the ``with``
    block; if the block is left by an error, nothing is left behind and an older file stays as it was.

    Parameters
    ----------
    path : str or Path
        The target.
    header : sequence of str
        The column names; they are written at once.
    encoding : str
        UTF-8 with BOM by default, which Chinese Excel opens without asking.
    delimiter : str
        Between cells.
    guarded : bool
        Whether cells that a spreadsheet would execute get an apostrophe, as
        :func:`~triage.tickets.cells.guard` does.
    after : tuple of int, optional
        Go on with the hidden file of an earlier run: its size and checksum as :meth:`checkpoint` gave them.
        What stands after that is cut off, and no header is written.
    beginning : Path, optional
        A complete table to which rows are added; no header is written.

    Attributes
    ----------
    form : LineForm
        How rows become lines.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "scored.csv"
    >>> with TableWriter(path, ["投诉内容"]) as table:
    ...     table.write([["@客服 三天没人回"]])
    ...     path.exists()
    False
    >>> path.read_text("utf-8-sig").splitlines()
    ['投诉内容', "'@客服 三天没人回"]
    """

    def __init__(
        self,
        path: str | Path,
        header: Sequence[str],
        *,
        encoding: str = "utf-8-sig",
        delimiter: str = ",",
        guarded: bool = True,
        after: tuple[int, int] | None = None,
        beginning: Path | None = None,
    ) -> None:
        self.form = LineForm(delimiter, guarded, encoding)
        self.path = check_target(path)
        self.partial = partial_path(self.path)
        self._unended = False
        self._raw = self._open()
        try:
            self._begin(after, beginning)
        except BaseException:
            self._raw.close()
            raise
        self._stream = io.BufferedWriter(self._raw, 1 << 16)
        if after is None and beginning is None:
            self.write_lines(self.form.lines([header], opening=True))
        elif self._unended:
            self.write_lines(self.form.encoded("\r\n"))

    def _open(self) -> _Counted:
        """Open the hidden file, unless another run has it open; it is not emptied before that is known."""
        try:
            raw = _Counted(os.open(self.partial, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666), "r+")
        except OSError as error:
            raise OutputError(f"cannot write ({error.strerror})", value=str(self.path)) from error
        if not _locked(raw):
            raw.close()
            cure = "Wait until it is done, or give another name."
            raise OutputError("another run is writing this file", value=str(self.path), cure=cure)
        return raw

    def _begin(self, after: tuple[int, int] | None, beginning: Path | None) -> None:
        if after is None:
            self._raw.truncate(0)
            if beginning is not None:
                last = b""
                for last in pieces_of(beginning):
                    self._raw.write(last)
                # In UTF-16 a line end has a zero byte beside it.
                self._unended = not last.rstrip(b"\x00").endswith((b"\n", b"\r"))
            return
        size, crc = after
        left, seen = size, 0
        while left and (piece := self._raw.read(min(left, _PIECE))):
            seen = zlib.crc32(piece, seen)
            left -= len(piece)
        if left or seen != crc:
            cure = "Run again without resuming."
            raise OutputError("the file of the earlier run is damaged", value=str(self.partial), cure=cure)
        self._raw.truncate(size)
        self._raw.size, self._raw.crc = size, crc

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        """Write rows of cells, all at once; every row has as many cells."""
        self.write_lines(self.form.lines(rows))

    def write_lines(self, lines: bytes) -> None:
        """Write rows that :attr:`form` has made lines of, here or in another process."""
        with self._explained():
            self._stream.write(lines)

    def checkpoint(self) -> tuple[int, int]:
        """Hand everything to the system, and return size and checksum of what is written so far."""
        with self._explained():
            self._stream.flush()
        return self._raw.size, self._raw.crc

    def settle(self) -> None:
        """Make sure that what is written survives a power failure; the hidden file stays open and locked."""
        with self._explained():
            self._stream.flush()
            os.fsync(self._raw.fileno())

    def commit(self) -> None:
        """Put the table in its place."""
        self.settle()
        with self._explained():
            self._stream.close()
            self.partial.replace(self.path)

    def close(self) -> None:
        """Leave the hidden file as it is, to go on with it later."""
        with contextlib.suppress(OSError):
            self._stream.close()

    def discard(self) -> None:
        """Leave nothing behind."""
        self.close()
        self.partial.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(f"cannot write ({error.strerror})", value=str(self.path)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        if kind is None:
            try:
                self.commit()
            except OutputError:
                self.discard()
                raise
        else:
            self.discard()


def partial_path(path: Path) -> Path:
    """Return where a table stands until it is complete."""
    return path.with_name(f".{path.name}.partial")


def _locked(raw: io.FileIO) -> bool:
    """Take the lock of a file; the system gives it back even if the process is killed."""
    try:
        fcntl = importlib.import_module("fcntl")
    except ImportError:  # Windows refuses by itself to replace a file that is open
        return True
    try:
        fcntl.flock(raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
