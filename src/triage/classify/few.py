"""The known terms of a few texts.

Until there are dozens of texts, plain Python finds their clauses sooner than arrays are set up.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from itertools import pairwise, repeat

import numpy as np

from triage.classify.features import SIZES
from triage.classify.terms import NEW_CLAUSE, UNKNOWN, Terms
from triage.text.clauses import clauses
from triage.text.grams import Grams
from triage.text.tokenize import Tokenizer
from triage.text.trie import code_points

__all__ = ["ending_marks", "terms_of_few"]

_LINE_BREAK = ord("\n")


def terms_of_few(
    texts: Sequence[str], words: Mapping[str, int], runs: Grams, endings: Mapping[str, int], tokenizer: Tokenizer
) -> Terms:
    """Find the known terms of normalised texts.

    Parameters
    ----------
    texts : sequence of str
        Texts as :func:`triage.text.normalize.normalize` returns them.
    words, endings : mapping of str to int
        Column of each known word and ending; :data:`NEW_CLAUSE` of the line break is among the words.
    runs : Grams
        The known runs of characters.
    tokenizer : Tokenizer
        Cuts clauses into words.

    Returns
    -------
    Terms
        What :meth:`triage.classify.block.Vocabulary.terms` finds in many.
    """
    pieces: list[str] = []
    of_text: list[int] = []
    marks: list[tuple[int, str]] = []
    possible: list[int] = []
    for at, text in enumerate(texts):
        spans = clauses(text)
        marks += [(len(pieces) + number, mark) for number, mark in ending_marks(text, spans) if mark in endings]
        pieces += [text[start:end] for start, end in spans]
        of_text += repeat(at, len(spans))
        possible.append(sum([_runs_in(end - start) for start, end in spans]))
    owners = np.array(of_text, dtype=np.int64)
    if not pieces:
        none = np.empty(0, dtype=np.int64)
        return Terms(owners, none, none, np.zeros(len(texts)))

    # One cut and one look-up for all: neither words nor known runs go over a line break.
    joined = "\n".join(pieces) + "\n"
    cut = tokenizer(joined)
    columns, standing = [endings[mark] for _, mark in marks], [number for number, _ in marks]
    closes = [-1]  # where among the words each clause ends
    clause = 0
    for at, column in enumerate(map(words.get, cut, repeat(UNKNOWN))):
        if column >= 0:
            columns.append(column)
            standing.append(clause)
        elif column == NEW_CLAUSE:
            closes.append(at)
            clause += 1
    codes = code_points(joined.replace(" ", ""))
    places, in_runs, _ = runs.find(codes)
    of_runs = (codes == _LINE_BREAK).cumsum().take(places)
    clauses_of = np.concatenate((np.array(standing, dtype=np.int64), of_runs))

    # Of one text all are its own.
    if len(texts) == 1:
        n_words, n_known = [len(cut) - len(pieces)], [len(clauses_of)]
    else:
        n_words = np.bincount(owners, np.diff(closes) - 1, len(texts)).tolist()
        n_known = np.bincount(owners[clauses_of], minlength=len(texts)).tolist()
    terms = map(operator.add, possible, n_words)
    unknown = [
        1.0 - known_of / terms_of if terms_of else 0.0 for known_of, terms_of in zip(n_known, terms, strict=True)
    ]
    return Terms(owners, clauses_of, np.concatenate((np.array(columns, dtype=np.int64), in_runs)), np.array(unknown))


@functools.cache
def _runs_in(characters: int) -> int:
    """Return how many runs a clause of so many characters holds."""
    return sum(max(characters - size + 1, 0) for size in SIZES)


def ending_marks(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, str]]:
    """Return the clauses that a mark ends, with the mark: ``?`` before ``!``."""
    if "?" not in text and "!" not in text:
        return []
    found = []
    for number, ((_, end), (start, _)) in enumerate(pairwise([*spans, (len(text), len(text))])):
        between = text[end:start]
        if "?" in between or "!" in between:
            found.append((number, "?" if "?" in between else "!"))
    return found
