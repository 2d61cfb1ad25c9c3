"""The known terms of a block of texts, as numbers."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

__all__ = ["NEW_CLAUSE", "UNKNOWN", "Floats", "Ints", "Terms", "run_sizes", "run_starts"]

#: What stands in the place of a column: of an unknown word, and of the line break between clauses.
UNKNOWN, NEW_CLAUSE = -1, -2

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


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
