"""Rows as lines of CSV, a block at a time and column by column.

`csv.writer` looks at every character of every cell, twice. Most columns of a block hold no cell that needs quotes:
one look at all cells of a column together tells.
"""

from __future__ import annotations

import codecs
import dataclasses
from collections.abc import Collection, Iterable, Sequence

from triage.errors import OutputError
from triage.tickets.cells import SIGNS, guard

__all__ = ["LineForm", "csv_lines"]

_END = "\r\n"
_QUOTE, _QUOTED = '"', '""'

#: Among so many cells of a column half must repeat for it to be looked at by its different cells alone.
_LOOK = 16


def csv_lines(rows: Iterable[Sequence[str]], delimiter: str = ",", *, guarded: bool = False) -> str:
    r"""Write rows as `csv.writer` does with its usual settings.

    Parameters
    ----------
    rows : iterable of sequence of str
        Cells; every row has as many.
    delimiter : str
        Between cells.
    guarded : bool
        Whether cells that a spreadsheet would execute get an apostrophe, as :func:`~triage.tickets.cells.guard` does.

    Returns
    -------
    str
        A line a row.

    Raises
    ------
    ValueError
        If rows differ in length.

    Examples
    --------
    >>> csv_lines([["T1", "崩了, 又崩了"], ["T2", "=1+1"]], guarded=True)
    'T1,"崩了, 又崩了"\r\nT2,\'=1+1\r\n'
    """
    columns = [_column(cells, delimiter, guarded=guarded) for cells in zip(*rows, strict=True)]
    if len(columns) == 1:
        columns = [[cell or '""' for cell in columns[0]]]  # a line with nothing on it would be no row
    return _END.join([*map(delimiter.join, zip(*columns, strict=True)), ""])


def _column(cells: Sequence[str], delimiter: str, *, guarded: bool) -> Sequence[str]:
    """Return the cells of a column as they stand in a file."""
    # Categories, owners and the like are few: what holds for each of them holds for the column.
    seen: Collection[str] = set(cells) if len(set(cells[:_LOOK])) <= _LOOK // 2 else cells
    if guarded and not SIGNS.isdisjoint([cell[:1] for cell in seen]):
        cells = seen = [guard(cell) for cell in cells]
    together = "\n".join(seen)
    if (
        '"' not in together
        and delimiter not in together
        and "\r" not in together
        and together.count("\n") == len(seen) - 1
    ):
        return cells
    return [
        f'"{cell.replace(_QUOTE, _QUOTED)}"'
        if _QUOTE in cell
        else f'"{cell}"'
        if "\n" in cell or delimiter in cell or "\r" in cell
        else cell
        for cell in cells
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class LineForm:
    r"""How rows become the bytes of a text file; whoever has the form can make them, in whatever process.

    Parameters
    ----------
    delimiter : str
        Between cells.
    guarded : bool
        Whether cells that a spreadsheet would execute get an apostrophe.
    encoding : str
        Of the file. A lone surrogate, which only JSON can bring in, is written as its escape and loses nothing.

    Raises
    ------
    OutputError
        If there is no such encoding.

    Examples
    --------
    >>> form = LineForm(encoding="utf-16")
    >>> len(form.lines([["甲"]], opening=True)), len(form.lines([["甲"]]))
    (8, 6)
    """

    delimiter: str = ","
    guarded: bool = True
    encoding: str = "utf-8-sig"

    def __post_init__(self) -> None:
        try:
            codecs.lookup(self.encoding)
        except LookupError as error:
            raise OutputError("unknown encoding", value=self.encoding, where="output encoding") from error

    def lines(self, rows: Iterable[Sequence[str]], *, opening: bool = False) -> bytes:
        """Return rows as the bytes of their lines; those that open a file begin with its byte order mark."""
        return self.encoded(csv_lines(rows, self.delimiter, guarded=self.guarded), opening=opening)

    def encoded(self, text: str, *, opening: bool = False) -> bytes:
        """Return the bytes of a text at the beginning of the file, or of one further down."""
        encoder = codecs.getincrementalencoder(self.encoding)("backslashreplace")
        if not opening:
            encoder.encode(_END)  # what is special about the beginning is over
        return encoder.encode(text)
