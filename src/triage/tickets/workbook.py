"""Workbooks of Excel and LibreOffice, by python-calamine."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Iterator
from typing import Any

from triage.errors import ColumnError, InputError, import_extra
from triage.records import RowProblem
from triage.tickets.layout import Layout, find_layout
from triage.tickets.source import Source

__all__ = ["Workbook"]

_ROWS = 300


def _cell(value: object) -> str:
    """Write a value as people see it: whole numbers without a point, dates in ISO 8601."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return "" if value is None else str(value)


class Workbook:
    """One sheet of a workbook: the one named, or the first that is visible and not empty.

    Parameters
    ----------
    source : Source
        The file.
    header : bool, optional
        Whether the sheet has a header; None to look for it.
    sheet : str, optional
        The name of the sheet.
    """

    encoding = None
    dialect = None

    def __init__(self, source: Source, *, header: bool | None = None, sheet: str | None = None) -> None:
        self._source = source
        self.sheet, self._rows = self._open(sheet)
        self.sample = [cells for _, cells in itertools.islice(self._records(), _ROWS)]
        self.layout: Layout = find_layout(self.sample, header)
        if not self.layout.header:
            first = next((cells for cells in self.sample if cells), [])
            raise ColumnError(
                "the sheet has no header row: its first row looks like data",
                value=" | ".join(first),
                where=f"{source.name}, sheet {self.sheet}",
                cure="Add a row of column names, or say so and name the text column by its number: "
                "header=False, text_columns=[1] (--no-header --text-column 1 on the command line).",
            )

    def _open(self, name: str | None) -> tuple[str, Any]:
        calamine = import_extra(
            "python_calamine",
            "excel",
            "Excel workbooks need python-calamine",
            where=self._source.name,
            otherwise="or save the sheet as CSV",
        )
        try:
            with self._source.open() as stream:
                book = calamine.load_workbook(io.BytesIO(stream.read()))
            visible = [meta.name for meta in book.sheets_metadata if meta.visible is calamine.SheetVisibleEnum.Visible]
            if name is not None and name not in book.sheet_names:
                raise InputError(
                    "there is no such sheet", value=name, where=self._source.name, options=book.sheet_names
                )
            for candidate in [name] if name is not None else visible:
                sheet = book.get_sheet_by_name(candidate)
                if sheet.height:
                    return candidate, sheet
        except calamine.PasswordError as error:
            raise InputError(
                "the workbook is locked", value=self._source.name, cure="Save it without a password."
            ) from error
        except calamine.CalamineError as error:
            raise InputError(
                f"the workbook cannot be read ({error})",
                value=self._source.name,
                cure="Save it again, or as CSV.",
            ) from error
        raise InputError("the workbook is empty", value=self._source.name, cure="Export it again.")

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        for number, values in enumerate(self._rows.iter_rows(), start=1):
            cells = [_cell(value) for value in values]
            yield number, cells if any(cells) else []

    def originals(self) -> Iterator[list[object]]:
        """Give the values of every row of data as the sheet holds them."""
        for values in itertools.islice(self._rows.iter_rows(), self.layout.first, None):
            if any(map(_cell, values)):
                yield values

    def rows(self) -> Iterator[tuple[int, list[str], RowProblem | None]]:
        """Give every row of data with its number in the sheet; empty rows are left out."""
        for number, cells in itertools.islice(self._records(), self.layout.first, None):
            if cells:
                yield number, cells, None
