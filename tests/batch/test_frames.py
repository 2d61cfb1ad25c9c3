"""The scorer that is sent to other machines: small, the same in every part, and stopped by no text."""

import datetime as dt
import os
import pickle
import shutil
import sys

import pandas as pd
import pytest

from triage.batch import frames
from triage.batch.frames import FrameScorer
from triage.errors import ColumnError

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
FRAME = pd.DataFrame(
    {"投诉内容": ["系统一打开就闪退，单子都做不了", None, "客服骂人，态度恶劣", "没有人接电话"]}, index=list("甲乙丙丁")
)


@pytest.fixture
def scorer():
    return FrameScorer(now=NOW)


def test_what_is_sent_is_small(scorer):
    sent = pickle.dumps(scorer)
    assert len(sent) < 1000
    pd.testing.assert_frame_equal(pickle.loads(sent)(FRAME), scorer(FRAME))  # noqa: S301


def test_every_part_has_the_same_types(scorer):
    whole = scorer(FRAME)
    for part in (FRAME[:0], FRAME[1:2], FRAME[2:]):
        pd.testing.assert_series_equal(scorer(part).dtypes, whole.dtypes)
    parts = pd.concat(scorer.map([FRAME[:1], FRAME[1:3], FRAME[3:]]))
    pd.testing.assert_frame_equal(parts, whole)
    kinds = {"string": "string", "double": "float64", "timestamp": "datetime64[us, Asia/Shanghai]"}
    assert {name: str(whole[name].dtype) for name in scorer.types} == {n: kinds[k] for n, k in scorer.types.items()}


def test_columns_are_found_by_their_names_and_not_by_what_a_part_holds(scorer):
    frame = pd.DataFrame({"投诉内容": ["系统崩了又崩了"], "投诉描述": [""]})
    with pytest.raises(ColumnError, match="2 columns could hold the complaint"):
        scorer(frame)
    assert FrameScorer(text_column="投诉描述")(frame)["triage_category"].isna().all()


def test_a_text_that_breaks_the_judgement_takes_no_other_with_it(scorer, monkeypatch):
    class Failing:
        policy = frames.Triager().policy

        def at(self, _):
            return self

        def triage_many(self, tickets):
            if any("骂人" in ticket.text for ticket in tickets):
                raise ValueError("骂人")
            return frames.Triager().triage_many(tickets)

    monkeypatch.setattr(frames, "_triager", lambda *_: Failing())
    scored = scorer(FRAME)
    assert scored["triage_category"].isna().tolist() == [False, True, True, False]
    assert scored["triage_reasons"].iloc[2] == "not_scored: judging the text failed: ValueError: 骂人"


def test_a_table_scored_before_is_scored_anew(scorer):
    once = scorer(FRAME)
    pd.testing.assert_frame_equal(scorer(once), once)


@pytest.mark.filterwarnings("ignore")
def test_ray(scorer):
    ray = pytest.importorskip("ray")
    pytest.importorskip("ray.data")
    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, runtime_env={"env_vars": _paths()})
    try:
        frame = FRAME.reset_index(names="工单号")
        found = ray.data.from_pandas(frame).map_batches(scorer, batch_format="pandas").to_pandas()
        assert found["triage_category"].tolist() == scorer(frame)["triage_category"].tolist()
        assert found["triage_first_response_due"].tolist()[0] == scorer(frame)["triage_first_response_due"].tolist()[0]
    finally:
        ray.shutdown()


@pytest.mark.filterwarnings("ignore")  # of their own, about each other's versions
def test_spark(scorer, monkeypatch):
    sql = pytest.importorskip("pyspark.sql")
    types = pytest.importorskip("pyspark.sql.types")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    spark = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        frame = FRAME.reset_index(names="工单号")
        tickets = spark.createDataFrame([tuple(row) for row in frame.itertuples(index=False)], list(frame.columns))
        added = types.StructType.fromDDL(", ".join(f"{name} {kind}" for name, kind in scorer.types.items()))
        schema = types.StructType(tickets.schema.fields + added.fields)
        found = tickets.mapInPandas(scorer.map, schema).collect()
        expected = scorer(frame)
        assert [row["triage_category"] for row in found] == expected["triage_category"].astype(object).where(
            expected["triage_category"].notna(), None
        ).tolist()
        due = expected["triage_first_response_due"].iloc[0]
        assert found[0]["triage_first_response_due"].astimezone(dt.UTC) == due.to_pydatetime().astimezone(dt.UTC)
    finally:
        spark.stop()


def _paths():
    return {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
