"""Several exports, each scored into a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from triage.batch.blocks import Triages
from triage.batch.score import score_file
from triage.batch.summary import Summary
from triage.errors import InputError, OutputError, TriageError
from triage.tickets.packing import ENDINGS as PACKINGS
from triage.tickets.targets import target_of

__all__ = ["output_beside", "score_each"]


def output_beside(source: str | Path, folder: str | Path | None = None, to: str | None = None) -> Path:
    """Return where the scored file of an export stands if no other place is named.

    Parameters
    ----------
    source : str or Path
        The export.
    folder : str or Path, optional
        Where the scored file is to stand; by default beside the export.
    to : str, optional
        The kind of output; CSV by default.

    Examples
    --------
    >>> output_beside("exports/2026.09.xlsx").name, output_beside("投诉.csv.gz", to="parquet").name
    ('2026.09-triaged.csv', '投诉-triaged.parquet')
    """
    path = Path(source)
    stem = path.with_suffix("").stem if path.suffix.lower() in PACKINGS else path.stem
    return (path.parent if folder is None else Path(folder)) / f"{stem}-triaged.{to or 'csv'}"


def score_each(
    inputs: Sequence[str | Path],
    triager: Triages,
    folder: str | Path | None = None,
    *,
    to: str | None = None,
    starting: Callable[[str | Path], None] | None = None,
    **options: Any,
) -> Iterator[tuple[str | Path, Summary | TriageError]]:
    r"""Score several exports; one that cannot be used does not keep the others from being scored.

    Parameters
    ----------
    inputs : sequence of str or Path
        The exports.
    triager : Triages
        Judges the tickets.
    folder : str or Path, optional
        A folder for the scored files; by default each stands beside its export.
    to : str, optional
        The kind of output; CSV by default.
    starting : callable, optional
        Called with the name of each export before it is read.
    **options
        As for :func:`~triage.batch.score.score_file`.

    Yields
    ------
    tuple of path and Summary, or path and TriageError
        What each export came to, in order.

    Raises
    ------
    InputError, OutputError
        Before anything is read, if two exports would be scored into the same file, or one is standard input.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from triage import Triager
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "九月.csv").write_text("投诉内容\n系统一打开就闪退，单子都做不了\n", "utf-8")
    >>> for source, result in score_each([folder / "九月.csv", folder / "十月.csv"], Triager()):
    ...     print(source.name, getattr(result, "categories", result))
    九月.csv {'technical': 1}
    十月.csv there is no such file: ...
    """
    outputs: dict[Path, str | Path] = {}
    for source in inputs:
        if str(source) == "-":
            raise InputError("standard input has no name to call its output by", value="-", cure="Name the output.")
        output = target_of(output_beside(source, folder, to)).path
        if output in outputs:
            raise OutputError(
                f"two exports would be scored into one file: {outputs[output]} and {source}",
                value=str(output),
                cure="Score them into different folders, or give one output for both.",
            )
        outputs[output] = source
    for output, source in outputs.items():
        if starting is not None:
            starting(source)
        try:
            yield source, score_file(source, output, triager, **options)
        except TriageError as error:
            yield source, error
