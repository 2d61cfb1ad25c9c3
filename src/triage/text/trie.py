"""Look up all known words in a long text at once: a trie in arrays, walked for every place together.

A dictionary answers for one piece of text at a time, and cutting the pieces takes longer than the answer. Here
a step looks up the next character of every place in a few array operations, and places where no known
word goes on drop out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

__all__ = [
    "CHARACTER_BITS",
    "FREE",
    "MULTIPLIER",
    "NODE_BITS",
    "NODE_MASK",
    "Trie",
    "code_points",
    "cut_apart",
    "laid_out",
    "slot_shift",
]

Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.uint16]
Keys = npt.NDArray[np.uint64]

# An entry of the table: node, character, next node.
NODE_BITS, CHARACTER_BITS = 24, 16
NODE_MASK = np.uint64((1 << NODE_BITS) - 1)
FREE = np.uint64((1 << 64) - 1)
#: Spreads keys over a hash table.
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """Return the code points of a text; halves of surrogate pairs stand for themselves.

    Examples
    --------
    >>> code_points("系统").tolist()
    [31995, 32479]
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def laid_out(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], Ints]:
    """Return the code points of texts, a line break after each, and where each ends with it.

    Examples
    --------
    >>> [values.tolist() for values in laid_out(["系", ""])]
    [[31995, 10, 10], [2, 3]]
    """
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1)
    return code_points("\n".join([*texts, ""])), ends


def cut_apart(codes: npt.NDArray[np.uint32], ends: Ints) -> list[str]:
    """Return the texts that were laid out.

    Examples
    --------
    >>> cut_apart(*laid_out(["系", ""]))
    ['系', '']
    """
    joined = codes.tobytes().decode("utf-32-le", "surrogatepass")
    return [joined[low:high] for low, high in zip([0, *ends.tolist()], (ends - 1).tolist(), strict=False)]


def slot_shift(size: int) -> np.uint64:
    """Return how far a product with :data:`MULTIPLIER` is shifted to be a place in a table of that size."""
    return np.uint64(64 - (size.bit_length() - 1))


