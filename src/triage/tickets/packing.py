"""Packed files: gzip by the standard library, zstd by `zstandard`; as streams, both ways.

What is written depends on nothing but the bytes that go in: no time, no name. A run that is resumed thus
gives the same file as an undisturbed one.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from triage.errors import InputError, import_extra

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["ENDINGS", "packing_of", "packing_writer", "unpacked"]

#: The packing that an ending says.
ENDINGS = {".gz": "gzip", ".gzip": "gzip", ".zst": "zstd", ".zstd": "zstd"}

_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_PIECE = 1 << 17


def packing_of(head: bytes) -> str | None:
    r"""Tell from the first bytes how a file is packed.

    Examples
    --------
    >>> packing_of(b"\x1f\x8b\x08\x00"), packing_of("投诉内容".encode())
    ('gzip', None)
    """
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)


def _zstandard(where: str) -> Any:
    problem = "files packed with zstd need zstandard"
    return import_extra("zstandard", "zstd", problem, where=where, otherwise="or use gzip")


class _ZstdReader(io.RawIOBase):
    """Unpacks zstd frames one after the other; a frame cut short is an error, which the package lets pass."""

    def __init__(self, raw: BinaryIO, zstandard: Any) -> None:
        self._raw = raw
        self._package = zstandard
        self._frame: Any = None
        self._packed = b""
        self._plain = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        while not self._plain:
            piece = self._packed or self._raw.read(_PIECE)
            self._packed = b""
            if not piece:
                if self._frame is not None:
                    raise EOFError("the last frame is not whole")
                return 0
            if self._frame is None:
                self._frame = self._package.ZstdDecompressor().decompressobj()
            self._plain = self._frame.decompress(piece)
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
        view = memoryview(buffer)
        count = min(len(view), len(self._plain))
        view[:count], self._plain = self._plain[:count], self._plain[count:]
        return count


@contextlib.contextmanager
def unpacked(raw: BinaryIO, packing: str, name: str) -> Iterator[BinaryIO]:
    """Unpack a stream while it is read.

    Parameters
    ----------
    raw : binary stream
        The packed bytes.
    packing : {"gzip", "zstd"}
        How they are packed.
    name : str
        What to call the file in messages.

    Yields
    ------
    binary stream
        The plain bytes.

    Raises
    ------
    InputError
        If the bytes are damaged or cut short.
    MissingExtraError
        If zstandard is needed and not installed.
    """
    damage: tuple[type[Exception], ...] = (EOFError, gzip.BadGzipFile, zlib.error)
    if packing == "zstd":
        package = _zstandard(name)
        damage = (*damage, package.ZstdError)
        plain: io.BufferedIOBase = io.BufferedReader(_ZstdReader(raw, package), _PIECE)
    else:
        plain = io.BufferedReader(gzip.GzipFile(fileobj=raw), _PIECE)
    try:
        with plain:
            yield cast(BinaryIO, plain)
    except damage as error:
        raise InputError(f"the {packing} file is damaged or cut short", value=name, cure="Fetch it again.") from error


def packing_writer(raw: BinaryIO, packing: str, name: str) -> BinaryIO:
    """Return a stream that packs what is written to it; closing it ends the packing and leaves `raw` open.

    Parameters
    ----------
    raw : binary stream
        Takes the packed bytes.
    packing : {"gzip", "zstd"}
        How to pack.
    name : str
        What to call the file in messages.

    Raises
    ------
    MissingExtraError
        If zstandard is needed and not installed.

    Examples
    --------
    >>> raw = io.BytesIO()
    >>> with packing_writer(raw, "gzip", "投诉.csv.gz") as stream:
    ...     _ = stream.write("系统又崩了".encode())
    >>> gzip.decompress(raw.getvalue()).decode()
    '系统又崩了'
    """
    if packing == "zstd":
        compressor = _zstandard(name).ZstdCompressor(write_checksum=True)
        return cast(BinaryIO, compressor.stream_writer(raw, closefd=False))
    return cast(BinaryIO, gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0))
