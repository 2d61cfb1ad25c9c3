"""jieba's dictionary and its model of unknown words, laid out in arrays for :mod:`triage.text.cut`."""

from __future__ import annotations

import importlib.machinery
import math
import types
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from triage.text.dictionary import jieba_folder
from triage.text.trie import Trie

__all__ = ["NEVER", "Lexicon", "lexicon"]

#: What jieba takes for the logarithm of nothing.
NEVER = -3.14e100
#: The characters that words unknown to the dictionary are made of.
FIRST_HAN, LAST_HAN = 0x4E00, 0x9FD5
_STATES = "BMES"

Floats = npt.NDArray[np.float64]


class Lexicon(NamedTuple):
    """The words that count, with what cutting needs to know of them.

    Parameters
    ----------
    characters, roots, table, shift : ndarray
        Of a :class:`triage.text.trie.Trie` of all words of the dictionary, and those asked for.
    logs : ndarray of float64
        Node → logarithm of the share of the word that ends there in all text; :data:`NEVER` for none.
    unknown : float
        The logarithm for a character that is no word.
    columns : ndarray of int64
        Node → column of the word, -1 for none.
    start : ndarray of shape (4,)
        How a run of single characters begins: logarithms for the beginning, the middle and the end of a word and a
        word of one character.
    moves : ndarray of shape (4, 4)
        How these follow each other.
    emissions : ndarray of shape (n_characters, 4)
        How probable each Chinese character is there.
    join_characters, join_roots, join_table, join_shift, join_words : ndarray
        A trie of the words that neighbouring tokens are joined to.
    """

    characters: npt.NDArray[np.uint16]
    roots: npt.NDArray[np.int32]
    table: npt.NDArray[np.uint64]
    shift: np.uint64
    logs: Floats
    unknown: float
    columns: npt.NDArray[np.int64]
    start: Floats
    moves: Floats
    emissions: Floats
    join_characters: npt.NDArray[np.uint16]
    join_roots: npt.NDArray[np.int32]
    join_table: npt.NDArray[np.uint64]
    join_shift: np.uint64
    join_words: npt.NDArray[np.int32]

    @property
    def guessing(self) -> tuple[Floats, Floats, Floats]:
        """The model of unknown words."""
        return self.start, self.moves, self.emissions

    @property
    def joining(self) -> tuple[Any, ...]:
        """The trie of words that tokens are joined to, without its characters."""
        return self.join_roots, self.join_table, self.join_shift, self.join_words


def lexicon(wanted: Mapping[str, int], joined: Iterable[str]) -> Lexicon:
    """Lay out jieba's dictionary.

    Parameters
    ----------
    wanted : mapping of str to int
        Words to be told apart → their columns.
    joined : iterable of str
        Words that neighbouring tokens are joined to.
    """
    counts, total = _dictionary()
    unknown = -math.log(total)
    shares = {count: math.log(count) + unknown if count else NEVER for count in set(counts.values())}
    listed = [*counts, *(word for word in wanted if word not in counts)]
    logged = np.full(len(listed), NEVER)
    logged[: len(counts)] = [shares[count] for count in counts.values()]
    asked = np.array([wanted.get(word, -1) for word in listed], dtype=np.int64)
    del counts  # large, and laying out the trie takes much memory for a moment
    trie = Trie.of(listed)
    del listed
    at = trie.words
    whole = at >= 0
    logs = np.full(len(at), NEVER)
    logs[whole] = logged[at[whole]]
    columns = np.full(len(at), -1, dtype=np.int64)
    columns[whole] = asked[at[whole]]
    joins = Trie.of(sorted(set(joined)))
    return Lexicon(
        trie.characters,
        trie.roots,
        trie.table,
        trie.shift,
        logs,
        unknown,
        columns,
        *_unknown_words(),
        joins.characters,
        joins.roots,
        joins.table,
        joins.shift,
        joins.words,
    )


def _dictionary() -> tuple[dict[str, int], int]:
    """Return how often every word was counted, and all of these together."""
    counts: dict[str, int] = {}
    total = 0
    with (jieba_folder() / "dict.txt").open(encoding="utf-8") as lines:  # word, count, part of speech
        for line in lines:
            word, count, _ = line.split(" ", 2)
            counts[word] = int(count)
            total += counts[word]
    return counts, total


def _unknown_words() -> tuple[Floats, Floats, Floats]:
    start, moves, emissions = (_table(name) for name in ("start", "trans", "emit"))
    emitted = np.full((LAST_HAN - FIRST_HAN + 1, len(_STATES)), NEVER)
    for at, state in enumerate(_STATES):
        for character, log in emissions[state].items():
            if FIRST_HAN <= ord(character) <= LAST_HAN:
                emitted[ord(character) - FIRST_HAN, at] = log
    return (
        np.array([start[state] for state in _STATES]),
        np.array([[moves[state].get(then, NEVER) for then in _STATES] for state in _STATES]),
        emitted,
    )


def _table(name: str) -> dict[str, Any]:
    source = jieba_folder() / "finalseg" / f"prob_{name}.py"
    loader = importlib.machinery.SourceFileLoader(f"jieba.finalseg.prob_{name}", str(source))
    module = types.ModuleType(loader.name)
    loader.exec_module(module)
    found: dict[str, Any] = module.P
    return found
