"""The known terms of a few texts, one after the other.

Until there are dozens of texts, dictionaries answer sooner than arrays are set up, and need no table built first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from triage.classify.features import SIZES, read_clauses
from triage.classify.terms import Terms
from triage.text.tokenize import Tokenizer

__all__ = ["terms_of_few"]


def terms_of_few(
    texts: Sequence[str],
    words: Mapping[str, int],
    runs: Mapping[str, int],
    endings: Mapping[str, int],
    tokenizer: Tokenizer,
) -> Terms:
    """Find the known terms of normalised texts.

    Parameters
    ----------
    texts : sequence of str
        Texts as :func:`triage.text.normalize.normalize` returns them.
    words, runs, endings : mapping of str to int
        Column of each known word, run of characters, and ending. Whatever begins a known run is among the runs,
        with -1 where it is none itself.
    tokenizer : Tokenizer
        Cuts clauses into words.

    Returns
    -------
    Terms
        What :meth:`triage.classify.block.Vocabulary.terms` finds in many.
    """
    owners: list[int] = []
    counts: list[int] = []
    columns: list[int] = []
    unknown: list[float] = []
    column_of = runs.get
    for at, text in enumerate(texts):
        total, before = 0, len(columns)
        for clause in read_clauses(text, tokenizer):
            first = len(columns)
            columns += [words[word] for word in clause.words if word in words]
            run = "".join(clause.words)
            total += len(clause.words) + sum(max(len(run) - size + 1, 0) for size in SIZES)
            run = run.replace(" ", "")
            places: Iterable[int] = range(len(run))
            for size in SIZES:  # a longer run is known only where a shorter one is
                last = len(run) - size
                found = [
                    (low, column)
                    for low in places
                    if low <= last and (column := column_of(run[low : low + size])) is not None
                ]
                columns += [column for _, column in found if column >= 0]
                places = [low for low, _ in found]
            if clause.ending in endings:
                columns.append(endings[clause.ending])
            owners.append(at)
            counts.append(len(columns) - first)
        unknown.append(1.0 - (len(columns) - before) / total if total else 0.0)
    return Terms(
        np.array(owners, dtype=np.int64),
        np.repeat(np.arange(len(counts)), counts),
        np.array(columns, dtype=np.int64),
        np.array(unknown),
    )
