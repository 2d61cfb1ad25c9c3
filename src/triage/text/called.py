"""Which cleaners a text calls for: told by its characters, each looked at once in a process."""

from __future__ import annotations

import functools
import operator

from triage.text.cleaners import CLEANER_OF, CLEANERS, Cleaner
from triage.text.traditional import calling_characters

__all__ = ["cleaners_for"]

#: So many characters are remembered, far more than are in use.
_MOST = 50_000
_SIMPLIFIED = CLEANER_OF["simplified"]


def cleaners_for(text: str) -> tuple[Cleaner, ...]:
    """Return the cleaners that may change a text, in order; all others leave it as it is.

    Examples
    --------
    >>> [cleaner.name for cleaner in cleaners_for("系统崩了")]
    ['repeats']
    >>> [cleaner.name for cleaner in cleaners_for("系統崩了３次")]
    ['nfkc', 'simplified', 'order numbers', 'numbers', 'repeats']
    """
    return _chosen(functools.reduce(operator.or_, set(map(_calls.__getitem__, text)), 0))


class _Calls(dict[str, int]):
    """Character → a bit for each cleaner it calls for, as it is or as what the cleaners before make of it."""

    def __missing__(self, character: str) -> int:
        bits, form = 0, character
        for at, cleaner in enumerate(CLEANERS):
            if any(cleaner.called_by(char) or (cleaner is _SIMPLIFIED and _decided_by_others(char)) for char in form):
                bits |= 1 << at
                form = cleaner(form)
        if len(self) < _MOST:
            self[character] = bits
        return bits


def _decided_by_others(character: str) -> bool:
    """Say whether OpenCC may change a character, or its neighbours, for the company it keeps."""
    calling = calling_characters()
    return not character.isascii() if calling is None else character in calling


@functools.cache
def _chosen(bits: int) -> tuple[Cleaner, ...]:
    return tuple([cleaner for at, cleaner in enumerate(CLEANERS) if bits >> at & 1])


_calls = _Calls()
