"""How well files are read without being told how: the measures of the Pollock benchmark (PVLDB 16, 2023).

    python benchmarks/pollock.py FOLDER | --own | --smoke

FOLDER is the benchmark's `polluted_files`, with `csv/` (spoiled) and `clean/` (what should be read), and, if
there, `weights.json` beside them. Its files are not part of this project. Each file is rated from 0 to 10: read
at all, then precision, recall and F1 of the cells of the header, of the rows, and of the cells of the rows.
Cells are compared as they are; the benchmark's own comparison, which takes `1` for `1.0`, is kinder.

`csv.Sniffer` and CleverCSV, where it is installed, read the same files.
"""

from __future__ import annotations

import argparse
import collections
import csv
import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from contest import table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.tickets.pollution import pollutions, score, written

from triage.errors import ColumnError, TriageError
from triage.tickets.delimited import DelimitedFile
from triage.tickets.headings import headings
from triage.tickets.source import open_source

Rows = list[list[str]]


def by_triage(path: Path) -> Rows:
    """Read as `triage score` does; a file without a header is read as its message says."""
    source = open_source(path)
    try:
        file = DelimitedFile(source)
        marked = headings(file.rows(), file.layout.header, file.sample[: file.layout.first])
        return [list(file.layout.header), *(cells for _, cells, fault in marked if fault is None)]
    except ColumnError:
        return [cells for _, cells, _ in DelimitedFile(source, header=False).rows()]


def by_sniffer(path: Path) -> Rows:
    """Read as the standard library guesses."""
    text = path.read_bytes().decode("utf-8")
    return [row for row in csv.reader(text.splitlines(keepends=True), csv.Sniffer().sniff(text)) if row]


def by_clevercsv(path: Path) -> Rows:
    """Read as CleverCSV finds."""
    clevercsv = importlib.import_module("clevercsv")
    return [list(row) for row in clevercsv.read_table(str(path)) if row]


def rated(read: Callable[[Path], Rows], spoiled: Path, clean: Rows) -> float:
    """Rate from 0 to 10 what a reader makes of a spoiled file."""
    try:
        rows = read(spoiled)
    except (TriageError, csv.Error, ValueError, TypeError, AttributeError):
        return 0.0
    head, *body = clean or [[]]
    found, *rest = rows or [[]]
    return score(head, body, found, rest)


def own_files(folder: Path, most: int | None) -> None:
    """Write a folder like the benchmark's from this project's own spoiled tables, the first of them or all."""
    for part in ("csv", "clean"):
        (folder / part).mkdir()
    for name, text, header, rows in list(pollutions())[:most]:
        file = name.replace(" ", "_").replace("|", "bar") + ".csv"
        (folder / "csv" / file).write_bytes(text.encode())
        (folder / "clean" / file).write_bytes(written([header, *rows]).encode())


def cases(folder: Path) -> Iterable[tuple[str, Path, Rows]]:
    """Give every spoiled file with what should be read of it."""
    for spoiled in sorted((folder / "csv").glob("*.csv")):
        clean = folder / "clean" / spoiled.name
        if clean.exists():
            with clean.open(encoding="utf-8", newline="") as stream:
                yield spoiled.name, spoiled, list(csv.reader(stream))


def main() -> None:
    """Rate every reader on every file and print the mean of each kind of spoiling and of all files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="the benchmark's folder polluted_files")
    parser.add_argument("--own", action="store_true", help="tables of this project instead")
    parser.add_argument("--smoke", action="store_true", help="the first 40 of them: seconds")
    options = parser.parse_args()
    readers = {"triage": by_triage, "csv.Sniffer": by_sniffer}
    if importlib.util.find_spec("clevercsv") is not None and not options.smoke:
        readers["CleverCSV"] = by_clevercsv
    with tempfile.TemporaryDirectory() as own:
        if options.smoke or options.own:
            own_files(Path(own), 40 if options.smoke else None)
        elif options.folder is None:
            parser.error("name the folder, or --own, or --smoke")
        folder = options.folder or Path(own)
        weights_file = folder / "weights.json"
        weights = json.loads(weights_file.read_text()) if weights_file.exists() else {}
        ratings = {
            name: {reader: rated(read, path, clean) for reader, read in readers.items()}
            for name, path, clean in cases(folder)
        }
    kinds = collections.defaultdict(list)
    for name in ratings:
        kinds["".join(char for char in name.removesuffix(".csv") if not char.isdecimal())].append(name)

    def mean(names: Iterable[str], reader: str) -> float:
        parts = [(weights.get(name, 1.0), ratings[name][reader]) for name in names]
        return sum(weight * rating for weight, rating in parts) / sum(weight for weight, _ in parts)

    rows = [
        [kind, len(names), *(f"{mean(names, reader):.2f}" for reader in readers)]
        for kind, names in sorted(kinds.items())
    ]
    rows.append(["all files", len(ratings), *(f"{mean(ratings, reader):.2f}" for reader in readers)])
    print(table(["spoiled how", "files", *readers], rows))


if __name__ == "__main__":
    main()
