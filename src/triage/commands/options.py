"""Options and screens that commands share."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from triage.batch.summary import Progress

__all__ = [
    "PROBLEMS",
    "UNUSABLE",
    "console",
    "json_option",
    "lang_option",
    "model_option",
    "policy_option",
    "progress",
    "target_option",
]

#: Exit codes: done, but with problems; input, model, policy or output cannot be used.
PROBLEMS, UNUSABLE = 1, 3


model_option = click.option(
    "--model", type=click.Path(path_type=Path), help="Model folder (default: the packaged model)."
)
policy_option = click.option(
    "--policy", type=click.Path(path_type=Path), help="Policy folder (default: the packaged policy)."
)
lang_option = click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of labels."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
target_option = click.option("--target-precision", type=float, help="Promised precision of `automate` (default: 0.95).")


def console(*, stderr: bool = False) -> Any:
    """Return where rich things are printed."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


@contextlib.contextmanager
def progress(*, quiet: bool = False) -> Iterator[Callable[[Progress], None]]:
    """Show rows, rate and time left on stderr while they are scored; silent where stderr is no terminal."""
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    screen = console(stderr=True)
    columns = BarColumn(), TextColumn("{task.percentage:.0f} %"), TextColumn("{task.description}")
    with Bar(*columns, console=screen, transient=True, disable=quiet or not screen.is_terminal) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda state: bar.update(task, completed=state.fraction, description=_said(state))


def _said(state: Progress) -> str:
    left = state.seconds_left
    minutes, seconds = divmod(int(left or 0), 60)
    time_left = "" if left is None else f", {minutes}:{seconds:02} left"
    step = "writing the output: " if state.sealing else ""
    return f"{step}{state.rows:,} rows, {state.rate:,.0f}/s{time_left}"
