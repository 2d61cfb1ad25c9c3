"""What a run over a file came to, and what a dry run would do, for the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from triage.batch.summary import Summary
from triage.tickets.read import read_tickets

if TYPE_CHECKING:
    from triage.engine import Triager

__all__ = ["first_outcomes", "summary"]

_SHOWN = 5


def summary(result: Summary) -> RenderableType:
    """Return the summary of a run: what was read, what was found, what could not be scored, where it is."""
    lines = [f"read: {'; '.join(result.detected)}"]
    rate = result.rows / result.seconds if result.seconds else 0.0
    lines.append(f"{result.rows:,} rows, {result.scored:,} scored, in {result.seconds:.1f} s ({rate:,.0f} rows/s)")
    if result.known:
        lines.append(f"{result.known:,} rows left out: the output has them already")
    for name in ("categories", "severities", "decisions"):
        counts = getattr(result, name)
        lines.append(f"{name}: " + ", ".join(f"{key} {count:,}" for key, count in counts.items()))
    if result.problems:
        counted = ", ".join(f"{code} {count:,}" for code, count in result.problems.items())
        lines.append(f"problems: {counted} (listed in {result.problems_file})")
    lines.append(f"written: {result.output}")
    return Text("\n".join(lines))


def first_outcomes(export: str | Path, triager: Triager, *, lang: str = "en", **reading: Any) -> RenderableType:
    """Return what was detected in an export and the outcomes of its first rows."""
    reader = read_tickets(export, **reading)
    table = Table("text", "category", "", "severity", "decision", "owner")
    tickets = next((block.tickets for block in reader if block.tickets), [])[:_SHOWN]
    for outcome in triager.triage_many(tickets):
        text = " ".join(outcome.ticket.text.split())
        labels = [outcome.category, outcome.severity, outcome.decision]
        category, severity, decision = (label.label if lang == "zh" else label.value for label in labels)
        table.add_row(
            Text(text if len(text) <= 40 else f"{text[:39]}…"),
            category,
            f"{outcome.confidence:.2f}",
            severity,
            decision,
            outcome.plan.owner,
        )
    return Group(Text("\n".join([*map(str, reader.describe()), "nothing was written"])), table)
