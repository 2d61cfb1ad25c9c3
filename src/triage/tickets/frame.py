"""DataFrames as exports: rows in, rows with ``triage_*`` columns out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from triage.records import Ticket
from triage.tickets.chunks import Chunk
from triage.tickets.columns import OWN_PREFIX, find_columns
from triage.tickets.rows import RowReader

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["outcome_frame", "read_frame"]

_SAMPLE = 200


def _cell(value: object) -> str:
    """Write a cell as an export would have it; missing values of every kind are empty."""
    # Whether NA is unequal to itself cannot be told: it is asked for by name first.
    if value is None or type(value).__name__ in {"NAType", "NaTType"} or value != value:
        return ""
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)


def read_frame(frame: pd.DataFrame, text_column: str | None = None, *, by_names: bool = False) -> list[Ticket | None]:
    """Make the rows of a DataFrame tickets.

    Parameters
    ----------
    frame : DataFrame
        One ticket a row.
    text_column : str, optional
        The column with the complaint; found by name and contents by default.
    by_names : bool
        Find columns by their names alone: the same ones in every part of a table.

    Returns
    -------
    list of Ticket or None
        One a row, in order; None where a row has no text.

    Raises
    ------
    ColumnError
        If the text column is missing or ambiguous.
    """
    header = [str(name) for name in frame.columns]
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    given = None if text_column is None else [text_column]
    sample = [] if by_names else rows[:_SAMPLE]
    columns = find_columns(header, sample, text_columns=given, where="the DataFrame")
    block = RowReader(columns, ZoneInfo("Asia/Shanghai")).read(Chunk(rows, list(range(1, len(rows) + 1))))
    return [item if isinstance(item, Ticket) else None for item in block.items]


def outcome_frame(
    frame: pd.DataFrame, cells: Sequence[list[str] | None], zone: dt.tzinfo | str = "Asia/Shanghai"
) -> pd.DataFrame:
    """Add the ``triage_*`` columns to a DataFrame.

    Parameters
    ----------
    frame : DataFrame
        The tickets.
    cells : sequence of list of str, or None
        For each row what :func:`~triage.tickets.outcome_cells.outcome_cells` gives.
    zone : tzinfo or str
        The zone of due dates.

    Returns
    -------
    DataFrame
        A copy with the columns of :data:`triage.tickets.outcome_cells.COLUMNS`; confidence as a number,
        due dates as times, of the same types whatever the rows hold. Columns of an earlier scoring are replaced.
    """
    import pandas as pd

    from triage.tickets.outcome_cells import COLUMNS, NUMBERS, TIMES

    rows = [[None] * len(COLUMNS) if row is None else [cell or None for cell in row] for row in cells]
    added = pd.DataFrame(rows, columns=list(COLUMNS), index=frame.index, dtype=object)
    for name in NUMBERS:
        added[name] = added[name].astype("float64")
    for name in TIMES:
        times = pd.to_datetime(added[name], utc=True).dt.as_unit("us")
        added[name] = times.dt.tz_convert(zone)
    older = [name for name in frame.columns if str(name).startswith(OWN_PREFIX)]
    return pd.concat([frame.drop(columns=older), added], axis=1)
