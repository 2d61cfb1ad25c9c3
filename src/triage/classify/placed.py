"""Where the known terms of one text stand: what evidence is gathered from."""

from __future__ import annotations

import dataclasses

import numpy as np

from triage.classify.block import Vocabulary
from triage.classify.few import ending_marks
from triage.classify.terms import NEW_CLAUSE, UNKNOWN, Ints
from triage.text.clauses import clauses
from triage.text.tokenize import Tokenizer
from triage.text.trie import code_points

__all__ = ["Placed", "place_terms"]

_BLANK, _LINE_BREAK = ord(" "), ord("\n")


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """The known terms of a normalised text with their places.

    Parameters
    ----------
    clauses : list of (int, int)
        The spans of the clauses.
    words : list of (int, int)
        The spans of all words, known or not.
    columns, owners, lows, highs : ndarray of shape (n_occurrences,)
        Of each occurrence of a known term its column, its clause and its span.
    """

    clauses: list[tuple[int, int]]
    words: list[tuple[int, int]]
    columns: Ints
    owners: Ints
    lows: Ints
    highs: Ints


def place_terms(text: str, vocabulary: Vocabulary, tokenizer: Tokenizer) -> Placed:
    """Find the known terms of a normalised text.

    Parameters
    ----------
    text : str
        Text as :func:`triage.text.normalize.normalize` returns it.
    vocabulary : Vocabulary
        What is known.
    tokenizer : Tokenizer
        Cuts clauses into words.

    Returns
    -------
    Placed
        What :func:`triage.classify.features.clause_spans` gives of every clause, looked up.

    Examples
    --------
    >>> placed = place_terms("慢,很慢!", Vocabulary.of(["c很慢", "p!", "w慢"]), Tokenizer())
    >>> placed.words
    [(0, 1), (2, 3), (3, 4)]
    >>> sorted(zip(placed.lows.tolist(), placed.highs.tolist(), placed.columns.tolist(), placed.owners.tolist()))
    [(0, 1, 2, 0), (2, 4, 0, 1), (3, 4, 2, 1), (4, 5, 1, 1)]
    """
    spans = clauses(text)
    if not spans:
        none = np.empty(0, dtype=np.int64)
        return Placed([], [], none, none, none, none)
    joined = "\n".join([text[start:end] for start, end in spans]) + "\n"
    # The place in the text of every character; a line break stands for what follows its clause.
    where = np.array([place for start, end in spans for place in range(start, end + 1)], dtype=np.int64)
    cut = tokenizer(joined)
    found = np.array([vocabulary.words.get(word, UNKNOWN) for word in cut], dtype=np.int64)
    sizes = np.array([len(word) for word in cut], dtype=np.int64)
    lows = where[sizes.cumsum() - sizes]
    breaks = found == NEW_CLAUSE
    known = (found >= 0).nonzero()[0]
    word_lows = lows[~breaks].tolist()

    codes = code_points(joined)
    said = (codes != _BLANK).nonzero()[0]
    places, columns, lengths = vocabulary.runs.find(codes[said])
    of_clause = (codes == _LINE_BREAK).cumsum()
    first, last = said[places], said[places + lengths - 1]

    marks = [(number, mark) for number, mark in ending_marks(text, spans) if mark in vocabulary.endings]
    ends = np.array([spans[number][1] for number, _ in marks], dtype=np.int64)
    return Placed(
        spans,
        list(zip(word_lows, (lows + sizes)[~breaks].tolist(), strict=True)),
        np.concatenate(
            [found[known], columns, np.array([vocabulary.endings[mark] for _, mark in marks], dtype=np.int64)]
        ),
        np.concatenate([breaks.cumsum()[known], of_clause[first], np.array([at for at, _ in marks], dtype=np.int64)]),
        np.concatenate([lows[known], where[first], ends]),
        np.concatenate([lows[known] + sizes[known], where[last] + 1, ends + 1]),
    )
