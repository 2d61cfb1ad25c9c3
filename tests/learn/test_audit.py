import numpy as np
import pandas as pd
import pytest

from tests.learn.test_gain import labelled
from triage.classify.model import HEADS, Model
from triage.errors import InputError
from triage.learn.audit import audit, doubted


def test_planted_errors_stand_at_the_top(small_model: Model, corpus: pd.DataFrame, small_corpus: pd.DataFrame):
    new = corpus[corpus["severity"].notna() & ~corpus["id"].isin(small_corpus["id"])]
    labels = labelled(new.sample(1600, random_state=0))
    rng = np.random.default_rng(0)
    wrong = set(rng.choice(1600, 80, replace=False).tolist())
    for at in wrong:
        labels.loc[at, "primary"] = rng.choice([name for name in HEADS["primary"] if name != labels["primary"][at]])
        labels.loc[at, ["categories", "issue"]] = None
    doubts = audit(labels, small_model)
    rows = [doubt.row - 2 for doubt in doubts]
    # Of 80 planted errors, one in twenty: a sample this large keeps the luck of the draw out of the shares.
    assert len(wrong & set(rows)) / len(wrong) > 0.5
    assert len(wrong & set(rows[:80])) / 80 > 0.15
    margins = [doubt.given_probability - doubt.likely_probability for doubt in doubts]
    assert all(doubt.given != doubt.likely for doubt in doubts)
    assert max(margins) < 0
    assert doubts == audit(labels, small_model)


def test_a_label_the_model_itself_gives_is_not_doubted():
    views = np.array([[0.9, 0.1], [0.55, 0.45], [0.6, 0.4]])
    likely, margins = doubted(views, np.array([0, 0, 1]))
    assert likely[1] == 0
    assert (margins < 0).tolist() == [False, False, True]


def test_without_a_primary_there_is_nothing_to_compare(small_model: Model):
    rows = [("打不开", None, None, None, "high", "mine.csv", 2)]
    labels = pd.DataFrame(
        rows, columns=["text", "primary", "categories", "issue", "severity", "file", "row"], dtype=object
    )
    with pytest.raises(InputError, match="no row has a primary category"):
        audit(labels, small_model)
