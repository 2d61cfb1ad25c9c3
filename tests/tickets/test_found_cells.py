"""Cells written straight from what was found are those of the outcomes, whatever the tickets bring."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage import Ticket, Triager
from triage.batch.blocks import judge
from triage.records import Outcome
from triage.tickets.outcome_cells import COLUMNS, outcome_cells, outcome_keys

CHINA = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 23, 10, 0, 30, 5, tzinfo=CHINA)
POLICY = """\
name = "own"
version = "1"
effective_from = 2026-06-01
"""
#: A first answer that people inside read may name what the assessment says of itself.
INSIDE = """\
[steps.acknowledge]
audience = "internal"
template = "internal/first"
"""
WORDS = """\
{{ assessment.signals }}，{{ assessment.confidence }}，{{ assessment.reasons }}，{{ assessment.evidence }}，
{{ form.known }}，{{ due.investigate }}
"""

TEXTS = [
    "系统一打开就闪退，单子都做不了，客服态度还很差，骂人",
    "再不解决我就打12315投诉，找律师起诉你们，已经第三次报修了",
    "收费系统从下午三点开始全院都登录不了，窗口排了一百多人",
    "請問發票抬頭在哪裡改？",
    "合同写的九月底上线，现在还没有验收，问进度每次都说快了",
    "",
    "😡",
    "慢",
    "x" * 30_000,
]
MOMENTS = [
    None,
    dt.datetime(2026, 11, 20, 17, 45),  # noqa: DTZ001 - exports hold naive times
    dt.datetime(2026, 12, 30, 9, 0, 1, tzinfo=CHINA),
    dt.datetime(2026, 3, 2, 23, 59, tzinfo=dt.UTC),
    dt.datetime(1987, 7, 1, 8, 0, tzinfo=CHINA),
    dt.datetime(9999, 12, 31, 12, 0, tzinfo=CHINA),
]
PAUSES = [(), ((dt.datetime(2026, 11, 21, 9, 0, tzinfo=CHINA), dt.datetime(2026, 11, 24, 9, 0, tzinfo=CHINA)),)]
NAMES = st.sampled_from([None, "T-1", "50% <b>", "宏达制造"])
TICKETS = st.builds(
    Ticket,
    st.sampled_from(TEXTS),
    id=NAMES,
    created_at=st.sampled_from(MOMENTS),
    customer=NAMES,
    product=NAMES,
    channel=st.sampled_from([None, "邮件", "html", "微信", "传真"]),
    pauses=st.sampled_from(PAUSES),
)


@pytest.fixture(scope="module", params=["five words of evidence", "none", "an answer for people inside"])
def triager(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Triager:
    policy = None
    if request.param == "an answer for people inside":
        policy = tmp_path_factory.mktemp("policy")
        (policy / "policy.toml").write_text(POLICY, "utf-8")
        (policy / "defaults.toml").write_text(INSIDE, "utf-8")
        (policy / "categories.toml").write_text(INSIDE.replace("[steps", "[none.steps"), "utf-8")
        (policy / "templates" / "internal").mkdir(parents=True)
        (policy / "templates" / "internal" / "first.j2").write_text(WORDS, "utf-8")
    return Triager(policy=policy, evidence=0 if request.param == "none" else 5, now=lambda: NOW)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tickets=st.lists(TICKETS, min_size=1, max_size=40), labels=st.sampled_from(["key", "zh"]))
def test_cells_are_those_of_the_outcomes(triager: Triager, tickets: list[Ticket], labels: str) -> None:
    rows = triager.cells(tickets, labels)
    assert rows == [outcome_cells(outcome, labels) for outcome in triager.triage_many(tickets)]
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_no_tickets_no_cells(triager: Triager) -> None:
    assert triager.cells([]) == []


@pytest.mark.parametrize("labels", ["key", "zh"])
def test_keys_are_read_off_the_cells(triager: Triager, labels: str) -> None:
    outcomes = triager.triage_many(TEXTS)
    keys = [(str(each.category), str(each.severity), str(each.decision)) for each in outcomes]
    assert outcome_keys([outcome_cells(outcome, labels) for outcome in outcomes], labels) == keys


class Doubtful(Triager):
    """Judges in a way of its own."""

    def triage_many(self, texts: list[Ticket]) -> list[Outcome]:
        return super().triage_many([Ticket(f"{ticket.text}，再不解决我就找律师起诉你们") for ticket in texts])


def test_who_judges_in_a_way_of_its_own_is_asked() -> None:
    ((cells, _),) = judge([Ticket("系统一打开就闪退")], Doubtful(evidence=0))
    assert cells[COLUMNS.index("triage_signals")] == "legal_threat"
