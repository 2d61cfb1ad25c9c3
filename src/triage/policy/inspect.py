"""Looking at a policy without Python: what a case sets in motion, what differs, who would get what."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from triage.policy.case import Case, CaseStep
from triage.policy.model import Policy
from triage.policy.plan import plan
from triage.policy.resolve import case_of
from triage.policy.schema import SIGNALS
from triage.records import Assessment, Category, Decision, IssueType, Plan, Severity, Ticket

__all__ = ["Change", "differences", "shown_case", "shown_changes", "simulated"]

_FORM = "message"


def shown_case(
    policy: Policy,
    category: Category,
    issue: IssueType | None = None,
    severity: Severity = Severity.NORMAL,
    signals: Iterable[str] = (),
) -> str:
    """Describe what a complaint of this kind sets in motion, each value with the file and key that gave it.

    Parameters
    ----------
    policy : Policy
        Which policy.
    category, issue, severity, signals
        Which case.

    Returns
    -------
    text : str
        A step a line, its sources indented below.

    Examples
    --------
    >>> from triage.policy.load import load_policy
    >>> text = shown_case(load_policy(), Category.ATTITUDE, IssueType.HARSH_TONE)
    >>> print(text.splitlines()[0])
    态度类 · 语气生硬 · 中：负责 服务质量经理，优先级 P3
    >>> print(text.splitlines()[1].strip())
    负责：categories.toml: attitude.owner；优先级：priority.toml: matrix.single.soon
    """
    key = (category, issue, severity, tuple(signals), (), Decision.AUTOMATE, _FORM)
    case = case_of(policy, key)
    named = [
        category.label,
        *([issue.label] if issue else []),
        severity.label,
        *(SIGNALS[name] for name in case.key[3]),
    ]
    lines = [
        f"{' · '.join(named)}：负责 {case.owner_label}，优先级 {case.priority}",
        f"  负责：{case.origins['owner']}；优先级：{case.origins['priority']}",
    ]
    for step in case.steps:
        lines.append(
            f"{step.stage.label}｜{step.key}｜{step.value('title')}｜{_owner(policy, step)}｜{_when(case, step)}"
        )
        source = step.source(policy, _FORM)
        lines += [f"    {name}: {source[name]}" for name in sorted(source) if name not in ("source", "stage")]
        if step.value("source"):
            lines.append(f"    理由：{step.value('source')}")
    lines.append("用语与清单：")
    lines += [f"    {name}: {case.origins[name]}" for name in sorted(case.facts)]
    return "\n".join(lines)


def differences(old: Policy, new: Policy) -> list[str]:
    """Say in plain words what changes from one policy to another.

    Every issue type is compared at every severity, every signal on a complaint of normal severity; equal
    changes are said once, with the cases they touch.

    Returns
    -------
    lines : list of str
        Empty where the two do the same.

    Examples
    --------
    >>> from triage.policy.load import load_policy
    >>> differences(load_policy(), load_policy())
    []
    """
    found: dict[str, list[str]] = {}
    for name, key in _compared():
        for line in _changes(case_of(old, key), case_of(new, key)):
            found.setdefault(line, []).append(name)
    lines = [f"{line}（{_summed(names)}）" for line, names in found.items()]
    if old.identity != new.identity and lines:
        lines.insert(0, f"策略：{old.identity} → {new.identity}")
    return lines


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What a new policy changes for one past ticket.

    Parameters
    ----------
    ticket : Ticket
        The ticket.
    old, new : Plan
        Its plan under the two policies.
    lines : tuple of str
        What differs, in words.
    """

    ticket: Ticket
    old: Plan
    new: Plan
    lines: tuple[str, ...]


def simulated(
    pairs: Iterable[tuple[Ticket, Assessment]], old: Policy, new: Policy, now: dt.datetime
) -> Iterator[Change]:
    """Plan past tickets under two policies and give those whose plan changes, one by one.

    Parameters
    ----------
    pairs : iterable of (Ticket, Assessment)
        Past tickets as assessed; read once, so that a file of any length can be simulated.
    old, new : Policy
        The policy in force and the one to be tried.
    now : datetime
        The clock for tickets that do not say when they came in.

    Yields
    ------
    change : Change
        For every ticket for which somebody would get something else, or at another time.
    """
    for ticket, assessment in pairs:
        before, after = plan(ticket, assessment, old, now), plan(ticket, assessment, new, now)
        lines = tuple(_plan_changes(before, after))
        if lines:
            yield Change(ticket, before, after, lines)


