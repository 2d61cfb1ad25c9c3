"""What is to be written, told by the name of the output: which kind of table, packed or not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from triage.errors import OutputError
from triage.tickets.packing import ENDINGS as PACKINGS

__all__ = ["ENDINGS", "KINDS", "Target", "target_of"]

#: What can be written, by name.
KINDS = ("csv", "tsv", "ndjson", "xlsx", "parquet")

#: The kind that an ending says.
ENDINGS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
}

_DELIMITERS = {"csv": ",", "tsv": "\t"}
#: Rows and columns of a sheet, and UTF-16 units of a cell, by Excel's specifications and limits.
_SHEET_ROWS, _SHEET_COLUMNS, _SHEET_CELL = 1_048_576, 16_384, 32_767


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """An output and what its name says.

    Parameters
    ----------
    path : Path
        Where it is to appear.
    kind : str
        One of :data:`KINDS`.
    packing : str or None
        ``"gzip"`` or ``"zstd"`` where it is to be packed.
    """

    path: Path
    kind: str
    packing: str | None = None

    @property
    def delimiter(self) -> str | None:
        """What stands between cells, in kinds that are text; None in others."""
        return _DELIMITERS.get(self.kind)

    @property
    def sealed(self) -> bool:
        """Whether the file is made of plain text in a last step, instead of being written as it goes."""
        return self.delimiter is None or self.packing is not None

    @property
    def most_rows(self) -> int | None:
        """How many rows the kind can hold below its header."""
        return _SHEET_ROWS - 1 if self.kind == "xlsx" else None

    def check_width(self, width: int) -> None:
        """Refuse more columns than the kind can hold."""
        if self.kind == "xlsx" and width > _SHEET_COLUMNS:
            cure = "Write .csv, .ndjson or .parquet."
            raise OutputError(f"a sheet holds {_SHEET_COLUMNS:,} columns", value=width, where=str(self.path), cure=cure)

    def fitting(self, cell: str) -> str:
        """Return as much of a cell as the kind can hold."""
        if self.kind != "xlsx" or len(cell) <= _SHEET_CELL // 2:
            return cell
        packed = cell.encode("utf-16-le", "surrogatepass")
        return cell if len(packed) <= 2 * _SHEET_CELL else packed[: 2 * _SHEET_CELL].decode("utf-16-le", "ignore")


def target_of(path: str | Path, to: str | None = None) -> Target:
    """Tell from the ending of an output what is to be written.

    Parameters
    ----------
    path : str or Path
        Where the output is to appear; ``.gz`` or ``.zst`` after the ending of a text kind packs it.
    to : str, optional
        One of :data:`KINDS`, whatever the ending.

    Returns
    -------
    Target
        Kind and packing.

    Raises
    ------
    OutputError
        If the ending says nothing that can be written, or a kind that is packed by itself is to be packed.

    Examples
    --------
    >>> target = target_of("投诉.csv.gz")
    >>> target.kind, target.packing
    ('csv', 'gzip')
    >>> target_of("投诉", to="parquet").kind
    'parquet'
    """
    path = Path(path)
    endings = [ending.lower() for ending in path.suffixes]
    packing = PACKINGS.get(endings[-1]) if endings else None
    if packing:
        endings.pop()
    kind = to or ENDINGS.get(endings[-1] if endings else "")
    if to is not None and to not in KINDS:
        raise OutputError("not a kind of output", value=to, where="to", options=KINDS)
    if kind is None:
        raise OutputError(
            "the ending says a format that cannot be written",
            value=path.name,
            options=[*ENDINGS, ".csv.gz", ".csv.zst", ".ndjson.gz", ".ndjson.zst"],
            cure="Give one of these endings, or say the kind: to='csv' (--to csv on the command line).",
        )
    if packing and kind in {"xlsx", "parquet"}:
        raise OutputError(f"{kind} is packed by itself", value=path.name, cure=f"Leave {path.suffix} out.")
    return Target(path, kind, packing)
