"""Pauses: the clock stands still while the customer is asked, and due dates move by that time."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.test_plan import NOW, POLICY, assessed
from triage.errors import InputError
from triage.policy.durations import Clock, Duration
from triage.policy.pauses import extended, merged
from triage.policy.plan import plan
from triage.records import Severity, Ticket

CALENDAR = POLICY.calendar
ZONE = POLICY.zone


def at(text):
    return dt.datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


def planned(*pauses, severity=Severity.NORMAL, now=NOW):
    # Tuesday 10 November 2026, 10:00.
    return plan(Ticket("导不出报表", "T1", NOW, pauses=pauses), assessed(severity=severity), POLICY, now)


def test_calendar_time_moves_by_the_whole_pause_and_working_time_by_what_was_worked():
    calm, asked = planned(), planned((at("10 17:00"), at("11 10:00")))
    assert calm.due_of("investigate") == at("12 10:00")
    assert asked.due_of("investigate") == at("13 03:00")  # 48 h and the 17 h of the pause
    assert calm.due_of("short_term") == at("13 18:00")
    assert asked.due_of("short_term") == at("16 11:00")  # two working hours, and a weekend between


def test_what_was_due_before_the_pause_does_not_move():
    made = planned((at("11 11:00"), at("11 15:00")))
    assert made.due_of("record") == planned().due_of("record") == at("10 15:30")
    assert made.due_of("acknowledge") == at("11 10:00")
    assert made.due_of("investigate") == at("12 14:00")


def test_a_pause_that_only_the_moved_date_reaches_counts_too():
    first, second = (at("11 09:00"), at("11 17:00")), (at("12 12:00"), at("12 13:00"))
    assert planned(second).due_of("investigate") == at("12 10:00")
    assert planned(first, second).due_of("investigate") == at("12 19:00")


def test_a_pause_still_open_lasts_until_the_clock_of_the_plan():
    made = planned((at("11 09:00"), None), now=at("11 12:00"))
    assert made.due_of("investigate") == at("12 13:00")
    assert planned((at("11 09:00"), None), now=at("11 08:00")).due_of("investigate") == at("12 10:00")


def test_escalation_and_steps_that_wait_for_others_move_along():
    calm, asked = planned(), planned((at("10 12:00"), at("11 12:00")))
    day = dt.timedelta(days=1)
    assert asked.due_of("investigate_50") == calm.due_of("investigate_50") + day
    assert asked.due_of("short_term_80") == calm.due_of("short_term_80") + dt.timedelta(days=3)  # over a weekend
    assert asked.due_of("close") > calm.due_of("close")
    assert asked.due_of("investigate_100") == asked.due_of("investigate")
    assert "11月13日（周五）10:00" in asked.reply


def test_order_overlap_and_zone_of_pauses_do_not_matter():
    spans = ((at("11 09:00"), at("11 11:00")), (at("11 10:00"), at("11 12:00")))
    joined = planned((at("11 09:00"), at("11 12:00"))).to_json()
    assert planned(*spans).to_json() == planned(*reversed(spans)).to_json() == joined
    naive = tuple((begin.replace(tzinfo=None), end.astimezone(dt.UTC)) for begin, end in spans)
    assert planned(*naive).to_json() == joined
    assert planned((at("11 09:00"), at("11 09:00"))).to_json() == planned().to_json()


def test_a_pause_before_the_ticket_gives_nothing_back():
    assert planned((at("09 09:00"), at("10 09:00"))).to_json() == planned().to_json()
    assert planned((at("09 09:00"), at("10 11:00"))).due_of("investigate") == at("12 11:00")


def test_a_pause_that_ends_before_it_begins_is_refused_with_its_ticket():
    with pytest.raises(InputError, match=r"ends before it begins: .*ticket T1.*None\) while"):
        planned((at("11 12:00"), at("11 09:00")))


def test_a_paused_plan_is_a_plain_record_too():
    made = planned((at("11 09:00"), at("11 12:00")))
    assert dataclasses.replace(made) == made
    assert Ticket("x", pauses=((at("11 09:00"), None),)).to_dict()["pauses"] == [["2026-11-11T09:00:00+08:00", None]]


moments = st.integers(0, 60 * 24 * 20).map(lambda minute: at("02 00:00") + dt.timedelta(minutes=minute))


def walked(start, count, spans):
    """Count working minutes one by one, but for those in a pause; the slow truth."""
    now = start
    while count:
        second = now.hour * 3600 + now.minute * 60
        if any(opens <= second < closes for opens, closes in CALENDAR.intervals(now.date())):
            count -= not any(begin <= now < end for begin, end in spans)
        now += dt.timedelta(minutes=1)
    return now


@settings(deadline=None)  # a walk over weekends takes its time
@given(moments, st.integers(1, 900), st.lists(st.tuples(moments, moments), max_size=4))
def test_agrees_with_a_walk_that_skips_paused_minutes(start, count, pairs):
    spans = merged(Ticket("", pauses=tuple((min(pair), max(pair)) for pair in pairs)), start, ZONE)
    due = extended(start, CALENDAR.add(start, Duration(Clock.WORKING, count * 60)), spans, CALENDAR, working=True)
    assert due == walked(start, count, spans)
