# ruff: noqa: DTZ001, S301 - naive times are what exports hold; what is unpickled was pickled here
"""The plan as a record: pure, complete, equal however it is read; owners, recusal, odd dates."""

import dataclasses
import datetime as dt
import json
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import LabelError, PolicyError
from triage.policy.consistency import every_case
from triage.policy.deadlines import _slowly, counted
from triage.policy.load import in_force, load_policy
from triage.policy.plan import plan
from triage.policy.schema import SIGNALS
from triage.records import Assessment, Category, Decision, IssueType, Plan, Severity, Signal, Stage, Ticket

POLICY = load_policy()
NOW = dt.datetime(2026, 11, 10, 10, 0, tzinfo=POLICY.zone)
HEAD = 'name = "{}"\nversion = "2"\neffective_from = {}\n'


def assessed(issue=IssueType.FUNCTION_FAILURE, severity=Severity.NORMAL, signals=(), **changes):
    found = tuple(Signal(name, 0, 1, "原话", "test") for name in signals)
    made = Assessment(issue.category, {issue.category: 0.9}, {}, issue, severity, 0.9, Decision.AUTOMATE, signals=found)
    return dataclasses.replace(made, **changes)


def overlay(folder, name="own", day="2026-06-01", **files):
    folder.mkdir(exist_ok=True)
    (folder / "policy.toml").write_text(HEAD.format(name, day), "utf-8")
    for file, text in files.items():
        (folder / f"{file}.toml").write_text(text, "utf-8")
    return load_policy(folder)


