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

__all__ = ["Trie", "code_points"]

Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.uint16]

# A node takes the upper bits of a key, a character the lower ones.
_CHARACTER_BITS = 16
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """Return the code points of a text; halves of surrogate pairs stand for themselves.

    Examples
    --------
    >>> code_points("系统").tolist()
    [31995, 32479]
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


@dataclasses.dataclass(frozen=True)
class Trie:
    """Known words by their beginnings.

    Parameters
    ----------
    characters : ndarray
        Code point → number of the character, 0 for one that no word holds; the last entry stands for all beyond.
    roots : ndarray
        Number of a character → the node of the words that begin with it, -1 for none.
    keys, children : ndarray
        A hash table, its size a power of two: node and character → the next node; key -1 where free.
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
    keys: Ints
    children: Nodes
    words: Nodes
    depth: int

    @classmethod
    def of(cls, words: Sequence[str]) -> Trie:
        """Build a trie of distinct, non-empty words; a word's number is its place in the sequence."""
        sizes = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        codes = code_points("".join(words))
        known = np.unique(codes)
        if len(known) >= 1 << _CHARACTER_BITS:
            raise ValueError(f"a trie takes fewer than {1 << _CHARACTER_BITS:,} different characters")
        characters = np.zeros(int(known[-1]) + 2 if len(known) else 1, dtype=np.uint16)
        characters[known] = np.arange(1, len(known) + 1)
        numbers = characters[codes].astype(np.int64)
        starts = np.cumsum(sizes) - sizes

        roots = np.full(len(known) + 1, -1, dtype=np.int32)
        ends = np.full(len(words), -1, dtype=np.int64)
        nodes = np.full(len(words), -1, dtype=np.int64)
        keys: list[Ints] = []
        count = 0
        for at in range(int(sizes.max(initial=0))):
            going = np.flatnonzero(sizes > at)
            key = numbers[starts[going] + at]
            if at:
                key += nodes[going] << _CHARACTER_BITS
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
        edges = np.concatenate([np.empty(0, dtype=np.int64), *keys])
        first = count - len(edges)
        table, children = _hashed(edges, np.arange(first, count))
        return cls(characters, roots, table, children, last, int(sizes.max(initial=0)))

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
            following = numbers[places + at]
            nodes = self._next(nodes, following)
            going = np.flatnonzero(nodes >= 0)
            places, nodes = places[going], nodes[going]
            yield places, nodes

    def _next(self, nodes: Nodes, numbers: Numbers) -> Nodes:
        wanted = (nodes.astype(np.int64) << _CHARACTER_BITS) | numbers
        slots = _slots(wanted, len(self.keys))
        found = self.keys[slots]
        children = np.where(found == wanted, self.children[slots], np.int32(-1))
        # Neighbours of a slot taken by another key; the table is so empty that a few steps suffice.
        left = np.flatnonzero((found != wanted) & (found >= 0))
        while len(left):
            slots[left] = (slots[left] + 1) & (len(self.keys) - 1)
            found = self.keys[slots[left]]
            met = found == wanted[left]
            children[left[met]] = self.children[slots[left[met]]]
            left = left[~met & (found >= 0)]
        return children


def _slots(keys: Ints, size: int) -> Ints:
    shift = np.uint64(64 - (size.bit_length() - 1))
    return ((keys.view(np.uint64) * _MULTIPLIER) >> shift).view(np.int64)


def _hashed(keys: Ints, values: Ints) -> tuple[Ints, Nodes]:
    """Lay keys into a table four times as large, each into the first free slot from its own."""
    size = 1 << max(int(len(keys) * 4 - 1).bit_length(), 4)
    table = np.full(size, -1, dtype=np.int64)
    kept = np.full(size, -1, dtype=np.int32)
    slots, left = _slots(keys, size), np.arange(len(keys))
    while len(left):
        free = table[slots[left]] < 0
        table[slots[left[free]]] = keys[left[free]]  # of several the last stays
        met = table[slots[left]] == keys[left]
        kept[slots[left[met]]] = values[left[met]]
        left = left[~met]
        slots[left] = (slots[left] + 1) & (size - 1)
    return table, kept
