"""Where signal patterns can match, compiled (needs numba): see :mod:`triage.classify.signal_search`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from triage.text.choice import kernel
from triage.text.cut import onward
from triage.text.trie import CHARACTER_BITS, FREE, MULTIPLIER, NODE_BITS, NODE_MASK

__all__ = ["tries_in"]

Ints = npt.NDArray[np.int64]

_FAR = 1 << 60
# What is known of the second character of a word: no word goes on, or its slot of the table holds something else.
_NOTHING, _TAKEN = -1, -2
# Compiled, a shift by a signed number would give one.
_NODE_BITS, _CHARACTER_BITS = np.uint64(NODE_BITS), np.uint64(CHARACTER_BITS)


@kernel
def tries_in(
    numbers: Any, bounds: Ints,
    roots: Any, table: Any, shift: Any, words: Any,
    need_starts: Ints, needs: Ints, begin_starts: Ints, begins: Ints, wanted_starts: Ints, wanted: Ints,
    widths: Ints, n_needs: int, places: Ints, patterns: Ints,
) -> int:  # fmt: skip
    """Find every place at which a pattern is worth trying.

    Texts are read from the end: of every need it is then known how far ahead it is met next, and a pattern is worth
    trying only where all of its own are met within its longest match.

    Parameters
    ----------
    numbers : ndarray of shape (n_characters,)
        The characters of all texts, a line break after each.
    bounds : ndarray of shape (n_texts + 1,)
        Where texts start.
    roots, table, shift, words : ndarray
        The trie of all words needed or begun with.
    need_starts, needs, begin_starts, begins, wanted_starts, wanted : ndarray
        Tables of :class:`triage.classify.signal_search.Search`; the last need of a pattern may be met anywhere in the
        text.
    widths : ndarray of shape (n_patterns,)
        The length of the longest match of each pattern.
    n_needs : int
        How many needs there are.
    places, patterns : ndarray
        Where the tries are written, the last text first.

    Returns
    -------
    int
        How many tries there are; -1 where there is no room for them.
    """
    count = 0
    ahead = np.empty(n_needs, np.int64)
    stands, seconds = _begun(numbers, roots, table, shift, words)
    left = len(stands) - 1
    for text in range(len(bounds) - 2, -1, -1):
        ahead[:] = _FAR
        first = count
        while left >= 0 and stands[left] >= bounds[text]:
            place, second = np.int64(stands[left]), np.int64(seconds[left])
            left -= 1
            root: Any = np.int64(roots[numbers[place]])
            node, at, begun = root, place, count
            while node >= 0:
                word = words[node]
                if word >= 0:
                    for which in range(need_starts[word], need_starts[word + 1]):
                        ahead[needs[which]] = place
                    for which in range(begin_starts[word], begin_starts[word + 1]):
                        if count == len(places):
                            return -1
                        places[count], patterns[count] = place, begins[which]
                        count += 1
                at += 1
                if at == place + 1 and second != _TAKEN:
                    node = second
                else:
                    node = onward(table, shift, node, np.int64(numbers[at])) if at < len(numbers) else -1
            # Those begun here whose needs are met; all words from here on are known only now.
            kept = begun
            for which in range(begun, count):
                pattern = patterns[which]
                met = True
                for need in range(wanted_starts[pattern], wanted_starts[pattern + 1] - 1):
                    if ahead[wanted[need]] - place >= widths[pattern]:
                        met = False
                        break
                if met:
                    places[kept], patterns[kept] = place, pattern
                    kept += 1
            count = kept
        kept = first
        for which in range(first, count):
            if ahead[wanted[wanted_starts[patterns[which] + 1] - 1]] != _FAR:
                places[kept], patterns[kept] = places[which], patterns[which]
                kept += 1
        count = kept
    return count


@kernel
def _begun(numbers: Any, roots: Any, table: Any, shift: Any, words: Any) -> tuple[Any, Any]:
    """Return the places where words stand or may begin, and the nodes to which their second characters lead.

    No step here waits for what another finds, so the processor looks up many at a time: 3 ns a character. Six of ten
    places drop out.
    """
    size = len(numbers)
    stands, seconds = np.empty(size, np.int32), np.empty(size, np.int32)
    count = np.uint64(0)
    for at in range(size - 1):
        root = roots[numbers[at]]
        key = (np.uint64(max(root, 0)) << _CHARACTER_BITS) | np.uint64(numbers[at + 1])
        entry = table[(key * MULTIPLIER) >> shift]
        met = entry >> _NODE_BITS == key
        node = np.int64(entry & NODE_MASK) if met else np.int64(_NOTHING if entry == FREE else _TAKEN)
        stands[count], seconds[count] = at, node
        count += np.uint64((root >= 0) & ((node != _NOTHING) | (words[max(root, 0)] >= 0)))
    return stands[:count], seconds[:count]
