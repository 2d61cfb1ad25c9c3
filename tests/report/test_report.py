"""What an outcome looks like: nothing lost, nothing executed, both languages."""

import datetime as dt
import html
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from triage.engine import Triager
from triage.records import Category, Evidence, Outcome
from triage.report.card import card
from triage.report.highlight import segments
from triage.report.html import outcome_html

FRIDAY = dt.datetime(2026, 11, 20, 17, 30, tzinfo=dt.UTC)
TEXT = "系统上线三天崩了两次，你们的王工态度恶劣，再不解决我们就终止合同 <b>&"


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return Triager(now=lambda: FRIDAY).triage(TEXT)


def printed(outcome: Outcome, lang: str) -> str:
    console = Console(width=110, record=True, file=io.StringIO())
    console.print(card(outcome, lang))
    return console.export_text()


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.floats(-3, 3)), max_size=5))
def test_segments_joined_are_the_text(text: str, spans: list[tuple[int, int, float]]) -> None:
    evidence = [Evidence(a, b, text[a:b], w, Category.NONE) for a, b, w in spans if a < b <= len(text)]
    assert "".join(stretch for stretch, _ in segments(text, evidence)) == text


def test_where_spans_overlap_the_weightier_wins() -> None:
    evidence = [Evidence(0, 3, "一二三", 1.0, Category.NONE), Evidence(1, 2, "二", -2.0, Category.NONE)]
    assert segments("一二三", evidence) == [("一", 1.0), ("二", -2.0), ("三", 1.0)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_card_says_everything(outcome: Outcome, lang: str) -> None:
    text = printed(outcome, lang)
    name = "label" if lang == "zh" else "value"
    for label in (outcome.category, outcome.issue, outcome.severity, outcome.decision):
        assert getattr(label, name) in text
    assert outcome.plan.owner in text
    for step in outcome.plan.steps:
        assert step.title[:4] in text
        assert not step.due or step.due.strftime("%Y-%m-%d %H:%M") in text


def test_html_is_escaped_and_complete(outcome: Outcome) -> None:
    rendered = outcome_html(outcome)
    plain = html.unescape(re.sub("<[^>]*>", "", rendered))
    assert TEXT in plain
    assert "&lt;b&gt;&amp;" in rendered
    for step in outcome.plan.steps:
        assert step.title in plain
    assert "<mark" in rendered


def test_html_reaches_for_nothing_outside(outcome: Outcome) -> None:
    rendered = outcome_html(outcome)
    assert not re.search(r"<script|src=|href=|url\(|@import", rendered)
