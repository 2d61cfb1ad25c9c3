"""No cell is executed by a spreadsheet, and every cell can be had back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.tickets.cells import guard, unguard

DANGEROUS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－甲",
    "＠客服",
    "'=1",
    "''@",
]
HARMLESS = ["", "系统崩了", "-3.5", "+86", "1e5", "12%", "-2%", "'90后", "''", "甲=乙", " =1", "\n=1", "'"]


@pytest.mark.parametrize("cell", DANGEROUS)
def test_dangerous(cell):
    assert guard(cell) == "'" + cell
    assert unguard(guard(cell)) == cell


@pytest.mark.parametrize("cell", HARMLESS)
def test_harmless(cell):
    assert guard(cell) == cell
    assert unguard(cell) == cell


@given(st.text(st.sampled_from("'=+-@\t\r＝＋－＠1.e%甲 \n")))
def test_guarding_can_be_undone(cell):
    safe = guard(cell)
    assert unguard(safe) == cell
    assert safe[:1] not in tuple("=@\t\r＝＋－＠")
    assert safe[:1] not in ("+", "-") or safe.strip("+-%").replace(".", "").replace("e", "").isascii()


@given(st.text())
def test_any_text(cell):
    assert unguard(guard(cell)) == cell
