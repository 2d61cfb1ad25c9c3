"""All that becomes of some rows of an export, from their cells to the lines of the output, in whatever process."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from triage.batch.blocks import ScoredBlock, Triages, complete, judge
from triage.batch.summary import Tally
from triage.tickets.chunks import Chunk
from triage.tickets.csv_lines import LineForm
from triage.tickets.outcome_cells import Labels
from triage.tickets.rows import RowReader
from triage.tickets.targets import Target

__all__ = ["ChunkScorer", "ScoredLines"]


@dataclasses.dataclass(frozen=True, slots=True)
class ScoredLines:
    """What is written of a chunk.

    Parameters
    ----------
    lines : bytes
        The lines of its rows.
    problems : list of list of str
        Number, reason code, reason, raw text and file of the rows with problems.
    tally : Tally
        What to add to the counts.
    """

    lines: bytes
    problems: list[list[str]]
    tally: Tally


@dataclasses.dataclass(frozen=True, slots=True)
class ChunkScorer:
    """Reads, judges, completes and writes down chunks; sent to every process once, which then takes and gives little.

    Parameters
    ----------
    readers : sequence of RowReader
        One for each file of the run.
    triager : Triages
        Judges the tickets.
    labels : {"key", "zh"}
        How enums are written.
    form : LineForm
        How rows become lines.
    target : Target
        What the lines are for.
    header : sequence of str
        The columns of the output.
    """

    readers: Sequence[RowReader]
    triager: Triages
    labels: Labels
    form: LineForm
    target: Target
    header: Sequence[str]

    def __call__(self, chunk: Chunk) -> ScoredLines:
        """Score a chunk."""
        block = self.readers[chunk.file].read(chunk)
        scored = complete(block, judge(block.tickets, self.triager, self.labels))
        if self.target.kind == "xlsx":
            self._note_long_cells(scored)
        return ScoredLines(self.form.lines(scored.rows), scored.problems, scored.tally)

    def _note_long_cells(self, scored: ScoredBlock) -> None:
        """List in full what a cell of a sheet cannot hold."""
        for number, cells in zip(scored.numbers, scored.rows, strict=True):
            for name, cell in zip(self.header, cells, strict=True):
                if self.target.fitting(cell) != cell:
                    reason = f"the cell in {name} is longer than a sheet allows and was cut; here it is whole"
                    scored.problems.append([str(number), "cell_cut", reason, cell, scored.file])
                    scored.tally.problems["cell_cut"] += 1
