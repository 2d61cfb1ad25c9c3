import datetime as dt
import html
import json
import pickle
import re
import subprocess
import sys
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from triage import Category, Decision, Outcome, Severity, Ticket, Triager
from triage.errors import ColumnError, InputError, ModelError
from triage.records import Stage

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = dt.datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)


@pytest.fixture(scope="module")
def triager() -> Triager:
    return Triager(now=lambda: MONDAY)


def test_one_text_gives_a_whole_outcome(triager: Triager) -> None:
    outcome = triager.triage("系统一打开就闪退，重装了也没用，单子都做不了")
    assert outcome.category is Category.TECHNICAL
    assert outcome.issue is not None
    assert outcome.evidence
    assert outcome.plan.owner
    assert outcome.plan.reply
    assert outcome.plan.due(Stage.ACKNOWLEDGEMENT) <= MONDAY + dt.timedelta(hours=24)
    assert outcome.plan.due(Stage.INVESTIGATION) <= MONDAY + dt.timedelta(hours=48)


def test_deadlines_run_from_the_ticket(triager: Triager) -> None:
    earlier = MONDAY - dt.timedelta(days=3)
    plan = triager.triage(Ticket("客服态度很差", created_at=earlier)).plan
    assert earlier < plan.due(Stage.ACKNOWLEDGEMENT) <= earlier + dt.timedelta(hours=24)


def test_many_is_one_by_one(triager: Triager) -> None:
    texts = ["系统崩了", "请问怎么开发票", "态度恶劣，骂人", "说好周三上门，到现在没来"]
    for outcome, text in zip(triager.triage_many(texts), texts, strict=True):
        alone = triager.triage(text)
        assert outcome.plan == alone.plan
        assert outcome.confidence == pytest.approx(alone.confidence, abs=1e-12)


def test_a_series_keeps_missing_texts_in_place(triager: Triager) -> None:
    outcomes = triager.triage_many(pd.Series(["系统崩了", None, np.nan, pd.NA]))
    assert [outcome.ticket.text for outcome in outcomes] == ["系统崩了", "", "", ""]
    assert all(outcome.decision is Decision.REVIEW for outcome in outcomes[1:])


def test_a_frame_gets_columns_and_keeps_its_rows(triager: Triager) -> None:
    frame = pd.DataFrame(
        {
            "工单号": [7, 8, 9],
            "投诉内容": ["系统崩了，打不开", None, "客服态度很差"],
            "日期": pd.Timestamp("2026-11-20"),
        },
        index=[3, 1, 2],
    )
    scored = triager.triage_many(frame)
    assert scored.index.tolist() == [3, 1, 2]
    pd.testing.assert_frame_equal(scored[list(frame.columns)], frame)
    assert scored["triage_category"].tolist()[0] == "technical"
    assert scored["triage_category"].isna().tolist() == [False, True, False]
    assert scored["triage_confidence"].dtype == float
    assert scored["triage_first_response_due"].iloc[0] > pd.Timestamp("2026-11-20", tz=CHINA)


def test_missing_values_of_every_kind(triager: Triager) -> None:
    texts = pd.Series(["系统崩了，打不开", pd.NA], dtype="string")
    frame = pd.DataFrame({"描述": texts, "数量": pd.array([1, None], "Int64"), "时间": [pd.NaT, None]})
    assert triager.triage_many(frame)["triage_category"].isna().tolist() == [False, True]


def test_a_frame_without_a_text_column_says_what_it_has(triager: Triager) -> None:
    with pytest.raises(ColumnError, match="数量"):
        triager.triage_many(pd.DataFrame({"数量": [1], "价格": [2]}))
    with pytest.raises(ColumnError, match="备注"):
        triager.triage_many(pd.DataFrame({"备注": ["系统崩了"]}), text_column="备柱")


BAD = [
    (None, "NoneType"),
    (float("nan"), "float"),
    (42, "int"),
    ("系统崩了".encode("gb18030"), r"bytes.*decode\('gb18030'\)"),
    (["系统崩了"], "list"),
]


@pytest.mark.parametrize(("value", "message"), BAD, ids=[type(value).__name__ for value, _ in BAD])
def test_what_is_no_text_is_refused(triager: Triager, value: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        triager.triage(value)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="item 1"):
        triager.triage_many(["系统崩了", value])  # type: ignore[list-item]


def test_one_text_passed_as_many_is_refused(triager: Triager) -> None:
    with pytest.raises(InputError, match=r"triage\(text\)"):
        triager.triage_many("系统崩了")


ODD = ["", "  \n ", "😡😡", "\ud800\udfff", "hello", "系统崩了" * 250_000, "\x00\x01", "۰١۲"]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_texts_get_an_outcome(triager: Triager, text: str) -> None:
    outcome = triager.triage(text)
    assert outcome.ticket.text == text
    json.dumps(outcome.to_dict(), ensure_ascii=True)
    assert isinstance(repr(outcome), str)
    assert outcome._repr_html_().startswith("<div")


def test_markup_in_a_complaint_stays_text(triager: Triager) -> None:
    rendered = triager.triage("<script>alert(1)</script>系统崩了")._repr_html_()
    assert "<script" not in rendered
    assert "<script>alert(1)</script>" in html.unescape(re.sub("<[^>]*>", "", rendered))


def test_support_for_the_engineer_never_reaches_the_customer(triager: Triager) -> None:
    plan = triager.triage("你们的王工态度恶劣，说话不耐烦，还骂人").plan
    support = [step for step in plan.steps if step.stage is Stage.SUPPORT]
    assert support
    assert all(step.audience.value == "internal" for step in support)
    assert not any(step.message and step.message in plan.reply for step in support)


def test_a_threat_raises_severity(triager: Triager) -> None:
    outcome = triager.triage("报表导不出来，再不解决我们就终止合同")
    assert outcome.severity is Severity.CRITICAL
    assert "contract_threat" in {signal.name for signal in outcome.signals}


def test_the_clock_can_be_stopped(triager: Triager) -> None:
    moment = dt.datetime(2026, 1, 5, 9, 0, tzinfo=CHINA)
    assert triager.at(moment).triage("系统崩了").plan.planned_at == moment
    assert triager.triage("系统崩了").plan.planned_at == MONDAY


def test_a_triager_travels_to_another_process() -> None:
    triager = Triager().at(MONDAY)
    copy = pickle.loads(pickle.dumps(triager))  # noqa: S301
    assert copy.triage("系统崩了").to_json() == triager.triage("系统崩了").to_json()


def test_a_missing_model_is_refused(tmp_path: object) -> None:
    with pytest.raises(ModelError, match="no model folder"):
        Triager(model=str(tmp_path))


def test_records_become_json_and_back(triager: Triager) -> None:
    outcome = triager.triage("客服态度很差")
    plain = json.loads(outcome.to_json())
    assert plain == outcome.to_dict()
    assert plain["assessment"]["category"] == outcome.category.value
    assert isinstance(outcome, Outcome)


def test_import_is_light() -> None:
    heavy = ["numpy", "pandas", "sklearn", "jieba", "rjieba", "jinja2", "rich", "click", "opencc", "chinese_calendar"]
    code = f"import sys, triage; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_library_is_silent() -> None:
    code = "import triage; triage.Triager().triage('系统崩了')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