@dataclasses.dataclass(frozen=True)
class Trie:
    """Known words by their beginnings.

    Parameters
    ----------
    characters : ndarray
        Code point → number of the character, 0 for one that no word holds; the last entry stands for all beyond.
    roots : ndarray
        Number of a character → the node of the words that begin with it, -1 for none.
    table : ndarray
        A hash table, its size a power of two: node, character and the node they lead to in one number.
    words : ndarray
        Node → the number of the word that ends there, -1 for none.
    depth : int
        Length of the longest word.

    Examples
    --------
    >>> trie = Trie.of(["系统", "系统崩", "崩了"])
    >>> for size, (places, nodes) in enumerate(trie.walk(trie.numbers(code_points("系统崩了"))), 1):
    ...     print(size, places.tolist(), trie.words[nodes].tolist())
    1 [0, 2] [-1, -1]
    2 [0, 2] [0, 2]
    3 [0] [1]
    """

    characters: Numbers
    roots: Nodes
    table: Keys
    words: Nodes
    depth: int

    @classmethod
    def of(cls, words: Sequence[str]) -> Trie:
        """Build a trie of distinct, non-empty words; a word's number is its place in the sequence."""
        sizes = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        codes = code_points("".join(words))
        known = np.unique(codes)
        if len(known) >= 1 << CHARACTER_BITS:
            raise ValueError(f"a trie takes fewer than {1 << CHARACTER_BITS:,} different characters")
        characters = np.zeros(int(known[-1]) + 2 if len(known) else 1, dtype=np.uint16)
        characters[known] = np.arange(1, len(known) + 1)
        numbers = characters[codes]
        starts = np.cumsum(sizes) - sizes

        roots = np.full(len(known) + 1, -1, dtype=np.int32)
        ends = np.full(len(words), -1, dtype=np.int64)
        nodes = np.full(len(words), -1, dtype=np.int64)
        keys: list[Ints] = []
        count = 0
        for at in range(int(sizes.max(initial=0))):
            going = np.flatnonzero(sizes > at)
            key = numbers[starts[going] + at].astype(np.int64)
            if at:
                key += nodes[going] << CHARACTER_BITS
            distinct, place = np.unique(key, return_inverse=True)
            nodes[going] = place + count
            if at:
                keys.append(distinct)
            else:
                roots[distinct] = np.arange(len(distinct))
            count += len(distinct)
            done = going[sizes[going] == at + 1]
            ends[done] = nodes[done]
        last = np.full(count, -1, dtype=np.int32)
        last[ends] = np.arange(len(words))
        if count >= 1 << NODE_BITS:
            raise ValueError(f"a trie takes fewer than {1 << NODE_BITS:,} beginnings of words")
        edges = np.concatenate([np.empty(0, dtype=np.int64), *keys])
        first = count - len(edges)
        del keys, codes, numbers, starts, nodes, ends  # much of the memory that the table needs
        table = _hashed(edges.view(np.uint64), np.arange(first, count, dtype=np.uint64))
        return cls(characters, roots, table, last, int(sizes.max(initial=0)))

    @property
    def shift(self) -> np.uint64:
        """How far a product is shifted to be a place in the table."""
        return slot_shift(len(self.table))

    def numbers(self, codes: npt.NDArray[np.uint32]) -> Numbers:
        """Return the numbers of the characters of a text."""
        return self.characters.take(codes, mode="clip")

    def walk(self, numbers: Numbers) -> Iterator[tuple[Ints, Nodes]]:
        """Follow the words from every place of a text.

        Parameters
        ----------
        numbers : ndarray of shape (n_characters,)
            From :meth:`numbers`; 0 stops every word.

        Yields
        ------
        places, nodes : ndarray
            For one character, two, three, …: the places from which so many characters begin a known word, and
            the node they lead to.
        """
        numbers = np.append(numbers, np.zeros(self.depth, dtype=np.uint16))
        nodes = self.roots[numbers[: -self.depth]]
        places = np.flatnonzero(nodes >= 0)
        nodes = nodes[places]
        yield places, nodes
        for at in range(1, self.depth):
            going, nodes = self._next(nodes, numbers[places + at])
            places = places[going]
            yield places, nodes

    def _next(self, nodes: Nodes, numbers: Numbers) -> tuple[Ints, Nodes]:
        """Return which of the nodes go on with a character, and to where."""
        wanted = nodes.astype(np.uint64)
        wanted <<= CHARACTER_BITS
        wanted |= numbers
        slots = _slots(wanted, len(self.table))
        found = self.table[slots]
        met = found >> NODE_BITS == wanted
        # Slots taken by another key: the next ones. The table is so empty that a few steps suffice.
        left = np.flatnonzero(~met & (found != FREE))
        while len(left):
            slots[left] = (slots[left] + 1) & (len(self.table) - 1)
            there = self.table[slots[left]]
            here = there >> NODE_BITS == wanted[left]
            found[left[here]] = there[here]
            met[left[here]] = True
            left = left[~here & (there != FREE)]
        going = np.flatnonzero(met)
        return going, (found[going] & NODE_MASK).astype(np.int32)


def _slots(keys: Keys, size: int) -> Ints:
    return ((keys * MULTIPLIER) >> slot_shift(size)).view(np.int64)


def _hashed(keys: Keys, values: Keys) -> Keys:
    """Lay keys with their values into a table four times as large, each into the first free slot from its own."""
    size = 1 << max(int(len(keys) * 4 - 1).bit_length(), 4)
    table = np.full(size, FREE)
    entries = keys << NODE_BITS | values
    slots = _slots(keys, size)
    while len(entries):
        free = table[slots] == FREE
        table[slots[free]] = entries[free]  # of several the last stays
        left = table[slots] != entries
        entries, slots = entries[left], (slots[left] + 1) & (size - 1)
    return table
