"""A cluster gives the rows of one machine, and loses none when a worker is killed."""

import os
import signal
import sys
import time

import pandas as pd
import pytest
from click.testing import CliRunner

from triage.batch import frames, score_file
from triage.batch.frames import FrameScorer
from triage.cli import cli
from triage.engine import Triager
from triage.errors import ColumnError, EncodingError, InputError, MissingExtraError, OutputError

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
    with pytest.raises(InputError, match="no scheduler answers there: 'nonsense://'"):
        cluster_run.score_files([tmp_path / "a.parquet"], tmp_path / "new", "nonsense://")


def odd_sheet(path, numbers, encoding="gb18030"):
    """Write an export with all that makes a CSV file hard to cut: line breaks, notes, and rows that are damaged."""
    lines = ["投诉台账,,,", "工单号,标题,描述,创建时间"]
    for number in numbers:
        text = TEXTS[number % 6]
        lines.append(
            {
                0: f'T{number},又崩了,"{text}，\n第{number}次,\n""急""",2026-11-{number % 28 + 1:02} 09:30',
                10: f'T{number},"说"不行"，就挂了",{text},',
                5: f"T{number},只有两格",
                3: f"T{number},,,",
                8: f'T{number},崩了,{text},"',
            }.get(number % 11, f"T{number},慢,{text or ''},2026/11/{number % 28 + 1} 10:00")
        )
    path.write_bytes("\r\n".join([*lines, "共若干条"]).encode(encoding))
    return path


class Still:
    """A triager whose clock shows what the scorer's shows."""

    def __init__(self, scorer):
        self.triage_many = Triager().at(scorer._now).triage_many


def local(path, scorer, folder):
    """Score on one machine, and read what was written with the types that a cluster writes."""
    score_file(path, folder / "local.csv", Still(scorer), guarded=False)
    frame = pd.read_csv(folder / "local.csv", dtype="string", keep_default_na=False, encoding="utf-8-sig")
    added = [name for name in frame.columns if name.startswith("triage_")]
    frame[added] = frame[added].replace("", pd.NA)
    frame["triage_confidence"] = frame["triage_confidence"].astype("float64")
    for name in added:
        if name.endswith("_due"):
            times = pd.to_datetime(frame[name], utc=True).dt.as_unit("us")
            frame[name] = times.dt.tz_convert("Asia/Shanghai")
    return frame


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_csv_files_have_the_rows_of_one_machine(encoding, tmp_path):
    paths = [
        odd_sheet(tmp_path / "a.csv", range(40), encoding),
        odd_sheet(tmp_path / "b.csv", range(40, 74), encoding),
    ]
    scorer = FrameScorer()
    lazy = cluster_run.score_exports([tmp_path / "?.csv"], scorer, rows=9)
    assert lazy.npartitions == (9 if encoding == "gb18030" else 2)
    found = lazy.compute(scheduler="sync").reset_index(drop=True)
    assert len(found) == 76  # and the notes below both
    assert 50 < found["triage_category"].notna().sum() < 74
    same(found, local(paths, scorer, tmp_path))
    assert list(lazy.dtypes.items()) == list(found.dtypes.items())


def test_nothing_of_a_csv_file_is_judged_before_it_is_asked_for(tmp_path, monkeypatch):
    scorer = FrameScorer()
    scorer.score_blocks(["描述"], [])

    def judging(*_):
        raise AssertionError

    monkeypatch.setattr(Triager, "triage_many", judging)
    path = odd_sheet(tmp_path / "a.csv", range(19))
    assert cluster_run.score_exports([path], scorer, rows=5).npartitions == 4


def test_csv_files_on_a_cluster(cluster, tmp_path):
    path = odd_sheet(tmp_path / "a.csv", range(60))
    scorer = FrameScorer()
    assert cluster_run.score_files([path], tmp_path / "out", cluster.scheduler_address, scorer) == 61
    same(pd.read_parquet(tmp_path / "out"), local([path], scorer, tmp_path))
    command = ["score", str(path), "-o", str(tmp_path / "cli"), "--dask", cluster.scheduler_address]
    columns = ["--text-column", "描述", "--text-column", "标题", "--encoding", "gb18030"]
    done = CliRunner().invoke(cli, [*command, *columns])
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "61 rows")
    assert len(pd.read_parquet(tmp_path / "cli")) == 61
    done = CliRunner().invoke(cli, [*command, "--limit", "3", "--sheet", "一"])
    assert "--limit, --sheet: not with --dask" in done.output


def test_csv_files_that_cannot_be_read_are_refused_at_once(tickets, cluster, tmp_path):
    path = odd_sheet(tmp_path / "a.csv", range(6))
    tickets[:3].to_parquet(tmp_path / "a.parquet", index=False)
    (tmp_path / "b.csv").write_text("编号,描述\n1,崩了\n", "utf-8")
    (tmp_path / "c.csv").write_bytes("工单号,标题,描述,创建时间\nT1,慢,崩了".encode() + b"\xff\xff,\n")
    (tmp_path / "d.ndjson").write_text('{"描述": "崩了"}\n', "utf-8")
    for inputs, error, message in [
        ([path, tmp_path / "a.parquet"], InputError, "Parquet files or CSV files, not both"),
        ([path, tmp_path / "b.csv"], InputError, "the columns of b.csv are not those of a.csv"),
        ([tmp_path / "c.csv"], EncodingError, r"c\.csv"),
        ([tmp_path / "d.ndjson"], InputError, "only CSV files can be read in parts.*Save it as CSV or Parquet"),
    ]:
        with pytest.raises(error, match=message):
            cluster_run.score_files(inputs, tmp_path / "out", cluster.scheduler_address)
    with pytest.raises(InputError, match="a Parquet file leaves no choice how to read it: 'encoding'"):
        cluster_run.score_files([tmp_path / "a.parquet"], tmp_path / "out", cluster.scheduler_address, encoding="gbk")
    assert sorted(each.name for each in tmp_path.iterdir() if "out" in each.name) == []


def test_dask_that_is_not_installed(tickets, monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.dataframe", None)
    with pytest.raises(MissingExtraError, match=r'pip install "triage\[dask\]"'):
        cluster_run.score(tickets)
