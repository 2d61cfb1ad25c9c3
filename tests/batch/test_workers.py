"""Several processes give the same file as one, in order, and fail loudly."""

import os

import pytest

from tests.batch.standin import Keywords
from triage.batch import score_file
from triage.batch.scorer import ScoredLines
from triage.batch.summary import Tally
from triage.batch.workers import scored
from triage.errors import InputError, TriageError
from triage.tickets.chunks import Chunk


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("编号,描述\n" + "".join(f"{n},第{n}次崩了{'，请失败' * (n == 77)}\n" for n in range(500)), "utf-8")
    return path


def test_the_same_to_the_byte(source, tmp_path):
    files = []
    for jobs in (1, 2):
        output = tmp_path / f"{jobs}.csv"
        summary = score_file(source, output, Keywords(), n_jobs=jobs, block_size=13)
        assert summary.problems == {"not_scored": 1}
        files.append((output.read_bytes(), output.with_suffix(".problems.csv").read_bytes()))
    assert files[0] == files[1]


class Dying:
    """A triager whose process is killed."""

    def triage_many(self, _):
        os._exit(9)


def test_a_worker_that_dies_is_an_error_that_says_what_to_do(source, tmp_path):
    with pytest.raises(TriageError, match=r"worker process ended.*use fewer processes"):
        score_file(source, tmp_path / "out.csv", Dying(), n_jobs=2)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_no_processes(source, tmp_path):
    with pytest.raises(InputError, match=r"number of processes: 0 \(n_jobs, --jobs\)"):
        score_file(source, tmp_path / "out.csv", Keywords(), n_jobs=0)


def echo(chunk):
    return ScoredLines(str(chunk.numbers).encode(), [], Tally(rows=len(chunk)))


def test_chunks_are_read_no_faster_than_they_are_scored():
    read = []

    def chunks():
        for number in range(40):
            read.append(number)
            yield Chunk([["甲"]], [number])

    for done, found in enumerate(scored(chunks(), echo, 2)):
        assert found.lines == b"[%d]" % done
        assert len(read) <= done + 5
