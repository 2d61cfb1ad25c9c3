"""The files a run writes: the scored table, the list of problems, and the journal beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from triage.batch.blocks import ScoredBlock
from triage.batch.journal import Journal
from triage.errors import OutputError
from triage.tickets.write import TableWriter, check_target, partial_path

__all__ = ["ENDINGS", "RunOutput", "checked_target", "problems_path"]

_PROBLEM_COLUMNS = ("row", "code", "reason", "raw")

#: What can be written, with the delimiter that belongs to it.
ENDINGS = {".csv": ",", ".txt": ",", ".tsv": "\t"}


def problems_path(output: str | Path) -> Path:
    """Return where the row problems of a scored file are listed.

    Examples
    --------
    >>> problems_path("scored.csv").name
    'scored.problems.csv'
    """
    return Path(output).with_suffix(".problems.csv")


def checked_target(source: str | Path, output: str | Path) -> Path:
    """Refuse an output that cannot be written, before anything is read."""
    target = Path(output)
    if target.suffix.lower() not in ENDINGS:
        where = "the ending says a format that cannot be written"
        raise OutputError(where, value=target.name, options=ENDINGS)
    check_target(target)
    if target.exists() and Path(source).exists() and target.samefile(source):
        cure = "Give another name; the original stays as it is."
        raise OutputError("the output is the input", value=str(target), cure=cure)
    return target


class RunOutput:
    """Takes scored blocks, and can go on after an earlier run.

    Parameters
    ----------
    target : Path
        The scored file.
    header : sequence of str
        Its columns.
    run : dict
        What makes the run this run and no other.
    encoding : str
        Of the scored file.
    guarded : bool
        Whether cells that a spreadsheet would execute get an apostrophe.
    resume : bool
        Whether to go on with an earlier run, if there was one.
    append : bool
        Whether to add to the target instead of replacing it.
    """

    def __init__(
        self,
        target: Path,
        header: Sequence[str],
        run: dict[str, Any],
        *,
        encoding: str,
        guarded: bool,
        resume: bool,
        append: bool,
    ) -> None:
        self.target = target
        self.listing = problems_path(target)
        path = Journal.beside(target)
        earlier = Journal.load(path, run) if resume else None
        self.journal = earlier or Journal(path, run, dt.datetime.now(dt.UTC))
        self.resumed = earlier is not None
        self._table: TableWriter | None = None
        self._problems: TableWriter | None = None
        if self.journal.complete:  # killed during the very last step
            return
        self._open(header, encoding=encoding, guarded=guarded, beginning=target if append else None)

    def _open(self, header: Sequence[str], *, encoding: str, guarded: bool, beginning: Path | None) -> None:
        earlier = self.journal if self.resumed else None
        if earlier or (beginning is not None and not beginning.exists()):
            beginning = None
        # Two runs at once are told apart by the lock of the table, which is therefore opened first.
        self._table = TableWriter(
            self.target,
            header,
            encoding=encoding,
            delimiter=ENDINGS[self.target.suffix.lower()],
            guarded=guarded,
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

    def add(self, scored: ScoredBlock) -> None:
        """Write a block and enter it in the journal."""
        table, problems = self._files()
        table.write(scored.rows)
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

    def finish(self) -> None:
        """Put the files in their places; every step can be done again if the process is killed after it."""
        if not self.journal.complete:
            self.journal.complete = True
            self._enter()
            table, problems = self._files()
            problems.commit() if self.journal.tally.problems else problems.discard()
            table.commit()
        for file in (self.listing, self.target):
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