def test_same_input_same_plan_byte_for_byte_in_another_process_too():
    ticket = Ticket("系统崩了", "T1", NOW, "宏达制造")
    first = plan(ticket, assessed(signals=["repeated", "money"]), POLICY, NOW).to_json()
    again = plan(ticket, assessed(signals=["repeated", "money"]), pickle.loads(pickle.dumps(POLICY)), NOW).to_json()
    assert first == again
    code = (
        "from tests.policy.test_plan import *; import sys; sys.stdout.reconfigure(encoding='utf-8');"
        "made = plan(Ticket('系统崩了', 'T1', NOW, '宏达制造'), assessed(signals=['repeated', 'money']), POLICY, NOW);"
        "print(made.to_json())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert other.stdout.strip() == first


def test_a_plan_is_a_plain_record():
    made = plan(Ticket("系统崩了", created_at=NOW), assessed(), POLICY, NOW)
    plain = pickle.loads(pickle.dumps(made))
    assert type(plain) is Plan
    assert made == plain
    assert plain == made
    assert repr(made) == repr(plain)
    assert dataclasses.replace(made, owner="别人").owner == "别人"
    assert {stage: made.due(stage) for stage in Stage} == {stage: plain.due(stage) for stage in Stage}
    assert json.loads(made.to_json())["steps"][0]["source"]["owner"] == "defaults.toml: steps.record.owner"
    assert made != "plan"


def test_steps_stand_in_order_and_every_one_is_whole():
    for case in every_case(POLICY):
        category, issue, severity, signals, also, decision, _ = case.key
        found = tuple(Signal(name, 0, 1, "原话", "test") for name in signals)
        asserted = dict.fromkeys([category, *also], 0.9)
        assessment = Assessment(category, asserted, {}, issue, severity, 0.9, decision, signals=found)
        if severity is not Severity.NORMAL:
            continue
        made = plan(Ticket("投诉", created_at=NOW), assessment, POLICY, NOW)
        keys = [(list(Stage).index(step.stage), step.due) for step in made.steps]
        assert keys == sorted(keys)
        for step in made.steps:
            assert step.title, step.key
            assert step.owner, step.key
            assert step.message, step.key
            assert step.due, step.key
            assert {"owner", "title", "due", "message", "stage"} <= set(step.source), step.key
        if category is not Category.NONE:
            assert {step.stage for step in made.steps} >= set(Stage) - {Stage.REPAIR}
            assert made.due(Stage.ACKNOWLEDGEMENT) <= NOW + dt.timedelta(hours=24)
            assert made.due(Stage.INVESTIGATION) <= NOW + dt.timedelta(hours=48)


@given(
    st.datetimes(dt.datetime(2020, 1, 2), dt.datetime(2027, 3, 1)),
    st.sampled_from(IssueType),
    st.sampled_from(Severity),
    st.lists(st.sampled_from(sorted(SIGNALS)), max_size=3, unique=True),
)
def test_the_quick_count_agrees_with_the_slow_one_and_signals_never_slow_down(at, issue, severity, signals):
    made = plan(Ticket("投诉", created_at=at), assessed(issue, severity, signals), POLICY, NOW)
    program = made._case.program
    assert counted(program, made.planned_at) == _slowly(program, made.planned_at)
    # What a stage answers alone, without the steps, is what the plain record reads off them.
    assert [made.due(stage) for stage in Stage] == [made.whole().due(stage) for stage in Stage]
    calm = {
        step.key: step.due for step in plan(Ticket("投诉", created_at=at), assessed(issue, severity), POLICY, NOW).steps
    }
    for step in made.steps:
        if step.key in calm and step.stage is not Stage.ESCALATION:
            assert step.due <= calm[step.key]
    assert made.priority <= plan(Ticket("投诉", created_at=at), assessed(issue, severity), POLICY, NOW).priority


def test_without_a_date_the_clock_counts_and_a_naive_one_is_in_the_policys_zone():
    made = plan(Ticket("投诉"), assessed(), POLICY, dt.datetime(2026, 11, 10, 10, 0))
    assert made.planned_at == NOW
    assert made.due(Stage.ACKNOWLEDGEMENT) == NOW + dt.timedelta(hours=24)


@pytest.mark.parametrize("at", [dt.datetime(9999, 12, 31, 23, 0), dt.datetime(9998, 12, 31, 23, 0)])
def test_a_date_beyond_the_calendar_gives_no_date_and_no_error(at):
    made = plan(Ticket("投诉", created_at=at), assessed(), POLICY, NOW)
    step = next(step for step in made.steps if step.key == "long_term")
    assert step.due is None
    assert step.provisional
    assert "另行约定" in next(step for step in made.steps if step.key == "solution").message


def test_before_the_first_published_year_dates_are_provisional():
    made = plan(Ticket("投诉", created_at=dt.datetime(1999, 5, 3, 9, 0)), assessed(), POLICY, NOW)
    steps = {step.key: step for step in made.steps}
    assert steps["short_term"].provisional
    assert not steps["acknowledge"].provisional


def test_a_date_is_found_by_its_step_and_owners_have_keys():
    made = plan(Ticket("投诉", created_at=NOW), assessed(), POLICY, NOW)
    plain = pickle.loads(pickle.dumps(made))
    for one in (made, plain):
        assert one.due_of("acknowledge") == NOW + dt.timedelta(days=1)
        assert one.owner_key == "tech_lead"
        assert {step.owner_key for step in one.steps} <= set(POLICY.roles)
        assert all(POLICY.roles[step.owner_key].label == step.owner for step in one.steps)
        with pytest.raises(LabelError, match="Did you mean 'investigate'"):
            one.due_of("investigation")


def test_fractions_of_a_second_are_dropped():
    made = plan(Ticket("投诉", created_at=NOW.replace(microsecond=7)), assessed(), POLICY, NOW)
    assert made == plan(Ticket("投诉", created_at=NOW), assessed(), POLICY, NOW)


def test_a_share_is_one_of_the_clock_that_ends_first(tmp_path):
    # On Friday evening 8 hours end before 2 workdays, on Monday morning 3 workdays before a week.
    friday = dt.datetime(2026, 10, 9, 17, 30, tzinfo=POLICY.zone)
    made = plan(Ticket("投诉", created_at=friday), assessed(IssueType.DATA_LOSS, Severity.CRITICAL), POLICY, NOW)
    assert made.due_of("short_term_80") == friday + dt.timedelta(hours=8) * 0.8
    policy = overlay(tmp_path / "own", categories='[technical.steps.short_term]\nwithin = "7d"\n')
    monday = dt.datetime(2026, 11, 9, 9, 0, tzinfo=POLICY.zone)
    slow = plan(Ticket("投诉", created_at=monday), assessed(), policy, NOW)
    assert slow.due_of("short_term") == monday.replace(day=12, hour=18)
    assert slow.due_of("short_term_80") == monday.replace(day=12, hour=10, minute=30)  # 24 of 30 working hours
    assert slow.due_of("short_term_80") == plan(Ticket("投诉", created_at=monday), assessed(), POLICY, NOW).due_of(
        "short_term_80"
    )


def test_what_the_policy_does_not_know_is_refused():
    with pytest.raises(LabelError, match="Did you mean 'legal_threat'"):
        plan(Ticket("投诉"), assessed(signals=["legal_thread"]), POLICY, NOW)
    with pytest.raises(LabelError, match="of category 'technical' with category 'attitude'"):
        plan(Ticket("投诉"), assessed(category=Category.ATTITUDE), POLICY, NOW)


def test_people_stand_behind_roles_by_project_then_product_and_never_the_person_complained_of(tmp_path):
    policy = overlay(
        tmp_path / "own",
        owners='[assign.default]\ntech_lead = "二线"\nservice_director = "赵总"\n'
        '[assign.product."仓储"]\ntech_lead = "李工"\n[assign.project."一期"]\ntech_lead = "王工"\n',
    )

    def investigator(**columns):
        made = plan(Ticket("投诉", created_at=NOW, **columns), assessed(), policy, NOW)
        return next(step for step in made.steps if step.key == "investigate")

    assert investigator().assignee == "二线"
    assert investigator(product="仓储").assignee == "李工"
    assert investigator(product="仓储", project="一期").assignee == "王工"
    assert investigator(project="一期").source["assignee"] == "owners.toml: assign.project.一期.tech_lead"
    assert investigator(project="一期", engineer="王工").assignee == "赵总"
    assert plan(Ticket("投诉"), assessed(), POLICY, NOW).steps[0].assignee is None


def test_an_overlay_changes_only_what_it_says_and_shows_it_in_the_source(tmp_path):
    policy = overlay(tmp_path / "own", severities='[high.steps.acknowledge]\nwithin = "2h"\n')
    made = plan(Ticket("投诉", created_at=NOW), assessed(severity=Severity.HIGH), policy, NOW)
    step = next(step for step in made.steps if step.key == "acknowledge")
    assert step.due == NOW + dt.timedelta(hours=2)
    assert step.source["due"] == "own/severities.toml: high.steps.acknowledge.within"
    assert step.source["title"] == "defaults.toml: steps.acknowledge.title"
    assert made.policy == "own 2 (2026-06-01)"
    assert plan(Ticket("投诉", created_at=NOW), assessed(), policy, NOW).due(
        Stage.ACKNOWLEDGEMENT
    ) == NOW + dt.timedelta(1)


def test_past_tickets_are_planned_by_the_policy_of_their_day(tmp_path):
    new = overlay(tmp_path / "own")
    assert in_force([new, POLICY], dt.date(2026, 5, 31)) is POLICY
    assert in_force([POLICY, new], dt.date(2026, 6, 1)) is new
    with pytest.raises(PolicyError, match="no policy was in force on 2025-12-31"):
        in_force([POLICY, new], dt.date(2025, 12, 31))


def test_loading_the_policy_needs_no_jinja_and_no_data_frames():
    code = (
        "import sys; from triage.policy.load import load_policy; load_policy();"
        "sys.exit(bool({'jinja2', 'pandas', 'numpy', 'sklearn'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
