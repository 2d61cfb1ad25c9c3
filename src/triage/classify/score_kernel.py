"""The base scores of many messages, compiled (needs numba): what :class:`triage.classify.base.Base` adds up."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from triage.text.choice import kernel
from triage.text.trie import MULTIPLIER

__all__ = ["add_up"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@kernel
def add_up(
    owners: Ints, clauses: Ints, columns: Ints, n_texts: int, idf: Any, weights: Any, intercept: Floats
) -> tuple[Floats, Floats]:
    """Score messages and their clauses straight from the terms.

    Parameters
    ----------
    owners : ndarray of shape (n_clauses,)
        The text of each clause, in rising order.
    clauses, columns : ndarray of shape (n_occurrences,)
        The clause of each occurrence and its column.
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
    ordered, until = _by_clause(clauses, columns, n_clauses)

    # 1. The terms of one message are numbered as they are met, so that what is kept of them stays in the cache. A
    # hash table finds the number of a column: what was not written for this message is free.
    most = _most(owners, until)
    bits = 4
    while 1 << bits < 2 * most:
        bits += 1
    shift, last = np.uint64(64 - bits), (1 << bits) - 1
    written, numbers = np.full(1 << bits, -1, np.int64), np.empty(1 << bits, np.int64)
    terms, of_clause = np.empty(most, np.int64), np.empty(most, np.int64)
    # How often a term stands in this clause; in how many clauses, how often in all, and what these give it.
    here, spread, total, given = (
        np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.float64)
    )  # fmt: skip

    at = clause = 0
    while clause < n_clauses:
        text, met = owners[clause], 0
        whole[text] = 0.0
        while clause < n_clauses and owners[clause] == text:
            count = 0
            while at < until[clause]:
                column = ordered[at]
                at += 1
                slot = np.int64((np.uint64(column) * MULTIPLIER) >> shift)
                while written[slot] == text and terms[numbers[slot]] != column:
                    slot = (slot + 1) & last
                if written[slot] != text:
                    written[slot], numbers[slot], terms[met] = text, met, column
                    here[met] = spread[met] = total[met] = 0
                    given[met] = 0.0
                    met += 1
                number = numbers[slot]
                if here[number] == 0:
                    of_clause[count] = number
                    count += 1
                here[number] += 1
            # 2. The clause: a sum, divided by the length of its vector.
            squares = 0.0
            for which in range(count):
                number = of_clause[which]
                column = terms[number]
                value = np.float64(idf[column])
                if here[number] > 1:
                    value *= 1.0 + math.log(here[number])
                squares += value * value
                for output in range(n_outputs):
                    sums[clause, output] += value * weights[column, output]
                spread[number] += 1
                total[number] += here[number]
                given[number] += value
                here[number] = 0
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
                value = (1.0 + math.log(total[number])) * np.float64(idf[column])
                excess = value - given[number]
                for output in range(n_outputs):
                    whole[text, output] += excess * weights[column, output]
            squares += value * value
        length = math.sqrt(squares) if squares > 0.0 else 1.0
        for output in range(n_outputs):
            whole[text, output] = whole[text, output] / length + intercept[output]
    return whole, sums


@kernel
def _by_clause(clauses: Ints, columns: Ints, n_clauses: int) -> tuple[Ints, Ints]:
    """Return the columns in the order of their clauses, and where each clause ends."""
    until = np.zeros(n_clauses + 1, np.int64)
    for clause in clauses:
        until[clause + 1] += 1
    for clause in range(n_clauses):
        until[clause + 1] += until[clause]
    ordered = np.empty(len(columns), np.int64)
    for at in range(len(columns)):
        ordered[until[clauses[at]]] = columns[at]
        until[clauses[at]] += 1
    return ordered, until


@kernel
def _most(owners: Ints, until: Ints) -> int:
    """Return how many occurrences the text has that has most."""
    most = before = 0
    for clause in range(len(owners)):
        if clause + 1 == len(owners) or owners[clause + 1] != owners[clause]:
            most = max(most, until[clause] - before)
            before = until[clause]
    return most
