"""Header rows inside a table: exports put one after the other, and other tables below the tickets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from triage.records import RowProblem
from triage.tickets.footnotes import Row
from triage.tickets.layout import known_names, looks_like_data, same_cells

__all__ = ["headings"]

#: A row with a longer cell is none of names.
_LONGEST = 40
_DIGIT = re.compile(r"[0-9]")


def headings(rows: Iterable[Row], header: Sequence[str], written: Iterable[Sequence[str]] = ()) -> Iterator[Row]:
    """Mark rows that are no tickets because a header stands there again, or because another table has begun.

    A row that repeats the header has the problem ``header_again``; what follows are tickets. One that is a header,
    and another one, begins another table: it and what follows have the problem ``other_table``, until the header
    stands there again. It is a header if two of its cells and half of them are names that columns are known to have, or
    three of its cells and three quarters of them are names of this header, known or not. Because a ticket may look
    so by chance ("投诉", "反馈"), two must be names of this header, or an empty line stands above and the row does
    not fill the table.

    Parameters
    ----------
    rows : iterable of Row
        All rows below the header.
    header : sequence of str
        The column names.
    written : iterable of sequence of str
        The header rows as they stand in the file, where they differ from the names.

    Yields
    ------
    Row
        The same rows.

    Examples
    --------
    >>> header = ["工单号", "客户", "投诉内容"]
    >>> rows = [["T1", "甲", "系统又崩了"], header, ["T2", "乙", "没人管"], ["客户", "投诉内容"], ["甲", "1"]]
    >>> [fault and fault.code for _, _, fault in headings(((n, row, None) for n, row in enumerate(rows)), header)]
    [None, 'header_again', None, 'other_table', 'other_table']
    """
    own = [header, *written]
    names = {name.strip() for name in header}
    begun: int | None = None
    before: int | None = None
    for row in rows:
        number, cells, fault = row
        if fault is None and _may_be_names(cells):
            if any(same_cells(cells, each) for each in own):
                begun, before = None, number
                yield number, cells, RowProblem(number, "header_again", "the header stands here again", cells[0])
                continue
            filled = [cell.strip() for cell in cells if cell.strip()]
            apart = before is not None and number > before + 1 and len(filled) != len(header)
            named = sum(cell in names for cell in filled)
            is_header = known_names(filled) >= max(2, len(filled) / 2) or named >= max(3, 0.75 * len(filled))
            if begun is None and is_header and (apart or named >= 2) and not looks_like_data(filled):
                begun = number
        if begun is not None:
            message = f"another table begins in row {begun}, with other columns: it is not scored"
            row = number, cells, RowProblem(number, "other_table", message, cells[0])
        before = number
        yield row


def _may_be_names(cells: Sequence[str]) -> bool:
    """Tell quickly of most tickets that they are none of names: a number in the first cell, or a long text."""
    return not _DIGIT.search(cells[0]) and max(map(len, cells)) <= _LONGEST
