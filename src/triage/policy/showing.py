"""A dated plan as text: who does what until when, with the words and where each value comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from triage.policy.model import Policy
from triage.policy.plan import plan
from triage.records import Assessment, Category, Decision, IssueType, Plan, Severity, Signal, Step, Ticket

__all__ = ["example", "shown_plan"]

_WEEKDAYS = "一二三四五六日"


def example(
    policy: Policy,
    category: Category,
    issue: IssueType | None = None,
    severity: Severity = Severity.NORMAL,
    signals: Iterable[str] = (),
    *,
    at: dt.datetime,
    ticket: Ticket | None = None,
) -> Plan:
    """Plan a made-up complaint, so that a manager sees what would happen.

    Parameters
    ----------
    policy : Policy
        Which policy.
    category, issue, severity, signals
        What the complaint is.
    at : datetime
        When it comes in.
    ticket : Ticket, optional
        Its text and columns; by default it has none. Its own time of arrival is not used.

    Returns
    -------
    plan : Plan
    """
    given = ticket or Ticket("")
    found = tuple(Signal(name, 0, 0, "", "example") for name in signals)
    asserted: dict[Category, float] = {} if category is Category.NONE else {category: 1.0}
    assessment = Assessment(category, asserted, {}, issue, severity, 1.0, Decision.AUTOMATE, signals=found)
    columns = (given.id, at, given.customer, given.product, given.project, given.channel, given.engineer)
    return plan(Ticket(given.text, *columns), assessment, policy, at)


def shown_plan(made: Plan, *, words: bool = True, sources: bool = False) -> str:
    """Return a plan as text, a step a paragraph.

    Parameters
    ----------
    made : Plan
        From :func:`triage.policy.plan.plan`.
    words : bool, default True
        Whether the message of every step comes too.
    sources : bool, default False
        Whether the file and key come too that gave each value.

    Examples
    --------
    >>> from triage.policy.load import load_policy
    >>> made = example(load_policy(), Category.PROCESS, at=dt.datetime(2026, 11, 10, 9, 0))
    >>> lines = shown_plan(made, words=False).splitlines()
    >>> print(lines[0])
    负责：项目经理　优先级：P3
    >>> print(lines[3])
    [受理] 登记投诉并补齐信息（record）
    """
    lines = [
        f"负责：{made.owner}　优先级：{made.priority}",
        f"受理时间：{_moment(made.planned_at)}　策略：{made.policy}",
    ]
    for step in made.steps:
        who = f"{step.owner}（{step.assignee}）" if step.assignee else step.owner
        lines += ["", f"[{step.stage.label}] {step.title}（{step.key}）", f"  {who}，{_until(step)}"]
        if words:
            lines += [f"  {step.audience.label}用语：", *(f"    {line}".rstrip() for line in step.message.split("\n"))]
        if sources:
            lines += [f"  {name} ← {step.source[name]}" for name in sorted(step.source) if name != "source"]
    return "\n".join(lines)


def _until(step: Step) -> str:
    if step.due is None:
        return "未定"
    return f"{_moment(step.due)} 前{'（暂定）' if step.provisional else ''}"


def _moment(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d}（周{_WEEKDAYS[at.weekday()]}）{at:%H:%M}"
