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
from triage.commands.options import console as _console
from triage.commands.options import json_option as _json
from triage.commands.options import lang_option as _lang
from triage.commands.options import model_option as _model
from triage.commands.options import policy_option as _policy
from triage.commands.options import target_option as _target
from triage.commands.score import score
from triage.errors import TriageError

__all__ = ["cli", "main"]

_PROBLEMS, _UNUSABLE, _INTERRUPTED = 1, 3, 130


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


cli.add_command(score)


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
def train(corpus: Path | None, output: Path, name: str) -> None:
    """Train a model on the corpus and write it to a folder; minutes."""
    from triage.classify.card import model_card
    from triage.classify.store import save_model
    from triage.classify.train import train as fit
    from triage.datasets import load_corpus

    trained = fit(load_corpus(corpus), name=name)
    save_model(trained, output, model_card(trained))
    click.echo(json.dumps(trained.facts["metrics"], indent=2))


@cli.group()
def policy() -> None:
    """Read, check, change and try the policy."""


@policy.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
def check(path: Path | None) -> None:
    """Say everything that is wrong with a policy folder."""
    from triage.policy.load import check_policy

    problems = check_policy(path)
    for problem in problems:
        click.echo(problem)
    where = path or "the packaged policy"
    if problems:
        click.echo(f"{where}: {len(problems)} problem{'s' if len(problems) > 1 else ''}", err=True)
        sys.exit(_PROBLEMS)
    click.echo(f"{where}: holds")


@policy.command()
@click.argument("category", type=click.Choice(["technical", "communication", "process", "attitude", "none"]))
@click.option("--issue", help="Issue type, e.g. data_loss.")
@click.option(
    "--severity", type=click.Choice(["low", "normal", "high", "critical"]), default="normal", show_default=True
)
@click.option("--signal", "signals", multiple=True, help="Fact found by rule, e.g. outage; repeat for several.")
@_policy
def show(category: str, issue: str | None, severity: str, signals: tuple[str, ...], policy: Path | None) -> None:
    """Show what a complaint of a kind sets in motion, each value with the file and key that gave it."""
    from triage.policy.inspect import shown_case
    from triage.policy.load import load_policy
    from triage.records import Category, IssueType, Severity

    kind = IssueType(issue) if issue else None
    click.echo(shown_case(load_policy(policy), Category(category), kind, Severity(severity), signals))


@policy.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
def diff(old: Path, new: Path) -> None:
    """Say in plain words what changes from policy OLD to NEW; "packaged" names the packaged one."""
    from triage.policy.inspect import differences

    click.echo("\n".join(differences(_loaded(old), _loaded(new))) or "no difference")


@policy.command()
@click.argument("new", type=click.Path(path_type=Path))
@click.argument("tickets", type=click.Path(path_type=Path))
@_policy
@_model
def simulate(new: Path, tickets: Path, policy: Path | None, model: Path | None) -> None:
    """Plan past TICKETS under policy NEW and say whose plan would change."""
    from triage.engine import Triager
    from triage.policy.inspect import shown_changes
    from triage.tickets.read import read_tickets

    triager = Triager(model, policy, evidence=0)
    blocks = (block.tickets for block in read_tickets(tickets))
    click.echo(shown_changes(triager.simulate(blocks, _loaded(new))))


def _loaded(path: Path) -> Any:
    from triage.policy.load import load_policy

    return load_policy(None if str(path) == "packaged" else path)


@functools.wraps(cli.main)
def main(*args: Any, **kwargs: Any) -> Any:
    """Run the command line; an interrupt is no traceback."""
    try:
        return cli(*args, **kwargs)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
