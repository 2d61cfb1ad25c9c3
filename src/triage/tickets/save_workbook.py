"""Write rows as an Excel workbook, by XlsxWriter, row by row.

Nothing needs to be neutralised here: a cell of a workbook says by itself whether it is text or a formula,
and every text is written as text, in the number format of text, so that it stays text when somebody edits it.
"""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

from triage.errors import import_extra
from triage.tickets.json_lines import ABSENT, cell_of
from triage.tickets.outcome_cells import COLUMNS, NUMBERS

__all__ = ["need_xlsxwriter", "write_workbook"]

#: Excel's numbers have fifteen digits and its days begin here.
_EXACT, _FIRST_DAY = 10**15, 1901
_DATE, _TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"


def need_xlsxwriter(where: str) -> Any:
    """Import XlsxWriter, or say how to install it."""
    problem = "writing Excel workbooks needs XlsxWriter"
    return import_extra("xlsxwriter", "excel", problem, where=where, otherwise="or write .csv")


def _is_number(value: object) -> bool:
    """Tell whether Excel can hold a number without loss."""
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) < _EXACT


def _is_day(value: object) -> bool:
    """Tell whether Excel can hold a day or a time of a day without loss."""
    if isinstance(value, dt.datetime):
        return value.tzinfo is None and value.year >= _FIRST_DAY and value.microsecond % 1000 == 0
    return isinstance(value, dt.date) and value.year >= _FIRST_DAY


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None or value is ABSENT or value != value:
        return ""
    return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else cell_of(value)


def write_workbook(
    stream: BinaryIO,
    header: Sequence[str],
    rows: Iterable[tuple[Sequence[object], list[str]]],
    fitting: Callable[[str], str] = str,
) -> None:
    """Write rows as the one sheet of a workbook.

    Parameters
    ----------
    stream : binary stream
        Takes the workbook.
    header : sequence of str
        All columns; the row stays in sight.
    rows : iterable of (sequence of object, list of str)
        Of every row what the input had and what was found. Numbers, days and truth values stay what they
        are where Excel holds them without loss; the rest is text.
    fitting : callable
        Cuts a text that is longer than a cell can be.
    """
    package = need_xlsxwriter("output")
    with tempfile.TemporaryDirectory(prefix="triage-") as folder:
        book = package.Workbook(stream, {"constant_memory": True, "tmpdir": folder, "in_memory": False})
        book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - the same rows, the same bytes
        sheet = book.add_worksheet("triage")
        sheet.freeze_panes(1, 0)
        text = book.add_format({"num_format": "@"})
        day, time = book.add_format({"num_format": _DATE}), book.add_format({"num_format": _TIME})
        numbers = [name in NUMBERS for name in COLUMNS]

        def write(row: int, column: int, value: object) -> None:
            if isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif _is_number(value):
                sheet.write_number(row, column, value)
            elif _is_day(value):
                sheet.write_datetime(row, column, value, time if isinstance(value, dt.datetime) else day)
            elif cell := _text(value):
                # Half a character, which only JSON can bring in, is written as its escape.
                cell = cell if cell.isascii() else cell.encode("utf-8", "backslashreplace").decode()
                sheet.write_string(row, column, fitting(cell), text)

        for column, name in enumerate(header):
            write(0, column, name)
        for row, (values, cells) in enumerate(rows, start=1):
            for column, value in enumerate(values):
                write(row, column, value)
            for column, (cell, is_number) in enumerate(zip(cells, numbers, strict=True), start=len(values)):
                write(row, column, float(cell) if cell and is_number else cell)
        book.close()
