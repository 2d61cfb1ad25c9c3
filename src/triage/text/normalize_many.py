"""Normalise many texts at once: the same cleaners, called only for the texts that hold what they change.

Most texts need few of them. One look at the code points of all texts says who needs which; full-width forms, by far
the commonest, are turned in the array itself.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from triage.text.cleaners import CLEANERS, Aligned, Cleaner
from triage.text.normalize import Original
from triage.text.trie import laid_out

__all__ = ["normalize_aligned", "normalize_many"]

Codes = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]

_BY_NAME = {cleaner.name: cleaner for cleaner in CLEANERS}
_FORMS = tuple(_BY_NAME[name] for name in ("invisible", "line breaks", "nfkc"))
_SIMPLIFIED, _LOWER = _BY_NAME["simplified"], _BY_NAME["lower case"]
_LAST = tuple(_BY_NAME[name] for name in ("repeats", "blanks"))

# What a character calls for on its own, and what beside a figure.
_FORM, _LINK, _AT, _DIGIT, _PICTURE = 1, 2, 4, 8, 16
_TIME, _DATE, _AMOUNT, _POINT, _CURRENCY, _ORDER = 32, 64, 128, 256, 512, 1024
_SPACE = 2048
_MARKS = (
    (_LINK, _BY_NAME["links"]),
    (_AT, _BY_NAME["mentions"]),
    (_TIME, _BY_NAME["times"]),
    (_DATE, _BY_NAME["dates"]),
    (_AMOUNT, _BY_NAME["amounts"]),
    (_ORDER, _BY_NAME["order numbers"]),
    (_DIGIT, _BY_NAME["numbers"]),
    (_PICTURE, _BY_NAME["emoji"]),
)
_BLANK = ord(" ")

Flags = npt.NDArray[np.uint16]


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
    singles, calls = _tables()
    found = list(texts)

    # 1. Compatibility forms: one character for another in the array, the rest text by text.
    codes, ends = laid_out(found)
    needs = _gathered(calls.take(codes, mode="clip"), ends)
    odd = np.flatnonzero(needs & _FORM)
    codes = np.where(codes < len(singles), singles.take(codes, mode="clip"), codes)
    found = _cut(codes, ends)
    for at in odd.tolist():
        found[at] = _cleaned(texts[at], _FORMS)

    # 2. Characters whose neighbours count: all texts as one, for no phrase holds a line break.
    found = _together(found, _SIMPLIFIED)
    found = _together(found, _LOWER)

    # 3. Marks for what matters by kind.
    codes, ends = laid_out(found)
    flags = calls.take(codes, mode="clip")
    needs = _gathered(flags & np.uint16(_LINK | _AT | _DIGIT | _PICTURE) | _beside_figures(flags), ends)
    states: dict[int, Aligned] = {}
    for at in np.flatnonzero(needs).tolist():
        states[at] = state = _aligned(Aligned(found[at]), _called(int(needs[at])))
        found[at] = state.text

    # 4. Repetitions and blanks.
    codes, ends = laid_out(found)
    blanks = (calls.take(codes, mode="clip") & _SPACE) > 0
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
    for at in odd.tolist():
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


def _together(texts: list[str], cleaner: Callable[[str], str]) -> list[str]:
    """Run a cleaner over all texts as one where that leaves each its length, else one by one."""
    joined = "\n".join(texts)
    cleaned = cleaner(joined)
    if cleaned == joined:
        return texts
    pieces = cleaned.split("\n")
    lines = joined.split("\n")
    if len(pieces) != len(lines) or any(len(new) != len(old) for new, old in zip(pieces, lines, strict=True)):
        return [cleaner(text) for text in texts]
    ends = np.cumsum([len(text) + 1 for text in texts]).tolist()
    return [cleaned[end - len(text) - 1 : end - 1] for text, end in zip(texts, ends, strict=True)]


def _cut(codes: Codes, ends: Ints) -> list[str]:
    joined = codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    return [joined[low:high] for low, high in zip([0, *ends.tolist()], (ends - 1).tolist(), strict=False)]


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
    digit = (flags & _DIGIT) > 0
    found[1:] = digit[:-1] * (after & (_TIME | _DATE | _AMOUNT))  # 13: 3月 30元
    found[1:] |= ((before & _POINT) > 0) * (after & _AMOUNT)  # 3.元
    found[1:] |= ((before & _CURRENCY) > 0) * digit[1:] * np.uint16(_AMOUNT)  # ¥30
    two = digit[1:] & digit[:-1]
    found[5:] |= (two[4:] & two[2:-2] & two[:-4]) * np.uint16(_ORDER)
    return found


@functools.cache
def _tables() -> tuple[Codes, Flags]:
    """Return the compatibility form of every character of the first plane, and what each calls for.

    The last entry of the second table stands for all other planes: they call for everything.
    """
    every = "".join(map(chr, range(0x10000)))
    singles = np.arange(0x10000, dtype=np.uint32)
    calls = np.zeros(0x10001, dtype=np.uint16)
    calls[-1] = 0xFFFF
    for cleaner in _FORMS:
        for code in cleaner.places(every):
            form = cleaner(chr(code))
            if len(form) == 1 and form != "\n":
                singles[code] = ord(form)
            else:
                calls[code] |= _FORM
    for char in filter(str.isdecimal, every):
        calls[ord(char)] |= _DIGIT
    for char in filter(str.isspace, every):
        calls[ord(char)] |= _SPACE
    calls[ord("\n")] = 0
    for chars, call in (
        ("w/", _LINK),  # "www.", "http://"
        ("@", _AT),
        (":", _TIME),
        ("-/.年月", _DATE),
        ("万千百元块r", _AMOUNT),
        (",.", _POINT),
        ("¥￥$", _CURRENCY),
    ):
        calls[[ord(char) for char in chars]] |= call
    calls[0x2600:0x27C0] |= _PICTURE
    return singles, calls
