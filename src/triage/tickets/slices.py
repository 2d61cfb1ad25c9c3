"""A CSV file cut into parts that can be read apart from each other, each with the rows it has in the whole file."""

from __future__ import annotations

import dataclasses
import io
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from triage.records import RowProblem
from triage.tickets.delimited import DelimitedFile
from triage.tickets.dialect import Dialect
from triage.tickets.encoding import Encoding
from triage.tickets.layout import Layout
from triage.tickets.mending import Lines, mended_rows
from triage.tickets.source import Source

__all__ = ["Slice", "cut"]

#: Encodings in which a byte of a line end is never part of another character, and text can begin at any line.
_LINE_SAFE = frozenset({"utf-8", "utf-8-sig", "gb18030", "cp950", "big5hkscs"})
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclasses.dataclass
class Slice:
    """Some rows of a CSV file, to be read by whoever has the file; what was found out about it is known.

    Parameters
    ----------
    source : Source
        The file.
    encoding : Encoding
        How its bytes become text.
    dialect : Dialect
        How its text becomes cells.
    layout : Layout
        Its header.
    width : int
        How many cells its rows usually have.
    offset : int
        Where in the file reading begins.
    skip : int
        How many records after that are not part of the slice.
    first : int
        The number of its first record.
    count : int
        How many records it has, empty lines among them.
    faults : mapping of int to RowProblem
        The problems that only the whole file shows, such as another table, by number of the record.
    sample : list of list of str
        No rows: the columns have been found.
    """

    source: Source
    encoding: Encoding
    dialect: Dialect
    layout: Layout
    width: int
    offset: int
    skip: int
    first: int
    count: int
    faults: Mapping[int, RowProblem]
    sample: list[list[str]] = dataclasses.field(default_factory=list)

    def rows(self) -> Iterator[tuple[int, list[str], RowProblem | None]]:
        """Give every row with the number of its record, and a problem where there is one."""
        # A byte order mark stands at the beginning of a file alone.
        codec = "utf-8" if self.offset and self.encoding.codec == "utf-8-sig" else self.encoding.codec
        # The source would remember the open file, and could then not be sent.
        with dataclasses.replace(self.source).open() as stream:
            stream.seek(self.offset)
            text = io.TextIOWrapper(stream, codec, errors="strict", newline="")
            try:
                records = mended_rows(self.dialect, text, self.width)
                wanted = itertools.islice(records, self.skip, self.skip + self.count)
                for number, cells in enumerate(wanted, start=self.first):
                    if cells:
                        yield number, cells, self.faults.get(number)
            finally:
                text.detach()

    def originals(self) -> None:
        """Return None: text is all there is."""


def cut(file: DelimitedFile, faults: Mapping[int, RowProblem], rows: int) -> list[Slice]:
    """Cut a file into slices of so many records.

    Quoted line breaks are no matter: the file is read once, and slices begin where a record begins. A file that is
    packed, or in an encoding in which text cannot begin anywhere (UTF-16), stays one slice.

    Parameters
    ----------
    file : DelimitedFile
        The file.
    faults : mapping of int to RowProblem
        The problems that only the whole file shows, by number of the record.
    rows : int
        How many records a slice has at most.

    Returns
    -------
    list of Slice
        One at least, in order.
    """
    starts, total = _starts(file, rows)
    source = dataclasses.replace(file.source, path=file.source.path.resolve(), _raw=None)
    whole = source.packed is not None or file.encoding.codec not in _LINE_SAFE
    first = file.layout.first + 1
    places = [(first, 0)] if whole or not starts else list(zip(*_offsets(file.source, starts), strict=True))
    slices = []
    for at, (number, offset) in enumerate(places):
        end = places[at + 1][0] if at + 1 < len(places) else total + 1
        slices.append(
            Slice(
                source,
                file.encoding,
                file.dialect,
                file.layout,
                file.width,
                offset,
                first - 1 if whole else 0,
                number,
                max(0, end - number),
                {record: fault for record, fault in faults.items() if number <= record < end},
            )
        )
    return slices


def _starts(file: DelimitedFile, rows: int) -> tuple[dict[int, int], int]:
    """Return, by the number of the record at which a slice begins, how many lines stand before it; and all records."""
    starts: dict[int, int] = {}
    number = 0
    with file.source.open() as stream:
        text = io.TextIOWrapper(stream, file.encoding.codec, errors="strict", newline="")
        lines = Lines(text)
        try:
            before = 0
            for number, _ in enumerate(mended_rows(file.dialect, lines, file.width), start=1):
                if number > file.layout.first and (number - file.layout.first - 1) % rows == 0:
                    starts[number] = before
                before = lines.done
        finally:
            text.detach()
    return starts, number


def _offsets(source: Source, starts: Mapping[int, int]) -> tuple[Sequence[int], Sequence[int]]:
    """Return the numbers of the records at which slices begin, and how many bytes stand before them."""
    wanted = iter(starts.values())
    next_one = next(wanted, None)
    offsets: list[int] = []
    if next_one == 0:
        offsets.append(0)
        next_one = next(wanted, None)
    base, lines, held = 0, 0, b""
    for piece in itertools.chain(source.chunks(), [b""]):
        data = held + piece
        end = len(data) - 1 if piece and data.endswith(b"\r") else len(data)  # a line feed may follow
        for match in _LINE_END.finditer(data, 0, end):
            lines += 1
            if lines == next_one:
                offsets.append(base + match.end())
                next_one = next(wanted, None)
        base, held = base + end, data[end:]
    return list(starts), offsets
