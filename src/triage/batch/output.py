"""The files a run writes: the scored table, the list of problems, and the journal beside them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from triage.batch.journal import Journal
from triage.batch.scorer import ScoredLines
from triage.errors import OutputError
from triage.tickets.csv_lines import LineForm
from triage.tickets.packing import ENDINGS as PACKINGS
from triage.tickets.packing import packing_writer
from triage.tickets.parquet import need_pyarrow
from triage.tickets.save_workbook import need_xlsxwriter
from triage.tickets.seal import Originals, seal, sum_of
from triage.tickets.targets import ENDINGS, Target, target_of
from triage.tickets.write import TableWriter, check_target, partial_path

__all__ = ["RunOutput", "checked_target", "problems_path"]

_PROBLEM_COLUMNS = ("row", "code", "reason", "raw", "file")


def problems_path(output: str | Path) -> Path:
    """Return where the row problems of a scored file are listed.

    Examples
    --------
    >>> problems_path("scored.csv").name, problems_path("scored.ndjson.gz").name
    ('scored.problems.csv', 'scored.problems.csv')
    """
    path = Path(output)
    if path.suffix.lower() in PACKINGS:
        path = path.with_suffix("")
    return path.with_suffix(".problems.csv") if path.suffix.lower() in ENDINGS else Path(f"{path}.problems.csv")


def checked_target(inputs: Sequence[str | Path], output: str | Path, to: str | None, *, append: bool) -> Target:
    """Refuse an output that cannot be written, before anything is read."""
    target = target_of(output, to)
    if append and (target.packing is not None or target.kind not in {"csv", "tsv", "ndjson"}):
        raise OutputError(
            "rows can be added to plain .csv, .tsv and .ndjson files only",
            value=target.path.name,
            cure="Write a new file, or add to a .csv.",
        )
    check_target(target.path)
    for source in inputs:
        if target.path.exists() and Path(source).exists() and target.path.samefile(source):
            cure = "Give another name; the original stays as it is."
            raise OutputError("the output is the input", value=str(target.path), cure=cure)
    if target.kind == "xlsx":
        need_xlsxwriter(target.path.name)
    elif target.kind == "parquet":
        need_pyarrow(target.path.name)
    if target.packing is not None:
        packing_writer(io.BytesIO(), target.packing, target.path.name).close()
    return target


class RunOutput:
    """Takes scored rows, and can go on after an earlier run.

    Parameters
    ----------
    target : Target
        The scored file.
    header : sequence of str
        Its columns.
    run : dict
        What makes the run this run and no other.
    originals : callable
        Gives the rows of the input with their types, for a target that has types.
    encoding : str
        Of the scored file, if it is text.
    guarded : bool
        Whether cells that a spreadsheet would execute get an apostrophe, if it is CSV.
    resume : bool
        Whether to go on with an earlier run, if there was one.
    append : bool
        Whether to add to the target instead of replacing it.
    """

    def __init__(
        self,
        target: Target,
        header: Sequence[str],
        run: dict[str, Any],
        originals: Callable[[], Originals],
        *,
        encoding: str,
        guarded: bool,
        resume: bool,
        append: bool,
    ) -> None:
        target.check_width(len(header))
        self.target = target
        self.listing = problems_path(target.path)
        self._header = header
        self._originals = originals
        path = Journal.beside(target.path)
        earlier = Journal.load(path, run) if resume else None
        self.journal = earlier or Journal(path, run, dt.datetime.now(dt.UTC))
        self.resumed = earlier is not None
        if append and target.sealed:
            if earlier is None:
                self.journal.base = sum_of(target.path)
            elif not self.journal.complete and sum_of(target.path) != self.journal.base:
                raise OutputError(
                    "the file to add to has changed since the run was stopped",
                    value=str(target.path),
                    cure="Run again without resuming.",
                )
        self._table: TableWriter | None = None
        self._problems: TableWriter | None = None
        if self.journal.complete:  # killed during the very last step
            return
        self._open(encoding=encoding, guarded=guarded, beginning=target.path if append and not target.sealed else None)

    def _open(self, *, encoding: str, guarded: bool, beginning: Path | None) -> None:
        earlier = self.journal if self.resumed else None
        if earlier or (beginning is not None and not beginning.exists()):
            beginning = None
        # Two runs at once are told apart by the lock of the table, which is therefore opened first.
        text = self.target.delimiter is not None
        self._table = TableWriter(
            self.target.path,
            self._header,
            encoding=encoding if text else "utf-8",
            delimiter=self.target.delimiter or ",",
            guarded=guarded and text,
            after=earlier.table if earlier else None,
            beginning=beginning,
        )
        try:
            after = earlier.problems if earlier else None
            self._problems = TableWriter(self.listing, _PROBLEM_COLUMNS, guarded=guarded, after=after)
            if earlier is None:
                self.journal.remove()  # of an earlier run that is not gone on with
        except BaseException as error:
            self.abandon(error)
            raise

    @property
    def form(self) -> LineForm:
        """How rows become lines of the scored file."""
        return self._files()[0].form

    def add(self, scored: ScoredLines) -> None:
        """Write what was scored and enter it in the journal."""
        table, problems = self._files()
        most = self.target.most_rows
        if most is not None and self.journal.tally.rows + scored.tally.rows > most:
            raise OutputError(
                f"a sheet holds {most:,} rows and the input has more",
                value=str(self.target.path),
                cure="Write .csv, .ndjson or .parquet, or score it in parts.",
            )
        table.write_lines(scored.lines)
        problems.write(scored.problems)
        self.journal.tally += scored.tally
        self._enter()

    def _enter(self) -> None:
        table, problems = self._files()
        self.journal.table = table.checkpoint()
        self.journal.problems = problems.checkpoint()
        self.journal.save()

    def _files(self) -> tuple[TableWriter, TableWriter]:
        if self._table is None or self._problems is None:
            raise RuntimeError("the run is complete")
        return self._table, self._problems

    def finish(self, progress: Callable[[float], None] | None = None) -> None:
        """Put the files in their places; every step can be done again if the process is killed after it.

        Parameters
        ----------
        progress : callable, optional
            Called with the share that is done, where the output is made of the plain table in a last step.
        """
        if not self.journal.complete:
            self.journal.complete = True
            self._enter()
            table, problems = self._files()
            problems.commit() if self.journal.tally.problems else problems.discard()
            if self.target.sealed:
                table.settle()
            else:
                table.commit()
        plain = partial_path(self.target.path)
        if self.target.sealed and plain.exists():
            seal(plain, self.target, self._originals(), progress, self.journal.base)
            if self._table is not None:
                self._table.close()
            plain.unlink()
        for file in (self.listing, self.target.path):
            if partial_path(file).exists():
                partial_path(file).replace(file)
        if not self.journal.tally.problems:
            self.listing.unlink(missing_ok=True)  # a list of an earlier run would mislead
        self.journal.remove()

    def abandon(self, error: BaseException) -> None:
        """Close the files after an error; what was done is kept, if it was entered in the journal."""
        open_files = [file for file in (self._table, self._problems) if file is not None]
        if self.journal.path.exists():
            for file in open_files:
                file.close()
            done = self.journal.tally.rows
            error.add_note(f"{done} rows are done and kept: run again with resume=True (--resume) to go on.")
        else:
            for file in open_files:
                file.discard()
