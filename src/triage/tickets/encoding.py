"""In which encoding a file is: by strict decoding of the whole file, and by evidence where several fit.

Nothing is replaced or skipped. A file is read to its end before any work is done with it, so that a bad
byte in its last line is reported at once and not after an hour.
"""

from __future__ import annotations

import codecs
import dataclasses
import re
from collections.abc import Iterable, Iterator

from triage.errors import EncodingError
from triage.tickets.plausible import plausibility
from triage.tickets.source import Source

__all__ = ["Encoding", "detect_encoding"]

#: Byte order marks, longest first: UTF-32 LE begins like UTF-16 LE.
_MARKS = [
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
]

#: What is tried on a file that is not UTF-8. GB18030 contains GBK and GB2312.
_LEGACY = [("gb18030", "GB18030"), ("cp950", "Big5"), ("big5hkscs", "Big5-HKSCS")]

_TRIED = ["UTF-8", "UTF-16", *(label for _, label in _LEGACY)]

#: Characters looked at when two encodings both decode.
_EVIDENCE = 20_000

#: Below this share of everyday characters a decoding is an accident and not Chinese.
_LEAST = 0.25

#: Runs of characters beyond ASCII, and of those that take three bytes or more in UTF-8.
_FOREIGN, _WIDE = re.compile(r"[^\x00-\x7f]+"), re.compile(r"[\u0800-\U0010ffff]+")


