"""Deal labelled messages into parts so that what is measured was not learnt from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from triage.classify.terms import Ints
from triage.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FOLDS", "deal_folds"]

FOLDS = 5


def deal_folds(labels: pd.DataFrame, folds: int = FOLDS) -> Ints:
    """Deal messages into parts with like shares of the primaries.

    The same text is always in one part, and the part does not depend on the order of the rows: texts are dealt in
    turn, ordered by label and digest.

    Parameters
    ----------
    labels : DataFrame
        As :func:`triage.learn.labels.read_labels` returns it.
    folds : int
        How many parts.

    Returns
    -------
    ndarray of shape (n_messages,)
        The part of each message.

    Raises
    ------
    InputError
        If there are fewer than two different texts for each part.
    """
    label_of: dict[str, str] = {}
    for text, primary in zip(labels["text"], labels["primary"], strict=True):
        label_of[text] = min(label_of.get(text, "~"), primary or "~")
    if len(label_of) < 2 * folds:
        raise InputError(
            f"at least {2 * folds} different labelled texts are needed, so that some can be held out",
            value=len(label_of),
            where="labelled texts",
            cure="Label more: `triage suggest TICKETS -n 100` picks which.",
        )
    ordered = sorted(label_of, key=lambda t: (label_of[t], hashlib.sha256(t.encode("utf-8", "surrogatepass")).digest()))
    part = {text: at % folds for at, text in enumerate(ordered)}
    return np.array([part[text] for text in labels["text"]], dtype=np.int64)
