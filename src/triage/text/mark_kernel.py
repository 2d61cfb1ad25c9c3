"""The last cleaners compiled (needs numba): marks for what matters by kind, repetitions and blanks.

The patterns of :data:`triage.text.cleaners.CLEANERS` are what counts; :mod:`triage.text.match_kernel` repeats them,
and tests hold both to each other.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from triage.text.characters import (
    AMOUNT,
    AT,
    CURRENCY,
    DATE,
    DIGIT,
    FIRST_EMOJI,
    LINK,
    OTHER,
    PICTURE,
    SPACE,
    TIME,
    characters,
)
from triage.text.choice import kernel
from triage.text.cleaners import CLEANER_OF
from triage.text.form_kernel import Laid
from triage.text.match_kernel import beginning, matched

__all__ = ["marked", "replaced", "tables"]

_BLANK, _LINE_BREAK = ord(" "), ord("\n")
#: Stands for the three marks of emoji.
_EMOJI = ord("Ｅ")
# The marks in the order in which they are set, what a text must hold for each, and how many digits. From an array, for
# numba would compile a function for each number that stands in a call.
_CALLS = {
    "Ｕ": LINK,
    "Ｍ": AT,
    "Ｔ": TIME,
    "Ｄ": DATE,
    "Ｙ": AMOUNT | CURRENCY,
    "Ｏ": DIGIT,
    "Ｎ": DIGIT,
    "Ｅ": PICTURE,
}
_MARKS, _CALLED = np.array(list(map(ord, _CALLS))), np.array(list(_CALLS.values()))
_LEAST = np.array([{"Ｔ": 3, "Ｄ": 2, "Ｙ": 1, "Ｏ": 6, "Ｎ": 1}.get(mark, 0) for mark in _CALLS])
# Of a plain 0 it would make functions of their own.
_ZERO: Any = np.int64(0)


def marked(laid: Laid) -> Laid:
    """Set marks and shorten repetitions and blanks.

    Parameters
    ----------
    laid : Laid
        Texts in compatibility forms, simplified and in lower case; they are overwritten.

    Returns
    -------
    Laid
        The texts as :func:`triage.text.normalize.normalize` gives them.
    """
    return Laid(*_marked(*laid, *tables()))


@functools.cache
def tables() -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint32]]:
    """Return what characters are (those beyond the tables nothing), and the marks of emoji from the first on."""
    kinds = characters().calls.copy()
    kinds[kinds == OTHER] = 0
    marks = np.zeros(len(kinds) - FIRST_EMOJI, dtype=np.uint32)
    for code in np.flatnonzero(kinds & PICTURE).tolist():
        marks[code - FIRST_EMOJI] = ord(CLEANER_OF["emoji"](chr(code)))
    return kinds, marks


@kernel
def _marked(codes: Any, lows: Any, highs: Any, ends: Any, kinds: Any, emoji: Any) -> tuple[Any, Any, Any, Any]:
    beyond = len(kinds) - 1
    closes = np.empty(len(ends), np.int64)
    count, first = 0, _ZERO
    for text in range(len(ends)):
        last, need, figures = ends[text] - 1, 0, 0
        for at in range(first, last):
            kind = kinds[min(codes[at], beyond)]
            need |= kind
            if kind & DIGIT:
                figures += 1

        # 1. Marks, each in place: it is never longer than what it stands for.
        for number in range(len(_MARKS)):
            if need & _CALLED[number] and figures >= _LEAST[number]:
                last = replaced(_MARKS[number], codes, lows, highs, first, last, kinds, emoji)

        # 2. Repetitions and blanks, while the text takes its place behind the one before.
        at = first
        while at < last:
            code, after, times = codes[at], at + 1, 1
            if kinds[min(code, beyond)] & SPACE:
                while kinds[min(codes[after], beyond)] & SPACE:
                    after += 1
                code = _BLANK
            elif code == codes[after] == codes[min(after + 1, last)] and code != _LINE_BREAK:
                while codes[after] == code:
                    after += 1
                times = 2
            low, high = lows[at], highs[after - 1]
            for _ in range(times):
                codes[count], lows[count], highs[count] = code, low, high
                count += 1
            at = after
        codes[count] = _LINE_BREAK
        count += 1
        closes[text] = count
        first = ends[text]
    return codes[:count].copy(), lows[:count].copy(), highs[:count].copy(), closes


@kernel
def replaced(
    mark: int, codes: Any, lows: Any, highs: Any, first: int, last: int, kinds: Any, emoji: Any
) -> int:  # fmt: skip
    """Replace in a text what a mark stands for, and return where the text then ends."""
    at = count = first
    begins, beyond = beginning(mark), len(kinds) - 1
    while at < last:
        if not kinds[min(codes[at], beyond)] & begins:
            if count < at:
                codes[count], lows[count], highs[count] = codes[at], lows[at], highs[at]
            count, at = count + 1, at + 1
            continue
        end = matched(mark, codes, at, kinds)
        if end > 0:
            code = emoji[codes[at] - FIRST_EMOJI] if mark == _EMOJI else mark
            codes[count], lows[count], highs[count] = code, lows[at], highs[end - 1]
            count, at = count + 1, end
            continue
        for place in range(at, -end):
            codes[count], lows[count], highs[count] = codes[place], lows[place], highs[place]
            count += 1
        at = -end
    codes[count] = _LINE_BREAK
    return count
