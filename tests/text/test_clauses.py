import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.text.clauses import clauses
from triage.text.normalize import normalize

CASES = [
    ("系统崩了,没人管", ["系统崩了", "没人管"]),
    ("态度挺好但是系统一直崩", ["态度挺好", "但是系统一直崩"]),
    ("打不开 登录不上 急", ["打不开", "登录不上", "急"]),
    ("能不能快点?谢谢!", ["能不能快点", "谢谢"]),
    ("第一行\n第二行", ["第一行", "第二行"]),
    ("他就是说不行", ["他就是说不行"]),
    ("版本Ｎ.Ｎ坏了", ["版本Ｎ.Ｎ坏了"]),
    ("!!!", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_clause_asserts_one_thing(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in clauses(text)] == expected


@given(st.text("系统崩了但是没人管而且,。!? \n.3Ｎ", max_size=60).map(normalize))
def test_clauses_are_in_order_and_do_not_overlap(text: str) -> None:
    spans = clauses(text)
    assert all(low < high for low, high in spans)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
