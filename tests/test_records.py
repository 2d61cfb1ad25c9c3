import dataclasses
import datetime as dt
import json

import pytest

from triage.records import Assessment, Category, Decision, IssueType, Outcome, Plan, Severity, Stage, Step, Ticket

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def outcome() -> Outcome:
    assessment = Assessment(
        Category.PROCESS,
        {Category.PROCESS: 0.9},
        {Category.PROCESS: 0.9, Category.NONE: 0.1},
        IssueType.SCHEDULE_DELAY,
        Severity.HIGH,
        0.9,
        Decision.RECOMMEND,
    )
    steps = (
        Step("investigate", Stage.INVESTIGATION, "排查", "项目经理", NOW + dt.timedelta(days=2)),
        Step("look", Stage.INVESTIGATION, "先看日志", "项目经理", NOW + dt.timedelta(days=1)),
        Step("close", Stage.CLOSING, "结案", "项目经理"),
    )
    return Outcome(Ticket("说好周三上门"), assessment, Plan("项目经理", "P2", steps, "您好", "默认 1", NOW))


@pytest.mark.parametrize("enum", [Category, IssueType, Severity, Decision, Stage])
def test_members_are_strings_with_a_chinese_label(enum: type) -> None:
    for member in enum:  # type: ignore[attr-defined]
        assert isinstance(member, str)
        assert member == member.value
        assert any("\u4e00" <= char <= "\u9fff" for char in member.label)
        assert enum(member.value) is member


def test_every_issue_type_belongs_to_one_of_the_four() -> None:
    counts = [sum(issue.category is category for issue in IssueType) for category in Category]
    assert counts == [4, 4, 4, 3, 0]


def test_severities_rise() -> None:
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3]


def test_records_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        outcome().ticket.text = "x"  # type: ignore[misc]


def test_an_outcome_is_plain_data_and_json() -> None:
    plain = json.loads(outcome().to_json())
    assert plain["assessment"]["categories"] == {"process": 0.9}
    assert plain["plan"]["planned_at"] == "2026-11-24T09:00:00+00:00"
    assert plain["plan"]["steps"][0]["stage"] == "investigation"
    assert "周三" in outcome().to_json()


def test_the_earliest_date_of_a_stage_counts() -> None:
    plan = outcome().plan
    assert plan.due(Stage.INVESTIGATION) == NOW + dt.timedelta(days=1)
    assert plan.due(Stage.CLOSING) is None
    assert plan.due(Stage.FOLLOW_UP) is None


def test_the_representation_says_what_matters() -> None:
    assert repr(outcome()) == ("<Outcome '说好周三上门': process/schedule_delay 0.90, high, recommend, owner 项目经理>")
