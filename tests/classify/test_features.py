import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.classify.block import FEW, Vocabulary
from triage.classify.features import clause_spans, clause_terms, read_clauses
from triage.text.normalize import normalize
from triage.text.tokenize import Tokenizer

TOKENIZER = Tokenizer()
TEXTS = st.text("系统崩了没人管 ab1.?!，,但是服务态度差Ｎ@😡\n", max_size=40).map(normalize)


@pytest.mark.parametrize("times", [1, FEW])  # one by one, and all at once
@settings(deadline=None)  # the first example may load the dictionary, on a busy machine
@given(st.lists(TEXTS, min_size=1, max_size=5), st.integers(0, 3))
def test_columns_are_those_of_the_terms(times: int, texts: list[str], leave_out: int) -> None:
    texts = texts * times
    read = [read_clauses(text, TOKENIZER) for text in texts]
    terms = sorted({term for clauses in read for clause in clauses for term in clause_terms(clause)})
    known = [term for at, term in enumerate(terms) if at % 4 != leave_out]
    vocabulary = {term: at for at, term in enumerate(known)}
    found = Vocabulary.of(known).terms(texts, TOKENIZER)
    assert found.texts.tolist() == [at for at, clauses in enumerate(read) for _ in clauses]
    flat = [clause for clauses in read for clause in clauses]
    for at, clause in enumerate(flat):
        expected = [vocabulary[term] for term in clause_terms(clause) if term in vocabulary]
        assert sorted(found.columns[found.clauses == at].tolist()) == sorted(expected)
    assert (found.unknown <= 1).all()


@pytest.mark.parametrize("times", [1, FEW])
def test_the_share_of_unknown_terms(times: int) -> None:
    found = Vocabulary.of(["w慢", "c很慢"]).terms(["很慢", "", "慢,打 开"] * times, TOKENIZER)
    # 很慢: two words and one run, of which a word and the run are known; then three clauses of one word each.
    assert found.unknown[:3].tolist() == [pytest.approx(1 / 3), 0.0, pytest.approx(2 / 3)]


@settings(deadline=None)
@given(TEXTS)
def test_a_term_stands_where_its_span_says(text: str) -> None:
    for clause in read_clauses(text, TOKENIZER):
        for term, start, end in clause_spans(clause):
            if term[0] == "w":
                assert text[start:end] == term[1:]
            elif term[0] == "c":
                assert text[start:end].replace(" ", "") == term[1:]


def test_single_characters_are_words() -> None:
    (clause,) = read_clauses("慢", TOKENIZER)
    assert clause_terms(clause) == ["w慢"]


def test_how_a_clause_ends_is_a_term() -> None:
    first, second = read_clauses("能退吗?不能!", TOKENIZER)
    assert "p?" in clause_terms(first)
    assert "p!" in clause_terms(second)


def test_terms_never_cross_a_clause() -> None:
    terms = [term for clause in read_clauses("系统,崩了", TOKENIZER) for term in clause_terms(clause)]
    assert not any("统崩" in term for term in terms)
