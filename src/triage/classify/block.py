"""The known terms of many texts at once.

What :mod:`triage.classify.features` says of one clause is done here for all clauses of a block of texts: one
cut into words, one dictionary look-up for each word, one walk over a trie for all runs of characters. Everything
is numbers; no term is built as a string.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from triage.classify.features import SIZES
from triage.text.spans import clause_bounds
from triage.text.tokenize import Tokenizer
from triage.text.trie import Trie, code_points

__all__ = ["Terms", "Vocabulary"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_UNKNOWN, _NEW_CLAUSE = -1, -2
_BLANK = ord(" ")


@dataclasses.dataclass(frozen=True)
class Terms:
    """The known terms of a block of texts.

    Parameters
    ----------
    texts : ndarray of shape (n_clauses,)
        The text each clause belongs to, in rising order.
    clauses : ndarray of shape (n_occurrences,)
        The clause each occurrence of a known term belongs to.
    columns : ndarray of shape (n_occurrences,)
        The column of the term.
    unknown : ndarray of shape (n_texts,)
        Share of the terms of each text that the vocabulary lacks.
    """

    texts: Ints
    clauses: Ints
    columns: Ints
    unknown: Floats


@dataclasses.dataclass(frozen=True)
class Vocabulary:
    """A vocabulary by kind of term.

    Parameters
    ----------
    words : dict of str to int
        Word → column, and the line break between clauses.
    runs : Trie
        Runs of characters; a node's word is a column.
    endings : ndarray of shape (2,)
        Columns of a clause that ends with ``?`` and with ``!``, -1 where there is none.
    """

    words: Mapping[str, int]
    runs: Trie
    endings: Ints

    @classmethod
    def of(cls, vocabulary: Mapping[str, int]) -> Vocabulary:
        """Split a vocabulary of prefixed terms by kind."""
        kinds: dict[str, dict[str, int]] = {"w": {}, "c": {}, "p": {}}
        for term, column in vocabulary.items():
            kinds[term[0]][term[1:]] = column
        runs = Trie.of(list(kinds["c"]))
        # The last stands for -1, no word.
        columns = np.array([*kinds["c"].values(), _UNKNOWN], dtype=np.int32)
        return cls(
            kinds["w"] | {"\n": _NEW_CLAUSE},
            dataclasses.replace(runs, words=columns[runs.words]),
            np.array([kinds["p"].get(mark, _UNKNOWN) for mark in "?!"]),
        )

    def terms(self, texts: Sequence[str], tokenizer: Tokenizer) -> Terms:
        """Cut normalised texts into clauses and find the known terms of each.

        Parameters
        ----------
        texts : sequence of str
            Texts as :func:`triage.text.normalize.normalize` returns them.
        tokenizer : Tokenizer
            Cuts clauses into words.

        Returns
        -------
        Terms
            As often as they occur: what :func:`triage.classify.features.clause_terms` gives, looked up.
        """
        codes = code_points("".join(f"{text}\n" for text in texts))
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
        closes = np.cumsum(lengths)
        starts, ends = clause_bounds(codes)
        owners = np.searchsorted(closes, starts, side="right")

        joined, of_clause = _apart(codes, starts, ends)
        in_words, words, word_count = self._words(joined, tokenizer, len(starts))
        in_runs, runs = self._runs(joined, of_clause)
        in_marks, marks = self._endings(codes, starts, ends, closes[owners], owners)
        clauses, columns = np.concatenate([in_words, in_runs, in_marks]), np.concatenate([words, runs, marks])

        sizes = ends - starts
        possible = word_count + sum(np.maximum(sizes - size + 1, 0) for size in SIZES)
        total = np.bincount(owners, possible, len(texts))
        known = np.bincount(owners[clauses], minlength=len(texts))
        return Terms(owners, clauses, columns, np.where(total > 0, 1.0 - known / np.maximum(total, 1), 0.0))

    def _words(self, codes: npt.NDArray[np.uint32], tokenizer: Tokenizer, count: int) -> tuple[Ints, Ints, Ints]:
        """Return the clause and column of each known word, and the number of words of each clause."""
        words = tokenizer(codes.tobytes().decode("utf-32-le"))
        columns = np.fromiter(map(self.words.get, words, itertools.repeat(_UNKNOWN)), dtype=np.int64, count=len(words))
        breaks = np.flatnonzero(columns == _NEW_CLAUSE)
        clauses = np.repeat(np.arange(count), np.diff(breaks, prepend=-1))
        known = np.flatnonzero(columns >= 0)
        return clauses[known], columns[known], np.diff(breaks, prepend=-1) - 1

    def _runs(self, codes: npt.NDArray[np.uint32], clauses: Ints) -> tuple[Ints, Ints]:
        """Return the clause and column of each known run of characters; blanks do not count."""
        said = np.flatnonzero(codes != _BLANK)
        codes, clauses = codes[said], clauses[said]
        places, columns = [], []
        for where, nodes in self.runs.walk(self.runs.numbers(codes)):
            found = self.runs.words[nodes]
            whole = np.flatnonzero(found >= 0)
            places.append(where[whole])
            columns.append(found[whole])
        return clauses[np.concatenate(places)], np.concatenate(columns).astype(np.int64)

    def _endings(
        self, codes: npt.NDArray[np.uint32], starts: Ints, ends: Ints, closes: Ints, owners: Ints
    ) -> tuple[Ints, Ints]:
        """Return the clause and column of each mark that ends one: ``?`` before ``!``."""
        until = closes.copy()
        until[:-1] = np.where(owners[1:] == owners[:-1], starts[1:], closes[:-1])
        clauses, columns = [], []
        open_ = np.ones(len(starts), dtype=bool)
        for mark, column in zip("?!", self.endings, strict=True):
            places = np.flatnonzero(codes == ord(mark))
            marked = (np.searchsorted(places, until) > np.searchsorted(places, ends)) & open_
            open_ &= ~marked
            if column >= 0:
                clauses.append(np.flatnonzero(marked))
                columns.append(np.full(len(clauses[-1]), column))
        none = [np.empty(0, dtype=np.int64)]
        return np.concatenate(none + clauses), np.concatenate(none + columns)


def _apart(codes: npt.NDArray[np.uint32], starts: Ints, ends: Ints) -> tuple[npt.NDArray[np.uint32], Ints]:
    """Return the clauses, each followed by a line break, and the clause of every character."""
    sizes = ends - starts
    clauses = np.repeat(np.arange(len(starts)), sizes + 1)
    laid = np.cumsum(sizes + 1) - sizes - 1
    joined = codes.take(np.arange(len(clauses)) + (starts - laid)[clauses], mode="clip")
    joined[laid + sizes] = ord("\n")
    return joined, clauses
