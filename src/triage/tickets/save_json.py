"""Write rows as JSON, one object a line."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from triage.tickets.json_lines import ABSENT
from triage.tickets.names import distinct
from triage.tickets.outcome_cells import COLUMNS, NUMBERS

__all__ = ["write_json_lines"]


def _plain(value: object) -> str:
    """Write a value that JSON does not have: times in ISO 8601, the rest as Python shows it."""
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat() if isoformat is not None else value)


def _whole(value: object) -> object:
    """Return what JSON can hold: no NaN, and whole numbers of a sheet without a point."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None if math.isnan(value) else str(value)
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _whole(item) for key, item in value.items()}
    return value


def write_json_lines(
    stream: BinaryIO, header: Sequence[str], rows: Iterable[tuple[Sequence[object], list[str]]]
) -> None:
    """Write rows as JSON Lines, UTF-8 without BOM.

    Parameters
    ----------
    stream : binary stream
        Takes the lines.
    header : sequence of str
        All columns; names that are empty or stand twice are made distinct.
    rows : iterable of (sequence of object, list of str)
        Of every row what the input had and what was found.

    Examples
    --------
    >>> import io
    >>> stream = io.BytesIO()
    >>> write_json_lines(stream, ["描述", *COLUMNS], [(["系统又崩了"], ["technical", *[""] * 15])])
    >>> line = json.loads(stream.getvalue())
    >>> line["描述"], line["triage_category"], line["triage_issue"]
    ('系统又崩了', 'technical', None)
    """
    names = distinct(header)
    own, found = names[: -len(COLUMNS)], names[-len(COLUMNS) :]
    numbers = {found[COLUMNS.index(name)] for name in NUMBERS}
    for values, cells in rows:
        line = {name: _whole(value) for name, value in zip(own, values, strict=True) if value is not ABSENT}
        for name, cell in zip(found, cells, strict=True):
            line[name] = None if not cell else float(cell) if name in numbers else cell
        try:
            text = json.dumps(line, ensure_ascii=False, default=_plain).encode()
        except UnicodeEncodeError:  # half a character, which JSON can hold as an escape
            text = json.dumps(line, default=_plain).encode()
        stream.write(text + b"\n")