@dataclasses.dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file become text.

    Parameters
    ----------
    codec : str
        Python's name, for :func:`open`.
    label : str
        The name people use.
    how : str
        What the finding rests on.
    """

    codec: str
    label: str
    how: str

    def __str__(self) -> str:
        return f"{self.label} ({self.how})"


@dataclasses.dataclass(frozen=True, slots=True)
class _Reading:
    """What came of decoding a file strictly."""

    codec: str
    label: str
    fault: tuple[int, int, bytes] | None  # offset, line, the bytes
    sample: str
    wide: int  # characters from U+0800 on before the fault, in the sample

    @property
    def evidence(self) -> float:
        return plausibility(self.sample, self.codec)

    def __str__(self) -> str:
        if self.fault is None:
            return f"{self.label} decodes, but to no Chinese text ({self.evidence:.0%} everyday characters)"
        offset, line, bad = self.fault
        return f"{self.label} fails at byte {offset} (line {line}): {bad.hex(' ')}"


def _decode(codec: str, chunks: Iterable[bytes]) -> Iterator[tuple[str, int | None, bytes]]:
    """Decode strictly, piece by piece; the last item tells where it failed, if it did."""
    decoder = codecs.getincrementaldecoder(codec)()
    seen = 0
    try:
        for piece in chunks:
            seen += len(piece)
            yield decoder.decode(piece), None, b""
        yield decoder.decode(b"", final=True), None, b""
    except UnicodeDecodeError as error:
        # The object is what the decoder held back plus the piece that failed; its end is what was seen.
        start = seen - len(error.object) + error.start
        good = error.object[: error.start].decode(codec, "ignore")
        yield good, start, bytes(error.object[error.start : error.end])


def _line_of(source: Source, offset: int) -> int:
    line, seen = 1, 0
    for piece in source.chunks():
        line += piece[: max(0, offset - seen)].count(b"\n")
        seen += len(piece)
        if seen >= offset:
            break
    return line


def _read(source: Source, codec: str, label: str) -> _Reading:
    sample: list[str] = []
    size = wide = 0
    fault = None
    for text, offset, bad in _decode(codec, source.chunks()):
        if size < _EVIDENCE and not text.isascii():
            head = text[: 1 << 18]
            sample.append("".join(_FOREIGN.findall(head)))
            size += len(sample[-1])
            wide += sum(map(len, _WIDE.findall(head)))
        if offset is not None:
            fault = (offset, _line_of(source, offset), bad)
    return _Reading(codec, label, fault, "".join(sample)[:_EVIDENCE], wide)


def _utf16_without_mark(head: bytes) -> str | None:
    """Name the byte order of UTF-16 text; its ASCII signs leave zero bytes, which other text has not."""
    head = head[: len(head) // 2 * 2]
    if head.count(0) < max(2, len(head) // 200):
        return None
    best, most = None, 0.9
    for codec in ("utf-16-le", "utf-16-be"):
        text = head.decode(codec, "replace")
        foreign = "".join(char for char in text if char > "\x7f")
        plain = sum(char.isprintable() or char in "\r\n\t" for char in text) / len(text)
        rating = plain + plausibility(foreign, codec) - 0.5 * (len(foreign) == len(text))
        if plain >= 0.95 and rating > most:
            best, most = codec, rating
    return best


def detect_encoding(source: Source, given: str | None = None) -> Encoding:
    r"""Find the encoding of a file, or check the one given.

    Parameters
    ----------
    source : Source
        The file.
    given : str, optional
        The encoding to use; it must decode the whole file.

    Returns
    -------
    Encoding
        One that decodes every byte of the file.

    Raises
    ------
    EncodingError
        If no encoding decodes the whole file to plausible text; the message says what was tried, where
        each failed, and which option to use.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from triage.tickets.source import open_source
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "export.csv"
    >>> _ = path.write_bytes("工单号,投诉内容\n1,系统一直登录不上\n".encode("gbk"))
    >>> detect_encoding(open_source(path)).label
    'GB18030'
    """
    if given is not None:
        return _check(source, given)
    head = source.head(1 << 16)
    for mark, codec, label in _MARKS:
        if head.startswith(mark):
            reading = _read(source, codec, label)
            if reading.fault:
                raise _damaged(source, reading)
            return Encoding(codec, label, "byte order mark")
    if utf16 := _utf16_without_mark(head):
        reading = _read(source, utf16, "UTF-16")
        if reading.fault is None:
            return Encoding(utf16, utf16.upper(), "zero bytes on one side")
    utf8 = _read(source, "utf-8", "UTF-8")
    if utf8.fault is None and (utf8.wide or not utf8.sample):
        return Encoding("utf-8", "UTF-8", "the whole file decodes")
    if utf8.wide >= 8:
        # Text in another encoding does not form eight three-byte characters by accident: damaged UTF-8.
        raise _damaged(source, utf8)
    readings = [utf8, *(_read(source, codec, label) for codec, label in _LEGACY)]
    fitting = [reading for reading in readings if reading.fault is None and reading.evidence >= _LEAST]
    if fitting:
        best = max(fitting, key=lambda reading: reading.evidence)
        how = f"the whole file decodes, {best.evidence:.0%} everyday characters"
        return Encoding(best.codec, best.label, how)
    likely = max(readings, key=lambda reading: (reading.evidence, reading.fault or (1 << 62,)))
    if likely.evidence >= 0.5 and likely.fault:
        raise _damaged(source, likely, readings)
    raise EncodingError(
        f"the encoding cannot be told; tried {'; '.join(str(reading) for reading in readings)}",
        where=source.name,
        cure="Name it: encoding='…' (--encoding on the command line).",
    )


def _damaged(source: Source, likely: _Reading, readings: Iterable[_Reading] = ()) -> EncodingError:
    tried = list(readings) or [likely]
    offset, line, _ = likely.fault or (0, 0, b"")
    return EncodingError(
        f"no encoding decodes the whole file; tried {'; '.join(str(reading) for reading in tried)}",
        where=f"{source.name}, line {line}, byte {offset}",
        cure=f"It looks like {likely.label} with a damaged character there: mend that line, "
        "or name another encoding: encoding='…' (--encoding on the command line).",
    )


def _check(source: Source, given: str) -> Encoding:
    try:
        "".encode(given)  # refuses what is no encoding of text, such as "hex"
        info = codecs.lookup(given)
    except LookupError as error:
        options = ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "big5"]
        raise EncodingError("unknown encoding", value=given, where="encoding", options=options) from error
    codec = "utf-8-sig" if info.name == "utf-8" else info.name  # a BOM is never part of the first column
    reading = _read(source, codec, given)
    if reading.fault:
        offset, line, bad = reading.fault
        raise EncodingError(
            f"the file is not {given}: byte {offset} (line {line}) is {bad.hex(' ')}",
            where=source.name,
            cure="Leave the encoding out to have it detected, or name another.",
        )
    return Encoding(codec, given, "as given")
