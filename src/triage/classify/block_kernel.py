"""The known terms of many clauses, compiled (needs numba): what :class:`triage.classify.block.Vocabulary` looks up."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from triage.text.choice import kernel
from triage.text.cut import onward

__all__ = ["columns_of", "runs_in"]

Ints = npt.NDArray[np.int64]


_BITS, _ONE = np.uint64(16), np.uint64(1)
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_LONGEST = 4


@kernel
def columns_of(numbers: Any, ends: Ints, roots: Any, table: Any, shift: Any, columns: Any) -> Ints:
    """Return the column of every word, :data:`triage.classify.terms.UNKNOWN` for none.

    Parameters
    ----------
    numbers : ndarray of shape (n_characters,)
        Their characters.
    ends : ndarray of shape (n_words,)
        Where words end.
    roots, table, shift, columns : ndarray
        Of the dictionary.
    """
    found = np.empty(len(ends), np.int64)
    low = 0
    for word in range(len(ends)):
        node = np.int64(roots[numbers[low]])
        for at in range(low + 1, ends[word]):
            if node < 0:
                break
            node = onward(table, shift, node, np.int64(numbers[at]))
        found[word] = columns[node] if node >= 0 else -1
        low = ends[word]
    return found


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
    clauses, found = np.empty((_LONGEST - 1) * size, np.int64), np.empty((_LONGEST - 1) * size, np.int64)
    for at in range(size):
        key = numbers[at]
        for after in range(at + 1, min(at + _LONGEST, size)):
            key = (key << _BITS) | numbers[after]
            slot = (key * _FIRST) >> shift
            if keys[slot] != key:
                slot ^= ((key * _SECOND) >> shift) | _ONE
                if keys[slot] != key:
                    continue
            clauses[count], found[count] = owners[at], columns[slot]
            count += 1
    return clauses[:count].copy(), found[:count].copy()
