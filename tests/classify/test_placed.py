"""Evidence looks terms up all at once; what it finds is what the definition finds clause by clause."""

from hypothesis import given
from hypothesis import strategies as st

from triage.classify.block import Vocabulary
from triage.classify.explain import evidence, explain_reading
from triage.classify.features import clause_spans, read_clauses
from triage.classify.placed import place_terms
from triage.classify.signals import find_signals
from triage.classify.store import load_model
from triage.records import Category
from triage.text.normalize import Original, normalize, normalized
from triage.text.tokenize import Tokenizer

TOKENIZER, MODEL = Tokenizer(), load_model()
RAW = st.text("系统崩了没人管 ab1.?!，,但是服务态度差Ｎ@😡\n", max_size=40)


@given(RAW.map(normalize), st.integers(0, 3))
def test_places_are_those_of_the_definition(text: str, leave_out: int) -> None:
    read = read_clauses(text, TOKENIZER)
    spans = [(term, low, high, at) for at, clause in enumerate(read) for term, low, high in clause_spans(clause)]
    known = [term for at, term in enumerate(sorted({term for term, *_ in spans})) if at % 4 != leave_out]
    column = {term: at for at, term in enumerate(known)}
    placed = place_terms(text, Vocabulary.of(known), TOKENIZER)
    found = zip(*(each.tolist() for each in (placed.columns, placed.lows, placed.highs, placed.owners)), strict=True)
    assert sorted(found) == sorted((column[term], *place) for term, *place in spans if term in column)
    assert [text[low:high] for low, high in placed.words] == [word for clause in read for word in clause.words]


@given(RAW)
def test_evidence_is_the_top_of_the_explanation(text: str) -> None:
    clean, original = normalized(text)
    signals = find_signals(clean, original.quote)
    for category in (Category.TECHNICAL, Category.NONE):
        whole = explain_reading(MODEL, original, signals, category)
        assert evidence(MODEL, original, signals, category, 3) == whole.top(3)


@given(RAW)
def test_the_way_back_is_that_of_aligning_anew(text: str) -> None:
    clean, original = normalized(text)
    aligned = Original(text).aligned
    assert clean == aligned.text == original.aligned.text
    for at in range(len(clean)):
        assert original.span(at, at + 1) == aligned.span(at, at + 1)
