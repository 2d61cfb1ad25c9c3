"""Let a trained model learn from labels of its user's own, in seconds and without the corpus.

The model's heads are the starting point and a penalty holds them near it (maximum a posteriori): ten labels
move little, a thousand a lot. What may move:

1. every top head, over what it reads already (pooled scores and facts found by rule);
2. ``primary`` also directly by term, for words that mean something else to this user than in the corpus. These
   directions are columns of the base beside :data:`~triage.classify.model.OUTPUTS`, so that a score remains a
   plain sum and evidence adds up.

The vocabulary stays as it is: terms of the user's own brought nothing, and so no text of theirs is kept. All
of this was chosen by measurement, retraining with weighted labels among what lost (``docs/own-data.md``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from triage.classify.model import DISTRIBUTIONS, HEADS, OUTPUTS, Base, Model, Readings, Top, softmax
from triage.classify.terms import Floats, Ints
from triage.errors import InputError, ModelError

__all__ = ["Examples", "adapt"]

#: How far a logit may wander from the model it starts from: variances of the prior, from all inputs of a top head
#: together and from the terms of a message together, and the stiffness of the intercepts.
_BY_INPUTS, _BY_TERMS, _INTERCEPT = 1.0, 1.0, 10.0
#: How far the primaries are brought to equal weight, from 0 to 1.
_BALANCE = 0.75
_ROUNDS = 300


@dataclasses.dataclass(frozen=True)
class Examples:
    """Labelled messages as the heads see them.

    Parameters
    ----------
    inputs : ndarray of shape (n_messages, n_inputs)
        What the top heads read.
    terms : sparse matrix of shape (n_messages, n_terms)
        TF-IDF of the whole messages.
    wanted : ndarray of shape (n_messages, n_outputs)
        The yes/no target of every one of :data:`~triage.classify.model.OUTPUTS`; -1 where the labels do not say.
    """

    inputs: Floats
    terms: Any
    wanted: Ints

    @classmethod
    def of(cls, model: Model, readings: Readings, wanted: Ints) -> Examples:
        """Read messages with the model that is to learn from them.

        Raises
        ------
        ModelError
            If the model has learnt labels of a user's own already.
        """
        if model.base.weights.shape[1] != len(OUTPUTS):
            raise ModelError(
                "the model has learnt labels of your own already",
                value=model.identity,
                cure="Start from the model it was made from and give all labelled files together.",
            )
        return cls(model.inputs(readings), term_rows(model, readings), wanted)

    def pick(self, at: Ints) -> Examples:
        """Return some of the messages."""
        return Examples(self.inputs[at], self.terms[at], self.wanted[at])


def term_rows(model: Model, readings: Readings) -> Any:
    """Return the TF-IDF of whole messages as a sparse matrix of shape (n_messages, n_terms)."""
    from scipy.sparse import csr_matrix

    width = len(model.base.idf)
    found = readings.terms
    keys, counts = np.unique(found.texts[found.clauses] * width + found.columns, return_counts=True)
    rows, terms, values = model.base.tfidf(keys, counts)
    return csr_matrix((values, (rows, terms)), shape=(len(readings.texts), width))


def adapt(model: Model, examples: Examples, *, weight: float = 1.0, facts: Mapping[str, Any] | None = None) -> Model:
    """Return a model that has also learnt from labelled messages of its user's own.

    Parameters
    ----------
    model : Model
        The starting point; it is not changed. Its thresholds are kept: they stand on held-out data, and few
        labels of one's own could not replace them.
    examples : Examples
        The messages, read by `model`.
    weight : float, default 1
        How much each message counts against the model's own knowledge.
    facts : mapping, optional
        What the model's facts shall say under ``extra``.

    Returns
    -------
    Model
        Ready to score and to save.

    Raises
    ------
    InputError
        If `weight` is no positive number.
    """
    if not (np.isfinite(weight) and weight > 0):
        raise InputError("a weight is a positive number", value=weight, where="extra weight")
    mean = examples.inputs.mean(axis=0)
    centred = examples.inputs - mean
    scale = np.sqrt(_BY_INPUTS / max(float((centred**2).sum(axis=1).mean()), 1e-9))
    by_term = np.zeros((len(model.base.idf), len(HEADS["primary"])))
    tops = {}
    for head, top in model.tops.items():
        first = OUTPUTS.index(f"{head}:{HEADS[head][0]}")
        block = examples.wanted[:, first : first + len(HEADS[head])]
        start = top.logits(examples.inputs)
        features, active = centred * scale, np.zeros(0, dtype=np.int64)
        if head == "primary":
            from scipy.sparse import csr_matrix, hstack

            active = np.unique(examples.terms.indices)
            features = hstack([csr_matrix(features), examples.terms[:, active] * np.sqrt(_BY_TERMS)]).tocsr()
        moved, shift = _fit(features, start, block, weight * _balance(block, head), distribution=head in DISTRIBUTIONS)
        of_inputs, of_terms = np.split(moved, [centred.shape[1]])
        if head == "primary":
            by_term[active] = of_terms * np.sqrt(_BY_TERMS)
        tops[head] = Top(top.weights + of_inputs * scale, top.intercept + shift - mean @ (of_inputs * scale))
    said = dict(model.facts) | ({"extra": dict(facts)} if facts is not None else {})
    said.pop("hash", None)
    return Model(_with_columns(model.base, by_term), {head: _reading(top, head) for head, top in tops.items()}, said)


def _balance(block: Ints, head: str) -> Floats:
    """Weigh the messages of rare primaries up; the other heads take them as they come.

    Likelihood alone gives up the rare classes, and with them macro-F1; full balance gives up the common ones.
    """
    weights = np.ones(len(block))
    said = block.sum(axis=1) == 1
    if head == "primary" and said.any():
        label = block[said].argmax(axis=1)
        shares = np.bincount(label, minlength=block.shape[1]) / len(label)
        weights[said] = shares[label] ** -_BALANCE
        weights[said] /= weights[said].mean()
    return weights


def _fit(features: Any, start: Floats, block: Ints, weights: Floats, *, distribution: bool) -> tuple[Floats, Floats]:
    """Find the change of coefficients and intercepts that fits the labels and stays small."""
    from scipy.optimize import minimize

    # A distribution is learnt from messages that have one of its labels; of yes/no answers, each that is given.
    known = np.repeat((block.sum(axis=1) == 1)[:, None], block.shape[1], axis=1) if distribution else block >= 0
    counts = known * weights[:, None]
    target = np.where(known, block, 0)
    size, outputs = features.shape[1], block.shape[1]

    def loss(flat: Floats) -> tuple[float, Floats]:
        moved, shift = flat[:-outputs].reshape(size, outputs), flat[-outputs:]
        logits = start + features @ moved + shift
        if distribution:
            answer = softmax(logits)
            each = -np.log(np.maximum((answer * target).sum(axis=1), 1e-300)) * counts[:, 0]
        else:
            answer = 0.5 * (1 + np.tanh(logits / 2))
            each = (np.logaddexp(0, logits) - target * logits) * counts
        off = (answer - target) * counts
        value = each.sum() + 0.5 * (moved**2).sum() + 0.5 * _INTERCEPT * (shift**2).sum()
        slope = np.r_[(features.T @ off + moved).ravel(), off.sum(axis=0) + _INTERCEPT * shift]
        return float(value), slope

    found = minimize(loss, np.zeros((size + 1) * outputs), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    flat: Floats = found.x
    return flat[:-outputs].reshape(size, outputs), flat[-outputs:]


def _with_columns(base: Base, by_term: Floats) -> Base:
    """Put the directions by term beside the base heads, rounded as they will be saved."""
    rounded = by_term.astype(np.float16).astype(np.float32)
    return Base(
        base.listing,
        base.idf,
        np.hstack([base.weights, rounded]),
        np.r_[base.intercept, np.zeros(by_term.shape[1])],
    )


def _reading(top: Top, head: str) -> Top:
    """Make a head read the added columns: ``primary`` its own in the whole message, all others none."""
    whole, best, mean, flags = np.split(top.weights, [len(OUTPUTS), 2 * len(OUTPUTS), 3 * len(OUTPUTS)])
    added = len(HEADS["primary"])
    none = np.zeros((added, top.weights.shape[1]))
    own = np.eye(added) if head == "primary" else none
    return Top(np.vstack([whole, own, best, none, mean, none, flags]), top.intercept)
