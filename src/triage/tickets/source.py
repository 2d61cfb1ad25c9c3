"""Where an export comes from: a file, plain or packed, as a stream of bytes that can be read again."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
import sys
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from triage.errors import InputError
from triage.tickets.packing import ENDINGS, packing_of, unpacked

__all__ = ["Source", "open_source"]

_CHUNK = 1 << 20


@dataclasses.dataclass(slots=True, weakref_slot=True)
class Source:
    """An export that can be opened as often as needed.

    Parameters
    ----------
    path : Path
        The file with the bytes.
    name : str
        What to call it in messages.
    packed : str or None
        ``"gzip"`` or ``"zstd"`` where the bytes are packed, else None.
    ending : str
        The ending that says what is inside, in lower case, without the ending of the packing.
    """

    path: Path
    name: str
    packed: str | None
    ending: str
    _raw: BinaryIO | None = None

    @property
    def fraction(self) -> float:
        """The share of the file read by whoever opened it last."""
        if self._raw is None or self._raw.closed:
            return 1.0
        return self._raw.tell() / max(1, self.path.stat().st_size)

    @contextlib.contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the unpacked bytes from the beginning."""
        try:
            raw = self.path.open("rb")
        except OSError as error:
            cure = "Check the path and its rights."
            raise InputError(f"cannot read the file ({error.strerror})", value=self.name, cure=cure) from error
        with raw:
            self._raw = raw
            if self.packed is None:
                yield raw
                return
            with unpacked(raw, self.packed, self.name) as plain:
                yield plain

    def chunks(self) -> Iterator[bytes]:
        """Give the unpacked bytes in pieces of a mebibyte."""
        with self.open() as stream:
            while piece := stream.read(_CHUNK):
                yield piece

    def head(self, size: int) -> bytes:
        """Return the first bytes."""
        with self.open() as stream:
            return stream.read(size)


def open_source(path: str | Path) -> Source:
    """Make sure that a file is there and holds something, and see whether it is packed.

    Parameters
    ----------
    path : str or Path
        The file; ``"-"`` is standard input, which is first written to a temporary file.

    Returns
    -------
    Source
        The file, ready to be read.

    Raises
    ------
    InputError
        If the file is missing, a folder, or empty.
    """
    if str(path) == "-":
        return _spooled(sys.stdin.buffer)
    path = Path(path)
    if not path.exists():
        near = [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else []
        close = InputError("", value=path.name, options=near).nearest
        hint = f"Did you mean {close!r}?" if close else "Check the path."
        raise InputError("there is no such file", value=str(path), cure=hint)
    if path.is_dir():
        cure = f"Give its files: {path / '*.csv'!s}, in quotes."
        raise InputError("a folder, not a file", value=str(path), cure=cure)
    if not path.is_file():
        raise InputError("not a file", value=str(path), cure="Give the path of one export file.")
    endings = [ending.lower() for ending in path.suffixes]
    if endings and endings[-1] in ENDINGS:
        endings.pop()
    return _looked_into(path, str(path), endings[-1] if endings else "")


def _looked_into(path: Path, name: str, ending: str) -> Source:
    source = Source(path, name, None, ending)
    magic = source.head(4)
    if not magic:
        raise InputError("the file is empty", value=name, cure="Export it again.")
    source.packed = packing_of(magic)
    if source.packed is not None and not source.head(1):
        raise InputError("the file is empty once unpacked", value=name, cure="Export it again.")
    return source


def _spooled(stream: BinaryIO) -> Source:
    """Write a stream that can be read once to a file that can be read again, and goes with the source."""
    folder = Path(tempfile.mkdtemp(prefix="triage-"))
    try:
        with (folder / "stdin").open("wb") as copy:
            shutil.copyfileobj(stream, copy)
        source = _looked_into(folder / "stdin", "<stdin>", "")
    except BaseException:
        shutil.rmtree(folder)
        raise
    weakref.finalize(source, shutil.rmtree, folder, ignore_errors=True)
    return source
