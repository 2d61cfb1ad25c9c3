"""From confidence to a decision: act upon it, propose it, or have a person read the text.

Thresholds are measured: the least confidence at which held-out pieces were right as often as promised.
Confidence itself is never raised; texts unlike anything known go to a person however sure the model is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from triage.classify.terms import Floats
from triage.errors import InputError
from triage.records import Category, Decision

__all__ = ["Thresholds", "decide", "find_thresholds", "precision_table"]

#: A text with fewer Chinese characters and letters than this says too little to act upon.
MIN_CHARACTERS = 4
#: A text with a larger share of terms the model never met is unlike what it was trained on. Measured: 99 %
#: of held-out messages lie below (docs/ablations.md).
MAX_UNKNOWN = 0.55
#: The precision ``recommend`` promises.
_RECOMMEND = 0.80
#: Real messages are harder than the corpus: at one confidence they are wrong this many times as often
#: (measured on messages of real people, docs/accuracy.md). A promise for them is kept by a stricter one
#: for the corpus, on which the thresholds are found.
HARDER = 3.4
_STEPS = 200


@dataclasses.dataclass(frozen=True)
class Thresholds:
    """Least confidence for each decision.

    Parameters
    ----------
    automate, recommend : float
        Confidence at or above which the decision is taken; above 1 means never.
    """

    automate: float
    recommend: float


def precision_table(confidence: Floats, correct: Sequence[bool]) -> list[tuple[float, float, float]]:
    """Return how often held-out answers were right at and above each confidence.

    Parameters
    ----------
    confidence : ndarray of shape (n_pieces,)
        Probability of the answer given.
    correct : sequence of bool
        Whether it was right.

    Returns
    -------
    list of (confidence, precision, coverage)
        At most 200 rows, from sure to unsure.
    """
    order = np.argsort(-confidence, kind="stable")
    sure, right = confidence[order], np.asarray(correct, dtype=float)[order]
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    picks = np.unique(np.linspace(0, len(sure) - 1, min(_STEPS, len(sure))).astype(int))
    return [(float(sure[at]), float(precision[at]), float((at + 1) / len(sure))) for at in picks]


def find_thresholds(table: Sequence[Sequence[float]], target: float) -> Thresholds:
    """Read the thresholds for a promised precision off a table.

    Parameters
    ----------
    table : sequence of (confidence, precision, coverage)
        From :func:`precision_table`.
    target : float
        Promised precision of ``automate``, in (0, 1).

    Returns
    -------
    Thresholds
        The least confidence whose precision, corrected by :data:`HARDER`, kept the promise; 1.01 where
        none did.

    Raises
    ------
    InputError
        If `target` is no share.

    Examples
    --------
    >>> table = [(0.9, 1.0, 0.2), (0.7, 0.99, 0.5), (0.4, 0.95, 1.0)]
    >>> find_thresholds(table, 0.95)
    Thresholds(automate=0.7, recommend=0.4)
    """
    if not 0 < target < 1:
        raise InputError("a promised precision lies between 0 and 1", value=target, where="target_precision")

    def least(promise: float) -> float:
        on_corpus = 1 - (1 - promise) / HARDER
        kept = [confidence for confidence, precision, _ in table if precision >= on_corpus]
        return min(kept, default=1.01)

    automate = least(target)
    return Thresholds(automate, min(least(min(_RECOMMEND, target)), automate))


def decide(
    first: Category,
    confidence: float,
    second: Category,
    next_best: float,
    thresholds: Thresholds,
    *,
    characters: int,
    unknown: float,
) -> tuple[Decision, tuple[str, ...]]:
    """Decide how far an assessment may be acted upon, and say why no further.

    Parameters
    ----------
    first, second : Category
        The two likeliest of the five primaries.
    confidence, next_best : float
        Their calibrated probabilities.
    thresholds : Thresholds
        Least confidences.
    characters : int
        Number of letters and Chinese characters in the text.
    unknown : float
        Share of its terms that the model does not know.

    Returns
    -------
    decision : Decision
        What to do.
    reasons : tuple of str
        Why it is not ``automate``; empty where it is.

    Examples
    --------
    >>> sure = Category.TECHNICAL, 0.97, Category.PROCESS, 0.03
    >>> decide(*sure, Thresholds(0.9, 0.6), characters=20, unknown=0.1)
    (<Decision.AUTOMATE: 'automate'>, ())
    >>> decide(*sure, Thresholds(0.9, 0.6), characters=2, unknown=0.1)
    (<Decision.REVIEW: 'review'>, ('too short: 2 characters',))
    """
    if characters == 0:
        return Decision.REVIEW, ("no words in the text",)
    reasons = []
    if characters < MIN_CHARACTERS:
        reasons.append(f"too short: {characters} characters")
    if unknown > MAX_UNKNOWN:
        reasons.append(f"unlike the texts known: {unknown:.0%} of its terms are new")
    if reasons:
        return Decision.REVIEW, tuple(reasons)
    if confidence >= thresholds.automate:
        return Decision.AUTOMATE, ()
    if confidence - next_best < 0.15:
        reason = f"two categories close: {first} {confidence:.2f}, {second} {next_best:.2f}"
    else:
        reason = f"not sure enough: {confidence:.2f} of {thresholds.automate:.2f}"
    return (Decision.RECOMMEND if confidence >= thresholds.recommend else Decision.REVIEW), (reason,)
