"""``import triage.pandas`` gives every DataFrame an accessor: ``frame.triage.score()``."""

from __future__ import annotations

import functools

import pandas as pd

from triage.engine import Triager

__all__ = ["TriageAccessor"]


@functools.cache
def _packaged() -> Triager:
    return Triager()


@pd.api.extensions.register_dataframe_accessor("triage")
class TriageAccessor:
    """What this library does with a DataFrame of tickets; reached as ``frame.triage``.

    Parameters
    ----------
    frame : DataFrame
        One ticket a row.

    Examples
    --------
    >>> import pandas as pd
    >>> import triage.pandas
    >>> frame = pd.DataFrame({"投诉内容": ["系统一打开就闪退，单子都做不了"]}, index=[7])
    >>> frame.triage.score()["triage_category"]
    7    technical
    Name: triage_category, dtype: ...
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def score(self, triager: Triager | None = None, *, text_column: str | None = None) -> pd.DataFrame:
        """Return the DataFrame with ``triage_*`` columns, as :meth:`~triage.engine.Triager.triage_many` does.

        Parameters
        ----------
        triager : Triager, optional
            By default one with the packaged model and policy, loaded once.
        text_column : str, optional
            The column with the complaint; found by name and contents by default.
        """
        return (triager or _packaged()).triage_many(self._frame, text_column=text_column)
