"""The known terms of a block of texts, as numbers."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from triage.classify.features import SIZES

__all__ = ["NEW_CLAUSE", "UNKNOWN", "Flags", "Floats", "Ints", "Terms", "run_sizes", "run_starts", "unknown_share"]

#: What stands in the place of a column: of an unknown word, and of the line break between clauses.
UNKNOWN, NEW_CLAUSE = -1, -2

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """The known terms of a block of texts.

    Parameters
    ----------
    texts : ndarray of shape (n_clauses,)
        The text each clause belongs to, in rising order.
    clauses : ndarray of shape (n_occurrences,)
        The clause each occurrence of a known term belongs to.
    columns : ndarray of shape (n_occurrences,)
        The column of the term.
    unknown : ndarray of shape (n_texts,)
        Share of the terms of each text that the vocabulary lacks.
    """

    texts: Ints
    clauses: Ints
    columns: Ints
    unknown: Floats


def run_starts(values: Ints) -> Ints:
    """Return where a run of equal values begins."""
    begins = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=begins[1:])
    return begins.nonzero()[0]


def run_sizes(starts: Ints, end: int) -> Ints:
    """Return the lengths of runs that begin at `starts`."""
    sizes = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=sizes[:-1])
    sizes[-1:] = end - starts[-1:]
    return sizes


def unknown_share(owners: Ints, known: Ints, words: Ints, sizes: Ints, n_texts: int) -> Floats:
    """Return the share of the terms of each text that are not known.

    Parameters
    ----------
    owners : ndarray of shape (n_clauses,)
        The text of each clause.
    known, words, sizes : ndarray of shape (n_clauses,)
        How many known terms, words and characters each clause has.
    n_texts : int
        How many texts there are.
    """
    possible = words + sum(np.maximum(sizes - size + 1, 0) for size in SIZES)
    total = np.bincount(owners, possible, n_texts)
    share: Floats = np.where(total > 0, 1.0 - np.bincount(owners, known, n_texts) / np.maximum(total, 1), 0.0)
    return share
