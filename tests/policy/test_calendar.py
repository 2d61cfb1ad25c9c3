"""Working time against an independent walk, and against the State Council's notices since 2020."""

import datetime as dt
import tomllib
import zoneinfo
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.policy.calendar import WorkCalendar
from triage.policy.durations import Clock, Duration
from triage.policy.load import load_policy

CALENDAR = load_policy().calendar
ZONE = CALENDAR.zone
NOTICES = tomllib.loads((Path(__file__).parent / "holidays.toml").read_text("utf-8"))

moments = st.datetimes(dt.datetime(2020, 1, 2), dt.datetime(2027, 6, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0, tzinfo=ZONE)
)
minutes = st.integers(0, 60 * 40)
odd_hours = st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True).map(
    lambda marks: tuple((a * 60, b * 60) for a, b in zip(sorted(marks)[::2], sorted(marks)[1::2], strict=False))
)


def days(items):
    for item in items:
        first, _, last = str(item).partition("..")
        start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)
        yield from (start + dt.timedelta(days=n) for n in range((end - start).days + 1))


def walked(calendar, start, count):
    """Count working minutes one by one; the slow truth."""
    at = start
    while count:
        day = at.date()
        second = at.hour * 3600 + at.minute * 60
        if any(begin <= second < end for begin, end in calendar.intervals(day)):
            count -= 1
        at += dt.timedelta(minutes=1)
    return at


@given(moments, st.integers(1, 3000))
def test_agrees_with_a_minute_by_minute_walk(start, count):
    assert CALENDAR.add(start, Duration(Clock.WORKING, count * 60)) == walked(CALENDAR, start, count)


@given(odd_hours, moments, st.integers(1, 600))
def test_agrees_with_the_walk_for_any_hours(hours, start, count):
    calendar = WorkCalendar(dict.fromkeys(range(5), hours), zone=ZONE)
    due = calendar.add(start, Duration(Clock.WORKING, count))
    assert calendar.working_between(start, due) == count


@given(odd_hours, moments, st.integers(0, 59), st.integers(1, 90_000))
def test_the_table_of_a_day_says_the_same_as_counting(hours, start, seconds, count):
    calendar = WorkCalendar(dict.fromkeys(range(5), hours), zone=ZONE)
    start = start.replace(second=seconds)
    assert calendar.working_ends(count).after(start) == calendar.add_working(start, count)


@given(moments, minutes, minutes)
def test_adding_is_additive(start, first, second):
    one = CALENDAR.add(CALENDAR.add(start, Duration(Clock.WORKING, first * 60)), Duration(Clock.WORKING, second * 60))
    both = CALENDAR.add(start, Duration(Clock.WORKING, (first + second) * 60))
    # Closing time and the next opening are one moment of working time.
    assert CALENDAR.working_between(min(one, both), max(one, both)) == 0


@given(moments, moments, minutes)
def test_adding_is_monotonic_in_the_start(one, other, count):
    length = Duration(Clock.WORKING, count * 60)
    early, late = sorted([one, other])
    assert CALENDAR.add(early, length) <= CALENDAR.add(late, length)


@given(moments, minutes, minutes)
def test_adding_is_monotonic_in_the_length(start, one, other):
    short, long = sorted([one, other])
    assert CALENDAR.add(start, Duration(Clock.WORKING, short * 60)) <= CALENDAR.add(
        start, Duration(Clock.WORKING, long * 60)
    )


@given(moments, minutes)
def test_never_ends_outside_working_time(start, count):
    assert CALENDAR.is_working(CALENDAR.add(start, Duration(Clock.WORKING, count * 60)))


@given(moments, st.integers(1, 40))
def test_workdays_end_with_the_business_of_the_right_day(start, count):
    due = CALENDAR.add(start, Duration(Clock.WORKDAYS, count))
    passed = [start.date() + dt.timedelta(days=n) for n in range(1, (due.date() - start.date()).days + 1)]
    assert sum(bool(CALENDAR.intervals(day)) for day in passed) == count
    assert (due.hour, due.minute) == (18, 0)
    assert CALENDAR.intervals(due.date())


