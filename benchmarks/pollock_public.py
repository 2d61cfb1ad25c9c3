"""The public Pollock benchmark: its files, rated by its own code, as its `evaluate.py` adds the measures up.

What a reader makes of a file is written as the benchmark wants it, a CSV file or `Application Error`, and given to
`pollock.metrics` of the checkout. A file has ten measures: read at all; precision, recall and F1 of header, records
and cells. The simple score is their sum, meaned over files; the weighted score gives each file the weight that the
benchmark found for its kind among open data.
"""

from __future__ import annotations

import csv
import functools
import importlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from contest import Absent
from csv_readers import Reader

__all__ = ["ratings", "weights"]

_NEEDS = "multiset chardet price-parser python-dateutil backports-datetime-fromisoformat joblib numpy"


def _metrics(checkout: Path) -> Any:
    """Import the benchmark's measures from its checkout."""
    sys.path.insert(0, str(checkout))
    sys.modules.pop("pollock", None)
    try:
        metrics = importlib.import_module("pollock.metrics")
    except ImportError as error:
        raise Absent(f"{checkout}/pollock/metrics.py cannot be imported ({error}): pip install {_NEEDS}") from error
    # It is asked for the same cells some hundred thousand times.
    metrics.normalize_cell = functools.cache(metrics.normalize_cell)
    return metrics


def weights(checkout: Path) -> dict[str, float]:
    """Return the benchmark's weight of every file."""
    found: dict[str, float] = json.loads((checkout / "pollock_weights.json").read_text("utf-8"))
    return found


def ratings(checkout: Path, readers: dict[str, Reader]) -> dict[str, dict[str, float]]:
    """Rate every reader on every file of the benchmark, from 0 to 10.

    Parameters
    ----------
    checkout : Path
        A clone of the benchmark, with `polluted_files/csv` and `polluted_files/clean` (Git LFS files fetched).
    readers : dict of str to Reader
        What reads.
    """
    folder = checkout / "polluted_files"
    spoiled = sorted((folder / "csv").glob("*.csv"))
    if not spoiled or not (folder / "clean" / spoiled[0].name).is_file():
        raise Absent(f"no files in {folder}/csv and {folder}/clean: clone the benchmark and run `git lfs checkout`")
    if spoiled[0].read_bytes().startswith(b"version https://git-lfs"):
        raise Absent(f"{folder} holds pointers to files: run `git lfs pull` there")
    metrics = _metrics(checkout)
    found: dict[str, dict[str, float]] = {path.name: {} for path in spoiled}
    with tempfile.TemporaryDirectory() as scratch:
        loaded = Path(scratch) / "loaded.csv"
        for path in spoiled:
            for name, read in readers.items():
                _load(read, path, loaded)
                clean = str(folder / "clean" / path.name)
                success = metrics.successful_csv(str(loaded))
                found[path.name][name] = float(success) + (_measured(metrics, clean, str(loaded)) if success else 0.0)
    return found


def _measured(metrics: Any, clean: str, loaded: str) -> float:
    """Add the nine measures up; what cannot be measured has none of them, as in `evaluate.py`."""
    try:
        return float(sum(metrics.header_record_cell_measures_csv(clean, loaded)))
    except Exception:
        return 0.0


def _load(read: Reader, path: Path, to: Path) -> None:
    """Write what a reader makes of a file in the form of the benchmark."""
    try:
        rows = read(path)
    except Exception as error:
        to.write_text(f"Application Error\n{error}", encoding="utf-8")
        return
    with to.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
