"""A run that is killed at any moment is finished by the next one, and nobody can tell."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import triage
from tests.batch.killing import Killed, killed_after
from tests.batch.standin import Keywords
from triage.batch import score_file
from triage.errors import InputError, OutputError

ROWS = 400
#: Where these tests are, and the very package they test: another one may be installed.
PATHS = [str(Path(__file__).parents[2]), str(Path(triage.__file__).parents[1])]

SCRIPT = """
import sys, time
from tests.batch.killing import Killed, killed_after
from tests.batch.standin import Keywords
from triage.batch import score_file

class Slow(Keywords):
    def triage_many(self, tickets):
        time.sleep(0.004)
        return super().triage_many(tickets)

score_file(sys.argv[1], sys.argv[2], Slow(), resume=True, block_size=7, n_jobs=int(sys.argv[3]))
"""


@pytest.fixture
def source(tmp_path):
    """Make an export with line breaks in its cells, ragged rows and rows without text."""
    lines = ["工单号,描述,备注"]
    for number in range(ROWS):
        kind = number % 13
        if kind == 5:
            lines.append(f"{number},只有两格")
        elif kind == 8:
            lines.append(f"{number},,空")
        else:
            lines.append(f'{number},"第{number}次崩了，\n还是没人管,怎么办","=甲{number}"')
    path = tmp_path / "in.csv"
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    return path


def results(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def undisturbed(source, tmp_path):
    return finished(source, tmp_path, "csv")


def finished(source, tmp_path, kind):
    folder = tmp_path / "undisturbed"
    folder.mkdir()
    score_file(source, folder / f"out.{kind}", Keywords())
    assert sorted(results(folder)) == [f"out.{kind}", "out.problems.csv"]
    return results(folder)


def run(source, output, jobs=1):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(PATHS)}
    command = [sys.executable, "-c", SCRIPT, str(source), str(output), str(jobs)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)


def entered(journal):
    try:
        return journal.stat().st_mtime_ns
    except FileNotFoundError:
        return None


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
@pytest.mark.parametrize(
    ("seed", "jobs", "kind"),
    [(1, 1, "csv"), (2, 1, "csv"), (3, 2, "csv"), (4, 2, "csv.gz"), (5, 1, "ndjson.gz"), (6, 2, "parquet")],
)
def test_killed_again_and_again(seed, jobs, kind, source, tmp_path):
    if kind == "parquet":
        pytest.importorskip("pyarrow")
    undisturbed = finished(source, tmp_path, kind)
    chance = random.Random(seed)  # noqa: S311
    folder = tmp_path / "killed"
    folder.mkdir()
    output, journal = folder / f"out.{kind}", folder / f".out.{kind}.journal"
    kills = 0
    for patience in [0.08] * (10 if jobs == 1 else 4) + [60]:
        process = run(source, output, jobs)
        before = entered(journal)
        while process.poll() is None and entered(journal) == before:  # at least one block further
            time.sleep(0.001)
        try:
            process.wait(patience if patience > 1 else chance.uniform(0, patience))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
        process.stderr.close()
        assert process.returncode in {0, -signal.SIGKILL}
        if process.returncode == 0:
            break
    assert kills >= 2
    assert results(folder) == undisturbed


@pytest.mark.parametrize("kind", ["csv", "csv.gz"])
def test_stopped_after_every_step_there_is(kind, source, tmp_path, monkeypatch):
    """Stop at every single change of a file, as if the power failed there, and go on."""
    undisturbed = finished(source, tmp_path, kind)
    folder = tmp_path / "stopped"
    folder.mkdir()
    steps = 0
    for allowed in range(30):
        for path in folder.iterdir():
            path.unlink()
        with killed_after(allowed, folder, monkeypatch):
            try:
                score_file(source, folder / f"out.{kind}", Keywords(), block_size=100)
            except Killed:
                steps += 1
        score_file(source, folder / f"out.{kind}", Keywords(), block_size=100, resume=True)
        assert results(folder) == undisturbed
    assert steps > 5


def stop_after(blocks):
    seen = []

    def progress(_):
        seen.append(1)
        if len(seen) == blocks:
            raise KeyboardInterrupt

    return progress


def interrupt(source, output, **options):
    with pytest.raises(KeyboardInterrupt) as caught:
        score_file(source, output, Keywords(), block_size=50, progress=stop_after(3), **options)
    return caught.value


def test_an_interrupted_run_says_how_to_go_on(source, tmp_path, undisturbed):
    error = interrupt(source, tmp_path / "out.csv")
    assert error.__notes__ == ["150 rows are done and kept: run again with resume=True (--resume) to go on."]
    triager = Keywords()
    summary = score_file(source, tmp_path / "out.csv", triager, resume=True)
    assert sum(triager.calls) < ROWS - 150
    assert (summary.rows, sum(summary.problems.values())) == (ROWS, 62)
    assert (tmp_path / "out.csv").read_bytes() == undisturbed["out.csv"]


def test_without_resume_the_run_begins_anew(source, tmp_path, undisturbed):
    interrupt(source, tmp_path / "out.csv")
    score_file(source, tmp_path / "out.csv", Keywords())
    assert (tmp_path / "out.csv").read_bytes() == undisturbed["out.csv"]


def test_nothing_to_resume_is_a_run_from_the_beginning(source, tmp_path, undisturbed):
    score_file(source, tmp_path / "out.csv", Keywords(), resume=True)
    assert (tmp_path / "out.csv").read_bytes() == undisturbed["out.csv"]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"labels": "zh"}, "labels was 'key' and is 'zh'"), ({"limit": 9}, "limit was None and is 9")],
)
def test_another_run_is_not_gone_on_with(options, message, source, tmp_path):
    interrupt(source, tmp_path / "out.csv")
    with pytest.raises(InputError, match=message):
        score_file(source, tmp_path / "out.csv", Keywords(), resume=True, **options)


def test_a_triager_set_otherwise_is_another_run(source, tmp_path):
    class Set(Keywords):
        settings = {"evidence": 5, "target_precision": 0.95}  # noqa: RUF012

    interrupt(source, tmp_path / "out.csv")
    with pytest.raises(InputError, match=r"evidence was None and is 5, target_precision was None and is 0\.95"):
        score_file(source, tmp_path / "out.csv", Set(), resume=True)


def test_an_export_that_changed_is_another_run(source, tmp_path):
    interrupt(source, tmp_path / "out.csv")
    source.write_bytes(source.read_bytes() + "\r\n999,又崩了,".encode("gbk"))
    with pytest.raises(InputError, match="input was"):
        score_file(source, tmp_path / "out.csv", Keywords(), resume=True)


def test_a_journal_of_another_version_is_refused(source, tmp_path):
    interrupt(source, tmp_path / "out.csv")
    journal = tmp_path / ".out.csv.journal"
    for text in ("{", json.dumps({**json.loads(journal.read_text("utf-8")), "version": 99})):
        journal.write_text(text, "utf-8")
        with pytest.raises(InputError, match="journal of the earlier run cannot be read"):
            score_file(source, tmp_path / "out.csv", Keywords(), resume=True)


@pytest.mark.parametrize("damage", [lambda content: content[:200], lambda content: b"x" + content[1:]])
def test_a_damaged_file_of_the_earlier_run_is_refused(damage, source, tmp_path):
    interrupt(source, tmp_path / "out.csv")
    partial = tmp_path / ".out.csv.partial"
    partial.write_bytes(damage(partial.read_bytes()))
    with pytest.raises(OutputError, match=r"damaged.*without resuming"):
        score_file(source, tmp_path / "out.csv", Keywords(), resume=True)


def test_two_runs_at_once(source, tmp_path):
    pytest.importorskip("fcntl")

    def second(_):
        with pytest.raises(OutputError, match="another run is writing this file"):
            score_file(source, tmp_path / "out.csv", Keywords())

    summary = score_file(source, tmp_path / "out.csv", Keywords(), progress=second)
    assert summary.rows == ROWS


def test_the_clock_of_a_resumed_run_is_that_of_its_beginning(source, tmp_path):
    clocks = []

    class Clocked(Keywords):
        def at(self, moment):
            clocks.append(moment)
            return self

    with pytest.raises(KeyboardInterrupt):
        score_file(source, tmp_path / "out.csv", Clocked(), block_size=50, progress=stop_after(1))
    score_file(source, tmp_path / "out.csv", Clocked(), resume=True)
    assert clocks[0] == clocks[1]


def test_limit_counts_over_both_runs(source, tmp_path, table):
    interrupt(source, tmp_path / "out.csv", limit=333)
    score_file(source, tmp_path / "out.csv", Keywords(), resume=True, limit=333)
    assert len(table(tmp_path / "out.csv")) == 333
