"""How the cells of a text file are told apart: delimiter, quotes, escapes.

Every dialect that the first lines allow is tried, and the one under which they form the most regular
table wins. `clevercsv` was measured for this and left out: see ``docs/exports.md``.
"""

from __future__ import annotations

import csv
import dataclasses
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence

from triage.errors import InputError
from triage.tickets.layout import known_names, usual_width
from triage.tickets.mending import commonest_width, mended_rows

__all__ = ["DELIMITERS", "Dialect", "detect_dialect"]

#: What separates cells, the commonest first.
DELIMITERS = (",", ";", "\t", "|")

#: Stands in as the delimiter of files that have one column: the unit separator of ASCII.
_NONE = "\x1f"

_SAMPLE_ROWS = 300
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space", _NONE: "none (one column)"}
#: The longest cell csv accepts; the default of 128 KiB is less than a pasted log.
_LONGEST_CELL = 1 << 26


@dataclasses.dataclass(frozen=True, slots=True)
class Dialect:
    """How to cut a text file into cells.

    Parameters
    ----------
    delimiter : str
        The character between cells.
    quote : str or None
        The character around cells that hold delimiters or line breaks.
    escape : str or None
        The character before a quote inside a quoted cell, where quotes are not doubled.
    spaced : bool
        Whether spaces after a delimiter belong to it.
    """

    delimiter: str = ","
    quote: str | None = '"'
    escape: str | None = None
    spaced: bool = False

    def __str__(self) -> str:
        parts = [f"delimiter {_NAMES.get(self.delimiter, repr(self.delimiter))}{' and space' * self.spaced}"]
        parts.append(f"quote {self.quote}" if self.quote else "no quotes")
        if self.escape:
            parts.append(f"escape {self.escape}")
        return ", ".join(parts)

    def rows(self, lines: Iterable[str], *, strict: bool = False) -> Iterator[list[str]]:
        """Cut lines into rows of cells; an empty line is a row without cells."""
        if csv.field_size_limit() < _LONGEST_CELL:
            csv.field_size_limit(_LONGEST_CELL)
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            doublequote=True,  # otherwise csv finds no quote out of place
            escapechar=self.escape,
            skipinitialspace=self.spaced,
            strict=strict,
        )


def _candidates(sample: str, delimiter: str | None) -> Iterator[Dialect]:
    delimiters = [delimiter] if delimiter else [*(d for d in DELIMITERS if d in sample), _NONE]
    if not delimiter and '" "' in sample:
        delimiters.append(" ")  # between quoted cells only: people write spaces
    for separator in delimiters:
        edge = re.escape(separator)
        for quote in ('"', "'"):
            spaced = separator != " " and re.search(f"{edge} +{quote}", sample) is not None
            if not spaced and not re.search(f"(?:^|{edge}){quote}", sample, re.MULTILINE):
                continue
            # An apostrophe also begins cells of its own accord: whole cells must stand between two of them.
            if (
                quote == "'"
                and len(re.findall(f"(?:^|{edge}) *'[^'\\r\\n]*'(?=$|{edge}|\\r)", sample, re.MULTILINE)) < 2
            ):
                continue
            for escape in (None, "\\") if f"\\{quote}" in sample else (None,):
                yield Dialect(separator, quote, escape)
                if spaced:
                    yield Dialect(separator, quote, escape, spaced=True)
        if separator != " ":
            yield Dialect(separator, None)


def _parsed(dialect: Dialect, lines: Sequence[str], whole: bool) -> tuple[list[list[str]], bool]:
    """Return the rows of the sample, and whether its quotes are where they belong."""
    rows: list[list[str]] = []
    sound = True
    try:
        for row in itertools.islice(dialect.rows(lines, strict=True), _SAMPLE_ROWS):
            rows.append(row)  # noqa: PERF402 - what was read before an error counts
    except csv.Error as error:
        # An unclosed quote at the end of the sample is a cut, not an error.
        sound = not whole and "unexpected end" in str(error)
        if not sound:
            # As they will be read: a row that can be mended is no sign against a dialect.
            width = commonest_width(itertools.islice(dialect.rows(lines), _SAMPLE_ROWS))
            rows = list(itertools.islice(mended_rows(dialect, lines, width), _SAMPLE_ROWS))
    return [row for row in rows if any(row)], sound


def _regularity(dialect: Dialect, lines: Sequence[str], whole: bool) -> float:
    """Rate how much a dialect makes a table of the sample."""
    rows, sound = _parsed(dialect, lines, whole)
    if not rows:
        return 0.0
    width, count = usual_width([row for row in rows if len(row) > 1] or rows)
    cells = [cell for row in rows for cell in row if cell]
    # Quotes left at both ends, or a cell that swallowed lines with delimiters in them: not this dialect.
    dirty = sum(
        (len(cell) > 1 and cell[-1] in "\"'" and cell.lstrip(" ")[:1] == cell[-1])
        or (dialect.quote is not None and cell.count(dialect.delimiter) > cell.count("\n") > 2)
        for cell in cells
    )
    cleanness = 1 - dirty / max(1, len(cells))
    known = max((known_names(row) for row in rows[:12] if len(row) == width), default=0)
    if dialect.delimiter == _NONE:
        return 0.45 * cleanness + 0.15 * min(known, 1) - 0.2 * (not sound)
    if width < 2:
        return 0.0
    head = next((row for row in rows if len(row) == width), [])
    tidy = all(0 < len(cell.strip()) <= 40 for cell in head) and len(set(head)) > width / 2
    score = count / len(rows) * cleanness
    if score <= 0.5 and not known:
        score /= 2  # as often as not no table
    score += 0.15 * tidy + 0.1 * min(known, 4) + 0.02 * min(4.0, math.log2(width))
    # Equal otherwise, a dialect whose quotes do something beats one without.
    score += 0.03 * (dialect.quote is not None and sound) - 0.15 * (not sound)
    return score - 0.01 * (dialect.quote == "'")


def detect_dialect(sample: str, *, whole: bool = True, delimiter: str | None = None) -> Dialect:
    r"""Find the dialect of a text file from its beginning.

    Parameters
    ----------
    sample : str
        The beginning of the file, line ends as they are.
    whole : bool
        Whether the sample is the whole file.
    delimiter : str, optional
        The delimiter, where it is known.

    Returns
    -------
    Dialect
        The one that makes the most regular table.

    Raises
    ------
    InputError
        If `delimiter` is not one character.

    Examples
    --------
    >>> str(detect_dialect("编号;标题;描述\n1;慢;打开要一分钟,一直转圈\n2;错;报错,白屏\n"))
    'delimiter semicolon, no quotes'
    """
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n"'):
        cure = "Give one character, such as ',' or ';' or a tab."
        raise InputError("not a delimiter", value=delimiter, where="delimiter", cure=cure)
    lines = _lines(sample)
    if not whole and len(lines) > 1:
        lines.pop()  # most likely cut in the middle
    ratings = [(_regularity(dialect, lines, whole), dialect) for dialect in _candidates(sample, delimiter)]
    best = max(ratings, key=lambda rating: rating[0])
    return best[1]


def _lines(text: str) -> list[str]:
    """Cut at CR, LF and CR LF only; str.splitlines also cuts at form feeds and U+2028."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)
