"""The pooled scores of many messages, compiled (needs numba).

What :class:`triage.classify.base.Base` adds up and :func:`triage.classify.model.pool` joins.
"""

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
    owners: Ints, clauses: Ints, columns: Ints, idf: Any, weights: Any, intercept: Floats, pooled: Floats
) -> None:
    """Score messages and their clauses straight from the terms, and pool the scores.

    Parameters
    ----------
    owners : ndarray of shape (n_clauses,)
        The text of each clause, in rising order.
    clauses, columns : ndarray of shape (n_occurrences,)
        The clause of each occurrence, in rising order, and its column.
    idf, weights, intercept : ndarray
        Of the heads.
    pooled : ndarray of shape (n_texts, 3 * n_outputs)
        Where the decision values of each message are written, then the maximum and the mean of those of its clauses;
        left as it is for a message without one.
    """
    n_clauses, n_outputs = len(owners), len(intercept)
    until = _until(clauses, n_clauses)

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

    whole, sums, best = np.empty(n_outputs), np.empty(n_outputs), np.empty(n_outputs)
    mean = np.empty(n_outputs)

    at = clause = 0
    while clause < n_clauses:
        text, first, met = owners[clause], clause, 0
        first_number = (text + 1) << _NUMBER_BITS
        whole[:], best[:], mean[:] = 0.0, -np.inf, 0.0
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
            sums[:] = 0.0
            for which in range(0, count - 1, 2):  # two at a time: the sums are read and written half as often
                one, other, value, more = of_clause[which], of_clause[which + 1], values[which], values[which + 1]
                for output in range(n_outputs):
                    sums[output] += value * weights[one, output] + more * weights[other, output]
            if count % 2:
                one, value = of_clause[count - 1], values[count - 1]
                for output in range(n_outputs):
                    sums[output] += value * weights[one, output]
            length = math.sqrt(squares) if squares > 0.0 else 1.0
            for output in range(n_outputs):
                whole[output] += sums[output]
                score = sums[output] / length + intercept[output]
                best[output] = max(best[output], score)
                mean[output] += score
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
                    whole[output] += excess * weights[column, output]
            squares += value * value
        length = math.sqrt(squares) if squares > 0.0 else 1.0
        for output in range(n_outputs):
            pooled[text, output] = whole[output] / length + intercept[output]
            pooled[text, n_outputs + output] = best[output]
            pooled[text, 2 * n_outputs + output] = mean[output] / (clause - first)


@kernel
def _sublinear(times: int) -> float:
    found: float = _SUBLINEAR[times] if times < len(_SUBLINEAR) else 1.0 + math.log(times)
    return found


@kernel
def _until(clauses: Ints, n_clauses: int) -> Ints:
    """Return where the occurrences of each clause end."""
    until = np.empty(n_clauses, np.int64)
    at = 0
    for clause in range(n_clauses):
        while at < len(clauses) and clauses[at] == clause:
            at += 1
        until[clause] = at
    return until


@kernel
def _most(owners: Ints, until: Ints) -> int:
    """Return how many occurrences the text has that has most."""
    most = before = 0
    for clause in range(len(owners)):
        if clause + 1 == len(owners) or owners[clause + 1] != owners[clause]:
            most = max(most, until[clause] - before)
            before = until[clause]
    return most
