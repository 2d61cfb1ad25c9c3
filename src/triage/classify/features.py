"""A text as the terms the model counts, clause by clause.

A *term* is a string whose first letter says its kind: ``w`` a word, ``c`` two to four neighbouring
characters, ``p`` the mark that ends the clause. (Pairs of words were tried and brought nothing that the
characters do not: ``docs/ablations.md``.) Terms never cross a clause, so the
terms of a message are those of its clauses together.

This is the definition, one clause at a time, for training and evidence; :mod:`triage.classify.block` finds the
same terms for scoring, all at once. A test holds the two together.
"""

from __future__ import annotations

import dataclasses
import re

from triage.text.clauses import clauses
from triage.text.tokenize import Tokenizer

__all__ = ["SIZES", "Clause", "clause_spans", "clause_terms", "message_terms", "read_clauses"]

#: Raise when the same clause may give other terms than before; a model names the version it was trained with.
FEATURES_VERSION = 1

_WORDLESS = re.compile(r"[^\w?!\u4e00-\u9fff]+")
#: How many neighbouring characters make a term.
SIZES = (2, 3, 4)


@dataclasses.dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a normalised text.

    Parameters
    ----------
    start, end : int
        Its span in the normalised text.
    words : list of str
        Its tokens in order; joined they are the clause.
    ending : str
        ``?`` or ``!`` where such a mark ends it, else empty.
    """

    start: int
    end: int
    words: list[str]
    ending: str


def read_clauses(text: str, tokenizer: Tokenizer) -> list[Clause]:
    """Cut a normalised text into clauses and these into words.

    Parameters
    ----------
    text : str
        Text as :func:`triage.text.normalize.normalize` returns it.
    tokenizer : Tokenizer
        Cuts clauses into words.

    Returns
    -------
    list of Clause
        In order; empty for a text without a word.

    Examples
    --------
    >>> [clause.words for clause in read_clauses("打不开了!怎么回事", Tokenizer())]
    [['打不开', '了'], ['怎么回事']]
    """
    spans = clauses(text)
    out = []
    for at, (start, end) in enumerate(spans):
        between = text[end : spans[at + 1][0] if at + 1 < len(spans) else len(text)]
        ending = "?" if "?" in between else "!" if "!" in between else ""
        out.append(Clause(start, end, tokenizer(text[start:end]), ending))
    return out


def clause_terms(clause: Clause) -> list[str]:
    """Return the terms of a clause, each as often as it occurs.

    Parameters
    ----------
    clause : Clause
        A clause with its words.

    Returns
    -------
    list of str
        Terms, prefixed by kind.

    Examples
    --------
    >>> clause_terms(Clause(0, 3, ["打不开", "了"], "!"))
    ['w打不开', 'w了', 'c打不', 'c不开', 'c开了', 'c打不开', 'c不开了', 'c打不开了', 'p!']
    """
    return [term for term, _, _ in clause_spans(clause)]


def clause_spans(clause: Clause) -> list[tuple[str, int, int]]:
    """Return the terms of a clause with the span of the normalised text each stands on.

    Parameters
    ----------
    clause : Clause
        A clause with its words.

    Returns
    -------
    list of (str, int, int)
        Term, start, end.
    """
    spans: list[tuple[str, int, int]] = []
    at = clause.start
    run = ""
    places: list[int] = []
    for word in clause.words:
        if not _WORDLESS.fullmatch(word):
            spans.append((f"w{word}", at, at + len(word)))
        for offset, char in enumerate(word):
            if char != " ":
                run += char
                places.append(at + offset)
        at += len(word)
    for size in SIZES:
        spans += [
            (f"c{run[first : first + size]}", places[first], places[first + size - 1] + 1)
            for first in range(len(run) - size + 1)
        ]
    if clause.ending:
        spans.append((f"p{clause.ending}", clause.end, clause.end + 1))
    return spans


def message_terms(text: str, tokenizer: Tokenizer) -> list[list[str]]:
    """Return the terms of each clause of a normalised text.

    Parameters
    ----------
    text : str
        Text as :func:`triage.text.normalize.normalize` returns it.
    tokenizer : Tokenizer
        Cuts clauses into words.

    Returns
    -------
    list of list of str
        One list of terms a clause.
    """
    return [clause_terms(clause) for clause in read_clauses(text, tokenizer)]
