"""Readers that find the dialect of a CSV file themselves, each as its users call it: a path in, rows of cells out."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import io
from collections.abc import Callable
from pathlib import Path

from triage.errors import ColumnError
from triage.tickets.delimited import DelimitedFile
from triage.tickets.headings import headings
from triage.tickets.source import open_source

Rows = list[list[str]]
Reader = Callable[[Path], Rows]


def by_triage(path: Path) -> Rows:
    """Read as `triage score` does; a file without a header is read as its message says."""
    try:
        return by_triage_alone(path)
    except ColumnError:
        return [cells for _, cells, _ in DelimitedFile(open_source(path), header=False).rows()]


def by_triage_alone(path: Path) -> Rows:
    """Read as `triage score` does without options; a file without a header is an error."""
    file = DelimitedFile(open_source(path))
    marked = headings(file.rows(), file.layout.header, file.sample[: file.layout.first])
    return [list(file.layout.header), *(cells for _, cells, fault in marked if fault is None)]


def by_sniffer(path: Path) -> Rows:
    """Read as the standard library guesses."""
    text = path.read_bytes().decode("utf-8")
    return [row for row in csv.reader(text.splitlines(keepends=True), csv.Sniffer().sniff(text)) if row]


def by_clevercsv(path: Path) -> Rows:
    """Read as CleverCSV finds, as the Pollock benchmark calls it."""
    clevercsv = importlib.import_module("clevercsv")
    with path.open(encoding="utf-8", newline="") as stream:
        dialect = clevercsv.Sniffer().sniff(stream.read())
        stream.seek(0)
        return [list(row) for row in clevercsv.reader(stream, dialect)]


def by_duckdb(path: Path) -> Rows:
    """Read as DuckDB finds, with the options with which the Pollock benchmark calls it."""
    duckdb = importlib.import_module("duckdb")
    with duckdb.connect() as database:
        relation = database.read_csv(str(path), strict_mode=False, ignore_errors=True, null_padding=True)
        return list(csv.reader(io.StringIO(relation.df().to_csv(index=False))))


def readers() -> dict[str, Reader]:
    """Return the readers that are installed, by name."""
    peers = {"clevercsv": ("CleverCSV", by_clevercsv), "duckdb": ("DuckDB auto", by_duckdb)}
    return {
        "triage": by_triage,
        "triage, no second try": by_triage_alone,
        "csv.Sniffer": by_sniffer,
        **dict(peer for package, peer in peers.items() if importlib.util.find_spec(package) is not None),
    }
