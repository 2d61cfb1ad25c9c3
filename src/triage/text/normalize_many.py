"""Normalise many texts at once: the same cleaners, called only for the texts that hold what they change.

Most texts need few of them. One look at the code points of all texts says who needs which; full-width forms, by far
the commonest, are turned in the array itself.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from triage.text.characters import (
    AMOUNT,
    AT,
    CONTEXT,
    CURRENCY,
    DATE,
    DIGIT,
    FORM,
    FORM_CLEANERS,
    LINK,
    PICTURE,
    POINT,
    SPACE,
    TIME,
    characters,
)
from triage.text.choice import choice
from triage.text.cleaners import CLEANER_OF, Aligned, Cleaner
from triage.text.normalize import Original
from triage.text.traditional import simplify_in_context
from triage.text.trie import cut_apart, laid_out

__all__ = ["normalize_aligned", "normalize_many"]

Codes = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint16]

_LAST = tuple(CLEANER_OF[name] for name in ("repeats", "blanks"))
# What six figures in a row call for.
_ORDER = 1 << 15

_MARKS = (
    (LINK, CLEANER_OF["links"]),
    (AT, CLEANER_OF["mentions"]),
    (TIME, CLEANER_OF["times"]),
    (DATE, CLEANER_OF["dates"]),
    (AMOUNT, CLEANER_OF["amounts"]),
    (_ORDER, CLEANER_OF["order numbers"]),
    (DIGIT, CLEANER_OF["numbers"]),
    (PICTURE, CLEANER_OF["emoji"]),
)
_BLANK = ord(" ")


def normalize_many(texts: Sequence[str]) -> list[str]:
    """Normalise texts.

    Parameters
    ----------
    texts : sequence of str
        Any texts.

    Returns
    -------
    list of str
        What :func:`triage.text.normalize.normalize` makes of each.

    Examples
    --------
    >>> normalize_many(["系統崩了３次！！！！", "＠南岭客服　没人管"])
    ['系统崩了Ｎ次!!', 'Ｍ 没人管']
    """
    return normalize_aligned(texts)[0]


def normalize_aligned(texts: Sequence[str]) -> tuple[list[str], list[Original]]:
    """Normalise texts and keep the way back to the originals.

    Parameters
    ----------
    texts : sequence of str
        Any texts.

    Returns
    -------
    clean : list of str
        From :func:`normalize_many`.
    originals : list of Original
        The way back.

    Examples
    --------
    >>> clean, originals = normalize_aligned(["系統崩了３次"])
    >>> clean[0], originals[0].quote(4, 5)
    ('系统崩了Ｎ次', '３')
    """
    if not texts:
        return [], []
    if choice.takes_compiled():
        from triage.text.normalize_compiled import normalize_compiled

        return normalize_compiled(texts)
    tables = characters()
    calls = tables.calls
    found = list(texts)

    # 1. Compatibility forms; most are one character for another, which the table has.
    codes, ends = laid_out(found)
    needs = _gathered(calls.take(codes, mode="clip"), ends)
    odd = np.flatnonzero(needs & FORM).tolist()
    for at in odd:
        found[at] = _cleaned(texts[at], FORM_CLEANERS)
    if odd:
        codes, ends = laid_out(found)

    # 2. Simplified and lower case: character by character, but for texts where neighbours count.
    written = _turned(codes, tables.plain)
    for at in (context := np.flatnonzero(needs & CONTEXT).tolist()):
        low, high = ends[at] - len(found[at]) - 1, ends[at]
        written[low:high] = _turned(codes[low:high], tables.forms)
    simplify_in_context(written, ends, context)
    found = cut_apart(written, ends)

    # 3. Marks for what matters by kind.
    flags = calls.take(written, mode="clip")
    needs = _gathered(flags & np.uint16(LINK | AT | DIGIT | PICTURE) | _beside_figures(flags), ends)
    states: dict[int, Aligned] = {}
    for at in np.flatnonzero(needs).tolist():
        states[at] = state = _aligned(Aligned(found[at]), _called(int(needs[at])))
        found[at] = state.text

    # 4. Repetitions and blanks.
    codes, ends = laid_out(found)
    blanks = (calls.take(codes, mode="clip") & SPACE) > 0
    again = codes[1:] == codes[:-1]
    spoilt = np.zeros(len(codes), dtype=bool)
    spoilt[2:] = again[1:] & again[:-1]
    spoilt[1:] |= again & blanks[1:]
    spoilt |= blanks & (codes != _BLANK)
    last = np.zeros(len(texts), dtype=bool)
    last[np.searchsorted(ends, np.flatnonzero(spoilt), side="right")] = True
    for at in np.flatnonzero(last).tolist():
        states[at] = state = _aligned(states.get(at) or Aligned(found[at]), _LAST)
        found[at] = state.text

    # 5. The way back: every place before step 3 is that of the original, where forms were turned one for one.
    ways: list[Aligned | None] = [states.get(at) or Aligned(clean) for at, clean in enumerate(found)]
    for at in odd:
        ways[at] = None
    return found, list(map(Original, texts, ways))


@functools.cache
def _called(need: int) -> tuple[Cleaner, ...]:
    return tuple([cleaner for call, cleaner in _MARKS if need & call])


def _cleaned(text: str, cleaners: Iterable[Callable[[str], str]]) -> str:
    for cleaner in cleaners:
        text = cleaner(text)
    return text


def _aligned(state: Aligned, cleaners: Iterable[Cleaner]) -> Aligned:
    for cleaner in cleaners:
        state = cleaner.aligned(state)
    return state


def _turned(codes: Codes, table: Codes) -> Codes:
    return np.where(codes < len(table), table.take(codes, mode="clip"), codes)


def _gathered(flags: Flags, ends: Ints) -> Flags:
    """Return for each text what any of its characters calls for."""
    gathered: Flags = np.bitwise_or.reduceat(flags, np.concatenate([[0], ends[:-1]]))
    return gathered


def _beside_figures(flags: Flags) -> Flags:
    """Return where figures stand beside what can make a time, a date, an amount or an order number of them.

    Looked for in the text as it is before any mark is set: a mark brings no figure to new neighbours.
    """
    found = np.zeros_like(flags)
    before, after = flags[:-1], flags[1:]
    digit = (flags & DIGIT) > 0
    found[1:] = digit[:-1] * (after & (TIME | DATE | AMOUNT))  # 13: 3月 30元
    found[1:] |= ((before & POINT) > 0) * (after & AMOUNT)  # 3.元
    found[1:] |= ((before & CURRENCY) > 0) * digit[1:] * np.uint16(AMOUNT)  # ¥30
    two = digit[1:] & digit[:-1]
    found[5:] |= (two[4:] & two[2:-2] & two[:-4]) * np.uint16(_ORDER)
    return found
