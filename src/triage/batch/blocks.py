"""One block of an export: its tickets judged, its rows completed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias, TypeVar

from triage.batch.summary import Tally
from triage.engine import Triager
from triage.records import Outcome, RowProblem, Ticket
from triage.tickets.outcome_cells import COLUMNS, Labels, outcome_cells, outcome_keys
from triage.tickets.rows import Block, raw_text

__all__ = ["ScoredBlock", "Triages", "Verdict", "cells_of", "complete", "judge", "judged_each"]

#: The cells of an outcome with the keys of category, severity and decision; or why there is none.
Verdict: TypeAlias = tuple[list[str], tuple[str, str, str]] | str

Written = TypeVar("Written")


class Triages(Protocol):
    """Whoever judges tickets: an :class:`~triage.engine.Triager`, or anything with this method."""

    def triage_many(self, tickets: list[Ticket], /) -> list[Outcome]:
        """Return one outcome a ticket, in order."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class ScoredBlock:
    """What became of a block.

    Parameters
    ----------
    rows : list of list of str
        Original cells with the cells of :data:`~triage.tickets.outcome_cells.COLUMNS` after them.
    problems : list of list of str
        Number, reason code, reason, raw text and file of the rows with problems.
    tally : Tally
        What to add to the counts.
    numbers : list of int
        The record number of each row.
    file : str
        The name of the export.
    """

    rows: list[list[str]]
    problems: list[list[str]]
    tally: Tally
    numbers: list[int]
    file: str = ""


def judged_each(tickets: list[Ticket], work: Callable[[list[Ticket]], Sequence[Written]]) -> list[Written | str]:
    """Judge tickets; one that breaks the judgement does not take the others with it.

    Parameters
    ----------
    tickets : list of Ticket
        The tickets of a block.
    work : callable
        Judges tickets and writes down what was found of each.

    Returns
    -------
    list
        One a ticket, in order: what was written, or as text why nothing was.

    Raises
    ------
    Exception
        Whatever the work raises, if it raises for every ticket: then it is not the tickets' fault.
    """
    if not tickets:
        return []
    try:
        return [*work(tickets)]
    except Exception:
        found: list[Written | str] = []
        for ticket in tickets:
            try:
                found += work([ticket])
            except Exception as error:
                found.append(f"judging the text failed: {type(error).__name__}: {error}")
        if all(isinstance(each, str) for each in found):
            raise
        return found


def judge(tickets: list[Ticket], triager: Triages, labels: Labels = "key") -> list[Verdict]:
    """Judge tickets, as :func:`judged_each` does, and write what was found into cells.

    Parameters
    ----------
    tickets : list of Ticket
        The tickets of a block.
    triager : Triages
        Judges them.
    labels : {"key", "zh"}
        How enums are written.

    Returns
    -------
    list of Verdict
        One a ticket, in order.
    """

    def work(tickets: list[Ticket]) -> list[tuple[list[str], tuple[str, str, str]]]:
        rows = cells_of(triager, tickets, labels)
        return list(zip(rows, outcome_keys(rows, labels), strict=True))

    return judged_each(tickets, work)


def cells_of(triager: Triages, tickets: list[Ticket], labels: Labels = "key") -> list[list[str]]:
    """Have tickets judged and what was found written into cells."""
    # Who judges in a way of its own gives outcomes; a plain Triager writes cells without them.
    if isinstance(triager, Triager) and type(triager).triage_many is Triager.triage_many:
        return triager.cells(tickets, labels)
    return [outcome_cells(outcome, labels) for outcome in triager.triage_many(tickets)]


def complete(block: Block, verdicts: Sequence[Verdict]) -> ScoredBlock:
    """Complete the rows of a block.

    Parameters
    ----------
    block : Block
        Rows as they were read.
    verdicts : sequence of Verdict
        One for each of its tickets.

    Returns
    -------
    ScoredBlock
        As many rows as the block has, in the same order.
    """
    tally = Tally(rows=len(block), known=block.left_out)
    given = iter(verdicts)
    rows: list[list[str]] = []
    problems = list(block.notes)
    found: list[tuple[str, str, str]] = []
    blank = [""] * len(COLUMNS)
    for number, (cells, item) in zip(block.numbers, block, strict=True):
        if isinstance(item, RowProblem):
            problems.append(item)
            rows.append(cells + blank)
            continue
        verdict = next(given)
        if isinstance(verdict, str):
            problems.append(RowProblem(number, "not_scored", verdict, item.text[:80]))
            rows.append(cells + blank)
            continue
        added, keys = verdict
        found.append(keys)
        rows.append(cells + added)
    tally.scored = len(found)
    for place, counter in enumerate((tally.categories, tally.severities, tally.decisions)):
        counter.update([keys[place] for keys in found])
    problems.sort(key=lambda problem: problem.row)
    tally.problems.update(problem.code for problem in problems)
    cells_of = dict(zip(block.numbers, block.rows, strict=True)) if problems else {}
    listed = [
        [str(p.row), p.code, p.message, block.raws.get(p.row) or raw_text(cells_of[p.row]), block.file]
        for p in problems
    ]
    return ScoredBlock(rows, listed, tally, block.numbers, block.file)
