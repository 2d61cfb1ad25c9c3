import pytest

from triage.classify.explain import explain
from triage.classify.model import HEADS, Model
from triage.records import Category

TEXTS = [
    "系统一直闪退，客服也不理人！",
    "系統崩了３次😡，再不解決就投訴到12315",
    "  ＠南岭客服　啊啊啊啊啊打不开   了？？？",
    "\u200b闪\ud800退",
    "A b C。",
    "😡😡",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("category", [Category.TECHNICAL, Category.NONE])
def test_the_weights_add_up_to_the_score(small_model: Model, text: str, category: Category) -> None:
    explanation = explain(small_model, text, category)
    inputs = small_model.inputs(small_model.read([text]))
    logit = small_model.tops["primary"].logits(inputs)[0, HEADS["primary"].index(category.value)]
    assert explanation.score == pytest.approx(logit, abs=1e-9)
    assert explanation.bias + sum(word.weight for word in explanation.words) == pytest.approx(logit, abs=1e-9)


@pytest.mark.parametrize("text", TEXTS)
def test_evidence_quotes_the_original_text(small_model: Model, text: str) -> None:
    explanation = explain(small_model, text, Category.TECHNICAL)
    for span in (*explanation.words, *explanation.top()):
        assert text[span.start : span.end] == span.quote


def test_a_text_with_nothing_known_has_the_bias_alone(small_model: Model) -> None:
    explanation = explain(small_model, "", Category.NONE)
    assert explanation.words == ()
    assert explanation.clause is None
    assert explanation.bias == explanation.score


def test_the_deciding_clause_is_the_one_that_says_it(small_model: Model) -> None:
    text = "你好，昨天下午到店里办事，前台服务态度差，骂人，其他的都挺好的，谢谢"
    start, end = explain(small_model, text, Category.ATTITUDE).clause or (0, 0)
    assert text[start:end] in {"前台服务态度差", "骂人"}


def test_the_top_holds_the_weightiest(small_model: Model) -> None:
    explanation = explain(small_model, TEXTS[0], Category.TECHNICAL)
    spans = explanation.top(100)
    weights = [abs(span.weight) for span in spans]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) >= 2
    assert explanation.top(1) == spans[:1]
