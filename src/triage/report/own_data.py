"""What a user's own labels bring, and which of them look wrong, as tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from triage.learn.gain import verdict

if TYPE_CHECKING:
    from triage.learn.audit import Doubt

__all__ = ["doubts_table", "gain_report"]

_SHOWN = 40


def gain_report(gain: Mapping[str, Any]) -> RenderableType:
    """Return the tables of what :func:`triage.learn.gain.measure_gain` found."""
    before, after = gain["before"], gain["after"]
    table = Table("", "texts", "before", "after", title="on messages held out", title_justify="left")
    table.add_row("primary: macro-F1", str(gain["held_out"]), *_pair(before, after, "primary", "macro_f1"))
    table.add_row("primary: accuracy", "", *_pair(before, after, "primary", "accuracy"))
    for label, row in before["primary"]["per_class"].items():
        new = after["primary"]["per_class"][label]
        table.add_row(f"  {label}: F1", f"{row['support']:.0f}", f"{row['f1']:.3f}", f"{new['f1']:.3f}")
    for name, what in [("categories", "mean F1"), ("issue", "accuracy"), ("severity", "quadratic κ")]:
        table.add_row(f"{name}: {what}", "", _figure(before[name]), _figure(after[name]))
    table.add_row("automate: precision", "", *_pair(before, after, "automate", "precision"))
    table.add_row("automate: coverage", "", *_pair(before, after, "automate", "coverage"))
    return Group(Text(f"{gain['messages']} labelled messages"), table, Text(verdict(gain)), _curve(gain))


def _pair(before: Mapping[str, Any], after: Mapping[str, Any], head: str, name: str) -> tuple[str, str]:
    return _figure(before[head][name]), _figure(after[head][name])


def _figure(value: float | None) -> str:
    return "not labelled" if value is None else f"{value:.3f}"


def _curve(gain: Mapping[str, Any]) -> RenderableType:
    table = Table("labels learnt from", "macro-F1", title="learning curve", title_justify="left")
    for size, value in gain["curve"]:
        table.add_row(str(size), _figure(value))
    if gain["next_doubling"] is None:
        return table
    said = f"Twice as many labels, if the curve goes on: macro-F1 {gain['next_doubling']:+.3f}."
    return Group(table, Text(said))


def doubts_table(doubts: Sequence[Doubt], messages: int) -> RenderableType:
    """Return the labels that :func:`triage.learn.audit.audit` doubts."""
    table = Table("row", "given", "likely", "text", title="probable label errors", title_justify="left")
    for doubt in doubts:
        text = " ".join(doubt.text.split())
        table.add_row(
            f"{doubt.file}:{doubt.row}",
            f"{doubt.given} {doubt.given_probability:.2f}",
            f"{doubt.likely} {doubt.likely_probability:.2f}",
            Text(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"),
        )
    return Group(table, Text(f"{len(doubts)} of {messages} labels doubted, the surest first."))
