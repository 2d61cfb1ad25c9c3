"""Measure assessments against labels: how often right, how well calibrated, how much can be automated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from triage.classify.decide import find_thresholds, precision_table
from triage.classify.model import HEADS
from triage.classify.terms import Floats
from triage.records import Category, Decision, IssueType, Severity

if TYPE_CHECKING:
    import pandas as pd

    from triage.records import Assessment

__all__ = ["calibration", "evaluate", "expected_calibration_error", "held_out_metrics"]

_PRIMARIES = HEADS["primary"]
_CATEGORIES = HEADS["categories"]
_BINS = 10


def scores_of(truth: Sequence[Any], answer: Sequence[Any], label: Any) -> dict[str, float]:
    """Return precision, recall and F1 of one label.

    Examples
    --------
    >>> scores_of(["a", "a", "b"], ["a", "b", "b"], "a")
    {'precision': 1.0, 'recall': 0.5, 'f1': 0.6666666666666666, 'support': 2.0}
    """
    wanted = np.array([value == label for value in truth])
    given = np.array([value == label for value in answer])
    hits = float((wanted & given).sum())
    precision = hits / given.sum() if given.any() else 0.0
    recall = hits / wanted.sum() if wanted.any() else 0.0
    total = float(wanted.sum() + given.sum())
    return {
        "precision": float(precision),
        "recall": float(recall),
        "f1": 2 * hits / total if total else 0.0,
        "support": float(wanted.sum()),
    }


def macro_f1(truth: Sequence[str], answer: Sequence[str]) -> float:
    """Return the mean F1 of the five primaries; a class in neither counts as 0."""
    return float(np.mean([scores_of(truth, answer, label)["f1"] for label in _PRIMARIES]))


def bootstrap_interval(
    truth: Sequence[str], answer: Sequence[str], *, rounds: int = 1000, seed: int = 0
) -> list[float]:
    """Return the 95 % interval of macro-F1 over resampled messages."""
    codes = {label: at for at, label in enumerate(_PRIMARIES)}
    wanted, given = np.array([codes[v] for v in truth]), np.array([codes[v] for v in answer])
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(rounds):
        pick = rng.integers(0, len(wanted), len(wanted))
        cells = np.bincount(wanted[pick] * 5 + given[pick], minlength=25).reshape(5, 5)
        total = cells.sum(axis=0) + cells.sum(axis=1)
        values.append(np.mean(2 * np.diag(cells) / np.maximum(total, 1)))
    low, high = np.percentile(values, [2.5, 97.5])
    return [float(low), float(high)]


def quadratic_kappa(truth: Sequence[int], answer: Sequence[int], levels: int = 4) -> float:
    """Return Cohen's κ with quadratic weights of two rankings.

    Examples
    --------
    >>> quadratic_kappa([0, 1, 2, 3], [0, 1, 2, 3]), round(quadratic_kappa([0, 1, 2, 3], [1, 1, 2, 2]), 2)
    (1.0, 0.67)
    """
    seen = np.bincount(np.asarray(truth) * levels + np.asarray(answer), minlength=levels**2).reshape(levels, levels)
    chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
    distance = (np.arange(levels)[:, None] - np.arange(levels)[None, :]) ** 2
    by_chance = float((distance * chance).sum())
    return 1.0 - float((distance * seen).sum()) / by_chance if by_chance else 1.0


def calibration(confidence: Floats, correct: Sequence[bool]) -> list[dict[str, float]]:
    """Return the reliability table: in ten bins of confidence, how sure and how often right."""
    right = np.asarray(correct, dtype=float)
    bins = np.minimum((np.asarray(confidence) * _BINS).astype(int), _BINS - 1)
    return [
        {
            "from": at / _BINS,
            "to": (at + 1) / _BINS,
            "pieces": float((bins == at).sum()),
            "confidence": float(confidence[bins == at].mean()),
            "accuracy": float(right[bins == at].mean()),
        }
        for at in range(_BINS)
        if (bins == at).any()
    ]


def expected_calibration_error(confidence: Floats, correct: Sequence[bool]) -> float:
    """Return the mean gap between confidence and accuracy over ten bins, weighted by their pieces.

    Examples
    --------
    >>> expected_calibration_error(np.array([0.95, 0.95]), [True, False])
    0.44999999999999996
    """
    table = calibration(confidence, correct)
    total = sum(row["pieces"] for row in table)
    return sum(row["pieces"] / total * abs(row["confidence"] - row["accuracy"]) for row in table)


def evaluate(labels: pd.DataFrame, assessments: Sequence[Assessment]) -> dict[str, Any]:
    """Compare assessments with labels.

    Parameters
    ----------
    labels : DataFrame
        As :func:`triage.datasets.load_labels` returns it, in the order of `assessments`.
    assessments : sequence of Assessment
        What the library said of each text.

    Returns
    -------
    dict
        ``n``; ``primary`` (per class, macro-F1 with its 95 % interval, accuracy, confusion); ``categories``
        (per category, mean F1); ``issue_accuracy`` over labelled complaints; ``severity_kappa``
        (quadratic); ``calibration`` (table and expected error); ``decisions`` (precision and coverage of
        each, and of automating at least that sure). What the labels do not give is None.
    """
    truth = labels["primary"].tolist()
    answer = [assessment.category.value for assessment in assessments]
    confidence = np.array([assessment.confidence for assessment in assessments])
    correct = [t == a for t, a in zip(truth, answer, strict=True)]
    return {
        "n": len(truth),
        "primary": {
            "per_class": {label: scores_of(truth, answer, label) for label in _PRIMARIES},
            "macro_f1": macro_f1(truth, answer),
            "macro_f1_interval": bootstrap_interval(truth, answer),
            "accuracy": float(np.mean(correct)),
            "confusion": {
                wanted: {
                    given: sum(t == wanted and a == given for t, a in zip(truth, answer, strict=True))
                    for given in _PRIMARIES
                }
                for wanted in _PRIMARIES
            },
        },
        "categories": _categories(labels, [[c.value for c in a.categories] for a in assessments]),
        "issue_accuracy": _issue_accuracy(labels, [a.issue for a in assessments]),
        "severity_kappa": _severity_kappa(labels, [a.severity for a in assessments]),
        "calibration": {
            "expected_error": expected_calibration_error(confidence, correct),
            "table": calibration(confidence, correct),
        },
        "decisions": _decisions(correct, [a.decision for a in assessments]),
        "precision_at_coverage": _precision_at(confidence, correct),
    }


def _categories(labels: pd.DataFrame, answers: Sequence[Sequence[str]]) -> dict[str, Any]:
    per = {
        category: scores_of(
            [category in row for row in labels["categories"]], [category in row for row in answers], True
        )
        for category in _CATEGORIES
    }
    return {"per_category": per, "mean_f1": float(np.mean([row["f1"] for row in per.values()]))}


def _issue_accuracy(labels: pd.DataFrame, answers: Sequence[IssueType | None]) -> float | None:
    pairs = [(issue, given) for issue, given in zip(labels["issue"], answers, strict=True) if isinstance(issue, str)]
    return float(np.mean([given is not None and issue == given.value for issue, given in pairs])) if pairs else None


def _severity_kappa(labels: pd.DataFrame, answers: Sequence[Severity]) -> float | None:
    pairs = [
        (Severity(s).rank, given.rank)
        for s, given in zip(labels["severity"], answers, strict=True)
        if isinstance(s, str)
    ]
    return quadratic_kappa([rank for rank, _ in pairs], [rank for _, rank in pairs]) if pairs else None


def _decisions(correct: Sequence[bool], decisions: Sequence[Decision]) -> dict[str, dict[str, float | None]]:
    out: dict[str, dict[str, float | None]] = {}
    for decision in Decision:
        mine = [right for right, taken in zip(correct, decisions, strict=True) if taken is decision]
        out[decision.value] = {
            "precision": float(np.mean(mine)) if mine else None,
            "coverage": len(mine) / len(correct) if correct else 0.0,
        }
    return out


def _precision_at(confidence: Floats, correct: Sequence[bool]) -> dict[str, float]:
    order = np.argsort(-confidence, kind="stable")
    right = np.cumsum(np.asarray(correct, dtype=float)[order]) / np.arange(1, len(order) + 1)
    return {f"{share:.2f}": float(right[max(int(share * len(order)) - 1, 0)]) for share in (0.3, 0.45, 0.6, 0.8, 1.0)}


def category_thresholds(probabilities: Floats, truth: np.ndarray[Any, Any]) -> list[float]:
    """Return for each category the probability at which asserting it gives the best F1."""
    found = []
    for column in range(probabilities.shape[1]):
        grid = np.linspace(0.1, 0.9, 81)
        wanted = truth[:, column].astype(bool)
        given = probabilities[:, column][None, :] >= grid[:, None]
        f1 = 2 * (given & wanted).sum(axis=1) / np.maximum(given.sum(axis=1) + wanted.sum(), 1)
        found.append(float(grid[int(f1.argmax())]))
    return found


def held_out_metrics(
    probabilities: Mapping[str, Floats], messages: pd.DataFrame, part: np.ndarray[Any, Any], target: float
) -> dict[str, Any]:
    """Find thresholds on the validation part and measure on the test part.

    Parameters
    ----------
    probabilities : mapping of str to ndarray
        Cross-fitted probabilities of every head, one row a message.
    messages : DataFrame
        The labelled messages.
    part : ndarray of str
        ``train``, ``validation`` or ``test`` of each.
    target : float
        Promised precision of ``automate``.

    Returns
    -------
    dict
        ``thresholds`` and ``metrics``, as they stand in ``model.json``.
    """
    primary = probabilities["primary"]
    truth = messages["primary"].to_numpy()
    answer = np.array(_PRIMARIES)[primary.argmax(axis=1)]
    confidence, correct = primary.max(axis=1), answer == truth
    asserted = np.array([[category in row for category in _CATEGORIES] for row in messages["categories"]])
    held, test = part == "validation", part == "test"
    table = precision_table(confidence[held], correct[held])
    thresholds = find_thresholds(table, target)
    sure = test & (confidence >= thresholds.automate)
    return {
        "thresholds": {
            "precision_table": [[round(v, 6) for v in row] for row in table],
            "categories": category_thresholds(probabilities["categories"][held], asserted[held]),
        },
        "metrics": {
            "test_messages": int(test.sum()),
            "test_macro_f1": macro_f1(truth[test], answer[test]),
            "test_accuracy": float(correct[test].mean()),
            "test_calibration_error": expected_calibration_error(confidence[test], correct[test]),
            "automate_promised": target,
            "automate_precision": float(correct[sure].mean()) if sure.any() else None,
            "automate_coverage": float(sure.sum() / max(test.sum(), 1)),
            "labels": {label.value: int((truth == label.value).sum()) for label in Category},
        },
    }
