from hypothesis import given
from hypothesis import strategies as st

from triage.classify.features import TermColumns, clause_spans, clause_terms, read_clauses, term_count
from triage.text.normalize import normalize
from triage.text.tokenize import Tokenizer

TOKENIZER = Tokenizer()
TEXTS = st.text("系统崩了没人管 ab1.?!，,但是服务态度差Ｎ@😡\n", max_size=40).map(normalize)


@given(TEXTS, st.integers(0, 3))
def test_columns_are_those_of_the_terms(text: str, leave_out: int) -> None:
    clauses = read_clauses(text, TOKENIZER)
    terms = sorted({term for clause in clauses for term in clause_terms(clause)})
    vocabulary = {term: at for at, term in enumerate(terms) if at % 4 != leave_out}
    columns = TermColumns.of(vocabulary)
    for clause in clauses:
        expected = [vocabulary[term] for term in clause_terms(clause) if term in vocabulary]
        assert sorted(columns.columns(clause)) == sorted(expected)
        assert term_count(clause) + 1 >= len(clause_terms(clause))


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
