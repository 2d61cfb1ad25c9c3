"""Where in a table the header stands: below titles and empty lines, in one row or several, or nowhere."""

from __future__ import annotations

import collections
import dataclasses
import functools
import re
from collections.abc import Iterator, Sequence

from triage.tickets.known import load_formats
from triage.tickets.names import bare_key, key

__all__ = ["Layout", "find_layout", "known_names", "looks_like_data", "same_cells", "usual_width"]

_LOOKED_AT = 30
_DATA = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}.*"  # a date
    r"|[+-]?\d+(?:[.,]\d+)*%?"  # a number
    r"|[\w.+-]+@[\w-]+\.\w+.*"  # an address
    r"|https?://.*",
    re.DOTALL | re.ASCII,
)
_SENTENCE = re.compile(r"[。！？!?；…]|[，,].*[，,]")


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """Where the data of a table begins and what its columns are called.

    Parameters
    ----------
    header : tuple of str
        The column names.
    first : int
        How many records stand before the first row of data.
    skipped : int
        How many records before the header hold something: titles, notes, further header rows.
    numbered : bool
        Whether the names are made up because the file has no header.
    """

    header: tuple[str, ...]
    first: int
    skipped: int = 0
    numbered: bool = False


@functools.cache
def _vocabulary() -> frozenset[str]:
    return frozenset(
        key(name)
        for form in load_formats().values()
        for names in [*form.recognise, form.subject, *form.body, *form.fields.values()]
        for name in names
    )


def known_names(row: Sequence[str]) -> int:
    """Count the cells that are column names of a known format."""
    vocabulary = _vocabulary()
    short = (cell for cell in row if 0 < len(cell) <= 40)
    return sum(key(cell) in vocabulary or bare_key(cell) in vocabulary for cell in short)


def looks_like_data(row: Sequence[str]) -> bool:
    """Tell whether a row holds dates, numbers or sentences and so is no header.

    Examples
    --------
    >>> looks_like_data(["1", "2026/9/21", "系统又崩了，没人管，怎么办"]), looks_like_data(["姓名", "说法"])
    (True, False)
    """
    return any(
        _DATA.fullmatch(cell.strip()) or len(cell) > 60 or (len(cell) > 12 and _SENTENCE.search(cell))
        for cell in row
        if cell.strip()
    )


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _padded(names: Sequence[str], others: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(names, [*others, *[""] * len(names)], strict=False)


def usual_width(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return the number of cells that most rows have, and how many rows have it.

    Empty cells too many are not counted: some programs end every row with a delimiter.
    """
    lengths = collections.Counter(len(row) for row in rows if _filled(row))
    ends = collections.Counter((len(row), _last(row)) for row in rows if _filled(row))
    fits = {
        width: sum(count for (length, end), count in ends.items() if length == width or end <= width < length)
        for width in lengths
    }
    # Of widths that fit as many rows the one that needs the fewest cells to be left out.
    width = max(lengths, key=lambda width: (fits[width], lengths[width], width), default=0)
    return width, fits.get(width, 0)


def same_cells(row: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two rows hold the same, but for space around cells and empty ones at the end."""
    one, two = ("\x1f".join(cell.strip() for cell in cells).rstrip("\x1f") for cells in (row, other))
    return one == two != ""


def _last(row: Sequence[str]) -> int:
    """Return how many cells a row has up to its last one that is not empty."""
    return next((n for n in range(len(row), 0, -1) if row[n - 1].strip()), 0)


def _names_again(row: Sequence[str], names: Sequence[str]) -> bool:
    """Tell whether a row below the names gives them again, in another language, or those that are missing.

    A ticket may consist of words that are names too, "投诉", "反馈"; so being known is not enough.
    """
    if same_cells(row, names):
        return True
    if known_names(row) < max(2, _filled(row) / 2):
        return False
    translated = "".join(row).isascii() != "".join(names).isascii()
    return translated or not any(cell.strip() and name.strip() for cell, name in zip(row, names, strict=False))


def _under_groups(above: Sequence[Sequence[str]], lowest: Sequence[str]) -> list[str]:
    """Name columns by the lowest header row and, where that does not tell them apart, by the rows above it.

    A name missing below stands above. A name that stands twice gets its group before it, "客户 / 电话" and
    "处理人 / 电话"; others stay as they are, because that is how programs and people know them.
    """
    names = list(lowest)
    for row in reversed(above):
        if len(row) != len(names) or len({cell for cell in row if cell.strip()}) < 2 or looks_like_data(row):
            break  # a title, not groups
        missing = [not name.strip() for name in names]
        twice = {name for name, count in collections.Counter(names).items() if count > 1 and name.strip()}
        group = ""
        for place, cell in enumerate(row):
            group = cell.strip() or group  # a merged cell is written once, at its beginning
            if missing[place]:
                names[place] = cell
            elif names[place] in twice and group:
                names[place] = f"{group} / {names[place]}"
    return names


def find_layout(rows: Sequence[Sequence[str]], header: bool | None = None) -> Layout:
    """Find the header among the first records of a table.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first records, empty lines among them.
    header : bool, optional
        Whether there is one; None to look for it.

    Returns
    -------
    Layout
        Names and beginning of the data; without names if there is no header and none was ruled out.

    Examples
    --------
    >>> rows = [["投诉台账", "", ""], [], ["编号", "日期", "投诉内容"], ["1", "2026/9/21", "打不开"]]
    >>> find_layout(rows)
    Layout(header=('编号', '日期', '投诉内容'), first=3, skipped=1, numbered=False)
    """
    width, _ = usual_width(rows)
    if not width:
        return Layout((), 0)
    if header is False:
        return Layout(tuple(f"column_{number}" for number in range(1, width + 1)), 0, numbered=True)
    head = list(rows[:_LOOKED_AT])
    # 1. The row with the most names that exports are known to have; two are enough, one in a narrow table.
    known = [known_names(row) for row in head]
    #    One that fits the table goes before a wider one, which may begin another table further down, and a whole
    #    row of different names before anything below it.
    fits = [known[at] >= min(2, width) and len(row) >= width >= _last(row) for at, row in enumerate(head)]
    whole = [fit and len({*row[:width]} - {""}) == width for fit, row in zip(fits, head, strict=True)]
    best = whole.index(True) if any(whole) else max(range(len(head)), key=lambda at: (fits[at], known[at], -at))
    if known[best] < min(2, width):
        # 2. Nothing known: the first row as wide as the table and filled like a header.
        full = (i for i, row in enumerate(head) if len(row) == width and _filled(row) * 2 > width)
        best = next(full, next(i for i, row in enumerate(head) if _filled(row)))
        if header is None and looks_like_data(head[best]):
            return Layout((), 0)
    # 3. Group names above merged cells.
    names = _under_groups(head[:best], head[best])
    # 4. A second header row: the same names again, or in English.
    first = best + 1
    while first < len(head) and _names_again(head[first], head[best]):
        names = [name if name.strip() else lower for name, lower in _padded(names, head[first])]
        first += 1
    while len(names) > width and not names[-1].strip():
        names.pop()
    skipped = sum(bool(_filled(row)) for row in head[:first]) - 1
    return Layout(tuple(names), first, skipped)
