"""Moments in cells are those of the standard library."""

import datetime as dt
import zoneinfo

from hypothesis import given
from hypothesis import strategies as st

from triage.tickets.outcome_cells import time_cell

ZONES = [None, dt.UTC, *map(zoneinfo.ZoneInfo, ["Asia/Shanghai", "America/St_Johns", "Asia/Kathmandu"])]


@given(st.datetimes(), st.sampled_from(ZONES))
def test_a_moment_is_written_in_iso_8601(moment, zone):
    moment = moment.replace(tzinfo=zone)
    assert time_cell(moment) == moment.isoformat(sep=" ", timespec="minutes")
