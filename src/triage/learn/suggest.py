"""Which tickets to label next: those the model is unsure of, and no two alike.

Uncertain is a ticket whose two likeliest primaries are close. The uncertain ones are gathered into as many groups as
tickets are wanted, the unsurer ones counting more (weighted k-means over latent topics, as in [1]_), and the unsurest
of each group is asked, so that a hundred reports of one outage are one question and not a hundred. Other ways that
were measured stand in ``docs/own-data.md``.

References
----------
.. [1] F. Zhdanov: Diverse mini-batch Active Learning (2019), arXiv:1901.05954.
"""

from __future__ import annotations

import dataclasses
import heapq
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from triage.classify.adapt import term_rows
from triage.classify.assess import Assessor
from triage.classify.model import Model
from triage.classify.terms import Floats
from triage.errors import InputError
from triage.learn.labels import LABEL_COLUMNS
from triage.records import Assessment, Decision, RowProblem, Ticket
from triage.tickets.columns import OWN_PREFIX
from triage.tickets.read import read_tickets
from triage.tickets.write import TableWriter, check_target

__all__ = ["Suggestion", "suggest", "write_suggestions"]

#: So many uncertain tickets are kept for each that is wanted; the others are too sure to be worth a look.
_POOL = 20
#: Latent topics in which tickets are alike or not.
_TOPICS = 50
#: What a ticket counts that the model does not doubt at all, so that no group is without weight.
_LEAST = 1e-6
#: The model's guesses stand beside the empty labels under names that are never read back.
_GUESSES = ("row", "ticket", "guess", "guess_categories", "guess_issue", "guess_severity", "confidence", "second")


@dataclasses.dataclass(frozen=True, slots=True)
class Suggestion:
    """A ticket worth a label.

    Parameters
    ----------
    row : int
        Its row in the export.
    ticket : Ticket
        The ticket.
    assessment : Assessment
        What the model makes of it.
    margin : float
        How far the likeliest primary is ahead of the second, from 0 (undecided) to 1.
    """

    row: int
    ticket: Ticket
    assessment: Assessment
    margin: float


def suggest(tickets: Iterable[tuple[int, Ticket]], model: Model, count: int = 100) -> list[Suggestion]:
    """Choose which tickets to label next.

    Parameters
    ----------
    tickets : iterable of (int, Ticket)
        Row numbers and tickets; read once, so that an export of any size will do.
    model : Model
        The model that is to learn.
    count : int, default 100
        How many are wanted.

    Returns
    -------
    list of Suggestion
        Most valuable first, the same every time; fewer than `count` if there are fewer different texts that say
        something.

    Raises
    ------
    InputError
        If `count` is less than one.

    Examples
    --------
    >>> from triage.classify.store import load_model
    >>> texts = ["系统打不开", "系统打不开", "打电话说系统打不开，没人理", "客服骂人"]
    >>> chosen = suggest(enumerate(map(Ticket, texts), 1), load_model(), 3)
    >>> sorted(suggestion.row for suggestion in chosen)
    [1, 3, 4]
    """
    if count < 1:
        raise InputError("at least one ticket is to be chosen", value=count, where="count")
    pool = _uncertain(tickets, Assessor(model, evidence=0), max(_POOL * count, 1000))
    if not pool:
        return []
    rows = term_rows(model, model.read([suggestion.ticket.text for suggestion in pool]))
    doubt = np.array([1.0 - suggestion.margin for suggestion in pool])
    return [pool[at] for at in _spread(rows, doubt, min(count, len(pool)))]


