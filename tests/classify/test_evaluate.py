import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score

from triage.classify.evaluate import (
    bootstrap_interval,
    calibration,
    category_thresholds,
    evaluate,
    expected_calibration_error,
    macro_f1,
    quadratic_kappa,
)
from triage.classify.model import HEADS
from triage.records import Assessment, Category, Decision, IssueType, Severity

LABELS = list(HEADS["primary"])


def test_macro_f1_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    truth, answer = rng.choice(LABELS, 300).tolist(), rng.choice(LABELS, 300).tolist()
    assert macro_f1(truth, answer) == pytest.approx(f1_score(truth, answer, average="macro", labels=LABELS))


def test_kappa_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    truth, answer = rng.integers(0, 4, 200).tolist(), rng.integers(0, 4, 200).tolist()
    assert quadratic_kappa(truth, answer) == pytest.approx(cohen_kappa_score(truth, answer, weights="quadratic"))


def test_the_interval_holds_the_value() -> None:
    rng = np.random.default_rng(2)
    truth = rng.choice(LABELS, 200).tolist()
    answer = [t if rng.random() < 0.7 else "none" for t in truth]
    low, high = bootstrap_interval(truth, answer)
    assert low < macro_f1(truth, answer) < high


def test_calibration_counts_every_piece_once() -> None:
    confidence = np.array([0.0, 0.05, 0.5, 0.99, 1.0])
    table = calibration(confidence, [True, False, True, True, True])
    assert sum(row["pieces"] for row in table) == 5
    assert table[-1] == {"from": 0.9, "to": 1.0, "pieces": 2.0, "confidence": 0.995, "accuracy": 1.0}


def test_a_calibrated_answer_has_no_error() -> None:
    assert expected_calibration_error(np.array([0.75] * 4), [True, True, True, False]) == 0


def test_category_thresholds_give_the_best_f1() -> None:
    probabilities = np.array([[0.2], [0.3], [0.6], [0.9]])
    assert 0.3 < category_thresholds(probabilities, np.array([[0], [0], [1], [1]]))[0] <= 0.6


def assessment(category: Category, *, sure: float, severity: Severity, decision: Decision) -> Assessment:
    issue = next((i for i in IssueType if i.category is category), None)
    asserted = {} if category is Category.NONE else {category: sure}
    return Assessment(category, asserted, {category: sure}, issue, severity, sure, decision)


def test_evaluate_reports_what_the_labels_give() -> None:
    labels = pd.DataFrame(
        {
            "text": ["一", "二", "三"],
            "primary": ["technical", "none", "process"],
            "categories": [["technical"], [], ["process", "technical"]],
            "issue": ["function_failure", None, "procedure"],
            "severity": ["high", "low", None],
        }
    )
    answers = [
        assessment(Category.TECHNICAL, sure=0.9, severity=Severity.HIGH, decision=Decision.AUTOMATE),
        assessment(Category.NONE, sure=0.6, severity=Severity.LOW, decision=Decision.RECOMMEND),
        assessment(Category.TECHNICAL, sure=0.5, severity=Severity.LOW, decision=Decision.REVIEW),
    ]
    report = evaluate(labels, answers)
    assert report["primary"]["accuracy"] == pytest.approx(2 / 3)
    assert report["primary"]["confusion"]["process"]["technical"] == 1
    assert report["categories"]["per_category"]["technical"]["f1"] == 1.0
    assert report["issue_accuracy"] == 0.5
    assert report["severity_kappa"] == 1.0
    assert report["decisions"]["automate"] == {"precision": 1.0, "coverage": 1 / 3}
    assert report["precision_at_coverage"]["1.00"] == pytest.approx(2 / 3)


def test_labels_without_issue_and_severity_give_none() -> None:
    labels = pd.DataFrame({"primary": ["none"], "categories": [[]], "issue": [None], "severity": [None]})
    report = evaluate(labels, [assessment(Category.NONE, sure=0.9, severity=Severity.LOW, decision=Decision.AUTOMATE)])
    assert report["issue_accuracy"] is None
    assert report["severity_kappa"] is None
