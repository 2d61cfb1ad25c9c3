import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.classify.decide import HARDER, Thresholds, decide, find_thresholds, precision_table
from triage.errors import InputError
from triage.records import Category, Decision

THRESHOLDS = Thresholds(automate=0.9, recommend=0.6)


def between(first: float, second: float) -> dict[Category, float]:
    return {Category.TECHNICAL: first, Category.PROCESS: second, Category.NONE: 1 - first - second}


CASES = [
    ("sure", between(0.95, 0.03), 20, 0.1, Decision.AUTOMATE, ""),
    ("just at the threshold", between(0.9, 0.05), 20, 0.1, Decision.AUTOMATE, ""),
    ("fairly sure", between(0.7, 0.1), 20, 0.1, Decision.RECOMMEND, "not sure enough: 0.70 of 0.90"),
    ("two close", between(0.48, 0.45), 20, 0.1, Decision.REVIEW, "two categories close: technical 0.48, process 0.45"),
    ("unsure", between(0.5, 0.2), 20, 0.1, Decision.REVIEW, "not sure enough: 0.50 of 0.90"),
    ("sure of nearly nothing", between(0.99, 0.0), 2, 0.0, Decision.REVIEW, "too short: 2 characters"),
    ("sure of something unknown", between(0.99, 0.0), 20, 0.9, Decision.REVIEW, "90% of its terms are new"),
    ("no words", between(0.99, 0.0), 0, 0.0, Decision.REVIEW, "no words"),
]


@pytest.mark.parametrize(
    ("probabilities", "characters", "unknown", "decision", "reason"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_decision(
    probabilities: dict[Category, float], characters: int, unknown: float, decision: Decision, reason: str
) -> None:
    (first, confidence), (second, next_best), _ = sorted(probabilities.items(), key=lambda pair: -pair[1])
    taken, reasons = decide(first, confidence, second, next_best, THRESHOLDS, characters=characters, unknown=unknown)
    assert taken is decision
    assert bool(reasons) == (decision is not Decision.AUTOMATE)
    assert reason in "; ".join(reasons)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.floats(0.05, 0.99))
def test_the_promise_holds_on_the_pieces_it_was_found_on(pieces: list[tuple[float, bool]], target: float) -> None:
    confidence = np.array([c for c, _ in pieces])
    correct = [right for _, right in pieces]
    thresholds = find_thresholds(precision_table(confidence, correct), target)
    if thresholds.automate <= 1 and len(set(confidence)) == len(confidence):
        taken = [right for c, right in pieces if c >= thresholds.automate]
        assert 1 - np.mean(taken) <= (1 - target) / HARDER + 1e-9
    assert thresholds.recommend <= thresholds.automate


def test_a_promise_that_cannot_be_kept_is_never_taken() -> None:
    assert find_thresholds([(0.9, 0.5, 0.1), (0.4, 0.5, 1.0)], 0.95).automate > 1


def test_a_higher_promise_never_automates_more() -> None:
    table = [(0.95, 0.999, 0.2), (0.8, 0.99, 0.5), (0.5, 0.97, 0.8), (0.2, 0.9, 1.0)]
    found = [find_thresholds(table, target).automate for target in (0.7, 0.9, 0.95, 0.98, 0.995)]
    assert found == sorted(found)


@pytest.mark.parametrize("target", [0, 1, 1.5, -1])
def test_a_promise_is_a_share(target: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        find_thresholds([(0.9, 1.0, 1.0)], target)
