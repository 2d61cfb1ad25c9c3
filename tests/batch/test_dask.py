"""A cluster gives the rows of one machine, and loses none when a worker is killed."""

import os
import signal
import sys
import time

import pandas as pd
import pytest
from click.testing import CliRunner

from triage.batch import frames
from triage.batch.frames import FrameScorer
from triage.cli import cli
from triage.engine import Triager
from triage.errors import ColumnError, InputError, MissingExtraError, OutputError

dask_frames = pytest.importorskip("dask.dataframe")
distributed = pytest.importorskip("distributed")
from triage.batch import dask as cluster_run  # noqa: E402 - needs nothing, but says nothing without Dask

TEXTS = [
    "系统一打开就闪退，单子都做不了",
    "客服骂人，态度恶劣",
    "打了三次电话都没有人接",
    None,
    "说好九月上线，拖到十一月",
    "请问发票在哪里改？",
]


@pytest.fixture(scope="module")
def tickets():
    rows = range(600)
    return pd.DataFrame(
        {
            "工单号": [f"T{n}" for n in rows],
            "投诉内容": [TEXTS[n % 6] and f"{TEXTS[n % 6]}（第{n}次）" for n in rows],
            "投诉时间": [f"2026-11-{n % 28 + 1:02} 09:30" if n % 5 else None for n in rows],
            "数量": rows,
        },
        index=[n * 2 for n in rows],
    )


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=60
    ) as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    with distributed.Client(cluster, set_as_default=False) as client:
        yield client


def same(found, expected):
    pd.testing.assert_frame_equal(found.astype(object).fillna("-"), expected.astype(object).fillna("-"))


def test_nothing_is_worked_out_before_it_is_asked_for(tickets, monkeypatch):
    scorer = FrameScorer()
    lazy = cluster_run.score(dask_frames.from_pandas(tickets, npartitions=3), scorer)
    assert list(lazy.columns) == list(scorer(tickets.head(0)).columns)
    assert lazy.npartitions == 3
    with pytest.raises(ColumnError, match="no column is known"):
        cluster_run.score(dask_frames.from_pandas(tickets[["数量"]], npartitions=2))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
def test_a_worker_killed_in_the_middle_loses_nothing(tickets, client):
    scorer = FrameScorer()
    lazy = cluster_run.score(dask_frames.from_pandas(tickets, npartitions=12), scorer)
    parts = client.compute(lazy.to_delayed())
    until = time.monotonic() + 60
    while sum(part.done() for part in parts) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert not all(part.done() for part in parts)
    held = client.who_has(parts)
    victim = next(workers[0] for workers in held.values() if workers)  # one that takes finished parts with it
    os.kill(client.run(os.getpid, workers=[victim])[victim], signal.SIGKILL)
    found = pd.concat(client.gather(parts))
    same(found, scorer(tickets))
    assert set(client.run(frames.loads).values()) <= {0, 1}


def test_the_rows_are_those_of_one_machine(tickets):
    triager = Triager()
    scorer = FrameScorer()
    found = cluster_run.score(dask_frames.from_pandas(tickets, npartitions=5), scorer).compute(scheduler="sync")
    same(found, triager.at(scorer._now).triage_many(tickets))


def test_files(tickets, cluster, tmp_path):
    for name, part in [("a", tickets[:350]), ("b", tickets[350:])]:
        part.to_parquet(tmp_path / f"{name}.parquet", index=False)
    scorer = FrameScorer()
    rows = cluster_run.score_files([tmp_path / "*.parquet"], tmp_path / "out", cluster.scheduler_address, scorer)
    assert rows == 600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "b.parquet", "out"]
    same(pd.read_parquet(tmp_path / "out"), scorer(tickets.reset_index(drop=True)))
    command = ["score", str(tmp_path / "*.parquet"), "-o", str(tmp_path / "cli"), "--dask", cluster.scheduler_address]
    done = CliRunner().invoke(cli, command)
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "600 rows")
    columns = ["triage_category", "triage_evidence", "triage_severity"]
    same(pd.read_parquet(tmp_path / "cli")[columns], scorer(tickets.reset_index(drop=True))[columns])
    with pytest.raises(OutputError, match="the output is there already"):
        cluster_run.score_files([tmp_path / "a.parquet"], tmp_path / "out", cluster.scheduler_address)
    with pytest.raises(InputError, match="a cluster reads Parquet files"):
        cluster_run.score_files([tmp_path / "a.csv"], tmp_path / "new", cluster.scheduler_address)
    with pytest.raises(InputError, match="no scheduler answers there: 'nonsense://'"):
        cluster_run.score_files([tmp_path / "a.parquet"], tmp_path / "new", "nonsense://")


def test_dask_that_is_not_installed(tickets, monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.dataframe", None)
    with pytest.raises(MissingExtraError, match=r'pip install "triage\[dask\]"'):
        cluster_run.score(tickets)