@given(moments, st.integers(0, 200_000))
def test_calendar_time_is_elapsed_time_even_over_summer_time(start, seconds):
    berlin = WorkCalendar({0: ((0, 60),)}, zone=zoneinfo.ZoneInfo("Europe/Berlin"), statutory=False)
    due = berlin.add(start, Duration(Clock.CALENDAR, seconds))
    assert due.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize("day", [day for year in NOTICES.values() for day in days(year["off"])], ids=str)
def test_every_published_holiday_since_2020_is_off(day):
    assert not CALENDAR.intervals(day)


@pytest.mark.parametrize("day", [day for year in NOTICES.values() for day in days(year["work"])], ids=str)
def test_every_published_make_up_day_since_2020_is_worked(day):
    assert day.weekday() >= 5
    assert CALENDAR.intervals(day)


@pytest.mark.parametrize("year", NOTICES)
def test_the_notices_are_complete(year):
    off, work = set(days(NOTICES[year]["off"])), set(days(NOTICES[year]["work"]))
    first = dt.date(int(year), 1, 1)
    for day in (first + dt.timedelta(days=n) for n in range(365)):
        if day not in off and day not in work and not (day.month == 12 and day.day > 28):
            assert bool(CALENDAR.intervals(day)) == (day.weekday() < 5), day


def test_beyond_the_published_years_weekends_count_and_the_date_is_not_sure():
    start = dt.datetime(2027, 9, 30, 16, 0, tzinfo=ZONE)
    due = CALENDAR.add(start, Duration.parse("2 workdays"))
    assert due == dt.datetime(2027, 10, 4, 18, 0, tzinfo=ZONE)
    assert not CALENDAR.sure(start, due)


def test_own_closures_and_extra_days_outrank_the_statutory_ones():
    hours = dict.fromkeys(range(5), ((32400, 64800),))
    calendar = WorkCalendar(
        hours, closures=[dt.date(2026, 10, 10)], extra_days=[dt.date(2026, 10, 7)], known_until=dt.date(2027, 12, 24)
    )
    assert not calendar.intervals(dt.date(2026, 10, 10))
    assert calendar.intervals(dt.date(2026, 10, 7)) == ((32400, 64800),)
    start = dt.datetime(2027, 3, 1, 9, 0, tzinfo=ZONE)
    assert calendar.sure(start, calendar.add(start, Duration.parse("3 workdays")))


def test_a_calendar_that_never_opens_and_the_end_of_time_overflow():
    closed = WorkCalendar({}, makeup=(), zone=ZONE)
    with pytest.raises(OverflowError):
        closed.add(dt.datetime(2026, 1, 1, tzinfo=ZONE), Duration.parse("1 working hour"))
    with pytest.raises(OverflowError):
        CALENDAR.add(dt.datetime(9998, 12, 31, tzinfo=ZONE), Duration.parse("3 workdays"))


def test_zero_is_now_or_the_next_opening():
    evening = dt.datetime(2026, 11, 20, 19, 0, tzinfo=ZONE)
    assert CALENDAR.add(evening, Duration.parse("0 working hours")) == dt.datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
    assert CALENDAR.add(evening, Duration.parse("0 workdays")) == dt.datetime(2026, 11, 23, 18, 0, tzinfo=ZONE)
    assert CALENDAR.add(evening, Duration.parse("0h")) == evening


@pytest.mark.parametrize(
    ("text", "clock", "amount", "label"),
    [
        ("30min", Clock.CALENDAR, 1800, "30分钟"),
        ("24h", Clock.CALENDAR, 86400, "24小时"),
        ("48小时", Clock.CALENDAR, 172800, "48小时"),
        ("30d", Clock.CALENDAR, 2592000, "30天"),
        ("8 working hours", Clock.WORKING, 28800, "8个工作小时"),
        ("90 工作分钟", Clock.WORKING, 5400, "90工作分钟"),
        ("2个工作日", Clock.WORKDAYS, 2, "2个工作日"),
        ("1 workday", Clock.WORKDAYS, 1, "1个工作日"),
    ],
)
def test_durations_are_read_and_written(text, clock, amount, label):
    duration = Duration.parse(text)
    assert (duration.clock, duration.amount, duration.label) == (clock, amount, label)
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize("text", ["", "24", "h", "-1h", "1.5h", "two days", "24h 30min", "９" * 9 + "h"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="not a duration"):
        Duration.parse(text)
