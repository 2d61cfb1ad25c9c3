"""Dates as people and programs write them."""

import datetime as dt

import pytest

from triage.errors import InputError
from triage.tickets.known import load_formats
from triage.tickets.times import read_time, zone_named

SHANGHAI = zone_named("Asia/Shanghai")

TIMES = [
    ("2026-09-21", "2026-09-21T00:00:00+08:00"),
    ("2026-09-21 08:59:03", "2026-09-21T08:59:03+08:00"),
    ("2026/9/21 8:59", "2026-09-21T08:59:00+08:00"),
    ("2026.9.21", "2026-09-21T00:00:00+08:00"),
    ("2026年9月21日", "2026-09-21T00:00:00+08:00"),
    ("2026年9月21日8时5分", "2026-09-21T08:05:00+08:00"),
    ("2026年9月21日 下午3:05", "2026-09-21T15:05:00+08:00"),
    ("2026年9月21日 星期一 上午12:05", "2026-09-21T00:05:00+08:00"),
    ("2026/9/21 周一 晚上8点", "2026-09-21T20:00:00+08:00"),
    ("2026-9-21 1:05:09 PM", "2026-09-21T13:05:09+08:00"),
    ("20260921", "2026-09-21T00:00:00+08:00"),
    ("20260921083000", "2026-09-21T08:30:00+08:00"),
    ("2026-09-21T08:35:00Z", "2026-09-21T08:35:00+00:00"),
    ("2026-09-21T08:35:00+09:00", "2026-09-21T08:35:00+09:00"),
    (" 2026-09-21 08:59:03.250 ", "2026-09-21T08:59:03.250000+08:00"),
]


@pytest.mark.parametrize(("cell", "expected"), TIMES)
def test_read(cell, expected):
    assert read_time(cell, SHANGHAI).isoformat() == expected


@pytest.mark.parametrize(
    ("name", "cell", "expected"),
    [
        ("jira", "21/Sep/26 08:55 AM", "2026-09-21T08:55:00+08:00"),
        ("osticket", "09/21/2026 1:05 PM", "2026-09-21T13:05:00+08:00"),
        ("servicenow", "21-09-2026 13:05:00", "2026-09-21T13:05:00+08:00"),
    ],
)
def test_times_of_a_format(name, cell, expected):
    assert read_time(cell, SHANGHAI, load_formats()[name].times).isoformat() == expected


@pytest.mark.parametrize(
    "cell",
    ["", "昨天", "2026-02-30", "13800002602", "2026年13月1日", "9/21", "0021-09-01", "2026-09-21 25:00", "45921"],
)
def test_no_time(cell):
    with pytest.raises(ValueError):
        read_time(cell, SHANGHAI)


def test_daylight_saving_of_another_zone():
    assert read_time("2026-07-01 12:00", zone_named("America/New_York")).utcoffset() == dt.timedelta(hours=-4)


def test_unknown_zone():
    with pytest.raises(InputError, match=r"unknown time zone: 'Asia/Shangai'.*'Asia/Shanghai'"):
        zone_named("Asia/Shangai")
