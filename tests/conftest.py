"""A small model trained once for the suite: the real recipe on a slice of the corpus."""

from pathlib import Path

import pandas as pd
import pytest

from triage.classify.card import model_card
from triage.classify.model import Model
from triage.classify.store import save_model
from triage.classify.train import Recipe, train
from triage.datasets import load_corpus

#: Enough for every label to occur in every fold, little enough for seconds.
SMALL = Recipe(max_terms=4000, folds=2)


@pytest.fixture(scope="session")
def corpus() -> pd.DataFrame:
    return load_corpus()


@pytest.fixture(scope="session")
def small_corpus(corpus: pd.DataFrame) -> pd.DataFrame:
    """About 1,600 pieces: up to 60 messages and 20 clauses of every issue type and of none."""
    messages = corpus[corpus["severity"].notna()]
    clauses = corpus[corpus["severity"].isna()]
    kind = messages["issue"].fillna("none")
    picked = [
        messages.groupby(kind, sort=True).sample(frac=1, random_state=0).groupby(kind, sort=True).head(90),
        messages[messages["severity"] == "critical"].head(60),
        clauses.groupby(clauses["issue"].fillna("none"), sort=True).head(20),
    ]
    return pd.concat(picked).drop_duplicates("id").sort_values("id").reset_index(drop=True)


@pytest.fixture(scope="session")
def small_model(small_corpus: pd.DataFrame) -> Model:
    return train(small_corpus, SMALL, name="small")


@pytest.fixture(scope="session")
def small_model_folder(small_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(small_model, tmp_path_factory.mktemp("model"), model_card(small_model))
