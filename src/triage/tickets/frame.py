"""DataFrames as exports: rows in, rows with ``triage_*`` columns out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from triage.records import Outcome, Ticket
from triage.tickets.columns import find_columns
from triage.tickets.rows import Block, RowReader

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["outcome_frame", "read_frame"]

_SAMPLE = 200


def _cell(value: object) -> str:
    """Write a cell as an export would have it; missing values of every kind are empty."""
    if value is None or value != value or type(value).__name__ in {"NAType", "NaTType"}:
        return ""
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)


def read_frame(frame: pd.DataFrame, text_column: str | None = None) -> list[Ticket | None]:
    """Make the rows of a DataFrame tickets.

    Parameters
    ----------
    frame : DataFrame
        One ticket a row.
    text_column : str, optional
        The column with the complaint; found by name and contents by default.

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
    columns = find_columns(header, rows[:_SAMPLE], text_columns=given, where="the DataFrame")
    reader, block = RowReader(columns, ZoneInfo("Asia/Shanghai")), Block()
    for number, cells in enumerate(rows, 1):
        reader.add(block, number, cells)
    return [item if isinstance(item, Ticket) else None for item in block.items]


def outcome_frame(frame: pd.DataFrame, outcomes: Sequence[Outcome | None]) -> pd.DataFrame:
    """Add the ``triage_*`` columns to a DataFrame.

    Parameters
    ----------
    frame : DataFrame
        The tickets.
    outcomes : sequence of Outcome or None
        One a row.

    Returns
    -------
    DataFrame
        A copy with the columns of :data:`triage.tickets.outcome_cells.COLUMNS`; confidence as a number,
        due dates as times.
    """
    import pandas as pd

    from triage.tickets.outcome_cells import COLUMNS, outcome_cells

    cells = [[None] * len(COLUMNS) if o is None else [cell or None for cell in outcome_cells(o)] for o in outcomes]
    added = pd.DataFrame(cells, columns=list(COLUMNS), index=frame.index, dtype=object)
    added["triage_confidence"] = pd.to_numeric(added["triage_confidence"])
    for name in ("triage_first_response_due", "triage_investigation_due"):
        added[name] = pd.to_datetime(added[name])
    return pd.concat([frame, added], axis=1)
