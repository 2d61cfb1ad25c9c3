"""The base heads: TF-IDF and one linear score for each output, of whole messages and of their clauses."""

from __future__ import annotations

import dataclasses
import functools
import sys

import numpy as np
import numpy.typing as npt

from triage.classify.block import Vocabulary
from triage.classify.terms import Floats, Ints, Terms, run_sizes, run_starts

__all__ = ["Base"]

# One text is scored in a dense table of its clauses and terms while that has so many cells, and so many terms.
_CELLS, _TERMS = 16_384, 1_024
# Occurrences → the sublinear frequency of a term.
_SUBLINEAR = np.concatenate([[0.0], 1.0 + np.log(np.arange(1, _TERMS + 1))])
#: From so many values on the sparse product of scipy is worth its import (0.15 s), and once it is there, its set-up.
_MANY, _SOME = 60_000, 2_000


@dataclasses.dataclass(frozen=True)
class Base:
    """TF-IDF and the linear heads over it.

    Parameters
    ----------
    listing : str
        The terms, prefixed by kind, in the order of their columns, a line break between them. As strings of their own
        they would take a tenth of the time to the first answer, and scoring needs few of them so.
    idf : ndarray of shape (n_terms,)
        Inverse document frequencies.
    weights : ndarray of shape (n_terms, n_outputs)
        Coefficients of :data:`triage.classify.model.OUTPUTS`.
    intercept : ndarray of shape (n_outputs,)
        Their intercepts.
    """

    listing: str
    idf: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    intercept: Floats

    @functools.cached_property
    def terms(self) -> tuple[str, ...]:
        """The terms in the order of their columns."""
        return tuple(self.listing.split("\n"))

    @functools.cached_property
    def vocabulary(self) -> dict[str, int]:
        """Term → column."""
        return {term: column for column, term in enumerate(self.terms)}

    @functools.cached_property
    def lookup(self) -> Vocabulary:
        """The vocabulary by kind of term, for the path every text takes."""
        return Vocabulary.listed(self.listing)

    def scores(self, terms: Terms) -> tuple[Floats, Floats]:
        """Score messages and their clauses.

        Parameters
        ----------
        terms : Terms
            The known terms of the messages.

        Returns
        -------
        whole : ndarray of shape (n_messages, n_outputs)
            Decision values of the messages.
        clauses : ndarray of shape (n_clauses, n_outputs)
            Those of the clauses. What has no known term has the intercept.
        """
        n_texts, n_clauses = len(terms.unknown), len(terms.texts)
        if not len(terms.columns):
            return np.tile(self.intercept, (n_texts, 1)), np.tile(self.intercept, (n_clauses, 1))

        if n_texts == 1 and len(terms.columns) <= _TERMS and n_clauses * len(terms.columns) <= _CELLS:
            return self._scores_of_one(terms)

        # 1. Sort by message, term and clause: equal numbers are repetitions within a clause.
        clause_bits, term_bits = n_clauses.bit_length(), len(self.idf).bit_length()
        keys = terms.texts[terms.clauses] << term_bits
        keys |= terms.columns
        keys <<= clause_bits
        keys |= terms.clauses
        keys.sort()
        firsts = run_starts(keys)
        keys, counts = keys[firsts], run_sizes(firsts, len(keys))
        clauses, heads = keys & ((1 << clause_bits) - 1), keys >> clause_bits
        columns = heads & ((1 << term_bits) - 1)
        idf = self.idf[columns].astype(np.float64)
        values = (1.0 + np.log(counts)) * idf

        # 2. Clauses: sums before they are divided by the length of the vector.
        sums = self._sums(clauses, columns, values, n_clauses)
        lengths = np.sqrt(np.bincount(clauses, values * values, n_clauses))

        # 3. A message is the sum of its clauses, but for terms that stand in several of them.
        groups = run_starts(heads)
        totals = np.add.reduceat(counts, groups)
        in_whole = (1.0 + np.log(totals)) * idf[groups]
        texts = terms.texts[clauses[groups]]
        whole_lengths = np.sqrt(np.bincount(texts, in_whole * in_whole, n_texts))
        shared = (run_sizes(groups, len(heads)) > 1).nonzero()[0]
        excess = in_whole[shared] - np.add.reduceat(values, groups)[shared]
        starts = run_starts(terms.texts)
        whole = self._sums(texts[shared], columns[groups[shared]], excess, n_texts)
        whole[terms.texts[starts]] += np.add.reduceat(sums, starts, axis=0)
        return self._scaled(whole, whole_lengths), self._scaled(sums, lengths)

    def _scores_of_one(self, terms: Terms) -> tuple[Floats, Floats]:
        """Score one message in a dense table: a row for each clause and a last one for the whole, a column a term."""
        order = terms.columns.argsort()
        columns = terms.columns.take(order)
        firsts = np.empty(len(columns), dtype=bool)
        firsts[0] = True
        np.not_equal(columns[1:], columns[:-1], out=firsts[1:])
        distinct = columns[firsts]
        cells = terms.clauses.take(order)
        cells *= len(distinct)
        cells += firsts.cumsum()
        cells -= 1
        rows = len(terms.texts) + 1
        counts = np.bincount(cells, minlength=rows * len(distinct)).reshape(rows, -1)
        np.add.reduce(counts[:-1], axis=0, out=counts[-1])
        values = _SUBLINEAR.take(counts)  # take is quicker than an index for few
        values *= self.idf.take(distinct)
        lengths = np.sqrt(np.add.reduce(values * values, axis=1))
        scores = self._scaled(values @ self.weights.take(distinct, axis=0).astype(np.float64), lengths)
        return scores[-1:], scores[:-1]

    def _sums(self, rows: Ints, columns: Ints, values: Floats, n_rows: int) -> Floats:
        """Add up the weighted coefficients of each row; rows come in any order."""
        if len(rows) >= (_SOME if "scipy.sparse" in sys.modules else _MANY):
            from scipy import sparse

            # Of the terms that occur only: all weights in double precision would take 26 MB of every process.
            occurs = np.zeros(len(self.idf), dtype=bool)
            occurs[columns] = True
            distinct = occurs.nonzero()[0]
            places = np.empty(len(self.idf), dtype=np.int32)  # read only where a term occurs
            places[distinct] = np.arange(len(distinct), dtype=np.int32)
            table = sparse.csr_array((values, (rows, places[columns])), (n_rows, len(distinct)))
            product: Floats = table @ self.weights[distinct].astype(np.float64)
            return product
        sums = np.zeros((n_rows, len(self.intercept)))
        if not len(rows):
            return sums
        order = np.argsort(rows, kind="stable")
        rows = rows[order]
        starts = run_starts(rows)
        weighted = self.weights[columns[order]] * values[order, None]
        sums[rows[starts]] = np.add.reduceat(weighted, starts, axis=0)
        return sums

    def _scaled(self, sums: Floats, lengths: Floats) -> Floats:
        scores: Floats = sums / np.where(lengths > 0, lengths, 1.0)[:, None] + self.intercept
        return scores

    def tfidf(self, keys: Ints, counts: Ints) -> tuple[Ints, Ints, Floats]:
        """Weigh the distinct terms of each row.

        Parameters
        ----------
        keys : ndarray of shape (n_distinct,)
            ``row * n_terms + column`` of each, in rising order.
        counts : ndarray of shape (n_distinct,)
            How often it occurs in the row.

        Returns
        -------
        rows, columns, values : ndarray of shape (n_distinct,)
            Values are sublinear TF-IDF, L2-normalised by row.
        """
        rows, terms = np.divmod(keys, len(self.idf))
        values = (1.0 + np.log(counts)) * self.idf[terms]
        norms = np.sqrt(np.bincount(rows, weights=values * values))
        return rows, terms, values / norms[rows]
