"""jieba's way of cutting text into words, compiled (needs numba).

What :class:`triage.text.tokenize.Tokenizer` gives: the most probable way through the words of the dictionary, a model
of the beginnings and ends of words for what the dictionary lacks, and neighbours joined to the words of support work.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from triage.text.choice import kernel
from triage.text.lexicon import FIRST_HAN, LAST_HAN, NEVER, Lexicon
from triage.text.trie import CHARACTER_BITS, FREE, MULTIPLIER, NODE_BITS, NODE_MASK

__all__ = ["cut", "onward"]

Ints = npt.NDArray[np.int64]

# Compiled, a shift by a signed number would give one.
_NODE_BITS, _CHARACTER_BITS, _ONE = np.uint64(NODE_BITS), np.uint64(CHARACTER_BITS), np.uint64(1)

# What a character can do in a word: the last entry stands for all beyond, which do nothing.
_LETTER, _FIGURE, _JOINS, _HAN = 1, 2, 4, 8
_KINDS = np.zeros(LAST_HAN + 2, dtype=np.uint8)
_KINDS[FIRST_HAN : LAST_HAN + 1] = _HAN
_KINDS[[*range(ord("a"), ord("z") + 1), *range(ord("A"), ord("Z") + 1)]] = _LETTER
_KINDS[ord("0") : ord("9") + 1] = _LETTER | _FIGURE
_KINDS[[ord(char) for char in "+#&._%-"]] = _JOINS
_DOT, _PERCENT = ord("."), ord("%")
_BEGIN, _MIDDLE, _END, _SINGLE = 0, 1, 2, 3
# Less than the logarithm of any way, more than that of one through what is no word.
_IMPOSSIBLE = NEVER / 2


@kernel
def onward(table: Any, shift: Any, node: Any, number: Any) -> Any:
    """Return the node to which a character leads, -1 for none (see :class:`triage.text.trie.Trie`)."""
    key = (np.uint64(node) << _CHARACTER_BITS) | np.uint64(number)
    slot = (key * MULTIPLIER) >> shift
    while True:
        entry = table[slot]
        if entry >> _NODE_BITS == key:
            return np.int64(entry & NODE_MASK)
        if entry == FREE:
            return -1
        slot = (slot + _ONE) & np.uint64(len(table) - 1)


def cut(codes: npt.NDArray[np.uint32], words: Lexicon) -> Ints:
    """Cut texts into words.

    Parameters
    ----------
    codes : ndarray of shape (n_characters,)
        The code points of normalised texts.
    words : Lexicon
        The dictionary.

    Returns
    -------
    ndarray of shape (n_words,)
        Where each ends; the next begins there.
    """
    kinds = _KINDS.take(codes, mode="clip")
    numbers = words.characters.take(codes, mode="clip")
    best = _route(kinds, numbers, words.roots, words.table, words.shift, words.logs, words.unknown)
    ends = _tokens(codes, kinds, numbers, best, words.roots, words.table, words.shift, words.logs, *words.guessing)
    return _joined(words.join_characters.take(codes, mode="clip"), ends, *words.joining)


@kernel
def _route(kinds: Any, numbers: Any, roots: Any, table: Any, shift: Any, logs: Any, unknown: float) -> Ints:
    """Return for every place where the word ends that begins the most probable way from there."""
    # Places are unsigned: of a signed one numba asks each time whether it counts from the end.
    count = np.uint64(len(kinds))
    best, ahead = np.empty(count, np.int64), np.empty(count + _ONE)
    ahead[count] = 0.0
    at = count
    while at > 0:
        at -= _ONE
        if not kinds[at]:
            best[at], ahead[at] = at + _ONE, 0.0
            continue
        most, end, after = _IMPOSSIBLE, np.uint64(0), at
        node: Any = np.int64(roots[numbers[at]])
        while node >= 0:
            after += _ONE
            log = logs[np.uint64(node)] + ahead[after]
            longer = log >= most  # of equals the longer; chosen without a branch, for it goes either way
            end = after if longer else end
            most = log if longer else most
            if after == count or not kinds[after]:
                break
            node = onward(table, shift, node, numbers[after])
        if end == 0:
            most, end = unknown + ahead[at + _ONE], at + _ONE
        best[at], ahead[at] = end, most
    return best


@kernel
def _tokens(
    codes: Any, kinds: Any, numbers: Any, best: Ints, roots: Any, table: Any, shift: Any, logs: Any,
    start: Any, moves: Any, emissions: Any,
) -> Ints:  # fmt: skip
    """Follow the most probable way; what it leaves in single characters is cut anew."""
    size = len(codes)
    ends, back = np.empty(size, np.int64), np.empty((size, 4), np.int8)
    count = at = 0
    while at < size:
        single = at
        while at < size and kinds[at] and best[at] == at + 1:
            at += 1
        if at > single:
            # Singles that make up a word of the dictionary were the more probable way.
            known: Any = at == single + 1
            if not known:
                node, place = np.int64(roots[numbers[single]]), single + 1
                while node >= 0 and place < at:
                    node = onward(table, shift, node, np.int64(numbers[place]))
                    place += 1
                known = node >= 0 and logs[node] != NEVER
            if known:
                for place in range(single, at):
                    ends[count] = place + 1
                    count += 1
            else:
                count = _again(codes, kinds, single, at, start, moves, emissions, ends, count, back)
        if at < size and not (kinds[at] and best[at] == at + 1):
            at = best[at]
            ends[count] = at
            count += 1
    return ends[:count].copy()


@kernel
def _again(
    codes: Any, kinds: Any, low: int, high: int, start: Any, moves: Any, emissions: Any,
    ends: Ints, count: int, back: Any,
) -> int:  # fmt: skip
    """Cut single characters anew: Chinese ones by probability, letters and figures by rule."""
    at = low
    while at < high:
        end = at + 1
        if kinds[at] == _HAN:
            while end < high and kinds[end] == _HAN:
                end += 1
            count = _guessed(codes, at, end, start, moves, emissions, ends, count, back)
        else:
            if kinds[at] & _LETTER:
                while end < high and kinds[end] & _LETTER:
                    end += 1
                if end + 1 < high and codes[end] == _DOT and kinds[end + 1] & _FIGURE:
                    end += 2
                    while end < high and kinds[end] & _FIGURE:
                        end += 1
                if end < high and codes[end] == _PERCENT:
                    end += 1
            else:
                while end < high and kinds[end] == _JOINS:
                    end += 1
            ends[count] = end
            count += 1
        at = end
    return count


@kernel
def _likelier(
    ways: Any, state: int, emitted: Any, moves: Any, one: int, to_one: float, other: int, to_other: float
) -> float:
    """Note from which of two states the likelier way comes, and return how likely it is.

    Of two equally probable ways the one from the later letter: B, E, M, S.
    """
    via_one = to_one + moves[one, state] + emitted[state]
    via_other = to_other + moves[other, state] + emitted[state]
    ways[state] = other if via_other >= via_one else one
    likelier: float = max(via_one, via_other)
    return likelier


@kernel
def _guessed(
    codes: Any, low: int, high: int, start: Any, moves: Any, emissions: Any, ends: Ints, count: int, back: Any
) -> int:
    """Cut Chinese characters where words most probably begin and end."""
    row = codes[low] - FIRST_HAN
    begin, middle = start[_BEGIN] + emissions[row, _BEGIN], start[_MIDDLE] + emissions[row, _MIDDLE]
    end, single = start[_END] + emissions[row, _END], start[_SINGLE] + emissions[row, _SINGLE]
    for at in range(low + 1, high):
        now, ways = emissions[codes[at] - FIRST_HAN], back[at]
        begins = _likelier(ways, _BEGIN, now, moves, _END, end, _SINGLE, single)
        goes_on = _likelier(ways, _MIDDLE, now, moves, _BEGIN, begin, _MIDDLE, middle)
        closes = _likelier(ways, _END, now, moves, _BEGIN, begin, _MIDDLE, middle)
        single = _likelier(ways, _SINGLE, now, moves, _END, end, _SINGLE, single)
        begin, middle, end = begins, goes_on, closes

    state: Any = _SINGLE if single >= end else _END
    for at in range(high - 1, low - 1, -1):  # the states in the place of the way to them
        before = np.int64(back[at, state])
        back[at, 0] = state
        state = before
    done = low
    for at in range(low, high):
        if back[at, 0] >= _END:
            done = at + 1
            ends[count] = done
            count += 1
    if done < high:
        ends[count] = high
        count += 1
    return count


@kernel
def _joined(numbers: Any, ends: Ints, roots: Any, table: Any, shift: Any, words: Any) -> Ints:
    """Join neighbouring tokens that make up a word of support work, the longest first."""
    kept = np.empty(len(ends), np.int64)
    count = at = place = 0
    while at < len(ends):
        last = at
        node, after = np.int64(roots[numbers[place]]), at
        place += 1
        while node >= 0:
            while node >= 0 and place < ends[after]:
                node = onward(table, shift, node, np.int64(numbers[place]))
                place += 1
            if node >= 0 and after > at and words[node] >= 0:
                last = after
            after += 1
            if after == len(ends):
                break
            if node >= 0:
                node = onward(table, shift, node, np.int64(numbers[place]))
                place += 1
        place = ends[last]
        kept[count] = place
        count += 1
        at = last + 1
    return kept[:count].copy()
