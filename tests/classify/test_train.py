import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.conftest import SMALL
from triage.classify.card import model_card
from triage.classify.model import OUTPUTS, Model
from triage.classify.store import save_model
from triage.classify.train import Recipe, class_weights, corpus_hash, targets, train
from triage.errors import InputError


def test_the_same_data_gives_the_same_bytes(
    small_corpus: pd.DataFrame, small_model_folder: Path, tmp_path: Path
) -> None:
    model = train(small_corpus, SMALL, name="small")
    again = save_model(model, tmp_path / "again", model_card(model))
    for name in ("arrays.npz", "model.json"):
        digests = [hashlib.sha256((folder / name).read_bytes()).hexdigest() for folder in (again, small_model_folder)]
        assert digests[0] == digests[1]


def test_a_changed_label_changes_the_hash(small_corpus: pd.DataFrame) -> None:
    changed = small_corpus.copy()
    changed.loc[0, "severity"] = "critical" if changed.loc[0, "severity"] != "critical" else "low"
    assert corpus_hash(changed) != corpus_hash(small_corpus)


def test_targets_follow_the_labels(small_corpus: pd.DataFrame) -> None:
    wanted = targets(small_corpus)
    assert wanted.shape == (len(small_corpus), len(OUTPUTS))
    for at, row in enumerate(small_corpus.head(40).itertuples()):
        said = {name for name, value in zip(OUTPUTS, wanted[at], strict=True) if value == 1}
        assert f"primary:{row.primary}" in said
        assert {name.partition(":")[2] for name in said if name.startswith("categories:")} == set(row.categories)


def test_a_clause_says_nothing_of_severity(small_corpus: pd.DataFrame) -> None:
    clauses = small_corpus["severity"].isna().to_numpy()
    severity = [at for at, name in enumerate(OUTPUTS) if name.startswith("severity:")]
    assert (targets(small_corpus)[clauses][:, severity] == -1).all()


def test_severities_are_ordered(small_corpus: pd.DataFrame) -> None:
    columns = [OUTPUTS.index(f"severity:{name}") for name in ("normal", "high", "critical")]
    block = targets(small_corpus)[:, columns]
    assert (np.diff(block, axis=1) <= 0).all()


def test_weights_bring_the_classes_to_their_priors() -> None:
    priors = {"technical": 0.5, "none": 0.5}
    weights = class_weights(["technical"] * 3 + ["none"], priors, 1.0)
    assert weights[:3].sum() == pytest.approx(weights[3:].sum())
    assert class_weights(["technical", "none", "none"], priors, 0.0).tolist() == [1, 1, 1]


def test_too_few_authors_are_refused(small_corpus: pd.DataFrame) -> None:
    one = small_corpus.assign(author_batch="only")
    with pytest.raises(InputError, match="at least 5 author batches"):
        train(one, Recipe())


def test_a_label_without_a_piece_is_refused(small_corpus: pd.DataFrame) -> None:
    without = small_corpus[small_corpus["issue"] != "impatience"]
    with pytest.raises(InputError, match="impatience"):
        train(without, SMALL)


def test_the_facts_say_what_the_model_was_made_from(small_model: Model, small_corpus: pd.DataFrame) -> None:
    facts = small_model.facts
    assert facts["corpus"]["hash"] == corpus_hash(small_corpus)
    assert facts["corpus"]["messages"] + facts["corpus"]["clauses"] == len(small_corpus)
    assert 0.2 < facts["metrics"]["test_macro_f1"] <= 1
