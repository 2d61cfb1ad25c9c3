import numpy as np
import pandas as pd
import pytest

from triage.classify.model import Model
from triage.errors import InputError
from triage.learn.folds import FOLDS, deal_folds
from triage.learn.gain import learn, verdict


def labelled(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame[["text", "primary", "categories", "issue", "severity"]].astype(object)
    rows = rows.where(rows.notna(), None)
    return rows.assign(file="mine.csv", row=range(2, len(rows) + 2)).reset_index(drop=True)


@pytest.fixture(scope="module")
def others(corpus: pd.DataFrame, small_corpus: pd.DataFrame) -> pd.DataFrame:
    """Messages the small model never saw."""
    new = corpus[corpus["severity"].notna() & ~corpus["id"].isin(small_corpus["id"])]
    return labelled(new.sample(400, random_state=0))


def test_folds_keep_a_text_together_and_do_not_depend_on_the_order(others: pd.DataFrame):
    doubled = pd.concat([others, others.head(50)], ignore_index=True)
    part = deal_folds(doubled)
    assert (part[:50] == part[400:]).all()
    assert np.bincount(part[:400]).min() >= 400 // FOLDS - 1
    order = np.random.default_rng(0).permutation(len(doubled))
    assert (deal_folds(doubled.iloc[order]) == part[order]).all()


def test_every_fold_has_its_share_of_every_class(others: pd.DataFrame):
    shares = pd.crosstab(deal_folds(others), others["primary"])
    assert (shares.max() - shares.min() <= 1).all()


def test_too_few_labels_are_refused(others: pd.DataFrame):
    with pytest.raises(InputError, match="at least 10 different"):
        deal_folds(others.head(9))


def test_labels_of_a_house_with_its_own_words_help(small_model: Model, others: pd.DataFrame):
    # Here 甲单 is an error and 乙单 a grievance about manners, whatever the rest of the message says.
    mine = others.head(200).copy()
    mine["primary"] = ["technical", "attitude"] * 100
    mine["text"] = [f"{'甲单乙单'[2 * (at % 2) :][:2]}的事：{text[:12]}" for at, text in enumerate(mine["text"])]
    mine[["categories", "issue", "severity"]] = None
    model, gain = learn(small_model, mine)
    assert gain["interval"][0] > 0, verdict(gain)
    assert gain["after"]["primary"]["accuracy"] > gain["before"]["primary"]["accuracy"]
    assert [size for size, _ in gain["curve"]] == [0, 40, 80, 160]
    assert gain["curve"][-1][1] == gain["after"]["primary"]["macro_f1"]
    assert gain["before"]["issue"] is None
    assert gain["before"]["severity"] is None
    assert model.facts["extra"]["messages"] == 200
    assert model.facts["extra"]["labels"] == {"primary": 200, "categories": 0, "issue": 0, "severity": 0}


def test_labels_at_random_do_harm_and_it_says_so(small_model: Model, others: pd.DataFrame):
    mine = others.copy()
    rng = np.random.default_rng(0)
    mine["primary"] = rng.permutation(mine["primary"].to_numpy())
    mine[["categories", "issue"]] = None
    _, gain = learn(small_model, mine, weight=10)
    assert gain["difference"] < 0.05
    assert gain["after"]["primary"]["accuracy"] < 0.4


def test_verdicts():
    assert "help: macro-F1 +0.100" in verdict({"difference": 0.1, "interval": [0.05, 0.15]})
    assert "do harm" in verdict({"difference": -0.1, "interval": [-0.15, -0.05]})
    assert "decide nothing" in verdict({"difference": 0.01, "interval": [-0.05, 0.06]})
    assert "cannot be measured" in verdict({"difference": None, "interval": None})
