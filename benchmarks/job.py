"""The whole job: an export of many rows read, scored, planned and written, beside the same done naively.

`speed.py --rows 1000000` prints this. Ours runs in a process of its own with two workers and is timed by the clock on
the wall; the naive one (pandas, the pipeline of `naive_pipeline.py`, an owner and a due date by category, pandas
again) on one core over some of the rows, scaled up to all. Then the share of each of our stages, counted in processor
time over some rows in one process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from contest import table
from memory import write_export
from naive_pipeline import NaivePipeline

from triage.batch.blocks import complete
from triage.tickets.outcome_cells import COLUMNS
from triage.tickets.read import read_tickets
from triage.tickets.write import TableWriter

#: Rows the naive pipeline does, and rows over which our stages are counted.
NAIVE_ROWS, STAGE_ROWS = 20_000, 20_000
JOBS = 2
RUN = """
import sys
from triage import Triager
from triage.batch import score_file
score_file(sys.argv[1], sys.argv[2], Triager(evidence=0), n_jobs=int(sys.argv[3]))
"""
_HOURS = {"technical": 4, "communication": 2, "process": 8, "attitude": 2, "none": 24}


def job(texts: Sequence[str], naive: NaivePipeline, rows: int) -> str:
    """Return how long both take for so many rows.

    Parameters
    ----------
    texts : sequence of str
        The texts, repeated with numbers, times and customers of their own.
    naive : NaivePipeline
        The fitted pipeline.
    rows : int
        How many.
    """
    with tempfile.TemporaryDirectory(prefix="triage-job-") as folder:
        source, scored = Path(folder) / "export.csv", Path(folder) / "scored.csv"
        write_export(source, list(texts), rows)
        begun = time.perf_counter()
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-c", RUN, str(source), str(scored), str(JOBS)]
        subprocess.run(command, check=True, capture_output=True, env=environment)
        ours = time.perf_counter() - begun
        done = min(rows, NAIVE_ROWS)
        begun = time.perf_counter()
        naively(source, Path(folder) / "naive.csv", naive, done)
        scaled = (time.perf_counter() - begun) * rows / done
        size = source.stat().st_size / 1e6
    cells = [
        [f"naive, one core ({done:,} rows, scaled)", f"{scaled:,.0f}", f"{rows / scaled:,.0f}", "1.0"],
        [f"triage, {JOBS} workers", f"{ours:,.0f}", f"{rows / ours:,.0f}", f"{scaled / ours:.1f}"],
    ]
    return f"{rows:,} rows, {size:,.0f} MB\n\n" + table(["", "seconds", "rows/s", "× naive"], cells)


def naively(source: Path, output: Path, naive: NaivePipeline, rows: int) -> None:
    """Read, classify, give each an owner and a due date, and write, as a notebook would."""
    import pandas as pd

    frame = pd.read_csv(source, nrows=rows)
    found = naive(frame["投诉内容"].fillna("").tolist())
    names = list(_HOURS)
    frame["category"] = [names[at] for at in found["primary"].argmax(axis=1)]
    frame["confidence"] = found["primary"].max(axis=1)
    frame["severity"] = (found["severity"] > 0.5).sum(axis=1)
    frame["owner"] = frame["category"].map({name: f"{name} lead" for name in names})
    frame["due"] = pd.to_datetime(frame["投诉时间"]) + pd.to_timedelta(frame["category"].map(_HOURS), unit="h")
    frame["reply"] = ["您好，您反映的问题我们已收到，将在 " + str(due) + " 前回复您。" for due in frame["due"]]
    frame.to_csv(output, index=False, encoding="utf-8-sig")


def shares(texts: Sequence[str], one_block: Any, rows: int) -> str:
    """Return the share of each stage in the processor time of the job.

    Parameters
    ----------
    texts : sequence of str
        The texts.
    one_block : callable
        Times the stages of a block of tickets: tickets → name to seconds, and the cells.
    rows : int
        Over how many rows.
    """
    took: dict[str, float] = {}

    def add(name: str, begun: float) -> None:
        took[name] = took.get(name, 0.0) + time.process_time() - begun

    with tempfile.TemporaryDirectory(prefix="triage-job-") as folder:
        source = Path(folder) / "export.csv"
        write_export(source, list(texts), rows)
        reader = read_tickets(source)
        blocks: Iterator[Any] = iter(reader)
        with TableWriter(Path(folder) / "scored.csv", [*reader.header, *COLUMNS]) as written:
            while True:
                begun = time.process_time()
                block = next(blocks, None)
                add("reading", begun)
                if block is None:
                    break
                stages, found = one_block(block.tickets)
                for name, seconds in stages.items():
                    took[name] = took.get(name, 0.0) + seconds
                begun = time.process_time()
                verdicts = [(cells, ("", "", "")) for cells in found]
                written.write(complete(block, verdicts).rows)
                add("writing", begun)
    total = sum(took.values())
    cells = [[name, f"{each / rows * 1e6:.1f}", f"{each / total:.1%}"] for name, each in took.items()]
    return table(["stage", "µs a row", "share"], [*cells, ["together", f"{total / rows * 1e6:.1f}", "100 %"]])
