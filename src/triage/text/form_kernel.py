"""The first cleaners compiled (needs numba): compatibility forms, and where no neighbour counts the rest by character.

What :data:`triage.text.cleaners.CLEANERS` do up to lower case, in one pass over the code points of a block. The
tables are read off the cleaners; what is repeated here is only that a carriage return and a line break are one.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from triage.text.characters import CONTEXT, FORM, FORM_CLEANERS, OTHER, characters
from triage.text.choice import kernel
from triage.text.trie import code_points

__all__ = ["Laid", "formed"]

Codes = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]

_RETURN, _LINE_BREAK = ord("\r"), ord("\n")


class Laid(NamedTuple):
    """Texts side by side, a line break after each, with the way back to their originals.

    Parameters
    ----------
    codes : ndarray of shape (n_characters,)
        The code points.
    lows, highs : ndarray of shape (n_characters,)
        Which span of the original each character stands for, counted from the beginning of its text.
    ends : ndarray of shape (n_texts,)
        Where each text ends, its line break with it.
    """

    codes: Codes
    lows: Places
    highs: Places
    ends: Ints


class _Odd(NamedTuple):
    """Characters whose form is not one character: code point → number, forms, these simplified and in lower case."""

    numbers: npt.NDArray[np.uint16]
    starts: Ints
    forms: Codes
    plain: Codes


def formed(codes: Codes, ends: Ints) -> tuple[Laid, npt.NDArray[np.uint16]]:
    """Bring texts to compatibility forms; simplify, in lower case, those in which no neighbour counts.

    Parameters
    ----------
    codes, ends : ndarray
        From :func:`triage.text.trie.laid_out`.

    Returns
    -------
    laid : Laid
        The texts.
    needs : ndarray of shape (n_texts,)
        What any character of each calls for. A text that calls for everything (:data:`OTHER`) is left as it is, one
        that calls for its context to be read is neither simplified nor in lower case.
    """
    *laid, needs = _formed(codes, ends, *characters(), *_odd())
    return Laid(*laid), needs


@functools.cache
def _odd() -> _Odd:
    tables = characters()
    odd = np.flatnonzero((tables.calls & FORM > 0) & (tables.calls != OTHER)).astype(np.uint32)
    forms = []
    for char in map(chr, odd.tolist()):
        form = char
        for cleaner in FORM_CLEANERS:
            form = cleaner(form)
        forms.append(form)
    starts = np.cumsum([0, *map(len, forms)])
    joined = code_points("".join(forms))
    numbers = np.zeros(len(tables.calls), dtype=np.uint16)
    numbers[odd] = np.arange(len(odd))
    return _Odd(numbers, starts, joined, tables.plain[joined])


@kernel
def _formed(
    codes: Any, ends: Ints, forms: Any, plain: Any, calls: Any,
    numbers: Any, starts: Any, odd_forms: Any, odd_plain: Any,
) -> tuple[Any, Any, Any, Ints, Any]:  # fmt: skip
    beyond = len(calls) - 1
    needs, closes = np.zeros(len(ends), calls.dtype), np.empty(len(ends), np.int64)
    size, at = len(codes), 0
    for text in range(len(ends)):
        need = 0
        while at < ends[text] - 1:
            call = calls[min(codes[at], beyond)]
            need |= call
            if call & FORM and call != OTHER:
                number = numbers[codes[at]]
                size += starts[number + 1] - starts[number]
            at += 1
        needs[text] = need
        at += 1

    laid, lows, highs = np.empty(size, np.uint32), np.empty(size, np.int32), np.empty(size, np.int32)
    at = count = 0
    for text in range(len(ends)):
        first, last, need = at, ends[text] - 1, needs[text]
        left, alone, returned = need == OTHER, need & CONTEXT == 0, False
        while at < last:
            code = codes[at]
            if left:
                laid[count], lows[count], highs[count] = code, at - first, at - first + 1
                count += 1
            elif calls[code] & FORM:  # no form, or several characters
                number = numbers[code]
                for place in range(starts[number], starts[number + 1]):
                    laid[count] = odd_plain[place] if alone else odd_forms[place]
                    lows[count], highs[count] = at - first, at - first + 1
                    count += 1
                    returned = code == _RETURN
            elif returned and code == _LINE_BREAK:  # one break with the return before
                highs[count - 1] = at - first + 1
                returned = False
            else:
                laid[count] = plain[code] if alone else forms[code]
                lows[count], highs[count] = at - first, at - first + 1
                count += 1
                returned = False
            at += 1
        laid[count] = _LINE_BREAK
        count += 1
        at += 1
        closes[text] = count
    return laid[:count].copy(), lows[:count].copy(), highs[:count].copy(), closes, needs
