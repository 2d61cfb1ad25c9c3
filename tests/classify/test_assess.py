import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.classify.assess import Assessor
from triage.classify.block import FEW
from triage.classify.model import Model
from triage.records import Category, Decision, Severity

TEXTS = [
    "系统一直闪退，已经第三次报修了",
    "请问发票抬头在哪里改？",
    "客服态度恶劣，骂人",
    "再不解决就起诉你们，法庭见",
    "",
    "😡😡😡",
    "The quick brown fox jumps over the lazy dog",
    "\ud800",
    "x" * 50_000,
]


@pytest.fixture(scope="module")
def assessor(small_model: Model) -> Assessor:
    return Assessor(small_model)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_an_assessment_is_consistent(assessor: Assessor, text: str) -> None:
    (found,) = assessor.assess([text])
    assert sum(found.probabilities.values()) == pytest.approx(1)
    assert found.confidence == max(found.probabilities.values())
    if found.category is Category.NONE:
        assert (found.issue, found.severity, dict(found.categories)) == (None, Severity.LOW, {})
    else:
        assert found.issue is not None
        assert found.issue.category is found.category
        assert found.category in found.categories
    assert list(found.categories.values()) == sorted(found.categories.values(), reverse=True)
    for span in (*found.evidence, *found.signals):
        assert text[span.start : span.end] == span.quote


def test_many_and_one_give_the_same(assessor: Assessor) -> None:
    texts = TEXTS * 80  # more than a block
    for together, text in zip(assessor.assess(texts), TEXTS, strict=False):
        alone = assessor.assess([text])[0]
        assert together.probabilities == pytest.approx(alone.probabilities, abs=1e-12)
        assert together.categories == pytest.approx(alone.categories, abs=1e-12)
        for field in ("category", "issue", "severity", "decision", "reasons", "signals", "evidence"):
            assert getattr(together, field) == getattr(alone, field)


WORDS = [
    "系统",
    "闪退",
    "客服",
    "态度差",
    "没人接",
    "催了三次",
    "请问",
    "发票",
    "再不修就起诉",
    "数据没了",
    "，",
    "！",
    "\n",
]


@settings(deadline=None, max_examples=50)
@given(text=st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_one_alone_is_assessed_as_among_others(assessor: Assessor, text: str) -> None:
    alone, together = assessor.assess([text])[0], assessor.assess([text] * FEW)[0]
    assert alone.probabilities == pytest.approx(together.probabilities, abs=1e-12)
    assert alone.categories == pytest.approx(together.categories, abs=1e-12)
    assert list(alone.categories) == list(together.categories)
    for field in ("category", "issue", "severity", "decision", "reasons", "signals", "evidence"):
        assert getattr(alone, field) == getattr(together, field)


@pytest.mark.parametrize("text", ["", "😡😡😡", "。。。"])
def test_what_says_nothing_is_for_a_person(assessor: Assessor, text: str) -> None:
    (found,) = assessor.assess([text])
    assert found.decision is Decision.REVIEW
    assert found.reasons == ("no words in the text",)


def test_another_language_is_for_a_person(assessor: Assessor) -> None:
    (found,) = assessor.assess(["Der schnelle braune Fuchs springt über den faulen Hund und bellt"])
    assert found.decision is Decision.REVIEW
    assert "terms are new" in found.reasons[0]


def test_a_fact_raises_severity_and_says_so(assessor: Assessor) -> None:
    plain, threat = assessor.assess(["报表导出又失败了", "报表导出又失败了，再不修就起诉你们"])
    assert plain.severity.rank < threat.severity.rank == Severity.CRITICAL.rank
    (signal,) = [s for s in threat.signals if s.name == "legal_threat"]
    assert signal.raises_to is Severity.CRITICAL


def test_a_tagged_regulator_is_seen_behind_its_mark(assessor: Assessor) -> None:
    (found,) = assessor.assess(["宽带断了没人修，@工信部 你们管不管"])
    assert "regulator_mentioned" in {signal.name for signal in found.signals}


def test_a_stricter_promise_automates_less(small_model: Model, small_corpus: object) -> None:
    strict, loose = (Assessor(small_model, target_precision=p, evidence=0) for p in (0.97, 0.7))
    assert strict.thresholds.automate > loose.thresholds.automate
