"""Where what a mark stands for ends, compiled (needs numba): the patterns of the cleaners, one function each.

The patterns of :data:`triage.text.cleaners.CLEANERS` are what counts; tests hold these functions to them. A text ends
with a line break, which no pattern holds: a function that reads on stops there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from triage.text.characters import AT, CURRENCY, DIGIT, LETTER, PICTURE, POINT, STOP
from triage.text.choice import kernel
from triage.text.cleaners import HOTLINES, MARKS
from triage.text.trie import code_points

__all__ = ["beginning", "matched"]

_LINK, _MENTION, _TIME, _DATE, _AMOUNT, _ORDER, _NUMBER = (ord(mark) for mark in list(MARKS)[:7])
_NAME, _LETTERS, _FIGURES = 24, 4, 6
_HOTLINES = np.array(sorted(int(line) for line in HOTLINES))
_HTTP, _SECURE, _ADDRESS, _WWW, _RMB = map(code_points, ("http", "s", "://", "www.", "rmb"))
_A, _Z, _0, _1, _2, _9 = map(ord, "az0129")
_SLASH, _COLON, _COMMA, _DOT, _DASH = map(ord, "/:,.-")
_YEAR, _MONTH, _DAY, _NUMBERED = map(ord, "年月日号")
_TEN_THOUSAND, _THOUSAND, _HUNDRED, _YUAN, _PIECE, _MONEY = map(ord, "万千百元块钱")


@kernel
def beginning(mark: int) -> int:
    """Return the kinds of character with which what a mark stands for begins."""
    if mark == _LINK:
        return LETTER
    if mark == _MENTION:
        return AT
    if mark == _ORDER:
        return LETTER | DIGIT
    if mark == _AMOUNT:
        return CURRENCY | DIGIT
    return DIGIT if mark in (_TIME, _DATE, _NUMBER) else PICTURE


@kernel
def matched(mark: int, codes: Any, at: int, kinds: Any) -> int:
    """Say how far from a place on a mark stands for what is there.

    Parameters
    ----------
    mark : int
        The mark; that of emoji where it is none of the others.
    codes : ndarray of uint32
        Code points.
    at : int
        The place; the character there is of a kind with which what the mark stands for begins.
    kinds : ndarray of uint16
        What each character is (:mod:`triage.text.characters`).

    Returns
    -------
    int
        Where it ends. If there is nothing, the place from which to look again, below zero.
    """
    if mark == _LINK:
        return _link(codes, at)
    if mark == _MENTION:
        return _mention(codes, at, kinds)
    if mark == _ORDER:
        return _order(codes, at, kinds)
    if mark == _AMOUNT:
        return _amount(codes, at, kinds)
    if mark == _NUMBER:
        return _number(codes, at, kinds)
    if mark in (_TIME, _DATE):
        if _digit(codes, at - 1, kinds):
            return -at - 1
        return _time(codes, at, kinds) if mark == _TIME else _date(codes, at, kinds)
    end = at + 1
    while _kind(codes[end], kinds) & PICTURE:
        end += 1
    return end


@kernel
def _kind(code: int, kinds: Any) -> int:
    found: int = kinds[min(code, len(kinds) - 1)]
    return found


@kernel
def _digit(codes: Any, at: int, kinds: Any) -> bool:
    return _kind(codes[at], kinds) & DIGIT != 0


@kernel
def _begins(codes: Any, at: int, word: Any) -> int:
    """Return the length of a word that stands at a place, else 0."""
    for place in range(len(word)):
        if codes[at + place] != word[place]:
            return 0
    return len(word)


@kernel
def _link(codes: Any, at: int) -> int:
    end = at + _begins(codes, at, _WWW)
    if end == at and _begins(codes, at, _HTTP):
        end = at + len(_HTTP)
        end += _begins(codes, end, _SECURE)
        rest = _begins(codes, end, _ADDRESS)
        end = end + rest if rest else at
    last = end
    while 0x21 <= codes[last] <= 0x7E:
        last += 1
    return last if last > end > at else -at - 1


@kernel
def _mention(codes: Any, at: int, kinds: Any) -> int:
    end = at + 1
    while end - at <= _NAME and not _kind(codes[end], kinds) & STOP:
        end += 1
    return end if end > at + 1 else -at - 1


@kernel
def _time(codes: Any, at: int, kinds: Any) -> int:
    end = at + 2 if _digit(codes, at + 1, kinds) else at + 1
    if codes[end] != _COLON or not _digit(codes, end + 1, kinds) or not _digit(codes, end + 2, kinds):
        return -at - 1
    end += 3
    seconds = codes[end] == _COLON and _digit(codes, end + 1, kinds) and _digit(codes, end + 2, kinds)
    if seconds and not _digit(codes, end + 3, kinds):
        return end + 3
    return -at - 1 if _digit(codes, end, kinds) else end


@kernel
def _date(codes: Any, at: int, kinds: Any) -> int:
    # 2026年1月3日, 2026-01, 2026.1.3
    first, second = codes[at], codes[at + 1]
    if (first == _1 and second == _9) or (first == _2 and second == _0):
        parted = at + 4
        whole = _digit(codes, at + 2, kinds) and _digit(codes, at + 3, kinds)
        if whole and codes[parted] in (_YEAR, _DASH, _SLASH, _DOT):
            most = _figures(codes, parted + 1, kinds)
            for end in range(parted + 1 + most, parted + 1, -1):
                if codes[end] in (_MONTH, _DASH, _SLASH, _DOT):
                    last = _day(codes, end + 1, kinds, False)
                    if last > 0:
                        return last
                if codes[end] == _MONTH and not _digit(codes, end + 1, kinds):
                    return end + 1
                if not _digit(codes, end, kinds):
                    return end
    # 1月3日, 11月24
    for end in (at + 2, at + 1):
        if codes[end] == _MONTH and (end == at + 1 or _digit(codes, at + 1, kinds)):
            last = _day(codes, end + 1, kinds, True)
            if last > 0:
                return last
    return -at - 1


@kernel
def _figures(codes: Any, at: int, kinds: Any) -> int:
    """Return how many digits stand at a place, at most two."""
    if not _digit(codes, at, kinds):
        return 0
    return 2 if _digit(codes, at + 1, kinds) else 1


@kernel
def _day(codes: Any, at: int, kinds: Any, numbered: bool) -> int:
    for end in range(at + _figures(codes, at, kinds), at, -1):
        if codes[end] == _DAY or (numbered and codes[end] == _NUMBERED):
            return end if _digit(codes, end + 1, kinds) else end + 1
        if not _digit(codes, end, kinds):
            return end
    return -1


@kernel
def _amount(codes: Any, at: int, kinds: Any) -> int:
    valued = _kind(codes[at], kinds) & CURRENCY != 0
    if valued and not _digit(codes, at + 1, kinds):
        return -at - 1
    end = at + 1
    while _kind(codes[end], kinds) & (DIGIT | POINT):
        end += 1
    figures = end
    if codes[end] in (_TEN_THOUSAND, _THOUSAND) or (codes[end] == _HUNDRED and not valued):
        end += 1
    if codes[end] == _YUAN:
        return end + 1
    if valued:
        return end
    if codes[end] == _PIECE:
        return end + 2 if codes[end + 1] == _MONEY else end + 1
    rest = _begins(codes, end, _RMB)
    return end + rest if rest else -figures


@kernel
def _letter(code: int) -> bool:
    return _A <= code <= _Z


@kernel
def _order(codes: Any, at: int, kinds: Any) -> int:
    before, end = codes[at - 1], at
    if _letter(before) or _0 <= before <= _9:
        return -at - 1
    while end < at + _LETTERS and _letter(codes[end]):
        end += 1
    figures = end
    while _digit(codes, end, kinds):
        end += 1
    if end - figures < _FIGURES:
        return -at - 1
    while _letter(codes[end]) or _0 <= codes[end] <= _9:
        end += 1
    return end


@kernel
def _number(codes: Any, at: int, kinds: Any) -> int:
    end = at
    value: Any = 0
    while _digit(codes, end, kinds):
        # Digits of other scripts and figures longer than any hotline are no hotline.
        plain = _0 <= codes[end] <= _9 and 0 <= value < 100_000
        value = value * 10 + np.int64(codes[end]) - _0 if plain else -1
        end += 1
    if codes[at] != _0 and value in _HOTLINES:
        return -end
    while (codes[end] == _DOT or codes[end] == _COMMA) and _digit(codes, end + 1, kinds):
        end += 1
        while _digit(codes, end, kinds):
            end += 1
    return end
