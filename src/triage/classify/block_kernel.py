"""The known terms of many clauses, compiled (needs numba): what :class:`triage.classify.block.Vocabulary` looks up."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from triage.text.choice import kernel
from triage.text.cut import onward
from triage.text.grams import BITS, LONGEST, SECOND_MULTIPLIER
from triage.text.trie import MULTIPLIER

__all__ = ["runs_in", "words_in"]

Ints = npt.NDArray[np.int64]

_ONE = np.uint64(1)


@kernel
def words_in(
    numbers: Any, of_clause: Ints, n_clauses: int, ends: Ints, roots: Any, table: Any, shift: Any, columns: Any
) -> tuple[Ints, Ints, Ints]:
    """Look up words.

    Parameters
    ----------
    numbers, of_clause : ndarray of shape (n_characters,)
        The characters and the clause of each; a line break after each clause.
    n_clauses : int
        How many clauses there are.
    ends : ndarray of shape (n_words,)
        Where words end, line breaks among them.
    roots, table, shift, columns : ndarray
        Of the dictionary.

    Returns
    -------
    clauses, found : ndarray of shape (n_known,)
        The clause and the column of each known word.
    counts : ndarray of shape (n_clauses,)
        How many words each clause has, known or not.
    """
    clauses, found = np.empty(len(ends), np.int64), np.empty(len(ends), np.int64)
    counts = np.full(n_clauses, -1, np.int64)  # the line break is no word
    count = low = 0
    for end in ends:
        node: Any = np.int64(roots[numbers[low]])
        for at in range(low + 1, end):
            if node < 0:
                break
            node = onward(table, shift, node, np.int64(numbers[at]))
        counts[of_clause[low]] += 1
        if node >= 0 and columns[node] >= 0:
            clauses[count], found[count] = of_clause[low], columns[node]
            count += 1
        low = end
    return clauses[:count].copy(), found[:count].copy(), counts


@kernel
def runs_in(numbers: Any, owners: Ints, keys: Any, columns: Any, shift: Any) -> tuple[Ints, Ints]:
    """Find the known runs of two to four characters.

    Parameters
    ----------
    numbers : ndarray of uint64
        The numbers of the characters.
    owners : ndarray of int64
        The clause of each character.
    keys, columns, shift : ndarray
        Of :class:`triage.text.grams.Grams`.

    Returns
    -------
    clauses, found : ndarray of shape (n_found,)
        The clause and the column of each.
    """
    count = 0
    size = len(numbers)
    clauses, found = np.empty((LONGEST - 1) * size, np.int64), np.empty((LONGEST - 1) * size, np.int64)
    for at in range(size):
        key = numbers[at]
        for after in range(at + 1, min(at + LONGEST, size)):
            key = (key << BITS) | numbers[after]
            slot = (key * MULTIPLIER) >> shift
            if keys[slot] != key:
                slot ^= ((key * SECOND_MULTIPLIER) >> shift) | _ONE
                if keys[slot] != key:
                    continue
            clauses[count], found[count] = owners[at], columns[slot]
            count += 1
    return clauses[:count].copy(), found[:count].copy()
