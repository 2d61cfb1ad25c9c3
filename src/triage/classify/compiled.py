"""The stages of a large batch that are compiled (needs numba); :mod:`triage.text.choice` says when they are taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from triage.classify.block_kernel import terms_in
from triage.classify.model import NO_CLAUSE
from triage.classify.score_kernel import add_up
from triage.classify.signal_kernel import tries_in
from triage.classify.signal_search import Search
from triage.classify.terms import Floats, Ints, Terms, unknown_share
from triage.text.clause_kernel import clauses_apart
from triage.text.cut import cut
from triage.text.lexicon import lexicon
from triage.text.tokenize import domain_words
from triage.text.trie import laid_out

if TYPE_CHECKING:
    from triage.classify.base import Base

__all__ = ["Compiled"]

Codes = npt.NDArray[np.uint32]

#: Room for so many tries a text at first; a text has about two.
_ROOM = 16


class Compiled:
    """What :class:`triage.classify.base.Base` and its vocabulary do, compiled.

    Parameters
    ----------
    base : Base
        The heads.
    """

    def __init__(self, base: Base) -> None:
        self._base = base
        self._words = lexicon(base.lookup.words, domain_words())
        self._runs = base.lookup.runs.with_beginnings()
        self._marks = np.full(128, -1)
        for mark, column in base.lookup.endings.items():
            self._marks[ord(mark)] = column

    def terms(self, texts: Sequence[str]) -> Terms:
        """Return the known terms of normalised texts, clause by clause."""
        words, runs = self._words, self._runs
        codes, owners, sizes, marks = clauses_apart(*laid_out(texts))
        columns, until, n_words = terms_in(
            codes, sizes, marks, self.cut(codes),
            words.characters.take(codes, mode="clip"), words.roots, words.table, words.shift, words.columns,
            runs.numbers, runs.keys, runs.columns, runs.shift, self._marks,
        )  # fmt: skip
        known = np.diff(until, prepend=0)
        unknown = unknown_share(owners, known, n_words, sizes, len(texts))
        return Terms(owners, np.repeat(np.arange(len(owners)), known), columns, unknown)

    def cut(self, codes: Codes) -> Ints:
        """Return where the words of texts end."""
        return cut(codes, self._words)

    def pooled(self, terms: Terms) -> Floats:
        """Return the pooled scores of messages: what :func:`triage.classify.model.pool` makes of the base's."""
        base, clauses, columns = self._base, terms.clauses, terms.columns
        if (clauses[1:] < clauses[:-1]).any():  # not found here
            order = clauses.argsort(kind="stable")
            clauses, columns = clauses[order], columns[order]
        n_outputs = len(base.intercept)
        pooled = np.full((len(terms.unknown), 3 * n_outputs), NO_CLAUSE)
        pooled[:, :n_outputs] = base.intercept
        add_up(terms.texts, clauses, columns, base.idf, base.weights, base.intercept, pooled)
        return pooled

    @staticmethod
    def tries(search: Search, texts: Sequence[str]) -> tuple[Ints, Ints, Ints]:
        """Return what must be tried: text, place in it and pattern."""
        trie, needs, begins, wanted = search.trie, search.needs, search.begins, search.wanted
        codes, ends = laid_out(texts)
        numbers, bounds = trie.numbers(codes), np.concatenate([[0], ends])
        room, count = _ROOM * len(texts), -1
        while count < 0:
            places, patterns = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
            count = tries_in(
                numbers, bounds,
                trie.roots, trie.table, trie.shift, trie.words,
                needs.starts, needs.values, begins.starts, begins.values, wanted.starts, wanted.values,
                search.widths, search.n_needs, places, patterns,
            )  # fmt: skip
            room *= 2
        places, patterns = places[:count], patterns[:count]
        of_text = np.searchsorted(bounds, places, side="right") - 1
        return of_text, places - bounds[of_text], patterns
