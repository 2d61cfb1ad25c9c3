"""An outcome as a readable card for the terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from triage.records import Category, Decision, IssueType, Outcome, Severity, Stage, Step
from triage.report.highlight import segments

__all__ = ["card"]

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "category": "category", "issue": "issue", "severity": "severity", "decision": "decision",
        "signals": "signals", "plan": "plan", "owner": "owner", "due": "due", "reply": "reply draft",
        "provisional": "provisional: holidays of that year are not published yet", "because": "because",
    },
    "zh": {
        "category": "类别", "issue": "问题", "severity": "严重度", "decision": "建议",
        "signals": "信号", "plan": "处理计划", "owner": "责任人", "due": "期限", "reply": "回复草稿",
        "provisional": "暂定:该年节假日安排尚未公布", "because": "因为",
    },
}  # fmt: skip
_STYLES = {Severity.CRITICAL: "bold red", Severity.HIGH: "yellow", Severity.NORMAL: "", Severity.LOW: "dim"}


def card(outcome: Outcome, lang: str = "en") -> RenderableType:
    """Return a card that rich can print.

    Parameters
    ----------
    outcome : Outcome
        What to show.
    lang : {"en", "zh"}, default "en"
        Language of labels; the texts of the plan are Chinese either way.
    """
    words = _WORDS[lang]

    def name(label: Category | IssueType | Severity | Decision | Stage) -> str:
        return label.label if lang == "zh" else label.value

    facts = Table.grid(padding=(0, 2))
    asserted = ", ".join(f"{name(category)} {share:.2f}" for category, share in outcome.categories.items())
    facts.add_row(
        words["category"],
        Text(f"{name(outcome.category)} {outcome.confidence:.2f}", style="bold")
        + Text(f"   ({asserted})" if asserted else ""),
    )
    if outcome.issue:
        facts.add_row(words["issue"], name(outcome.issue))
    facts.add_row(words["severity"], Text(name(outcome.severity), style=_STYLES[outcome.severity]))
    reasons = f"   {words['because']}: {'; '.join(outcome.assessment.reasons)}" if outcome.assessment.reasons else ""
    facts.add_row(words["decision"], name(outcome.decision) + reasons)
    if outcome.signals:
        facts.add_row(words["signals"], "; ".join(f"{signal.name} “{signal.quote}”" for signal in outcome.signals))
    facts.add_row(words["owner"], f"{outcome.plan.owner}   {outcome.plan.priority}")

    steps = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for step in outcome.plan.steps:
        steps.add_row(name(step.stage), step.title, step.assignee or step.owner, _due(step))
    parts: list[RenderableType] = [_marked(outcome), Text(), facts, Text(), Text(words["plan"], style="bold"), steps]
    if any(step.provisional for step in outcome.plan.steps):
        parts.append(Text(f"* {words['provisional']}", style="dim"))
    parts += [Text(), Text(words["reply"], style="bold"), Text(outcome.plan.reply)]
    return Panel(Group(*parts), title=outcome.ticket.id, expand=False)


def _marked(outcome: Outcome) -> Text:
    text = Text()
    for stretch, weight in segments(outcome.ticket.text, outcome.evidence):
        text.append(stretch, style="bold green" if weight > 0 else "red" if weight < 0 else "")
    return text


def _due(step: Step) -> str:
    if not step.due:
        return ""
    due: dt.datetime = step.due
    return due.strftime("%Y-%m-%d %H:%M") + (" *" if step.provisional else "")