def _uncertain(tickets: Iterable[tuple[int, Ticket]], assessor: Assessor, size: int) -> list[Suggestion]:
    """Return the most uncertain tickets, each text once and none without words, in order of rows."""
    seen: set[str] = set()
    kept: list[tuple[float, int, Suggestion]] = []
    block: list[tuple[int, Ticket]] = []

    def judge() -> None:
        for (row, ticket), found in zip(block, assessor.assess([t.text for _, t in block]), strict=True):
            if found.decision is Decision.REVIEW and found.reasons[0].startswith(("no words", "too short")):
                continue
            first, second = sorted(found.probabilities.values(), reverse=True)[:2]
            # A heap keeps the largest: the smallest margin, and of equals the earliest row.
            entry = (second - first, -row, Suggestion(row, ticket, found, first - second))
            (heapq.heappush if len(kept) < size else heapq.heappushpop)(kept, entry)
        block.clear()

    for row, ticket in tickets:
        text = " ".join(ticket.text.split())
        if text not in seen:
            seen.add(text)
            block.append((row, ticket))
        if len(block) >= 512:
            judge()
    judge()
    return [suggestion for _, _, suggestion in sorted(kept, key=lambda entry: -entry[1])]


def _spread(rows: Any, doubt: Floats, count: int) -> list[int]:
    """Choose the most doubtful of each of so many groups, the most doubtful first."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.exceptions import ConvergenceWarning

    groups = np.arange(len(doubt))
    if count < len(doubt):
        # Rounded, so that texts with the same terms are the same point.
        topics = TruncatedSVD(min(_TOPICS, *np.subtract(rows.shape, 1)), random_state=0).fit_transform(rows).round(9)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different points than groups: filled up below
            fitted = KMeans(count, n_init=1, random_state=0).fit(topics, sample_weight=doubt + _LEAST)
        groups = fitted.labels_
    order = np.argsort(-doubt, kind="stable")
    seen: set[int] = set()
    chosen: list[int] = []
    left: list[int] = []
    for at in order.tolist():
        (left if groups[at] in seen else chosen).append(at)
        seen.add(groups[at])
    return [*chosen, *left][:count]


def write_suggestions(
    export: Path | str, output: Path | str, model: Model, count: int = 100, *, text_columns: Sequence[str] | None = None
) -> tuple[int, list[RowProblem]]:
    """Choose tickets of an export and write them as a table ready to be labelled.

    Parameters
    ----------
    export : path
        Any file that ``triage score`` reads.
    output : path
        The CSV to write: the text, empty columns for the labels, and the model's guesses beside them under names
        that ``triage train --extra`` does not read.
    model : Model
        The model that is to learn.
    count : int, default 100
        How many are wanted.
    text_columns : sequence of str, optional
        The columns with the complaint; found by themselves if left out.

    Returns
    -------
    written : int
        How many were written.
    problems : list of RowProblem
        Rows without a readable text.
    """
    target = check_target(output)
    if target.exists() and target.samefile(export):
        raise InputError("the output is the input", value=str(target), cure="Give another name.")
    reader = read_tickets(export, text_columns=text_columns)
    problems: list[RowProblem] = []

    def tickets() -> Iterable[tuple[int, Ticket]]:
        for block in reader:
            for number, item in zip(block.numbers, block.items, strict=True):
                if isinstance(item, Ticket):
                    yield number, item
                else:
                    problems.append(item)

    chosen = suggest(tickets(), model, count)
    with TableWriter(target, ["text", *LABEL_COLUMNS, *(OWN_PREFIX + name for name in _GUESSES)]) as table:
        table.write([_cells(suggestion) for suggestion in chosen])
    return len(chosen), problems


def _cells(suggestion: Suggestion) -> list[str]:
    found = suggestion.assessment
    second = sorted(found.probabilities, key=lambda name: -found.probabilities[name])[1]
    return [
        suggestion.ticket.text,
        *[""] * len(LABEL_COLUMNS),
        str(suggestion.row),
        suggestion.ticket.id or "",
        found.category.value,
        " ".join(category.value for category in found.categories),
        found.issue.value if found.issue else "",
        found.severity.value,
        f"{found.confidence:.3f}",
        second.value,
    ]
