"""What a labelled message teaches about its clauses, which have no labels of their own.

A message that asserts something has at least one clause that does; one that does not has none (multiple-instance
learning). So where a message is labelled *yes*, the clause that a first round of heads scored highest is a further
example of *yes*, and where it is labelled *no*, every clause is one of *no*. ``primary:none`` is the opposite of a
complaint and is turned over: all clauses of a message that is none are, and the least of another is not.

A message also stays what it is when something idle is said beside it: it is learnt once more with a clause of a message
that is no complaint.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from triage.classify.model import HEADS, OUTPUTS
from triage.classify.pieces import Pieces
from triage.classify.terms import Flags, Floats, Ints, run_sizes, run_starts
from triage.records import IssueType

__all__ = ["Lessons", "clause_lessons"]

_NONE = OUTPUTS.index("primary:none")
#: How loud what is said beside a message is, and the golden section (docs/ablations.md).
_ASIDE, _GOLDEN = 0.5, (math.sqrt(5.0) - 1.0) / 2.0


def _beside(output: str) -> tuple[int, int] | None:
    """Return the columns "asserts the category of this output" and "has it as primary"; nothing for other outputs."""
    head, _, name = output.partition(":")
    category = IssueType(name).category.value if head == "issue" else name
    if head not in ("primary", "issue") or category not in HEADS["categories"]:
        return None
    return OUTPUTS.index(f"categories:{category}"), OUTPUTS.index(f"primary:{category}")


_BESIDE = [_beside(output) for output in OUTPUTS]


@dataclasses.dataclass(frozen=True)
class Lessons:
    """What base heads learn from: examples, their targets, and how much each counts.

    Parameters
    ----------
    rows : sparse matrix of shape (n_examples, n_terms)
        TF-IDF of messages and clauses.
    wanted : ndarray of shape (n_examples, n_outputs)
        The yes/no targets, -1 where an example says nothing.
    weights : ndarray of shape (n_examples, n_outputs)
        How much each counts.
    pieces : ndarray of shape (n_examples,)
        The piece of the corpus each comes from.
    clauses : ndarray of shape (n_examples,)
        Whether it is a clause of that piece.
    """

    rows: Any
    wanted: Ints
    weights: Floats
    pieces: Ints
    clauses: Flags

    @classmethod
    def of_messages(cls, pieces: Pieces, wanted: Ints, weights: Floats) -> Lessons:
        """Take every piece of a corpus, with its targets and its weight, as one example."""
        count = len(wanted)
        spread = np.repeat(weights[:, None], wanted.shape[1], axis=1)
        return cls(pieces.whole, wanted, spread, np.arange(count), np.zeros(count, dtype=bool))

    def with_clauses(self, pieces: Pieces, scores: Floats, weight: float) -> Lessons:
        """Add the clauses of the pieces, given scores of each by heads that did not see its piece, and their weight."""
        from scipy import sparse

        lessons, counts = clause_lessons(scores, self.wanted, pieces.owners, weight * self.weights[:, 0])
        return Lessons(
            sparse.vstack([self.rows, pieces.clauses]).tocsr(),
            np.vstack([self.wanted, lessons]),
            np.vstack([self.weights, counts]),
            np.concatenate([self.pieces, pieces.owners]),
            np.concatenate([self.clauses, np.ones(len(lessons), dtype=bool)]),
        )

    def with_asides(self, weight: float) -> Lessons:
        """Add every piece once more with something said beside it, and how much that counts beside the piece itself.

        Beside stands, half as loud, a clause of a message that is no complaint: it leaves every label as it is. The
        clauses are dealt out in strides of the golden section, so that neighbours get clauses from far apart.
        """
        from scipy import sparse
        from sklearn.preprocessing import normalize

        idle = np.flatnonzero(self.clauses & (self.wanted[:, _NONE] == 1))
        pieces = np.flatnonzero(~self.clauses)
        if not len(idle) or not weight:
            return self
        stride = math.ceil(len(idle) * _GOLDEN)
        stride += next(step for step in range(len(idle)) if math.gcd(stride + step, len(idle)) == 1)
        beside = idle[np.arange(len(pieces)) * stride % len(idle)]
        rows = normalize(self.rows[pieces] + _ASIDE * self.rows[beside])
        return Lessons(
            sparse.vstack([self.rows, rows]).tocsr(),
            np.vstack([self.wanted, self.wanted[pieces]]),
            np.vstack([self.weights, weight * self.weights[pieces]]),
            np.concatenate([self.pieces, self.pieces[pieces]]),
            np.concatenate([self.clauses, self.clauses[pieces]]),
        )

    def of(self, pieces: Ints) -> Lessons:
        """Return the examples that come from some of the pieces."""
        at = np.flatnonzero(np.isin(self.pieces, pieces))
        return Lessons(self.rows[at], self.wanted[at], self.weights[at], self.pieces[at], self.clauses[at])


def clause_lessons(scores: Floats, wanted: Ints, owners: Ints, weights: Floats) -> tuple[Ints, Floats]:
    """Say of every clause and output whether the clause is an example, of what, and how much it counts.

    Parameters
    ----------
    scores : ndarray of shape (n_clauses, n_outputs)
        Scores of the clauses by heads that did not see their message.
    wanted : ndarray of shape (n_messages, n_outputs)
        The yes/no targets of the messages, -1 where a message does not say.
    owners : ndarray of shape (n_clauses,)
        The message of each clause, in rising order.
    weights : ndarray of shape (n_messages,)
        How much each message counts; its examples of *no* share that.

    Returns
    -------
    lessons : ndarray of shape (n_clauses, n_outputs)
        1, 0, or -1 for none. The clause of a message that has only one teaches nothing new.
    weights : ndarray of shape (n_clauses, n_outputs)
        How much each counts.

    Examples
    --------
    >>> from triage.classify.model import OUTPUTS
    >>> wanted = np.full((2, len(OUTPUTS)), -1)
    >>> rude = OUTPUTS.index("categories:attitude")
    >>> wanted[:, rude] = 1, 0
    >>> scores = np.zeros((5, len(OUTPUTS)))
    >>> scores[:, rude] = -1.0, 0.5, -2.0, 0.9, -0.3
    >>> lessons, counts = clause_lessons(scores, wanted, np.array([0, 0, 0, 1, 1]), np.ones(2))
    >>> lessons[:, rude].tolist(), counts[:, rude].tolist()
    ([-1, 1, -1, 0, 0], [1.0, 1.0, 1.0, 0.5, 0.5])
    """
    starts = run_starts(owners)
    sizes = run_sizes(starts, len(owners))
    several = np.repeat(sizes > 1, sizes)
    lessons = np.full(scores.shape, -1, dtype=np.int64)
    counts = np.repeat(weights[owners][:, None], scores.shape[1], axis=1)
    share = np.repeat(1.0 / sizes, sizes)
    for output, beside in enumerate(_BESIDE):
        said, score = wanted[owners, output], scores[:, output]
        yes, no = 1, 0
        if output == _NONE:
            score, yes, no = -score, 0, 1
        best = score >= np.repeat(np.maximum.reduceat(score, starts), sizes)
        against = said == no
        if beside:  # a category asserted beside the primary one stands in some clause: none is an example against it
            asserts, has = beside
            against &= ~((wanted[owners, asserts] == 1) & (wanted[owners, has] != 1))
        lessons[several & (said == yes) & best, output] = yes
        lessons[several & against, output] = no
        counts[against, output] *= share[against]
    return lessons, counts
