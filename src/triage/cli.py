"""The command line: parse, call, print, exit code. No logic lives here.

Exit codes: 0 done; 1 done, but with problems (rows that could not be scored, a policy that does not hold);
2 the command line is wrong; 3 the input, model, policy or output cannot be used (the message says why);
130 interrupted.
"""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import Any

import click

from triage import __version__
from triage.commands.learn import audit, suggest, train
from triage.commands.options import UNUSABLE
from triage.commands.options import console as _console
from triage.commands.options import json_option as _json
from triage.commands.options import lang_option as _lang
from triage.commands.options import model_option as _model
from triage.commands.options import policy_option as _policy
from triage.commands.options import target_option as _target
from triage.commands.policy import policy
from triage.commands.score import score
from triage.errors import TriageError

__all__ = ["cli", "main"]

_INTERRUPTED = 130


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TriageError as error:
            click.echo(f"triage: {error}", err=True)
            ctx.exit(UNUSABLE)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="triage")
def cli() -> None:
    """Read Chinese complaints; say what they are and what to do now. Nothing leaves this machine."""


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


for command in (score, train, suggest, audit, policy):
    cli.add_command(command)


@functools.wraps(cli.main)
def main(*args: Any, **kwargs: Any) -> Any:
    """Run the command line; an interrupt is no traceback."""
    try:
        return cli(*args, **kwargs)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
