"""DataFrames scored in parts, wherever the parts are: the one function that Dask, Spark and Ray are given.

What is sent about is small: where model and policy stand and what the clock showed. Each process loads them
once. A part that is worked out again, because a machine was lost, gives the same rows.
"""

from __future__ import annotations

import datetime as dt
import functools
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from triage.batch.blocks import cells_of, judged_each
from triage.engine import Triager
from triage.records import Ticket
from triage.tickets.frame import outcome_frame, read_frame
from triage.tickets.names import distinct
from triage.tickets.outcome_cells import COLUMNS, NUMBERS, TIMES
from triage.tickets.read import TicketReader
from triage.tickets.rows import Block

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FrameScorer", "loads"]

#: One part at a time in a process: its threads would only wait for each other, and the model is loaded once.
_lock = threading.Lock()


@functools.lru_cache(maxsize=4)
def _triager(model: str | None, policy: str | None, target_precision: float | None, evidence: int) -> Triager:
    return Triager(model, policy, target_precision=target_precision, evidence=evidence)


def loads() -> int:
    """Return how many models and policies this process has loaded for parts of tables."""
    return _triager.cache_info().misses


class FrameScorer:
    """Scores a DataFrame, or any part of one; can be sent to other processes and machines.

    Parameters
    ----------
    model, policy : path, optional
        Folders that every process can read; by default what comes with the library.
    target_precision : float, optional
        Promised precision of the decision ``automate``.
    evidence : int, default 5
        How many spans of evidence each row carries.
    text_column : str, optional
        The column with the complaint; by default found by the names of the columns alone, so that it is the
        same in every part.
    now : datetime, optional
        What the clock shows for tickets without a time of their own; by default the moment at which the
        scorer is made, so that all parts agree.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"工单号": [1, 2], "投诉内容": ["系统一打开就闪退，单子都做不了", None]})
    >>> scored = FrameScorer()(frame)
    >>> scored["triage_category"].tolist()
    ['technical', <NA>]
    """

    #: Types of the columns added, in the words of Spark: ``string``, ``double`` or ``timestamp``.
    types: dict[str, str] = dict.fromkeys(COLUMNS, "string")
    types.update(dict.fromkeys(NUMBERS, "double"))
    types.update(dict.fromkeys(TIMES, "timestamp"))

    def __init__(
        self,
        model: Path | str | None = None,
        policy: Path | str | None = None,
        *,
        target_precision: float | None = None,
        evidence: int = 5,
        text_column: str | None = None,
        now: dt.datetime | None = None,
    ) -> None:
        paths = (None if path is None else str(path) for path in (model, policy))
        self._model, self._policy = paths
        self._target_precision = target_precision
        self._evidence = evidence
        self._text_column = text_column
        self._now = now or dt.datetime.now(dt.UTC)

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Score a DataFrame.

        Parameters
        ----------
        frame : DataFrame
            The table or a part of it; it may be empty.

        Returns
        -------
        DataFrame
            A copy with ``triage_*`` columns of the same types in every part: text, a number for the
            confidence, times for due dates. A row without text has them missing; one that breaks the
            judgement has the reason in ``triage_reasons`` and takes no other row with it.

        Raises
        ------
        ColumnError
            If the names of the columns do not say which holds the complaint.
        """
        return self._scored(frame, read_frame(frame, self._text_column, by_names=True))

    def score_reader(self, reader: TicketReader) -> pd.DataFrame:
        """Score an export, or a part of one, that is read where this is called.

        Parameters
        ----------
        reader : TicketReader
            What is read; its columns are known.

        Returns
        -------
        DataFrame
            All rows as text, with the columns that a call adds. A row that has a problem, which
            :func:`~triage.batch.score.score_file` would list, has them missing.
        """
        return self.score_blocks(reader.header, reader)

    def score_blocks(self, header: Sequence[str], blocks: Iterable[Block]) -> pd.DataFrame:
        """Score blocks of rows with these columns; without any, the result shows columns and types."""
        import pandas as pd

        rows: list[list[str]] = []
        items: list[Ticket | None] = []
        for block in blocks:
            rows += block.rows
            items += [item if isinstance(item, Ticket) else None for item in block.items]
        return self._scored(pd.DataFrame(rows, columns=distinct(header), dtype="string"), items)

    def _scored(self, frame: pd.DataFrame, items: Sequence[Ticket | None]) -> pd.DataFrame:
        with _lock:
            triager = _triager(self._model, self._policy, self._target_precision, self._evidence).at(self._now)
            tickets = [item for item in items if isinstance(item, Ticket)]
            judged = iter(judged_each(tickets, functools.partial(cells_of, triager)))
        found = [None if item is None else next(judged) for item in items]
        cells = [None if isinstance(row, str) else row for row in found]
        scored = outcome_frame(frame, cells, triager.policy.zone)
        scored["triage_reasons"] = [
            f"not_scored: {row}" if isinstance(row, str) else reason
            for row, reason in zip(found, scored["triage_reasons"], strict=True)
        ]
        return scored.astype({name: "string" for name, kind in self.types.items() if kind == "string"})

    def map(self, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Score DataFrames one after the other, as Spark's ``mapInPandas`` asks for it."""
        return map(self, frames)
