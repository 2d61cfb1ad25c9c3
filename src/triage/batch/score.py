"""Score a whole export: the same file again, with what was found in every row."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from triage.batch.blocks import Triages
from triage.batch.inputs import Inputs, expanded
from triage.batch.journal import describe_run
from triage.batch.known_rows import KnownRows
from triage.batch.output import RunOutput, checked_target
from triage.batch.scorer import ChunkScorer
from triage.batch.summary import Progress, Summary
from triage.batch.workers import scored
from triage.classify.collector import collect_young, collector_paused
from triage.tickets.chunks import Chunk
from triage.tickets.outcome_cells import COLUMNS, Labels
from triage.tickets.read import read_tickets
from triage.tickets.seal import Originals

__all__ = ["score_file"]


def score_file(
    input: str | Path | Sequence[str | Path],  # noqa: A002 - the word a user expects
    output: str | Path,
    triager: Triages,
    *,
    to: str | None = None,
    text_columns: Sequence[str | int] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    sheet: str | None = None,
    timezone: str = "Asia/Shanghai",
    labels: Labels = "key",
    output_encoding: str = "utf-8-sig",
    guarded: bool = True,
    limit: int | None = None,
    resume: bool = False,
    append: bool = False,
    n_jobs: int = 1,
    block_size: int = 1000,
    progress: Callable[[Progress], None] | None = None,
) -> Summary:
    """Read an export, judge every complaint in it, and write it back with what was found.

    All columns and cells stay as they are; the columns of
    :data:`~triage.tickets.outcome_cells.COLUMNS` are added. A row that cannot be judged stays in the output
    with those columns empty and is listed with its number and the reason in ``*.problems.csv``. The output
    appears whole or not at all; memory does not grow with the file.

    Parameters
    ----------
    input : str or Path, or sequence of these
        An export as :func:`~triage.tickets.read.read_tickets` reads it, or several with the same columns;
        names may be patterns such as ``exports/*.csv``.
    output : str or Path
        CSV, tab-separated, NDJSON, Excel or Parquet by its ending, text also packed (``.csv.gz``,
        ``.ndjson.zst``); a file that exists is replaced.
    triager : Triages
        Judges the tickets. If it has a method ``at(moment)`` that stops its clock, that is used, so that a
        run that is resumed counts deadlines from the moment at which it began.
    to : {"csv", "tsv", "ndjson", "xlsx", "parquet"}, optional
        What to write, whatever the ending says.
    text_columns, encoding, delimiter, header, sheet, timezone
        As for :func:`~triage.tickets.read.read_tickets`.
    labels : {"key", "zh"}
        Whether categories and the like are written as keys or in Chinese.
    output_encoding : str
        UTF-8 with BOM by default; for CSV alone, the other kinds have an encoding of their own.
    guarded : bool
        Whether cells that a spreadsheet would execute get an apostrophe, which
        :func:`~triage.tickets.cells.unguard` takes off again. Only in CSV: the other kinds say by
        themselves what is text.
    limit : int, optional
        Stop after so many rows.
    resume : bool
        Go on where an earlier run with the same input, output and settings was stopped, if one was.
    append : bool
        Add the rows to the output that it does not have yet, by ticket number, or by all cells where there
        is none; all its columns must be those of this run. Plain CSV, TSV and NDJSON can be added to.
    n_jobs : int
        Processes, as joblib counts: -1 is one a core. The result is the same to the byte.
    block_size : int
        Rows judged at a time, fewer where they are long. Fewer make runs with the extra `fast` slower, more take
        more memory (docs/speed.md).
    progress : callable, optional
        Called after every block, and in the last step of outputs that are made in one go.

    Returns
    -------
    Summary
        Counts, time, and what was detected.

    Raises
    ------
    InputError
        If the input cannot be read; see its children for encodings and columns.
    OutputError
        If the output cannot be written; this is found out before any work is done.
    """
    begun = time.perf_counter()
    paths = expanded([input] if isinstance(input, str | Path) else input)
    target = checked_target(paths, output, to, append=append)
    reading: dict[str, Any] = {
        "text_columns": text_columns,
        "encoding": encoding,
        "delimiter": delimiter,
        "header": header,
        "sheet": sheet,
        "timezone": timezone,
    }
    inputs = Inputs(paths, lambda path: read_tickets(path, block_size=block_size, **reading))
    columns = [*inputs.header, *COLUMNS]
    settings = {
        "kind": target.kind,
        "labels": labels,
        "output_encoding": output_encoding,
        "guarded": guarded,
        "limit": limit,
        "append": append,
        "timezone": timezone,
        "columns": columns,
    }
    known: KnownRows | None = None
    writing: dict[str, Any] = {"encoding": output_encoding, "guarded": guarded}

    def originals() -> Originals:
        """Give the values of the rows that the output has: of all, or of those that are new to it."""
        values = inputs.originals()
        if not append or values.values is None:
            return values
        older = known or KnownRows(target, inputs.first, **writing, size=files.journal.base[0])
        return values.only(new for chunk in inputs.chunks() for new in older.are_new(inputs.read(chunk)))

    files = RunOutput(
        target,
        columns,
        describe_run(inputs.facts(), triager, settings),
        originals,
        **writing,
        resume=resume,
        append=append,
    )
    tally = files.journal.tally
    try:
        if not files.journal.complete:
            if append:
                known = KnownRows(target, inputs.first, **writing)
            if hasattr(triager, "at"):
                triager = triager.at(files.journal.started)
            done = tally.rows + tally.known
            # Closed also where the run stops in the middle: what an exception holds is not tidied up in order.
            with collector_paused(), contextlib.closing(inputs.chunks(skip=done)) as every:
                chunks = _limited(every, None if limit is None else limit - done)
                if known is not None:
                    chunks = known.new(chunks, inputs.read)
                readers = [reader.row_reader for reader in inputs.readers]
                scorer = ChunkScorer(readers, triager, labels, files.form, target, columns)
                rows, chunks = _foreseen(chunks, inputs, done, limit)
                for turn, lines in enumerate(scored(chunks, scorer, n_jobs, rows), start=1):
                    files.add(lines)
                    collect_young(turn)
                    if progress is not None:
                        progress(Progress(tally.rows, inputs.fraction, time.perf_counter() - begun))
        sealing = time.perf_counter()

        def sealed(share: float) -> None:
            if progress is not None:
                progress(Progress(int(tally.rows * share), share, time.perf_counter() - sealing, sealing=True))

        files.finish(sealed)
    except BaseException as error:
        files.abandon(error)
        raise
    return Summary.of(
        tally,
        seconds=time.perf_counter() - begun,
        detected=tuple(inputs.describe()),
        output=target.path,
        problems_file=files.listing if tally.problems else None,
    )


def _limited(chunks: Iterable[Chunk], limit: int | None) -> Iterator[Chunk]:
    """Stop after so many rows."""
    left = limit
    for chunk in chunks:
        if left is None:
            yield chunk
            continue
        if left <= 0:
            return
        if len(chunk) > left:
            chunk = chunk.select(range(left))
            chunk.left_out = 0  # what is beyond the limit was not read at all
        yield chunk
        left -= len(chunk)


def _foreseen(chunks: Iterator[Chunk], inputs: Inputs, done: int, limit: int | None) -> tuple[int, Iterator[Chunk]]:
    """Tell from the first chunk about how many rows there will be, and give it back."""
    first = next(chunks, None)
    if first is None:
        return 0, chunks
    read = done + len(first) + first.left_out
    rows = round(read / inputs.fraction) if inputs.fraction else read
    return min(rows, limit or rows) - done, itertools.chain([first], chunks)
