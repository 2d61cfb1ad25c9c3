"""How well files are read without being told how: the measures of the Pollock benchmark (PVLDB 16, 2023).

    python benchmarks/pollock.py --public FOLDER | --own | --smoke

FOLDER is a clone of the benchmark (https://github.com/HPI-Information-Systems/Pollock); its files are read and rated
by its own code, see `pollock_public.py`. `--own` rates 289 Chinese tables of this project, spoiled in the same ways:
each from 0 to 10, read at all, then precision, recall and F1 of the cells of the header, of the rows, and of the
cells of the rows, compared as they are; the benchmark's own comparison, which takes `1` for `1.0`, is kinder.

`csv.Sniffer`, and where they are installed CleverCSV and, on the public files, DuckDB read the same in the same run.
"""

from __future__ import annotations

import argparse
import collections
import csv
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pollock_public
from contest import Absent, table
from csv_readers import Reader, Rows, readers

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.tickets.pollution import pollutions, score, written


def rated(read: Reader, spoiled: Path, clean: Rows) -> float:
    """Rate from 0 to 10 what a reader makes of a spoiled file."""
    try:
        rows = read(spoiled)
    except Exception:
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


def by_kind(ratings: dict[str, dict[str, float]]) -> dict[str, list[str]]:
    """Sort the names of files by how they are spoiled: the name without row and column."""
    kinds = collections.defaultdict(list)
    for name in ratings:
        stem = name.removesuffix(".csv")
        kinds[stem if stem.startswith("file_") else "".join(c for c in stem if not c.isdecimal())].append(name)
    return kinds


def main() -> None:
    """Rate every reader on every file and print the mean of each kind of spoiling and of all files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--public", type=Path, metavar="FOLDER", help="a clone of the public benchmark")
    parser.add_argument("--own", action="store_true", help="tables of this project instead")
    parser.add_argument("--smoke", action="store_true", help="the first 40 of them: seconds")
    options = parser.parse_args()
    reading = readers()
    if options.public is None:  # here cells are compared as they are, and DuckDB writes dates in its own way
        reading = {name: read for name, read in reading.items() if name in {"triage", "csv.Sniffer", "CleverCSV"}}
    if options.smoke:
        reading.pop("CleverCSV", None)
    weights: dict[str, float] = {}
    if options.public is not None:
        try:
            ratings = pollock_public.ratings(options.public, reading)
        except Absent as error:
            parser.error(str(error))
        weights = pollock_public.weights(options.public)
    elif options.smoke or options.own:
        with tempfile.TemporaryDirectory() as own:
            own_files(Path(own), 40 if options.smoke else None)
            ratings = {
                name: {reader: rated(read, path, clean) for reader, read in reading.items()}
                for name, path, clean in cases(Path(own))
            }
    else:
        parser.error("name a clone of the benchmark with --public, or give --own or --smoke")

    def mean(names: Iterable[str], reader: str, weight: dict[str, float] | None = None) -> float:
        parts = [((weight or {}).get(name, 1.0), ratings[name][reader]) for name in names]
        return sum(share * rating for share, rating in parts) / sum(share for share, _ in parts)

    rows = [
        [kind, len(names), *(f"{mean(names, reader):.2f}" for reader in reading)]
        for kind, names in sorted(by_kind(ratings).items())
    ]
    rows.append(["all files, simple", len(ratings), *(f"{mean(ratings, reader):.3f}" for reader in reading)])
    if weights:
        cells = (f"{mean(ratings, reader, weights):.3f}" for reader in reading)
        rows.append(["all files, weighted", len(ratings), *cells])
    print(table(["spoiled how", "files", *reading], rows))


if __name__ == "__main__":
    main()
