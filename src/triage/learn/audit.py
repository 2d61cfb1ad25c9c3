"""Labels that are probably wrong, found by confident learning.

A label is doubted where a model that did not learn from the message is surer of another label than it is, on
average, of messages that carry that other label [1]_. Every message is judged by a model that learnt from the
other parts only; a plain rule of a few lines, which named the same messages as the cleanlab package.

References
----------
.. [1] C. Northcutt, L. Jiang, I. Chuang: Confident Learning: Estimating Uncertainty in Dataset Labels.
   Journal of Artificial Intelligence Research 70 (2021).
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from triage.classify.adapt import Examples, adapt
from triage.classify.model import HEADS, Model
from triage.classify.terms import Floats, Ints
from triage.errors import InputError
from triage.learn.folds import FOLDS, deal_folds
from triage.learn.labels import wanted_outputs

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Doubt", "audit", "doubted"]


@dataclasses.dataclass(frozen=True, slots=True)
class Doubt:
    """A label that is probably wrong.

    Parameters
    ----------
    file : str
        The file it stands in.
    row : int
        Its row there.
    text : str
        The message.
    given : str
        The primary category it is labelled with.
    likely : str
        The one the model would give.
    given_probability, likely_probability : float
        How probable the model holds each.
    """

    file: str
    row: int
    text: str
    given: str
    likely: str
    given_probability: float
    likely_probability: float


def audit(labels: pd.DataFrame, model: Model) -> list[Doubt]:
    """List probable errors among the primary categories of labelled messages.

    Parameters
    ----------
    labels : DataFrame
        As :func:`triage.learn.labels.read_labels` returns it; rows without a primary category are not looked at.
    model : Model
        A model that did not learn from these labels.

    Returns
    -------
    list of Doubt
        The surest first.

    Raises
    ------
    InputError
        If no row has a primary category, or too few texts have one.
    """
    labels = labels[labels["primary"].notna()].reset_index(drop=True)
    if not len(labels):
        raise InputError("no row has a primary category", cure="An audit compares these; fill the column primary.")
    names = HEADS["primary"]
    given = np.array([names.index(label) for label in labels["primary"]], dtype=np.int64)
    views = held_out_views(labels, model)
    likely, margins = doubted(views, given)
    order = sorted(np.flatnonzero(likely != given), key=lambda at: (margins[at], at))
    return [
        Doubt(
            labels["file"][at],
            int(labels["row"][at]),
            labels["text"][at],
            names[given[at]],
            names[likely[at]],
            float(views[at, given[at]]),
            float(views[at, likely[at]]),
        )
        for at in order
    ]


def held_out_views(labels: pd.DataFrame, model: Model) -> Floats:
    """Return the probabilities of the primaries by models that learnt from the other parts, (n_messages, 5)."""
    examples = Examples.of(model, model.read(labels["text"].tolist()), wanted_outputs(labels))
    part = deal_folds(labels)
    views = np.zeros((len(labels), len(HEADS["primary"])))
    for fold in range(FOLDS):
        mine = np.flatnonzero(part == fold)
        others = adapt(model, examples.pick(np.flatnonzero(part != fold)))
        views[mine] = others.score(others.read(labels["text"].iloc[mine].tolist()))["primary"]
    return views


def doubted(views: Floats, given: Ints) -> tuple[Ints, Floats]:
    """Apply the rule of confident learning.

    Parameters
    ----------
    views : ndarray of shape (n_messages, n_labels)
        Held-out probabilities.
    given : ndarray of shape (n_messages,)
        The label each message carries.

    Returns
    -------
    likely : ndarray of shape (n_messages,)
        The label it probably should carry; that given where it is not doubted.
    margins : ndarray of shape (n_messages,)
        Probability of the label given less that of the best other one; the lower, the surer the doubt.

    Examples
    --------
    >>> views = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.2, 0.8], [0.9, 0.1]])
    >>> doubted(views, np.array([0, 0, 0, 1, 1]))[0].tolist()
    [0, 0, 0, 1, 0]
    """
    at = np.arange(len(given))
    # How sure the model is, on average, of the messages that carry a label; no message, no confidence in it.
    usual = np.array([views[given == k, k].mean() if (given == k).any() else np.inf for k in range(views.shape[1])])
    confident = np.where(views >= usual, views, -1.0)
    likely = np.where(confident.max(axis=1) >= 0, confident.argmax(axis=1), given)
    others = views.copy()
    others[at, given] = -1.0
    margins: Floats = views[at, given] - others.max(axis=1)
    # Where the model itself gives the label, the threshold of another class alone is no reason to doubt it.
    return np.where(margins < 0, likely, given), margins
