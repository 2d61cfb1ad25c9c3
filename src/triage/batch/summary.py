"""What a run over a file came to."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["Progress", "Summary", "Tally"]


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come.

    Parameters
    ----------
    rows : int
        Rows written so far.
    fraction : float
        Share of the input's bytes read.
    seconds : float
        Time since the run began.
    sealing : bool
        Whether all rows are judged and the output is being made of them (xlsx, NDJSON, Parquet, packed files);
        the numbers are then those of this last step.
    """

    rows: int
    fraction: float
    seconds: float
    sealing: bool = False

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """The time still needed, if something can be said about it."""
        return self.seconds * (1 - self.fraction) / self.fraction if self.fraction > 0 else None


@dataclasses.dataclass(slots=True)
class Tally:
    """Counts that grow while a run goes on."""

    rows: int = 0
    scored: int = 0
    known: int = 0
    categories: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    severities: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    decisions: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    problems: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)

    def to_dict(self) -> dict[str, int | dict[str, int]]:
        """Return the counts as plain data."""
        values = ((field.name, getattr(self, field.name)) for field in dataclasses.fields(self))
        return {name: dict(value) if isinstance(value, dict) else value for name, value in values}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Tally:
        """Return the tally that gave the plain data."""
        values: dict[str, Any] = {
            name: collections.Counter(value) if isinstance(value, dict) else value for name, value in plain.items()
        }
        return cls(**values)

    def __iadd__(self, other: Tally) -> Tally:
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))
        return self


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """What a run over a file came to.

    Parameters
    ----------
    rows : int
        Rows of data read; each of them is in the output.
    scored : int
        Rows that have an outcome.
    known : int
        Rows left out because the file they were added to has them already.
    categories, severities, decisions : mapping of str to int
        Outcomes by key, the commonest first.
    problems : mapping of str to int
        Row problems and notes by reason code.
    seconds : float
        Time taken.
    detected : tuple of str
        Encoding, dialect, columns and what else a user should know.
    output : Path or None
        The scored file; None for a dry run.
    problems_file : Path or None
        The list of row problems, if there are any.
    """

    rows: int
    scored: int
    known: int
    categories: Mapping[str, int]
    severities: Mapping[str, int]
    decisions: Mapping[str, int]
    problems: Mapping[str, int]
    seconds: float
    detected: tuple[str, ...]
    output: Path | None = None
    problems_file: Path | None = None

    @classmethod
    def of(
        cls,
        tally: Tally,
        *,
        seconds: float,
        detected: tuple[str, ...],
        output: Path | None = None,
        problems_file: Path | None = None,
    ) -> Summary:
        """Close a tally."""
        return cls(
            rows=tally.rows,
            scored=tally.scored,
            known=tally.known,
            categories=dict(tally.categories.most_common()),
            severities=dict(tally.severities.most_common()),
            decisions=dict(tally.decisions.most_common()),
            problems=dict(tally.problems.most_common()),
            seconds=seconds,
            detected=detected,
            output=output,
            problems_file=problems_file,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as plain data."""
        plain = dataclasses.asdict(self)
        return {key: str(value) if isinstance(value, Path) else value for key, value in plain.items()}
