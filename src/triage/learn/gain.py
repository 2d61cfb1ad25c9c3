"""What a user's labels bring: the model before and after on messages it did not learn from, and what more would bring.

Every message is held out once (cross-validation in five parts); of many messages only one part is, for with
thousands of them a fifth measures well enough.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from triage.classify.adapt import Examples, adapt
from triage.classify.assess import Assessor
from triage.classify.evaluate import quadratic_kappa, scores_of
from triage.classify.model import HEADS, Model
from triage.classify.terms import Ints
from triage.learn.folds import FOLDS, deal_folds
from triage.learn.labels import labels_hash, wanted_outputs
from triage.records import Assessment, Decision, Severity

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["learn", "measure_gain"]

#: Shares of the learning part at which the curve is measured.
STEPS = (0.25, 0.5, 1.0)
#: With more messages than this one part of five is held out, not each in turn.
_CROSS_VALIDATED = 3000
_RESAMPLED = 1000


def learn(model: Model, labels: pd.DataFrame, *, weight: float = 1.0) -> tuple[Model, dict[str, Any]]:
    """Let a model learn from labels of one's own, and measure what that brings.

    Parameters
    ----------
    model : Model
        Where to start from; it is not changed.
    labels : DataFrame
        As :func:`triage.learn.labels.read_labels` returns it.
    weight : float, default 1
        How much each message counts against what the model knows.

    Returns
    -------
    model : Model
        It has learnt from all labels; its facts say how many and their digest, not the texts.
    gain : dict
        From :func:`measure_gain`.

    Examples
    --------
    >>> import pandas as pd
    >>> from triage.classify.store import load_model
    >>> said = [("工单系统又打不开了", "technical"), ("催了三天没人回电话", "communication")] * 8
    >>> rows = [(f"{text}，单号{at}", primary, None, None, None) for at, (text, primary) in enumerate(said)]
    >>> labels = pd.DataFrame(rows, columns=["text", "primary", "categories", "issue", "severity"], dtype=object)
    >>> mine, gain = learn(load_model(), labels)
    >>> mine.facts["extra"]["messages"], gain["held_out"]
    (16, 16)
    """
    examples = Examples.of(model, model.read(labels["text"].tolist()), wanted_outputs(labels))
    gain = measure_gain(model, labels, examples, weight=weight)
    facts = {
        "messages": len(labels),
        "hash": labels_hash(labels),
        "weight": weight,
        "from": model.identity,
        "labels": {head: int(labels[head].notna().sum()) for head in HEADS},
        "held_out": gain["held_out"],
        "before": gain["before"]["primary"],
        "after": gain["after"]["primary"],
    }
    return adapt(model, examples, weight=weight, facts=facts), gain


def measure_gain(model: Model, labels: pd.DataFrame, examples: Examples, *, weight: float = 1.0) -> dict[str, Any]:
    """Compare the model before and after learning, on messages held out.

    Parameters
    ----------
    model : Model
        Where to start from.
    labels : DataFrame
        The labelled messages.
    examples : Examples
        The same, as the model sees them.
    weight : float, default 1
        As for :func:`learn`.

    Returns
    -------
    dict
        ``messages``, ``held_out``; ``before`` and ``after``, each with ``primary`` (macro-F1 over the classes that
        occur, accuracy, per class), ``categories`` (mean F1), ``issue`` (accuracy), ``severity`` (quadratic κ) and
        ``automate`` (precision and coverage), None for what is not labelled; ``difference`` (of macro-F1) with its
        95 % ``interval`` over resampled messages; ``curve`` (messages learnt from, macro-F1) and ``next_doubling``.
    """
    part = deal_folds(labels)
    rounds = range(FOLDS if len(labels) <= _CROSS_VALIDATED else 1)
    texts = labels["text"].tolist()
    held = np.concatenate([np.flatnonzero(part == at) for at in rounds])
    before = Assessor(model, evidence=0).assess([texts[at] for at in held])
    steps: list[list[Assessment]] = [[] for _ in STEPS]
    sizes = np.zeros(len(STEPS))
    for at in rounds:
        others, mine = _shuffled(np.flatnonzero(part != at), texts), np.flatnonzero(part == at)
        for step, share in enumerate(STEPS):
            taken = np.sort(others[: max(int(share * len(others)), 1)])
            assessor = Assessor(adapt(model, examples.pick(taken), weight=weight), evidence=0)
            steps[step] += assessor.assess([texts[row] for row in mine])
            sizes[step] += len(taken) / len(rounds)
    truth = labels.iloc[held].reset_index(drop=True)
    curve = [_macro(truth["primary"], before), *(_macro(truth["primary"], said) for said in steps)]
    return {
        "messages": len(labels),
        "held_out": len(held),
        "before": _measures(truth, before),
        "after": _measures(truth, steps[-1]),
        "difference": None if curve[0] is None or curve[-1] is None else curve[-1] - curve[0],
        "interval": _interval(truth["primary"], before, steps[-1]),
        "curve": [[int(size), value] for size, value in zip([0, *sizes], curve, strict=True)],
        "next_doubling": _slope(curve[1:]),
    }


def _shuffled(rows: Ints, texts: Sequence[str]) -> Ints:
    """Order rows by the digest of their texts: as good as by chance, and the same every time."""
    return np.array(sorted(rows, key=lambda at: hashlib.sha256(b"~" + texts[at].encode("utf-8", "replace")).digest()))


def _primaries(said: pd.Series[Any], answers: Sequence[Assessment]) -> tuple[list[str], list[str]]:
    pairs = [(t, a.category.value) for t, a in zip(said, answers, strict=True) if t is not None]
    return [t for t, _ in pairs], [a for _, a in pairs]


def _macro(said: pd.Series[Any], answers: Sequence[Assessment]) -> float | None:
    truth, given = _primaries(said, answers)
    present = [label for label in HEADS["primary"] if label in truth]
    return float(np.mean([scores_of(truth, given, label)["f1"] for label in present])) if present else None


def _measures(labels: pd.DataFrame, answers: Sequence[Assessment]) -> dict[str, Any]:
    truth, given = _primaries(labels["primary"], answers)
    right = [t == a for t, a in zip(truth, given, strict=True)]
    sure = [
        t == a.category.value
        for t, a in zip(labels["primary"], answers, strict=True)
        if t is not None and a.decision is Decision.AUTOMATE
    ]
    lists = [(c, a) for c, a in zip(labels["categories"], answers, strict=True) if c is not None]
    issues = [(i, a.issue) for i, a in zip(labels["issue"], answers, strict=True) if i is not None]
    ranks = [
        (Severity(s).rank, a.severity.rank) for s, a in zip(labels["severity"], answers, strict=True) if s is not None
    ]
    asserted = [
        scores_of([name in c for c, _ in lists], [name in a.categories for _, a in lists], True)["f1"]
        for name in HEADS["categories"]
        if any(name in c for c, _ in lists)
    ]
    return {
        "primary": {
            "macro_f1": _macro(labels["primary"], answers),
            "accuracy": float(np.mean(right)) if right else None,
            "per_class": {label: scores_of(truth, given, label) for label in HEADS["primary"] if label in truth},
        },
        "categories": float(np.mean(asserted)) if asserted else None,
        "issue": float(np.mean([i == a for i, a in issues])) if issues else None,
        "severity": quadratic_kappa([t for t, _ in ranks], [a for _, a in ranks]) if ranks else None,
        "automate": {
            "precision": float(np.mean(sure)) if sure else None,
            "coverage": len(sure) / len(truth) if truth else 0.0,
        },
    }


def _interval(said: pd.Series[Any], before: Sequence[Assessment], after: Sequence[Assessment]) -> list[float] | None:
    """Return the 95 % interval of the difference of macro-F1, both measured on the same resampled messages."""
    truth, old = _primaries(said, before)
    _, new = _primaries(said, after)
    if not truth:
        return None
    codes = {label: at for at, label in enumerate(HEADS["primary"])}
    wanted, *given = (np.array([codes[value] for value in values]) for values in (truth, old, new))
    present = np.unique(wanted)
    rng = np.random.default_rng(0)
    found = []
    for _ in range(_RESAMPLED):
        pick = rng.integers(0, len(wanted), len(wanted))
        means = []
        for answer in given:
            cells = np.bincount(wanted[pick] * 5 + answer[pick], minlength=25).reshape(5, 5)
            total = np.maximum(cells.sum(axis=0) + cells.sum(axis=1), 1)
            means.append((2 * np.diag(cells) / total)[present].mean())
        found.append(means[1] - means[0])
    low, high = np.percentile(found, [2.5, 97.5])
    return [float(low), float(high)]


def _slope(curve: Sequence[float | None]) -> float | None:
    """Return what twice the messages would bring if the steps of the curve, each a doubling, went on."""
    values = [value for value in curve if value is not None]
    return float(np.polyfit(range(len(values)), values, 1)[0]) if len(values) == len(STEPS) else None


def verdict(gain: Mapping[str, Any]) -> str:
    """Say in one sentence whether the labels helped.

    Examples
    --------
    >>> verdict({"difference": 0.04, "interval": [0.01, 0.07]})
    'The labels help: macro-F1 +0.040 on messages held out (95 % +0.010 to +0.070).'
    """
    if gain["difference"] is None:
        return "No primary category is labelled: what the labels bring to it cannot be measured."
    low, high = gain["interval"]
    what = "help" if low > 0 else "do harm: keep the model as it was" if high < 0 else "decide nothing yet"
    return (
        f"The labels {what}: macro-F1 {gain['difference']:+.3f} on messages held out (95 % {low:+.3f} to {high:+.3f})."
    )
