"""Rows as lines of CSV, a block at a time and column by column.

`csv.writer` looks at every character of every cell, twice. Most columns of a block hold no cell that needs quotes:
one look at all cells of a column together tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from triage.tickets.cells import SIGNS, guard

__all__ = ["csv_lines"]

_END = "\r\n"
_QUOTE, _QUOTED = '"', '""'


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
    return "".join([f"{line}{_END}" for line in map(delimiter.join, zip(*columns, strict=True))])


def _column(cells: Sequence[str], delimiter: str, *, guarded: bool) -> Sequence[str]:
    """Return the cells of a column as they stand in a file."""
    if guarded and not SIGNS.isdisjoint([cell[:1] for cell in cells]):
        cells = [guard(cell) for cell in cells]
    together = "\n".join(cells)
    if (
        '"' not in together
        and delimiter not in together
        and "\r" not in together
        and together.count("\n") == len(cells) - 1
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
