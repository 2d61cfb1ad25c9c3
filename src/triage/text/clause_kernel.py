"""The clauses of many texts, compiled (needs numba): the rules of :mod:`triage.text.spans` in one pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from triage.text.choice import kernel
from triage.text.spans import (
    AFTER_BLANK,
    BEFORE_BLANK,
    BEFORE_TURN,
    BLANK,
    BREAK,
    DOT,
    HAN,
    JUST,
    KINDS,
    SAY,
    SECOND,
    TURN,
)

__all__ = ["clauses_apart"]

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]

_LINE_BREAK, _QUESTION, _CALL = ord("\n"), ord("?"), ord("!")
# Code point of the first character of a turn → the second.
_SECONDS = np.zeros(max(SECOND) + 1, dtype=np.uint32)
_SECONDS[list(SECOND)] = list(SECOND.values())


def clauses_apart(codes: Codes, closes: Ints) -> tuple[Codes, Ints, Ints, Ints]:
    r"""Lay the clauses of normalised texts side by side.

    Parameters
    ----------
    codes : ndarray of shape (n_characters,)
        The code points of the texts, each followed by a line break.
    closes : ndarray of shape (n_texts,)
        Where each text ends, its line break with it.

    Returns
    -------
    joined : ndarray of uint32
        The clauses, each followed by a line break.
    owners, sizes : ndarray of shape (n_clauses,)
        The text of each clause and its length.
    marks : ndarray of shape (n_clauses,)
        The mark that ends it, ``?`` before ``!``; 0 for none.
    """
    return _apart(codes, KINDS.take(codes, mode="clip"), closes)


@kernel
def _apart(codes: Any, kinds: Any, closes: Ints) -> tuple[Any, Ints, Ints, Ints]:
    size = len(codes)
    # A turn adds a line break where no character was left out.
    joined = np.empty(2 * size, np.uint32)
    owners, sizes, marks = np.empty(size, np.int64), np.empty(size, np.int64), np.zeros(size, np.int64)
    laid = count = text = 0
    start, said, dotted = -1, False, False
    for at in range(size):
        code, kind = codes[at], kinds[at]
        if code == DOT:
            dotted = (at > 0 and kinds[at - 1] & HAN != 0) or (dotted and codes[at - 1] == DOT)
        elif dotted:
            dotted = False
        ends = kind & BREAK != 0 or dotted
        if code == BLANK and at > 0 and kinds[at - 1] & BEFORE_BLANK and kinds[at + 1] & AFTER_BLANK:
            ends = True
        turns = (
            kind & TURN != 0
            and start >= 0
            and kinds[at - 1] & BEFORE_TURN != 0
            and codes[at + 1] == _SECONDS[code]
            and not (code == JUST and codes[min(at + 2, size - 1)] == SAY)
        )
        if (ends or turns) and start >= 0:
            if said:
                while closes[text] <= start:
                    text += 1
                for place in range(start, at):
                    joined[laid] = codes[place]
                    laid += 1
                joined[laid] = _LINE_BREAK
                laid += 1
                owners[count], sizes[count] = text, at - start
                count += 1
            start = -1
        if not ends:
            if start < 0:
                start, said = at, False
            if code != BLANK:
                said = True
        elif code in (_QUESTION, _CALL) and count and at < closes[owners[count - 1]] and marks[count - 1] != _QUESTION:
            marks[count - 1] = code  # of the last clause before it in the same text
    return joined[:laid].copy(), owners[:count].copy(), sizes[:count].copy(), marks[:count].copy()
