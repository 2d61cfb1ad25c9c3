"""Look up every run of two to four characters of a text at once: a hash table in arrays.

Four numbers of characters fit into one number of 64 bits, so a run is looked up without a string being cut for it,
all runs of all texts together. A dictionary would answer one by one and fetch four places of memory for each answer.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from triage.text.trie import MULTIPLIER, slot_shift

__all__ = ["BITS", "LONGEST", "SECOND_MULTIPLIER", "Grams"]

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]
Keys = npt.NDArray[np.uint64]

#: How many bits of a key are one character, and how many characters fit into it.
BITS, LONGEST = np.uint64(16), 4
# Either of two slots may hold a key; at most this share of the slots is taken, so that there always is a way.
_FULL = 0.45
SECOND_MULTIPLIER = np.uint64(0xC2B2AE3D27D4EB4F)
_ROUNDS = 200


@dataclasses.dataclass(frozen=True)
class Grams:
    """Known runs of two to four characters.

    Parameters
    ----------
    numbers : ndarray of uint64
        Code point → number of the character, from 1 on; what no run holds has the last. The last entry stands for all
        code points beyond.
    keys : ndarray of uint64
        A hash table, its size a power of two: the numbers of a run's characters in one, 0 where the slot is free.
    columns : ndarray of int32
        Slot → the column of the run.

    Examples
    --------
    >>> from triage.text.trie import code_points
    >>> grams = Grams.of(code_points("系统崩了"), np.array([0, 0, 2]), np.array([2, 3, 2]), np.array([7, 8, 9]))
    >>> places, columns, sizes = grams.find(code_points("系统崩了"))
    >>> sorted(zip(places.tolist(), columns.tolist(), sizes.tolist()))
    [(0, 7, 2), (0, 8, 3), (2, 9, 2)]
    """

    numbers: Keys
    keys: Keys
    columns: npt.NDArray[np.int32]

    @property
    def shift(self) -> np.uint64:
        """How far a product is shifted to be a slot."""
        return slot_shift(len(self.keys))

    @classmethod
    def of(cls, codes: Codes, starts: Ints, sizes: Ints, columns: Ints) -> Grams:
        """Lay distinct runs into a table.

        Parameters
        ----------
        codes : ndarray of shape (n_characters,)
            The code points of a text that holds the runs.
        starts, sizes, columns : ndarray of shape (n_runs,)
            Where in it each run begins, of how many characters it is, two to four, and its column.
        """
        # The nth character of every run that has so many.
        longer = [(sizes > at).nonzero()[0] for at in range(LONGEST)]
        placed = [codes[starts[runs] + at] for at, runs in enumerate(longer)]
        known = np.bincount(np.concatenate(placed)).nonzero()[0]
        if len(known) >= (1 << int(BITS)) - 1:
            raise ValueError(f"a vocabulary takes fewer than {(1 << int(BITS)) - 1:,} different characters")
        numbers = np.full(int(known[-1]) + 2 if len(known) else 1, len(known) + 1, dtype=np.uint64)
        numbers[known] = np.arange(1, len(known) + 1)
        keys = np.zeros(len(sizes), dtype=np.uint64)
        for runs, characters in zip(longer, placed, strict=True):
            keys[runs] = keys[runs] << BITS | numbers[characters]
        return cls._laid_out(numbers, keys, columns)

    @classmethod
    def _laid_out(cls, numbers: Keys, keys: Keys, columns: Ints) -> Grams:
        size = 1 << max(int(len(keys) / _FULL).bit_length(), 4)
        while (held := _laid(keys, size)) is None:
            size *= 2
        taken = (held >= 0).nonzero()[0]  # places: a mask is read several times as slowly
        laid = held[taken]
        table, values = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.int32)
        table[taken], values[taken] = keys[laid], columns[laid]
        return cls(numbers, table, values)

    def with_beginnings(self) -> Grams:
        """Return a table that also holds what any run begins with, in column -1 where that is no known run.

        Whoever walks through a text then stops at the first run that is not there.

        Examples
        --------
        >>> from triage.text.trie import code_points
        >>> grams = Grams.of(code_points("系统崩"), np.array([0]), np.array([3]), np.array([7])).with_beginnings()
        >>> places, columns, sizes = grams.find(code_points("系统崩了"))
        >>> sorted(zip(places.tolist(), columns.tolist(), sizes.tolist()))
        [(0, -1, 2), (0, 7, 3)]
        """
        held = self.keys.nonzero()[0]
        keys = self.keys[held]
        shorter = [keys >> BITS * np.uint64(fewer) for fewer in range(1, LONGEST - 1)]
        more = np.setdiff1d(np.concatenate(shorter), keys)
        more = more[more >> BITS > 0]  # one character is no run
        columns = np.concatenate([self.columns[held].astype(np.int64), np.full(len(more), -1)])
        return self._laid_out(self.numbers, np.concatenate([keys, more]), columns)

    def find(self, codes: Codes) -> tuple[Ints, Ints, Ints]:
        """Find all known runs in a text.

        Parameters
        ----------
        codes : ndarray of shape (n_characters,)
            Its code points.

        Returns
        -------
        places, columns, sizes : ndarray of shape (n_found,)
            Where each begins, its column, and of how many characters it is.
        """
        count = len(codes)
        said = np.zeros(count + LONGEST - 1, dtype=np.uint64)
        said[:count] = self.numbers.take(codes, mode="clip")
        wanted = np.empty((LONGEST - 1, count), dtype=np.uint64)
        key = said[:count]
        for row, at in enumerate(range(1, LONGEST)):
            key = key << BITS
            key |= said[at : at + count]
            wanted[row] = key
        keys = wanted.ravel()
        slots, others = _slots(keys, len(self.keys))
        here = (self.keys[slots] == keys).nonzero()[0]
        there = (self.keys[others] == keys).nonzero()[0]
        found = np.concatenate([slots[here], others[there]])
        rows, places = np.divmod(np.concatenate([here, there]), max(count, 1))
        return places, self.columns[found].astype(np.int64), rows + 2


def _slots(keys: Keys, size: int) -> tuple[Ints, Ints]:
    """Return the two slots, never the same, that may hold each key."""
    shift = slot_shift(size)
    first = (keys * MULTIPLIER) >> shift
    second = (keys * SECOND_MULTIPLIER) >> shift
    second |= np.uint64(1)
    second ^= first
    return first.view(np.int64), second.view(np.int64)


def _laid(keys: Keys, size: int) -> Ints | None:
    """Return which key each slot holds, -1 for none; None where not all find room.

    All keys are laid into their first slots; of those that met in one, all but the last move to the other, put out
    whoever stands there, and so on.
    """
    slots = np.stack(_slots(keys, size))
    held = np.full(size, -1, dtype=np.int64)
    turn = np.zeros(len(keys), dtype=np.int64)
    homeless = np.zeros(len(keys), dtype=bool)
    moving = np.arange(len(keys))
    for _ in range(_ROUNDS):
        wanted = slots[turn[moving], moving]
        put_out = held[wanted]
        held[wanted] = moving  # of several the last stays
        homeless[moving[held[wanted] != moving]] = True
        homeless[put_out[put_out >= 0]] = True
        moving = homeless.nonzero()[0]
        if not len(moving):
            return held
        homeless[moving] = False
        turn[moving] ^= 1
    return None
