"""``triage train``, ``suggest`` and ``audit``: a model from the corpus, and from labels of one's own."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

import click

from triage.commands.options import PROBLEMS, console, json_option, model_option

__all__ = ["audit", "suggest", "train"]


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), help="Corpus folder (default: data/corpus of the checkout).")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the new model.")
@click.option("--name", default="default", show_default=True, help="Name of the model.")
@click.option(
    "--extra", type=click.Path(path_type=Path), multiple=True, help="Labels of your own to learn; repeat for several."
)
@click.option("--extra-weight", type=float, default=1.0, show_default=True, help="How much each of them counts.")
@model_option
@json_option
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
        console().print(gain_report(gain))


@click.command()
@click.argument("export", metavar="TICKETS", type=click.Path(path_type=Path))
@click.option("-n", "count", type=click.IntRange(min=1), default=100, show_default=True, help="How many.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Table to fill in (default: TICKETS-labels.csv).")
@click.option("--text-column", "text_columns", multiple=True, help="Column with the complaint; repeat to join several.")
@model_option
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
        sys.exit(PROBLEMS)


@click.command()
@click.argument("labelled", type=click.Path(path_type=Path), nargs=-1, required=True)
@model_option
@json_option
def audit(labelled: tuple[Path, ...], model: Path | None, as_json: bool) -> None:
    """List labels that are probably wrong, the surest first."""
    from triage.classify.store import load_model
    from triage.learn.audit import audit as doubts_among
    from triage.learn.labels import read_labels

    labels = read_labels(labelled)
    doubts = doubts_among(labels, load_model(model))
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(doubt) for doubt in doubts], ensure_ascii=False, indent=2))
    else:
        from triage.report.own_data import doubts_table

        console().print(doubts_table(doubts, int(labels["primary"].notna().sum())))
