"""The command line: parse, call, print, exit code. No logic lives here.

Exit codes: 0 done; 1 done, but with problems (rows that could not be scored, a policy that does not hold);
2 the command line is wrong; 3 the input, model, policy or output cannot be used (the message says why);
130 interrupted.
"""

from __future__ import annotations

import contextlib
import functools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from triage import __version__
from triage.cli_policy import policy
from triage.errors import TriageError

__all__ = ["cli", "main"]

_PROBLEMS, _UNUSABLE, _INTERRUPTED = 1, 3, 130

_model = click.option("--model", type=click.Path(path_type=Path), help="Model folder (default: the packaged model).")
_policy = click.option(
    "--policy", type=click.Path(path_type=Path), help="Policy folder (default: the packaged policy)."
)
_lang = click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of labels."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_target = click.option("--target-precision", type=float, help="Promised precision of `automate` (default: 0.95).")


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TriageError as error:
            click.echo(f"triage: {error}", err=True)
            ctx.exit(_UNUSABLE)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="triage")
def cli() -> None:
    """Read Chinese complaints; say what they are and what to do now. Nothing leaves this machine."""


def _console(*, stderr: bool = False) -> Any:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


@cli.command()
@click.argument("text")
@_model
@_policy
@_target
@_lang
@_json
def text(
    text: str, model: Path | None, policy: Path | None, target_precision: float | None, lang: str, as_json: bool
) -> None:
    """Triage one complaint and show a card."""
    from triage.engine import Triager

    outcome = Triager(model, policy, target_precision=target_precision).triage(text)
    if as_json:
        click.echo(outcome.to_json(indent=2))
    else:
        from triage.report.card import card

        _console().print(card(outcome, lang))


@cli.command()
@click.argument("export", metavar="IN", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Scored file (default: IN-triaged.csv).")
@click.option("--text-column", "text_columns", multiple=True, help="Column with the complaint; repeat to join several.")
@click.option("--encoding", help="Encoding of IN (default: detected).")
@click.option("--delimiter", help="Delimiter of IN (default: detected).")
@click.option("--sheet", help="Sheet of a workbook (default: the first).")
@click.option("--jobs", type=int, default=1, show_default=True, help="Processes; -1 is one a core.")
@click.option("--resume", is_flag=True, help="Go on where a stopped run of the same command was.")
@click.option("--append", is_flag=True, help="Add to an existing output the rows it does not have yet.")
@click.option("--dry-run", is_flag=True, help="Show what was detected and the first five outcomes; write nothing.")
@_model
@_policy
@_target
@_lang
def score(
    export: Path,
    output: Path | None,
    text_columns: tuple[str, ...],
    dry_run: bool,
    model: Path | None,
    policy: Path | None,
    target_precision: float | None,
    lang: str,
    jobs: int,
    **reading: Any,
) -> None:
    """Score a ticket export: all its columns plus triage_* columns.

    Rows that cannot be scored stay in the output and are listed in *.problems.csv.
    """
    from triage.batch.score import score_file
    from triage.engine import Triager
    from triage.report.summary import first_outcomes, summary

    triager = Triager(model, policy, target_precision=target_precision)
    if dry_run:
        facts = {key: reading[key] for key in ("encoding", "delimiter", "sheet")}
        _console().print(first_outcomes(export, triager, text_columns=list(text_columns) or None, lang=lang, **facts))
        return
    with _progress() as show:
        result = score_file(
            export,
            output or export.with_name(f"{export.name.split('.')[0]}-triaged.csv"),
            triager,
            text_columns=list(text_columns) or None,
            labels="zh" if lang == "zh" else "key",
            n_jobs=jobs,
            progress=lambda state: show(state.rows),
            **reading,
        )
    _console().print(summary(result))
    if result.problems:
        sys.exit(_PROBLEMS)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Show rows on stderr while they are scored; silent where stderr is no terminal."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.completed:,.0f} rows"), TimeElapsedColumn()
    console = _console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda rows: progress.update(task, completed=rows)


@cli.command()
def formats() -> None:
    """List the export formats that are recognised by name."""
    from triage.tickets.known import load_formats

    for form in load_formats().values():
        click.echo(f"{form.name:16} {form.title}")