def shown_changes(changes: Iterable[Change], *, limit: int = 20) -> str:
    """Return the changes as text: how many, which kinds how often, and the first `limit` tickets."""
    counts: dict[str, int] = {}
    listing: list[str] = []
    total = 0
    for change in changes:
        total += 1
        for line in change.lines:
            # A title may hold a colon itself; what follows its closing mark says the kind.
            title, mark, rest = line.partition("”")
            kind = f"{title}”" + rest.split("：", 1)[0] if mark else line.split("：", 1)[0]
            counts[kind] = counts.get(kind, 0) + 1
        if total <= limit:
            text = change.ticket.text if len(change.ticket.text) <= 24 else f"{change.ticket.text[:23]}…"
            listing += [f"{change.ticket.id or f'第 {total} 条'} “{text}”", *(f"    {line}" for line in change.lines)]
    if not total:
        return "没有任何工单的处理会改变。"
    kinds = [f"  {count} 次 {kind}" for kind, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    more = [f"……另有 {total - limit} 条"] if total > limit else []
    return "\n".join([f"{total} 条工单的处理会改变：", *kinds, *listing, *more])


def _compared() -> Iterator[tuple[str, Any]]:
    for issue in [*IssueType, None]:
        category = issue.category if issue else Category.NONE
        label = issue.label if issue else category.label
        for severity in Severity:
            yield f"{label}·{severity.label}", (category, issue, severity, (), (), Decision.AUTOMATE, _FORM)
    for category in Category:
        for name, label in SIGNALS.items():
            key = (category, None, Severity.NORMAL, (name,), (), Decision.AUTOMATE, _FORM)
            yield f"{category.label}·{label}", key
    for decision in Decision:
        yield decision.label, (Category.TECHNICAL, None, Severity.NORMAL, (), (), decision, _FORM)


def _changes(old: Case, new: Case) -> Iterator[str]:
    if old.owner_label != new.owner_label:
        yield f"负责人：{old.owner_label} → {new.owner_label}"
    if old.priority != new.priority:
        yield f"优先级：{old.priority} → {new.priority}"
    before, after = ({step.key: step for step in case.steps} for case in (old, new))
    for key in dict.fromkeys([*before, *after]):
        if key not in after:
            yield f"不再做“{before[key].value('title')}”（{key}）"
        elif key not in before:
            step = after[key]
            yield f"新增“{step.value('title')}”（{key}），{_owner(new.policy, step)}，{_when(new, step)}"
        else:
            yield from _step_changes(old, before[key], new, after[key])
    for name in new.facts:
        if old.facts.get(name) != new.facts[name]:
            yield f"用语 {name}：{_short(old.facts.get(name))} → {_short(new.facts[name])}"


def _step_changes(old: Case, before: CaseStep, new: Case, after: CaseStep) -> Iterator[str]:
    said = f"“{after.value('title')}”（{after.key}）"
    if before.value("title") != after.value("title"):
        yield f"标题 {after.key}：{before.value('title')} → {after.value('title')}"
    if _owner(old.policy, before) != _owner(new.policy, after):
        yield f"{said}由谁做：{_owner(old.policy, before)} → {_owner(new.policy, after)}"
    if _when(old, before) != _when(new, after):
        yield f"{said}期限：{_when(old, before)} → {_when(new, after)}"
    if before.template(old.policy, _FORM).text != after.template(new.policy, _FORM).text:
        yield f"{said}的文字有改动：{after.source(new.policy, _FORM)['message']}"
    for name, label in (("proof", "完成证据"), ("accountable", "问责人")):
        if before.value(name) != after.value(name):
            yield f"{said}{label}：{before.value(name) or '无'} → {after.value(name) or '无'}"


def _plan_changes(before: Plan, after: Plan) -> Iterator[str]:
    if before.owner != after.owner:
        yield f"负责人：{before.owner} → {after.owner}"
    if before.priority != after.priority:
        yield f"优先级：{before.priority} → {after.priority}"
    old, new = ({step.key: step for step in made.steps} for made in (before, after))
    for key in dict.fromkeys([*old, *new]):
        if key not in new:
            yield f"不再做“{old[key].title}”：原为 {old[key].owner}，{_date(old[key].due)}"
        elif key not in old:
            yield f"新增“{new[key].title}”：{new[key].owner}，{_date(new[key].due)}"
        else:
            said = f"“{new[key].title}”"
            if (old[key].owner, old[key].assignee) != (new[key].owner, new[key].assignee):
                yield f"{said}由谁做：{_who(old[key])} → {_who(new[key])}"
            if old[key].due != new[key].due:
                yield f"{said}到期：{_date(old[key].due)} → {_date(new[key].due)}"
    if before.reply != after.reply:
        yield "首次回复：文字或日期有改动"


def _who(step: Any) -> str:
    return f"{step.owner}（{step.assignee}）" if step.assignee else str(step.owner)


def _date(due: dt.datetime | None) -> str:
    return f"{due:%Y-%m-%d %H:%M}" if due else "未定"


def _owner(policy: Policy, step: CaseStep) -> str:
    return policy.roles[step.owner.value].label


def _when(case: Case, step: CaseStep) -> str:
    """Say in words when a step is due."""
    values: Mapping[str, Any] = step.values
    if "due" in values:
        lengths = [leaf.value.label for leaf in (values["due"], *values.get("alternatives", ()))]
        after = values.get("after")
        base = f"“{_title(case, after.value)}”之后" if after else "受理起"
        return f"{base} {' 或 '.join(lengths)}{'（取早者）' if len(lengths) > 1 else ''}"
    if "of" in values:
        return f"“{_title(case, values['of'].value)}”时限的 {values['at'].value}%"
    return "未定"


def _title(case: Case, key: str) -> str:
    step = case.step(key)
    return step.value("title") if step else key


def _short(value: object) -> str:
    text = "；".join(value) if isinstance(value, tuple) else str(value)
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def _summed(names: list[str]) -> str:
    return "、".join(names) if len(names) <= 4 else f"{'、'.join(names[:3])} 等 {len(names)} 种情形"
