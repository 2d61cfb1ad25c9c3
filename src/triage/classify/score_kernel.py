"""The base scores of many messages, compiled (needs numba): what :class:`triage.classify.base.Base` adds up."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from triage.text.choice import kernel

__all__ = ["add_up"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Occurrences → the sublinear frequency of a term; few stand more often in a message.
_SUBLINEAR = np.concatenate([[0.0], 1.0 + np.log(np.arange(1, 32))])
_NUMBER_BITS = 32


@kernel
def add_up(
    owners: Ints, until: Ints, columns: Ints, n_texts: int, idf: Any, weights: Any, intercept: Floats
) -> tuple[Floats, Floats]:
    """Score messages and their clauses straight from the terms.

    Parameters
    ----------
    owners : ndarray of shape (n_clauses,)
        The text of each clause, in rising order.
    until : ndarray of shape (n_clauses,)
        Where the occurrences of each clause end.
    columns : ndarray of shape (n_occurrences,)
        The column of each, clause by clause.
    n_texts : int
        How many texts there are.
    idf, weights, intercept : ndarray
        Of the heads.

    Returns
    -------
    whole : ndarray of shape (n_texts, n_outputs)
        Decision values of the messages.
    sums : ndarray of shape (n_clauses, n_outputs)
        Those of the clauses.
    """
    n_clauses, n_outputs = len(owners), len(intercept)
    whole, sums = np.zeros((n_texts, n_outputs)), np.zeros((n_clauses, n_outputs))
    whole[:] = intercept  # of what has no clause

    # 1. The terms of one message are numbered as they are met, so that what is kept of them stays in the cache. Beside
    # its number a column holds for which message that was given. Columns and numbers that are read often are unsigned:
    # of a signed one numba asks each time whether it counts from the end.
    most = _most(owners, until)
    numbers = np.zeros(len(idf), np.int64)
    terms, of_clause, values = np.empty(most, np.uint64), np.empty(most, np.uint64), np.empty(most, np.float64)
    # How often a term stands in this clause; in how many clauses, how often in all, and what these give it.
    here, spread, total, given = (
        np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.float64)
    )  # fmt: skip

    at = clause = 0
    while clause < n_clauses:
        text, met = owners[clause], 0
        first_number = (text + 1) << _NUMBER_BITS
        whole[text] = 0.0
        while clause < n_clauses and owners[clause] == text:
            count = 0
            while at < until[clause]:
                column = np.uint64(columns[at])
                at += 1
                number = numbers[column] - first_number
                if number < 0:  # of an earlier message
                    number, numbers[column], terms[met] = met, first_number + met, column
                    here[met] = spread[met] = total[met] = 0
                    given[met] = 0.0
                    met += 1
                if here[np.uint64(number)] == 0:
                    of_clause[np.uint64(count)] = number
                    count += 1
                here[np.uint64(number)] += 1
            # 2. The clause: a sum, divided by the length of its vector.
            squares = 0.0
            for which in range(np.uint64(count)):
                number = of_clause[which]
                value = np.float64(idf[terms[number]])
                if here[number] > 1:
                    value *= _sublinear(here[number])
                squares += value * value
                spread[number] += 1
                total[number] += here[number]
                given[number] += value
                here[number] = 0
                values[which], of_clause[which] = value, terms[number]
            for which in range(0, count - 1, 2):  # two at a time: the sums are read and written half as often
                one, other, value, more = of_clause[which], of_clause[which + 1], values[which], values[which + 1]
                for output in range(n_outputs):
                    sums[clause, output] += value * weights[one, output] + more * weights[other, output]
            if count % 2:
                one, value = of_clause[count - 1], values[count - 1]
                for output in range(n_outputs):
                    sums[clause, output] += value * weights[one, output]
            length = math.sqrt(squares) if squares > 0.0 else 1.0
            for output in range(n_outputs):
                whole[text, output] += sums[clause, output]
                sums[clause, output] = sums[clause, output] / length + intercept[output]
            clause += 1
        # 3. The message: the sum of its clauses, but for terms that stand in several of them.
        squares = 0.0
        for number in range(met):
            value = given[number]
            if spread[number] > 1:
                column = terms[number]
                value = _sublinear(total[number]) * np.float64(idf[column])
                excess = value - given[number]
                for output in range(n_outputs):
                    whole[text, output] += excess * weights[column, output]
            squares += value * value
        length = math.sqrt(squares) if squares > 0.0 else 1.0
        for output in range(n_outputs):
            whole[text, output] = whole[text, output] / length + intercept[output]
    return whole, sums


@kernel
def _sublinear(times: int) -> float:
    found: float = _SUBLINEAR[times] if times < len(_SUBLINEAR) else 1.0 + math.log(times)
    return found


@kernel
def _most(owners: Ints, until: Ints) -> int:
    """Return how many occurrences the text has that has most."""
    most = before = 0
    for clause in range(len(owners)):
        if clause + 1 == len(owners) or owners[clause + 1] != owners[clause]:
            most = max(most, until[clause] - before)
            before = until[clause]
    return most
