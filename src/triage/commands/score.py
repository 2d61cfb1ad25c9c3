"""``triage score``: exports in, scored exports out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from triage.commands.options import (
    PROBLEMS,
    UNUSABLE,
    console,
    lang_option,
    model_option,
    policy_option,
    progress,
    target_option,
)
from triage.errors import InputError, TriageError

__all__ = ["score"]

_KINDS = ["csv", "tsv", "ndjson", "xlsx", "parquet"]


@click.command()
@click.argument("exports", metavar="IN...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    help="Scored file; a folder, or a name that ends in /, for a file each (default: IN-triaged.csv beside IN).",
)
@click.option("--to", type=click.Choice(_KINDS), help="Kind of output (default: by its ending, else csv).")
@click.option("--text-column", "text_columns", multiple=True, help="Column with the complaint; repeat to join several.")
@click.option("--encoding", help="Encoding of IN (default: detected).")
@click.option("--delimiter", help="Delimiter of IN (default: detected).")
@click.option("--sheet", help="Sheet of a workbook (default: the first).")
@click.option("--no-header", "no_header", is_flag=True, help="IN has no row of column names.")
@click.option("--limit", type=click.IntRange(min=1), help="Score so many rows of each output and stop.")
@click.option("--jobs", type=int, default=1, show_default=True, help="Processes; -1 is one a core.")
@click.option(
    "--evidence",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="Deciding words a row; 0 leaves the column empty and is four times as fast.",
)
@click.option("--resume", is_flag=True, help="Go on where a stopped run of the same command was.")
@click.option("--append", is_flag=True, help="Add to an existing output the rows it does not have yet.")
@click.option("--dask", metavar="ADDRESS", help="Score CSV or Parquet on a Dask cluster, into the new folder OUTPUT.")
@click.option("--dry-run", is_flag=True, help="Show what was detected and the first five outcomes; write nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@model_option
@policy_option
@target_option
@lang_option
def score(
    exports: tuple[str, ...],
    output: str | None,
    to: str | None,
    text_columns: tuple[str, ...],
    no_header: bool,
    limit: int | None,
    jobs: int,
    evidence: int,
    resume: bool,
    append: bool,
    dask: str | None,
    dry_run: bool,
    quiet: bool,
    model: Path | None,
    policy: Path | None,
    target_precision: float | None,
    lang: str,
    **reading: Any,
) -> None:
    """Score ticket exports: all their columns plus triage_* columns.

    IN may be a pattern, in quotes. Several exports of the same columns make one OUTPUT, or one each in a folder.
    Rows that cannot be scored stay in the output and are listed in *.problems.csv.
    """
    from triage.batch.inputs import expanded
    from triage.engine import Triager

    if dask is not None:
        foreign = {"--to": to, "--limit": limit, "--resume": resume, "--append": append, "--dry-run": dry_run}
        foreign["--sheet"] = reading.pop("sheet")
        if given := ", ".join(name for name, value in foreign.items() if value):
            raise click.UsageError(f"{given}: not with --dask, which reads CSV or Parquet and writes Parquet.")
        reading["header"] = False if no_header else None
        setting = (model, policy, target_precision, evidence)
        rows = _on_cluster(exports, output, dask, text_columns, setting, reading)
        _say(f"{rows:,} rows\nwritten: {output}", quiet)
        return
    paths = expanded(exports)
    triager = Triager(model, policy, target_precision=target_precision, evidence=evidence)
    reading |= {"text_columns": list(text_columns) or None, "header": False if no_header else None}
    if dry_run:
        from triage.report.summary import first_outcomes

        for path in paths:
            console().print(first_outcomes(Path(path), triager, lang=lang, **reading))
        return
    with progress(quiet=quiet) as show:
        reading |= {"to": to, "limit": limit, "n_jobs": jobs, "resume": resume, "append": append, "progress": show}
        code = _run(paths, output, triager, lambda result: _say(result, quiet), lang=lang, **reading)
    sys.exit(code)


def _run(
    paths: list[str | Path], output: str | None, triager: Any, say: Callable[[Any], None], *, lang: str, **options: Any
) -> int:
    """Score into one file or into one each; return the exit code."""
    from triage.batch.each import score_each
    from triage.batch.score import score_file
    from triage.report.summary import summary

    options["labels"] = "zh" if lang == "zh" else "key"
    if output is not None and not (output.endswith(("/", "\\")) or Path(output).is_dir()):
        result = score_file(paths, output, triager, **options)
        say(summary(result))
        return PROBLEMS if result.problems else 0
    folder = None if output is None else Path(output)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    code = 0
    for path, outcome in score_each(paths, triager, folder, **options):
        if isinstance(outcome, TriageError):
            if len(paths) == 1:
                raise outcome
            click.echo(f"triage: {path}: {outcome}", err=True)
            code = UNUSABLE
            continue
        say(f"[{path}]" if len(paths) > 1 else None)
        say(summary(outcome))
        code = max(code, PROBLEMS if outcome.problems else 0)
    return code


def _on_cluster(
    exports: tuple[str, ...],
    output: str | None,
    address: str,
    columns: tuple[str, ...],
    setting: tuple[Any, ...],
    reading: dict[str, Any],
) -> int:
    from triage.batch.dask import score_files
    from triage.batch.frames import FrameScorer
    from triage.batch.inputs import expanded

    if output is None:
        raise InputError("a cluster writes into a new folder", where="-o", cure="Name one: -o FOLDER.")
    text_column = None
    if any(str(path).lower().endswith(".parquet") for path in expanded(exports)):
        if len(columns) > 1:
            raise InputError("a Parquet file has one text column", value=", ".join(columns), where="--text-column")
        text_column = columns[0] if columns else None
    else:
        reading["text_columns"] = list(columns) or None
    model, policy, target_precision, evidence = setting
    scorer = FrameScorer(model, policy, target_precision=target_precision, evidence=evidence, text_column=text_column)
    return score_files(list(exports), output, address, scorer, **reading)


def _say(what: Any, quiet: bool) -> None:
    if not quiet and what is not None:
        console().print(what, markup=False, soft_wrap=True)  # paths and counts are not broken into lines
