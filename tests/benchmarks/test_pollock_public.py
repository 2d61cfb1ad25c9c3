"""A clone of the public benchmark is read, rated by its own code and summed up as it sums up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"

#: Stands in for the benchmark's own measures: all or nothing for header, records and cells.
METRICS = """
import csv


def normalize_cell(cell):
    return cell.lower()


def successful_csv(path):
    return int(not open(path, encoding="utf-8").read().startswith("Application Error"))


def header_record_cell_measures_csv(clean, loaded, n_jobs=1):
    (head, *rows), (found, *others) = (list(csv.reader(open(path, encoding="utf-8"))) for path in (clean, loaded))
    return (*[float(head == found)] * 3, *[float(rows == others)] * 3, *[float([head, *rows] == [found, *others])] * 3)
"""
CLEAN = "id,text\nT1,broken\nT2,slow\n"
SPOILED = {
    "source.csv": CLEAN,
    "file_preamble.csv": "NOTES,\n,\n" + CLEAN,
    "row_extra_quote1_col1.csv": CLEAN.replace("broken", '"broken'),
    "row_extra_quote2_col1.csv": CLEAN,
}


@pytest.fixture
def clone(tmp_path):
    for part in ("csv", "clean"):
        (tmp_path / "polluted_files" / part).mkdir(parents=True)
    for name, text in SPOILED.items():
        (tmp_path / "polluted_files" / "csv" / name).write_text(text, "utf-8")
        clean = CLEAN.replace("broken", '"""broken"') if name == "row_extra_quote1_col1.csv" else CLEAN
        (tmp_path / "polluted_files" / "clean" / name).write_text(clean, "utf-8")
    (tmp_path / "pollock_weights.json").write_text(json.dumps(dict.fromkeys(SPOILED, 1) | {"source.csv": 97}), "utf-8")
    (tmp_path / "pollock").mkdir()
    (tmp_path / "pollock" / "__init__.py").touch()
    (tmp_path / "pollock" / "metrics.py").write_text(METRICS, "utf-8")
    return tmp_path


def run(clone):
    return subprocess.run(
        [sys.executable, str(BENCHMARKS / "pollock.py"), "--public", str(clone)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
    )


def test_a_clone_is_rated(clone):
    (clone / "polluted_files" / "csv" / "file_preamble.csv").write_text("", "utf-8")
    done = run(clone)
    assert done.returncode == 0, done.stderr
    rows = {line.split("|")[1].strip(): line.split("|")[2:4] for line in done.stdout.splitlines()}
    assert rows["row_extra_quote_col"] == [" 2 ", " 10.00 "]
    assert rows["file_preamble"] == [" 1 ", " 0.00 "]
    assert rows["all files, simple"] == [" 4 ", " 7.500 "]
    assert rows["all files, weighted"] == [" 4 ", " 9.900 "]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda clone: (clone / "pollock" / "metrics.py").write_text("import nonesuch"), "pip install multiset"),
        (
            lambda clone: [
                path.write_text("version https://git-lfs.github.com/spec/v1\n")
                for path in (clone / "polluted_files" / "csv").iterdir()
            ],
            "git lfs pull",
        ),
        (lambda clone: (clone / "polluted_files").rename(clone / "elsewhere"), "no files in"),
    ],
)
def test_a_folder_that_is_no_whole_clone(spoil, message, clone):
    spoil(clone)
    done = run(clone)
    assert done.returncode == 2
    assert message in done.stderr
