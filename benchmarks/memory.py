"""How much memory a run takes while it goes on: the resident set of every process, over time.

    python benchmarks/memory.py --texts FOLDER [--rows 100000 1000000] [--jobs 2] [--evidence 5]
                                [--standin] [--to csv] [--smoke]

The export is made of the texts of a folder (JSON Lines with a field `text`), repeated with numbers, customers
and times of their own. It is scored in a process of its own, which this one watches: main process and workers
apart. `--standin` judges with a few words instead of the model, to reach row counts that would take the model
hours; it shows what reading, writing, the journal and the queue hold on to, not what the model takes.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from contest import read_texts, table

ROOT = Path(__file__).resolve().parents[1]
#: How often processes are looked at, in seconds, and how many points of the curve are printed.
EVERY, POINTS = 0.25, 10

RUN = """
import sys
from triage.batch import score_file
source, output, jobs, judge = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
if judge == "standin":
    from tests.batch.standin import Keywords
    triager = Keywords()
else:
    from triage import Triager
    triager = Triager(evidence=int(judge))
print(score_file(source, output, triager, n_jobs=jobs).seconds)
"""


def main() -> None:
    """Score exports of several lengths and print peak and curve of every process."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=Path, help="folder of JSON Lines files, or one; by default the corpus")
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--to", default="csv", help="ending of the output")
    parser.add_argument("--evidence", type=int, default=5, help="spans of evidence a row, as of `triage score`")
    parser.add_argument("--standin", action="store_true", help="judge with a few words instead of the model")
    parser.add_argument("--smoke", action="store_true", help="little data: seconds")
    options = parser.parse_args()
    rows = [400] if options.smoke else options.rows
    texts = list(texts_of(options.texts))
    judge = (
        "a stand-in that knows a few words" if options.standin else f"the packaged model, evidence {options.evidence}"
    )
    print(f"{len(texts):,} texts, repeated; judged by {judge}; {options.jobs} workers; to {options.to}.\n")
    head = ["rows", "export", "peak, main process (MB)", "peak, worker (MB)", "time", "rows/s"]
    print(table([*head, "main process at every tenth of the time (MB)"], []), flush=True)
    for count in rows:
        with tempfile.TemporaryDirectory(prefix="triage-memory-") as folder:
            source = Path(folder) / "export.csv"
            write_export(source, texts, count)
            size = source.stat().st_size / 1e6
            peaks, curve, seconds = watched(source, Path(folder) / f"scored.{options.to}", options)
            peak = [f"{peaks[0]:,.0f}", f"{max(peaks[1:], default=0):,.0f}"]
            row = [f"{count:,}", f"{size:,.0f} MB", *peak, f"{seconds:,.0f} s", f"{count / seconds:,.0f}", curve]
            print(f"| {' | '.join(row)} |", flush=True)  # as they come: the longest takes hours


def texts_of(path: Path | None) -> Iterator[str]:
    """Give the texts of a folder of JSON Lines, or of the corpus."""
    if path is None:
        yield from read_texts(None, at_most=2_000)[0]
        return
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        with file.open(encoding="utf-8") as stream:
            yield from (json.loads(line)["text"] for line in stream)


def write_export(path: Path, texts: list[str], count: int) -> None:
    """Write an export of so many tickets."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["工单号", "投诉时间", "客户", "投诉内容"])
        for number, text in enumerate(itertools.islice(itertools.cycle(texts), count)):
            minute, day = number % 60, number // 1440 % 28 + 1
            rows.writerow([f"T{number}", f"2026-09-{day:02} {number // 60 % 24:02}:{minute:02}", f"客户{number}", text])


def resident(pid: int) -> float:
    """Return the resident set of a process in MB, its share of shared pages included."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    return 0.0


def children(pid: int) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*found, *(each for child in found for each in children(child))]


def watched(source: Path, output: Path, options: argparse.Namespace) -> tuple[list[float], str, float]:
    """Score an export and return the peaks of main process and workers, the main process's curve, and the time."""
    judge = "standin" if options.standin else str(options.evidence)
    command = [sys.executable, "-c", RUN, str(source), str(output), str(options.jobs), judge]
    paths = [str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    curve: list[float] = []
    peaks: dict[int, float] = {}
    while process.poll() is None:
        for pid in [process.pid, *seen(process.pid)]:
            try:
                size = resident(pid)
            except OSError:  # it has just ended
                continue
            peaks[pid] = max(peaks.get(pid, 0.0), size)
            if pid == process.pid:
                curve.append(size)
        time.sleep(min(EVERY, 0.02 * (1 + len(curve))))  # often at first: a short run must be seen too
    if process.returncode:
        raise SystemExit(process.returncode)
    seconds = float(process.stdout.read()) if process.stdout else 0.0
    shown = [curve[len(curve) * at // POINTS] for at in range(POINTS)]
    workers = [peak for pid, peak in peaks.items() if pid != process.pid]
    return [peaks[process.pid], *workers], " ".join(f"{size:.0f}" for size in shown), seconds


def seen(pid: int) -> list[int]:
    """Return the processes started, none if the process has just ended."""
    try:
        return children(pid)
    except OSError:
        return []


if __name__ == "__main__":
    main()