@cli.command()
@click.argument("labelled", type=click.Path(path_type=Path))
@_model
@_target
@_json
def evaluate(labelled: Path, model: Path | None, target_precision: float | None, as_json: bool) -> None:
    """Measure the model on a labelled file (JSONL or CSV in the labelling guide's form)."""
    from triage.classify.assess import Assessor
    from triage.classify.evaluate import evaluate as measure
    from triage.classify.store import load_model
    from triage.datasets import load_labels

    labels = load_labels(labelled)
    assessor = Assessor(load_model(model), target_precision=target_precision, evidence=0)
    report = measure(labels, assessor.assess(labels["text"].tolist()))
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        from triage.report.measures import measures

        _console().print(measures(report))


@cli.command()
@click.option("--corpus", type=click.Path(path_type=Path), help="Corpus folder (default: data/corpus of the checkout).")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the new model.")
@click.option("--name", default="default", show_default=True, help="Name of the model.")
@click.option(
    "--extra", type=click.Path(path_type=Path), multiple=True, help="Labels of your own to learn; repeat for several."
)
@click.option("--extra-weight", type=float, default=1.0, show_default=True, help="How much each of them counts.")
@_model
@_json
def train(
    corpus: Path | None,
    output: Path,
    name: str,
    extra: tuple[Path, ...],
    extra_weight: float,
    model: Path | None,
    as_json: bool,
) -> None:
    """Train a model and write it to a folder.

    On the corpus it takes minutes. With --extra the packaged model (or --model, or one trained on --corpus) learns
    labels of your own in seconds, and what they bring is measured on messages held out.
    """
    from triage.classify.card import model_card
    from triage.classify.store import load_model, save_model
    from triage.classify.train import train as fit
    from triage.datasets import load_corpus

    if model is not None and (corpus is not None or not extra):
        raise click.UsageError("--model is where --extra starts from; it goes without --corpus.")
    if not extra:
        trained = fit(load_corpus(corpus), name=name)
        save_model(trained, output, model_card(trained))
        click.echo(json.dumps(trained.facts["metrics"], indent=2))
        return

    from triage.learn.gain import learn
    from triage.learn.labels import read_labels
    from triage.report.own_data import gain_report

    labels = read_labels(extra)
    start = load_model(model) if corpus is None else fit(load_corpus(corpus), name=name)
    mine, gain = learn(start, labels, weight=extra_weight)
    save_model(mine, output, model_card(mine))
    if as_json:
        click.echo(json.dumps(gain, ensure_ascii=False, indent=2))
    else:
        _console().print(gain_report(gain))


@cli.command()
@click.argument("export", metavar="TICKETS", type=click.Path(path_type=Path))
@click.option("-n", "count", type=click.IntRange(min=1), default=100, show_default=True, help="How many.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Table to fill in (default: TICKETS-labels.csv).")
@click.option("--text-column", "text_columns", multiple=True, help="Column with the complaint; repeat to join several.")
@_model
def suggest(export: Path, count: int, output: Path | None, text_columns: tuple[str, ...], model: Path | None) -> None:
    """Choose which TICKETS to label next: uncertain ones, no two alike.

    Fill the columns primary, categories, issue, severity (any of them) and give the file to `train --extra`.
    """
    from triage.classify.store import load_model
    from triage.learn.suggest import write_suggestions

    target = output or export.with_name(f"{export.name.split('.')[0]}-labels.csv")
    written, problems = write_suggestions(
        export, target, load_model(model), count, text_columns=list(text_columns) or None
    )
    click.echo(f"{target}: {written} tickets to label")
    if problems:
        click.echo(f"rows passed over, for they have no readable text: {len(problems)}", err=True)
        sys.exit(_PROBLEMS)


@cli.command()
@click.argument("labelled", type=click.Path(path_type=Path), nargs=-1, required=True)
@_model
@_json
def audit(labelled: tuple[Path, ...], model: Path | None, as_json: bool) -> None:
    """List labels that are probably wrong, the surest first."""
    import dataclasses

    from triage.classify.store import load_model
    from triage.learn.audit import audit as doubts_among
    from triage.learn.labels import read_labels

    labels = read_labels(labelled)
    doubts = doubts_among(labels, load_model(model))
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(doubt) for doubt in doubts], ensure_ascii=False, indent=2))
    else:
        from triage.report.own_data import doubts_table

        _console().print(doubts_table(doubts, int(labels["primary"].notna().sum())))


cli.add_command(policy)


@functools.wraps(cli.main)
def main(*args: Any, **kwargs: Any) -> Any:
    """Run the command line; an interrupt is no traceback."""
    try:
        return cli(*args, **kwargs)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
