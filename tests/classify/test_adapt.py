from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from triage.classify.adapt import Examples, adapt, term_rows
from triage.classify.assess import Assessor
from triage.classify.card import model_card
from triage.classify.explain import explain
from triage.classify.model import HEADS, OUTPUTS, Model
from triage.classify.store import load_model, save_model
from triage.classify.train import targets
from triage.errors import InputError, ModelError
from triage.records import Category


@pytest.fixture(scope="module")
def messages(small_corpus: pd.DataFrame) -> pd.DataFrame:
    return small_corpus[small_corpus["severity"].notna()].head(300).reset_index(drop=True)


@pytest.fixture(scope="module")
def examples(small_model: Model, messages: pd.DataFrame) -> Examples:
    return Examples.of(small_model, small_model.read(messages["text"].tolist()), targets(messages))


def scores(model: Model, texts: list[str]) -> dict[str, np.ndarray]:
    return model.score(model.read(texts))


def test_a_word_that_means_something_else_here_is_learnt(small_model: Model):
    # In this house an error message is what people write who only ask.
    texts = [f"{name}一直报错，请处理" for name in ("报表", "打印", "登录", "导出", "查询", "审批")] * 4
    wanted = np.full((len(texts), len(OUTPUTS)), -1)
    for at, name in enumerate(HEADS["primary"]):
        wanted[:, at] = name == "none"
    mine = adapt(small_model, Examples.of(small_model, small_model.read(texts), wanted))
    none = HEADS["primary"].index("none")
    before, after = (scores(model, ["入库一直报错，请处理"])["primary"][0, none] for model in (small_model, mine))
    assert before < 0.5 < after


def test_what_is_not_labelled_does_not_move(small_model: Model, examples: Examples, messages: pd.DataFrame):
    only = examples.wanted.copy()
    only[:, [not name.startswith("severity:") for name in OUTPUTS]] = -1
    mine = adapt(small_model, Examples(examples.inputs, examples.terms, only))
    before, after = (scores(model, messages["text"].tolist()[:50]) for model in (small_model, mine))
    for head in ("primary", "categories", "issue"):
        assert after[head] == pytest.approx(before[head], abs=1e-12)
    assert np.abs(after["severity"] - before["severity"]).max() > 0.01


def test_the_weight_says_how_far_labels_count(small_model: Model, examples: Examples, messages: pd.DataFrame):
    truth = messages["primary"].map(list(HEADS["primary"]).index).to_numpy()
    fit = []
    for weight in (0.01, 1, 30):
        primary = scores(adapt(small_model, examples, weight=weight), messages["text"].tolist())["primary"]
        fit.append(primary[np.arange(len(truth)), truth].mean())
    assert fit == sorted(fit)
    assert fit[2] > fit[0] + 0.05


def test_the_same_labels_give_the_same_bytes_and_survive_saving(small_model: Model, examples: Examples, tmp_path: Path):
    facts = {
        "messages": 300, "hash": "0" * 64, "weight": 1.0, "from": "small@1", "held_out": 300,
        "before": {"macro_f1": 0.5}, "after": {"macro_f1": None},
    }  # fmt: skip
    models = [adapt(small_model, examples, facts=facts) for _ in range(2)]
    places = [save_model(model, tmp_path / str(at), model_card(model)) for at, model in enumerate(models)]
    for name in ("arrays.npz", "model.json"):
        assert (places[0] / name).read_bytes() == (places[1] / name).read_bytes()
    loaded = load_model(places[0])
    texts = ["系统打不开，打电话没人接", "态度恶劣"]
    for head, values in scores(models[0], texts).items():
        assert scores(loaded, texts)[head] == pytest.approx(values, abs=1e-6)
    card = (places[0] / "README.md").read_text("utf-8")
    assert "300 labelled messages" in card
    assert "from 0.500 to not labelled" in card


def test_evidence_still_adds_up(small_model: Model, examples: Examples):
    mine = adapt(small_model, examples)
    text = "系统打不开，打电话没人接，说好的周五上线也没有"
    for category in Category:
        found = explain(mine, text, category)
        assert found.bias + sum(word.weight for word in found.words) == pytest.approx(found.score)
        at = HEADS["primary"].index(category.value)
        assert found.score == pytest.approx(mine.tops["primary"].logits(mine.inputs(mine.read([text])))[0, at])


def test_an_adapted_model_is_refused_as_a_start(small_model: Model, examples: Examples):
    mine = adapt(small_model, examples)
    with pytest.raises(ModelError, match="give all labelled files together"):
        Examples.of(mine, mine.read(["打不开"]), examples.wanted[:1])


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_refused(small_model: Model, examples: Examples, weight: float):
    with pytest.raises(InputError, match="positive number"):
        adapt(small_model, examples, weight=weight)


def test_terms_are_those_the_scorer_counts(small_model: Model):
    readings = small_model.read(["系统打不开，系统打不开", "", "催了三次"])
    rows = term_rows(small_model, readings)
    whole = small_model.inputs(readings)[:, : len(OUTPUTS)]
    assert rows @ small_model.base.weights + small_model.base.intercept == pytest.approx(whole, abs=1e-5)


def test_a_message_alone_gets_the_same_answer(small_model: Model, examples: Examples, messages: pd.DataFrame):
    assessor = Assessor(adapt(small_model, examples))
    texts = messages["text"].tolist()[:20]
    for together, text in zip(assessor.assess(texts), texts, strict=True):
        alone = assessor.assess([text])[0]
        assert alone.category is together.category
        assert alone.confidence == pytest.approx(together.confidence)
