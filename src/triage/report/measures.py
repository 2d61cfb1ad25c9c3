"""The figures of an evaluation as tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

__all__ = ["measures"]


def measures(report: Mapping[str, Any]) -> RenderableType:
    """Return the tables of a report of :func:`triage.classify.evaluate.evaluate`."""
    primary = report["primary"]
    low, high = primary["macro_f1_interval"]
    categories = report["categories"]
    lines = [
        f"{report['n']} texts",
        f"primary: macro-F1 {primary['macro_f1']:.3f} (95 % {low:.3f}–{high:.3f}), accuracy {primary['accuracy']:.3f}",
        f"categories: mean F1 {categories['mean_f1']:.3f}",
        f"issue accuracy: {_share(report['issue_accuracy'])}",
        f"severity quadratic κ: {_share(report['severity_kappa'])}",
        f"expected calibration error: {report['calibration']['expected_error']:.3f}",
        "precision of the surest: "
        + ", ".join(f"{float(at):.0%} of texts {share:.3f}" for at, share in report["precision_at_coverage"].items()),
    ]
    return Group(
        Text("\n".join(lines)),
        _classes(primary, categories),
        _confusion(primary),
        _decisions(report),
        _reliability(report),
    )


def _share(value: float | None) -> str:
    return "not labelled" if value is None else f"{value:.3f}"


def _classes(primary: Mapping[str, Any], categories: Mapping[str, Any]) -> Table:
    table = Table(
        "", "texts", "precision", "recall", "F1", "F1 as asserted category", title="primary", title_justify="left"
    )
    for label, row in primary["per_class"].items():
        asserted = categories["per_category"].get(label)
        table.add_row(
            label, f"{row['support']:.0f}", f"{row['precision']:.3f}", f"{row['recall']:.3f}", f"{row['f1']:.3f}",
            f"{asserted['f1']:.3f}" if asserted else "",
        )  # fmt: skip
    return table


def _confusion(primary: Mapping[str, Any]) -> Table:
    table = Table("labelled ↓ answered →", *primary["confusion"], title="confusion", title_justify="left")
    for label, row in primary["confusion"].items():
        table.add_row(label, *(str(count) for count in row.values()))
    return table


def _decisions(report: Mapping[str, Any]) -> Table:
    table = Table("decision", "precision", "coverage", title="decisions", title_justify="left")
    for decision, row in report["decisions"].items():
        table.add_row(
            decision, "–" if row["precision"] is None else f"{row['precision']:.3f}", f"{row['coverage']:.3f}"
        )
    return table


def _reliability(report: Mapping[str, Any]) -> Table:
    table = Table("confidence", "texts", "mean confidence", "right", title="calibration", title_justify="left")
    for row in report["calibration"]["table"]:
        table.add_row(
            f"{row['from']:.1f}–{row['to']:.1f}",
            f"{row['pieces']:.0f}",
            f"{row['confidence']:.3f}",
            f"{row['accuracy']:.3f}",
        )
    return table
