"""Situations a service manager can read: a complaint, its time, and who must do what until when."""

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest

from triage.policy.load import load_policy
from triage.policy.plan import plan
from triage.records import Assessment, Audience, Category, Decision, IssueType, Severity, Signal, Stage, Ticket

SITUATIONS = [
    pytest.param(situation, id=f"{path.stem}: {situation['name']}")
    for path in sorted((Path(__file__).parent / "situations").glob("*.toml"))
    for situation in tomllib.loads(path.read_text("utf-8"))["situation"]
]
KNOWN = {
    "name", "text", "category", "issue", "severity", "signals", "also", "decision", "at", "owner", "priority", "first",
    "says", "due", "owners", "present", "absent", "provisional", "firm", "internal", "id", "customer", "product",
    "project", "channel", "engineer", "pauses",
}  # fmt: skip


def planned(situation):
    policy = load_policy()
    columns = {name: situation.get(name) for name in ("id", "customer", "product", "project", "channel", "engineer")}
    pauses = tuple((begin, end) for begin, end in situation.get("pauses", ()))
    ticket = Ticket(situation.get("text", "投诉"), created_at=situation["at"], pauses=pauses, **columns)
    category = Category(situation["category"])
    asserted = {} if category is Category.NONE else {category: 0.9}
    asserted |= {Category(name): 0.7 for name in situation.get("also", ())}
    issue = IssueType(situation["issue"]) if "issue" in situation else None
    signals = tuple(Signal(name, 0, 1, ticket.text[:4], "test") for name in situation.get("signals", ()))
    assessment = Assessment(
        category, asserted, {}, issue, Severity(situation.get("severity", "normal")), 0.9,
        Decision(situation.get("decision", "automate")), reasons=("两类相近",), signals=signals,
    )  # fmt: skip
    return plan(ticket, assessment, policy, now=dt.datetime(2030, 1, 1, tzinfo=dt.UTC)), policy


def first_sentence(reply):
    """Return what a reply says first, after its subject and salutation."""
    text = re.sub(r"<head.*?</head>|<[^>]+>", "", reply, flags=re.DOTALL)
    lines = [line.strip() for line in text.splitlines()]
    said = next(line for line in lines if line and not re.search(r"^主题：|您好！$|：$", line))
    return said.partition("。")[0] + "。"


@pytest.mark.parametrize("situation", SITUATIONS)
def test_situation(situation):
    assert set(situation) <= KNOWN
    made, policy = planned(situation)
    steps = {step.key: step for step in made.steps}
    assert made.owner == situation["owner"]
    assert made.priority == situation["priority"]
    assert first_sentence(made.reply) == situation["first"]
    for key, due in situation.get("due", {}).items():
        assert steps[key].due == due.replace(tzinfo=policy.zone), f"{key}: {steps[key].due}"
    for key, owner in situation.get("owners", {}).items():
        assert steps[key].owner == owner, key
    for words in situation.get("says", ()):
        assert words in made.reply
    for key, lines in situation.get("internal", {}).items():
        assert steps[key].audience is Audience.INTERNAL
        for words in lines:
            assert words in steps[key].message
    assert set(situation.get("present", ())) <= set(steps)
    assert not set(situation.get("absent", ())) & set(steps)
    for key in situation.get("provisional", ()):
        assert steps[key].provisional, key
    for key in situation.get("firm", ()):
        assert not steps[key].provisional, key


def test_there_are_enough_and_every_stage_issue_severity_and_signal_is_met():
    situations = [parameter.values[0] for parameter in SITUATIONS]
    assert len(situations) >= 60
    assert {situation.get("issue") for situation in situations} >= {issue.value for issue in IssueType}
    assert {situation.get("severity", "normal") for situation in situations} == {s.value for s in Severity}
    assert {name for situation in situations for name in situation.get("signals", ())} == set(load_policy().signals)
    named = {key for s in situations for key in [*s.get("due", ()), *s.get("owners", ()), *s.get("present", ())]}
    stages = {step.stage for s in situations for step in planned(s)[0].steps if step.key in named}
    assert stages == set(Stage)
