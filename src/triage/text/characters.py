"""What each character becomes on its own, and which cleaners it calls for: the cleaners read off into tables.

The tables reach over the first plane and the emoji of the second; the last entry stands for all characters beyond.
"""

from __future__ import annotations

import functools
import itertools
import string
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from triage.text.cleaners import CLEANER_OF
from triage.text.traditional import calling_characters

__all__ = [
    "AMOUNT",
    "AT",
    "CONTEXT",
    "CURRENCY",
    "DATE",
    "DIGIT",
    "FIRST_EMOJI",
    "FORM",
    "FORM_CLEANERS",
    "LETTER",
    "LINK",
    "OTHER",
    "PICTURE",
    "POINT",
    "SPACE",
    "STOP",
    "TIME",
    "Characters",
    "characters",
]

Codes = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.uint16]

# What a character calls for on its own, and what beside a figure.
FORM, CONTEXT, LINK, AT, DIGIT, PICTURE = 1, 2, 4, 8, 16, 32
TIME, DATE, AMOUNT, POINT, CURRENCY = 64, 128, 256, 512, 1024
SPACE, STOP, LETTER = 2048, 4096, 8192
#: Beyond the tables: everything.
OTHER = 0xFFFF

#: The first character of the tables that may be one of an emoji.
FIRST_EMOJI = 0x2600
_FIRST_PLANE, _EMOJI, _END = 0x10000, 0x1F000, 0x1FB00
#: What brings characters to their compatibility form.
FORM_CLEANERS = tuple(CLEANER_OF[name] for name in ("invisible", "line breaks", "nfkc"))
_SIMPLIFIED, _LOWER, _MENTIONS = (CLEANER_OF[name] for name in ("simplified", "lower case", "mentions"))


class Characters(NamedTuple):
    """The tables, by code point.

    Parameters
    ----------
    forms : ndarray of uint32
        The compatibility form of a character; the character itself where that is not one other.
    plain : ndarray of uint32
        The form, simplified and in lower case.
    calls : ndarray of uint16
        What it calls for.
    """

    forms: Codes
    plain: Codes
    calls: Flags


@functools.cache
def characters() -> Characters:
    """Return the tables.

    Examples
    --------
    >>> tables = characters()
    >>> [chr(tables.plain[ord(char)]) for char in "Ａ統3"]
    ['a', '统', '3']
    >>> bool(tables.calls[ord("@")] & AT)
    True
    """
    every = "".join(map(chr, itertools.chain(range(_FIRST_PLANE), range(_EMOJI, _END))))
    forms = np.arange(_END + 1, dtype=np.uint32)
    calls = np.zeros(_END + 1, dtype=np.uint16)
    calls[_FIRST_PLANE:_EMOJI] = calls[-1] = OTHER
    calling = calling_characters()
    if calling is None:
        calls[128:] |= CONTEXT
    else:
        calls[list(map(ord, calling))] |= CONTEXT
    for piece, cleaner in itertools.product(_pieces(every, 64), FORM_CLEANERS):
        if cleaner(piece) == piece:
            continue
        for char in map(piece.__getitem__, cleaner.places(piece)):
            form = cleaner(char)
            if len(form) == 1 and form != "\n":
                forms[ord(char)] = ord(form)
            else:
                calls[ord(char)] |= FORM
            for of_form in form:
                calls[ord(char)] |= calls[min(ord(of_form), _END)] & CONTEXT
    for char in filter(str.isdecimal, every):
        calls[ord(char)] |= DIGIT
    for char in filter(str.isspace, every):
        calls[ord(char)] |= SPACE
    calls[ord("\n")] = 0
    for piece in _pieces(every, 24):  # the longest name
        if _MENTIONS(f"@{piece}") != "Ｍ":
            calls[[ord(char) for char in piece if not _MENTIONS.places(f"@{char}")]] |= STOP
    for chars, call in (
        ("w/", LINK),  # "www.", "http://"
        ("@", AT),
        (":", TIME),
        ("-/.年月", DATE),
        ("万千百元块r", AMOUNT),
        (",.", POINT),
        ("¥￥$", CURRENCY),
        (string.ascii_lowercase, LETTER),
    ):
        calls[[ord(char) for char in chars]] |= call
    calls[FIRST_EMOJI:0x27C0] |= PICTURE
    calls[_EMOJI:_END] |= PICTURE
    plain = forms.copy()
    alone = np.flatnonzero(calls & FORM == 0)[:-1]
    # Each alone: a line break parts it from the next.
    simplified = _SIMPLIFIED("\n".join(map(chr, forms[alone].tolist())))[::2]
    plain[alone] = list(map(ord, _LOWER(simplified)))
    return Characters(forms, plain, calls)


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))
