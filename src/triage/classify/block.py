"""The known terms of many texts at once.

What :mod:`triage.classify.features` says of one clause is done here for all clauses of a block of texts: one
cut into words, one dictionary look-up for each word, one look into a table for all runs of characters. Everything
is numbers; no term is built as a string.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from triage.classify.few import terms_of_few
from triage.classify.terms import NEW_CLAUSE, UNKNOWN, Ints, Terms, unknown_share
from triage.text.grams import Grams
from triage.text.spans import clause_bounds
from triage.text.tokenize import Tokenizer
from triage.text.trie import code_points, laid_out

if TYPE_CHECKING:
    from triage.classify.compiled import Compiled

__all__ = ["FEW", "Vocabulary"]

_BLANK, _LINE_BREAK = ord(" "), ord("\n")


#: So many texts are worth laying into arrays; below, they are read one by one.
FEW = 24


@dataclasses.dataclass(frozen=True)
class Vocabulary:
    """A vocabulary by kind of term.

    Parameters
    ----------
    words, endings : dict of str to int
        Column of each known word and ending. The line break between clauses is among the words.
    runs : Grams
        The known runs of characters.
    """

    words: Mapping[str, int]
    runs: Grams
    endings: Mapping[str, int]

    @classmethod
    def of(cls, terms: Sequence[str]) -> Vocabulary:
        """Split terms, prefixed by kind and in the order of their columns."""
        return cls.listed("\n".join(terms))

    @classmethod
    def listed(cls, listing: str) -> Vocabulary:
        """Split terms that stand in one text, a line break between them."""
        listing = f"\n{listing}\n"
        codes = code_points(listing)
        breaks = np.flatnonzero(codes == _LINE_BREAK)
        kinds = codes[breaks[:-1] + 1]
        columns = {kind: np.flatnonzero(kinds == ord(kind)) for kind in "wpc"}
        words, endings = (
            dict(zip(_terms_after(f"\n{kind}", listing), columns[kind].tolist(), strict=True)) for kind in "wp"
        )
        words["\n"] = NEW_CLAUSE
        runs = columns["c"]
        starts = breaks[runs] + 2
        return cls(words, Grams.of(codes, starts, breaks[runs + 1] - starts, runs), endings)

    def terms(self, texts: Sequence[str], tokenizer: Tokenizer, compiled: Compiled | None = None) -> Terms:
        """Cut normalised texts into clauses and find the known terms of each.

        Parameters
        ----------
        texts : sequence of str
            Texts as :func:`triage.text.normalize.normalize` returns them.
        tokenizer : Tokenizer
            Cuts clauses into words.
        compiled : Compiled, optional
            Cuts and looks up instead.

        Returns
        -------
        Terms
            As often as they occur: what :func:`triage.classify.features.clause_terms` gives, looked up.
        """
        if compiled:
            return compiled.terms(texts)
        if len(texts) < FEW:
            return terms_of_few(texts, self.words, self.runs, self.endings, tokenizer)
        codes, closes = laid_out(texts)
        starts, ends = clause_bounds(codes)
        owners = np.searchsorted(closes, starts, side="right")

        joined, of_clause = _apart(codes, starts, ends)
        in_words, words, word_count = self._words(joined, tokenizer, len(starts))
        in_runs, runs = self._runs(joined, of_clause)
        in_marks, marks = self._endings(codes, starts, ends, closes[owners], owners)
        clauses, columns = np.concatenate([in_words, in_runs, in_marks]), np.concatenate([words, runs, marks])

        known = np.bincount(clauses, minlength=len(starts))
        unknown = unknown_share(owners, known, word_count, ends - starts, len(texts))
        return Terms(owners, clauses, columns, unknown)

    def _words(self, codes: npt.NDArray[np.uint32], tokenizer: Tokenizer, count: int) -> tuple[Ints, Ints, Ints]:
        """Return the clause and column of each known word, and the number of words of each clause."""
        words = tokenizer(codes.tobytes().decode("utf-32-le"))
        columns = np.fromiter(map(self.words.get, words, itertools.repeat(UNKNOWN)), dtype=np.int64, count=len(words))
        breaks = np.flatnonzero(columns == NEW_CLAUSE)
        clauses = np.repeat(np.arange(count), np.diff(breaks, prepend=-1))
        known = np.flatnonzero(columns >= 0)
        return clauses[known], columns[known], np.diff(breaks, prepend=-1) - 1

    def _runs(self, codes: npt.NDArray[np.uint32], clauses: Ints) -> tuple[Ints, Ints]:
        """Return the clause and column of each known run of characters; blanks do not count."""
        said = codes != _BLANK
        places, columns, _ = self.runs.find(codes[said])
        return clauses[said][places], columns

    def _endings(
        self, codes: npt.NDArray[np.uint32], starts: Ints, ends: Ints, closes: Ints, owners: Ints
    ) -> tuple[Ints, Ints]:
        """Return the clause and column of each mark that ends one: ``?`` before ``!``."""
        until = closes.copy()
        until[:-1] = np.where(owners[1:] == owners[:-1], starts[1:], closes[:-1])
        clauses, columns = [], []
        open_ = np.ones(len(starts), dtype=bool)
        for mark in "?!":
            places = np.flatnonzero(codes == ord(mark))
            marked = (np.searchsorted(places, until) > np.searchsorted(places, ends)) & open_
            open_ &= ~marked
            if mark in self.endings:
                clauses.append(np.flatnonzero(marked))
                columns.append(np.full(len(clauses[-1]), self.endings[mark]))
        none = [np.empty(0, dtype=np.int64)]
        return np.concatenate(none + clauses), np.concatenate(none + columns)


def _terms_after(sign: str, listing: str) -> Iterator[str]:
    """Yield the terms that follow a sign, up to the next line break."""
    return (after.partition("\n")[0] for after in listing.split(sign)[1:])


def _apart(codes: npt.NDArray[np.uint32], starts: Ints, ends: Ints) -> tuple[npt.NDArray[np.uint32], Ints]:
    """Return the clauses, each followed by a line break, and the clause of every character."""
    sizes = ends - starts
    clauses = np.repeat(np.arange(len(starts)), sizes + 1)
    laid = np.cumsum(sizes + 1) - sizes - 1
    joined = codes.take(np.arange(len(clauses)) + (starts - laid)[clauses], mode="clip")
    joined[laid + sizes] = ord("\n")
    return joined, clauses
