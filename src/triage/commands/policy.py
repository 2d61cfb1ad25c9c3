"""``triage policy …``: read, check, change and try the policy. No logic lives here."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import click

from triage.commands.options import PROBLEMS, model_option, policy_option
from triage.records import Category, IssueType, Severity

__all__ = ["policy"]

_folder = click.Path(path_type=Path)
_severity = click.option(
    "--severity", type=click.Choice([s.value for s in Severity]), default="normal", show_default=True
)


@click.group()
def policy() -> None:
    """Read, check, change and try the policy."""


@policy.command()
@click.argument("path", metavar="DIR", type=_folder)
@click.option("--name", default="我们的投诉处理策略", show_default=True, help="What every plan will call the policy.")
@click.option("--from", "day", type=click.DateTime(["%Y-%m-%d"]), help="First day it applies (default: today).")
def init(path: Path, name: str, day: dt.datetime | None) -> None:
    """Write a commented starting point for a policy of your own to the new folder DIR."""
    from triage.policy.start import begin_policy

    first = day.date() if day else dt.datetime.now().astimezone().date()
    for file in begin_policy(path, name=name, day=first):
        click.echo(file)


@policy.command()
@click.argument("path", metavar="[DIR]", type=_folder, required=False)
def check(path: Path | None) -> None:
    """Say everything that is wrong with a policy folder."""
    from triage.policy.load import check_policy

    problems = check_policy(path)
    for problem in problems:
        click.echo(problem)
    where = path or "the packaged policy"
    if problems:
        click.echo(f"{where}: {len(problems)} problem{'s' if len(problems) > 1 else ''}", err=True)
        sys.exit(PROBLEMS)
    click.echo(f"{where}: holds")


@policy.command()
@click.argument("category", type=click.Choice([c.value for c in Category]))
@click.argument("issue", type=click.Choice([i.value for i in IssueType]), required=False)
@_severity
@click.option("--signal", "signals", multiple=True, help="Fact found by rule, e.g. outage; repeat for several.")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]), help="Date it as of this arrival.")
@click.option("--words", is_flag=True, help="With --at: also the words of every step.")
@policy_option
def show(
    category: str,
    issue: str | None,
    severity: str,
    signals: tuple[str, ...],
    at: dt.datetime | None,
    words: bool,
    policy: Path | None,
) -> None:
    """Show what a complaint of a kind sets in motion, each value with the file and key that gave it."""
    from triage.policy.inspect import shown_case
    from triage.policy.load import load_policy
    from triage.policy.showing import example, shown_plan

    loaded, what = load_policy(policy), (Category(category), IssueType(issue) if issue else None, Severity(severity))
    if at is None:
        click.echo(shown_case(loaded, *what, signals))
    else:
        click.echo(shown_plan(example(loaded, *what, signals, at=at), words=words, sources=True))


@policy.command()
@click.argument("file", required=False)
@click.option("-o", "--output", type=_folder, help="Folder: one schema for each policy file.")
def schema(file: str | None, output: Path | None) -> None:
    """Print the JSON Schema of FILE (e.g. signals.toml; `issues` for that folder), or of all files."""
    from triage.policy.json_schema import json_schema, write_schemas

    if output is not None:
        for written in write_schemas(output):
            click.echo(written)
    else:
        click.echo(json.dumps(json_schema(file), ensure_ascii=False, indent=2))


@policy.command()
@click.argument("old", type=_folder)
@click.argument("new", type=_folder)
def diff(old: Path, new: Path) -> None:
    """Say in plain words what changes from policy OLD to NEW; "packaged" names the packaged one."""
    from triage.policy.inspect import differences

    click.echo("\n".join(differences(_loaded(old), _loaded(new))) or "no difference")


@policy.command()
@click.argument("tickets", type=_folder)
@click.option("--policy", "new", type=_folder, required=True, help="Policy folder to try.")
@click.option("--against", type=_folder, help="Policy in force (default: the packaged policy).")
@model_option
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many tickets are listed.")
def simulate(tickets: Path, new: Path, against: Path | None, model: Path | None, limit: int) -> None:
    """Plan past TICKETS under a new policy and say who would get what and when, against the current one."""
    from triage.engine import Triager
    from triage.policy.inspect import shown_changes
    from triage.tickets.read import read_tickets

    triager = Triager(model, against, evidence=0)
    blocks = (block.tickets for block in read_tickets(tickets))
    click.echo(shown_changes(triager.simulate(blocks, _loaded(new)), limit=limit))


def _loaded(path: Path) -> Any:
    from triage.policy.load import load_policy

    return load_policy(None if str(path) == "packaged" else path)
