"""The known terms of many clauses, compiled (needs numba): what :class:`triage.classify.block.Vocabulary` looks up."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from triage.text.choice import kernel
from triage.text.cut import onward
from triage.text.grams import BITS, LONGEST, SECOND_MULTIPLIER
from triage.text.trie import MULTIPLIER

__all__ = ["terms_in"]

Ints = npt.NDArray[np.int64]

# Places are unsigned: of a signed one numba asks each time whether it counts from the end.
_ONE, _LONGEST = np.uint64(1), np.uint64(LONGEST)
_BLANK = ord(" ")


@kernel
def terms_in(
    codes: Any, sizes: Ints, marks: Ints, ends: Ints,
    word_numbers: Any, roots: Any, table: Any, shift: Any, word_columns: Any,
    run_numbers: Any, run_keys: Any, run_columns: Any, run_shift: Any, mark_columns: Ints,
) -> tuple[Ints, Ints, Ints]:  # fmt: skip
    """Look up what each clause holds: its words, its runs of two to four characters and the mark that ends it.

    Parameters
    ----------
    codes : ndarray of shape (n_characters,)
        The clauses, a line break after each.
    sizes, marks : ndarray of shape (n_clauses,)
        The length of each and the mark that ends it, 0 for none.
    ends : ndarray of shape (n_words,)
        Where words end, line breaks among them.
    word_numbers : ndarray of shape (n_characters,)
        The characters as the dictionary numbers them.
    roots, table, shift, word_columns : ndarray
        Of the dictionary.
    run_numbers, run_keys, run_columns, run_shift : ndarray
        Of :class:`triage.text.grams.Grams`, what every run begins with among them.
    mark_columns : ndarray
        Mark → its column, -1 for none.

    Returns
    -------
    found : ndarray of shape (n_occurrences,)
        The columns of what is known, clause by clause.
    until : ndarray of shape (n_clauses,)
        Where those of each clause end.
    words : ndarray of shape (n_clauses,)
        How many words each has, known or not.
    """
    found = np.empty(len(ends) + (LONGEST - 1) * len(codes), np.int64)
    until, words = np.empty(len(sizes), np.int64), np.zeros(len(sizes), np.int64)
    said = np.empty(sizes.max() if len(sizes) else 0, np.uint64)  # the characters of a clause without its blanks
    beyond = len(run_numbers) - 1
    count = low = word = 0
    for clause in range(len(sizes)):
        first, close = low, low + sizes[clause]

        # 1. Words.
        while low < close:
            end = ends[word]
            node: Any = np.int64(roots[word_numbers[low]])
            for at in range(np.uint64(low + 1), np.uint64(end)):
                if node < 0:
                    break
                node = onward(table, shift, node, word_numbers[at])
            if node >= 0 and word_columns[np.uint64(node)] >= 0:
                found[count] = word_columns[np.uint64(node)]
                count += 1
            words[clause] += 1
            word += 1
            low = end
        word += 1  # the line break
        low = close + 1

        # 2. Runs; where one is not known none that begins with it is.
        size = 0
        for at in range(np.uint64(first), np.uint64(close)):
            if codes[at] != _BLANK:
                said[size] = run_numbers[min(codes[at], beyond)]
                size += 1
        for at in range(np.uint64(size)):
            key = said[at]
            for after in range(at + _ONE, min(at + _LONGEST, np.uint64(size))):
                key = (key << BITS) | said[after]
                slot = (key * MULTIPLIER) >> run_shift
                if run_keys[slot] != key:
                    slot ^= ((key * SECOND_MULTIPLIER) >> run_shift) | _ONE
                    if run_keys[slot] != key:
                        break
                if run_columns[slot] >= 0:
                    found[np.uint64(count)] = run_columns[slot]
                    count += 1

        # 3. The mark.
        if mark_columns[marks[clause]] >= 0:
            found[count] = mark_columns[marks[clause]]
            count += 1
        until[clause] = count
    return found[:count].copy(), until, words
