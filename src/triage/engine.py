"""The one object most users need: text in, outcome out."""

from __future__ import annotations

import copy
import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from triage.classify.collector import collector_paused
from triage.errors import ColumnError, InputError
from triage.records import Outcome, Ticket

if TYPE_CHECKING:
    import pandas as pd

    from triage.classify.explain import Explanation
    from triage.policy.inspect import Change
    from triage.policy.model import Policy
    from triage.records import Assessment
    from triage.tickets.outcome_cells import Labels

__all__ = ["Triager"]

#: A text longer than this is cut before it is read; no complaint is, and a pasted log would cost seconds.
MAX_CHARACTERS = 20_000


class Triager:
    """Read complaints, decide, and plan what to do.

    Parameters
    ----------
    model : path, optional
        A model folder; by default the model that comes with the library.
    policy : path, optional
        A policy folder; by default the policy that comes with the library.
    target_precision : float, optional
        Promised precision of the decision ``automate``; by default 0.95.
    evidence : int, default 5
        How many spans of evidence each outcome carries; 0 is fastest.
    now : callable, optional
        The clock for tickets without a time of their own; by default the system's.

    Examples
    --------
    >>> triager = Triager()
    >>> outcome = triager.triage("系统一打开就闪退，单子都做不了")
    >>> outcome.category.label
    '技术类'
    >>> outcome.plan.reply[:2]
    '尊敬'
    """

    def __init__(
        self,
        model: Path | str | None = None,
        policy: Path | str | None = None,
        *,
        target_precision: float | None = None,
        evidence: int = 5,
        now: Callable[[], dt.datetime] | None = None,
    ) -> None:
        from triage.classify.assess import Assessor
        from triage.classify.store import load_model
        from triage.policy.load import load_policy

        with collector_paused():
            self._assessor = Assessor(load_model(model), target_precision=target_precision, evidence=evidence)
            self._policy = load_policy(policy)
        self._now = now or _system_clock

    def at(self, moment: dt.datetime) -> Triager:
        """Return the same triager with its clock stopped, so that a run that is resumed counts from its beginning.

        Parameters
        ----------
        moment : datetime
            What the clock shows, with time zone.
        """
        stopped = copy.copy(self)
        stopped._now = functools.partial(_stopped_clock, moment)
        return stopped

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self._policy

    @property
    def model(self) -> str:
        """Identity of the model."""
        return self._assessor.model.identity

    @property
    def settings(self) -> dict[str, float]:
        """What was chosen besides model and policy: with other settings a row would not be the same."""
        return {"evidence": self._assessor.evidence, "target_precision": self._assessor.target_precision}

    def triage(self, text: str | Ticket) -> Outcome:
        """Read one complaint.

        Parameters
        ----------
        text : str or Ticket
            The complaint.

        Returns
        -------
        Outcome
            What it is and what to do.

        Raises
        ------
        InputError
            If `text` is no text: bytes, a number, None.
        """
        return self._outcomes([_ticket(text, "triage(text)")])[0]

    @overload
    def triage_many(self, texts: pd.DataFrame, *, text_column: str | None = None) -> pd.DataFrame: ...
    @overload
    def triage_many(self, texts: Sequence[str | Ticket] | pd.Series[Any]) -> list[Outcome]: ...

    def triage_many(self, texts: Any, *, text_column: str | None = None) -> Any:
        """Read many complaints; each gets the same outcome as alone.

        Parameters
        ----------
        texts : sequence of str or Ticket, Series, or DataFrame
            The complaints. Of a DataFrame the text column is found by name, or given.
        text_column : str, optional
            The column of a DataFrame that holds the text.

        Returns
        -------
        list of Outcome, or DataFrame
            A list for a list or Series; for a DataFrame a copy of it with ``triage_*`` columns. A missing
            text (None, NaN) in a Series is read as empty and sent to review; a row of a DataFrame without
            text keeps its place and its ``triage_*`` cells are missing.

        Raises
        ------
        InputError
            If an item is no text, with its position.
        ColumnError
            If the text column is missing or ambiguous.
        """
        if isinstance(texts, str | bytes | Ticket):
            raise InputError(
                "triage_many reads many texts", value=texts, cure="Use triage(text) for one, or pass a list."
            )
        if hasattr(texts, "columns"):
            return self._frame(texts, text_column)
        if text_column is not None:
            raise ColumnError("text_column goes with a DataFrame", value=text_column)
        missing_allowed = hasattr(texts, "dtype")
        return self._outcomes(
            [
                text if isinstance(text, Ticket) else _ticket(text, f"item {at}", missing_allowed=missing_allowed)
                for at, text in enumerate(texts)
            ]
        )

    def cells(self, tickets: Sequence[Ticket], labels: Labels = "key") -> list[list[str]]:
        """Read many complaints and write what is found into cells, as a scored file holds them.

        Parameters
        ----------
        tickets : sequence of Ticket
            The complaints.
        labels : {"key", "zh"}
            Whether categories and the like are written as keys or in Chinese.

        Returns
        -------
        list of list of str
            One row a ticket, in order; the columns are :data:`triage.tickets.outcome_cells.COLUMNS`. The same as
            :func:`~triage.tickets.outcome_cells.outcome_cells` of every outcome, in half the time.

        Examples
        --------
        >>> row, = Triager().cells([Ticket("系统一打开就闪退，单子都做不了")], labels="zh")
        >>> row[0], row[2], row[9]
        ('技术类', '功能无法实现', '技术支持主管')
        """
        from triage.tickets.found_cells import found_cells

        now = self._now()
        with collector_paused():
            return [
                row
                for block, findings in self._assessor.findings(*_read(tickets, now))
                for row in found_cells(findings, tickets[block], self._policy, now, labels)
            ]

    def explain(self, text: str) -> Explanation:
        """Take the score of a text's category apart into its words.

        Parameters
        ----------
        text : str
            The complaint.

        Returns
        -------
        Explanation
            Signed weights that add up to the score, with spans in `text`.

        Examples
        --------
        >>> explanation = Triager().explain("导出报表一直报错")
        >>> round(explanation.bias + sum(word.weight for word in explanation.words) - explanation.score, 9)
        0.0
        """
        return self._assessor.explain(_ticket(text, "explain(text)").text)

    def simulate(self, blocks: Iterable[list[Ticket]], policy: Policy) -> Iterator[Change]:
        """Plan past tickets under another policy and give those whose plan would change.

        Parameters
        ----------
        blocks : iterable of list of Ticket
            The tickets, read block by block.
        policy : Policy
            The policy to be tried against this triager's own.

        Yields
        ------
        Change
            One for every ticket that would be handled otherwise.
        """
        from triage.policy.inspect import simulated

        now = self._now()
        pairs = (pair for tickets in blocks for pair in zip(tickets, self._assess(tickets, now), strict=True))
        return simulated(pairs, self._policy, policy, now)

    def _assess(self, tickets: list[Ticket], now: dt.datetime) -> list[Assessment]:
        return self._assessor.assess(*_read(tickets, now))

    def _outcomes(self, tickets: list[Ticket]) -> list[Outcome]:
        from triage.classify.filled import filled
        from triage.policy.plan import plans

        now = self._now()
        with collector_paused():
            assessments = self._assess(tickets, now)
            made = plans(tickets, assessments, self._policy, now)
            return filled(Outcome, len(tickets), tickets, assessments, made)

    def _frame(self, frame: pd.DataFrame, text_column: str | None) -> pd.DataFrame:
        from triage.tickets.frame import outcome_frame, read_frame

        rows = read_frame(frame, text_column)
        found = iter(self.cells([row for row in rows if row is not None]))
        cells = [None if row is None else next(found) for row in rows]
        return outcome_frame(frame, cells, self._policy.zone)


def _system_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _stopped_clock(moment: dt.datetime) -> dt.datetime:
    return moment


def _read(tickets: Sequence[Ticket], now: dt.datetime) -> tuple[list[str], list[dt.date]]:
    """Return what is read of tickets, and the day each was written."""
    return [ticket.text[:MAX_CHARACTERS] for ticket in tickets], [(each.created_at or now).date() for each in tickets]


def _ticket(text: object, where: str, *, missing_allowed: bool = False) -> Ticket:
    """Return a ticket for a text, refusing what is none."""
    if isinstance(text, Ticket):
        return text
    if isinstance(text, str):
        return Ticket(text)
    # NaN is the only value unequal to itself; pandas' NA and NaT are not even comparable.
    if missing_allowed and (text is None or type(text).__name__ in {"NAType", "NaTType"} or text != text):
        return Ticket("")
    cure = "Decode it first, e.g. raw.decode('gb18030')." if isinstance(text, bytes) else "Pass a str or a Ticket."
    raise InputError(f"not a text but {type(text).__name__}", value=text, where=where, cure=cure)
