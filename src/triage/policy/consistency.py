"""Rules that hold one by one and not together: deadlines out of order, rules that can never act, leaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from triage.policy.case import Case
from triage.policy.deadlines import counted
from triage.policy.files import Leaf, Template
from triage.policy.model import Layer, Policy
from triage.policy.resolve import case_of
from triage.policy.templates import allowed_names, audience_of, stem_of, template_problems
from triage.records import Audience, Category, Decision, IssueType, Severity, Stage

__all__ = ["every_case", "problems_of"]

NEEDED = ("record", "acknowledge", "assess", "investigate", "short_term", "mid_term", "long_term", "close")
"""Steps without which a complaint is not handled; GB/T 19012—2019 clause 7 has no shorter path."""

IN_ORDER = (
    ("acknowledge", "investigate"),
    ("acknowledge", "short_term"),
    ("short_term", "mid_term"),
    ("mid_term", "long_term"),
    ("investigate", "close"),
    ("close", "revisit"),
)
_SECRET = frozenset({Stage.RECEIPT, Stage.INITIAL_ASSESSMENT, Stage.ESCALATION, Stage.SUPPORT, Stage.PREVENTION})
# A Tuesday morning, a Friday evening and the eve of 国庆节: hours and workdays stand in another order on each.
_STARTS = ("2026-11-10T09:00", "2026-11-20T17:30", "2026-09-30T17:30")


def problems_of(policy: Policy, own: Mapping[str, Template], label: str = "") -> list[str]:
    """Return what does not hold together.

    Parameters
    ----------
    policy : Policy
        The policy as it results.
    own : mapping of str to Template
        The templates to read through.
    label : str
        What stands before the files of the folder laid over the packaged policy; a rule of the packaged one
        that has become idle through it is no mistake of its writer.

    Returns
    -------
    problems : list of str
    """
    problems = [*_role_problems(policy), *_step_problems(policy), *_signal_problems(policy)]
    problems += _template_problems(policy, own)
    if problems:
        return problems  # cases made of broken steps would only repeat it
    return list(dict.fromkeys(_case_problems(policy, label)))


def every_case(policy: Policy) -> Iterator[Case]:
    """Yield the cases a policy can meet: each issue type and severity, plain and with each signal."""
    places: list[tuple[Category, IssueType | None]] = [(issue.category, issue) for issue in IssueType]
    places += [(category, None) for category in Category]
    for category, issue in places:
        for severity in Severity:
            yield case_of(policy, (category, issue, severity, (), (), Decision.AUTOMATE, "message"))
        for name in policy.signals:
            for severity in (Severity.NORMAL, Severity.HIGH):
                yield case_of(policy, (category, issue, severity, (name,), (), Decision.AUTOMATE, "message"))
    for category in Category:
        for second in policy.also:
            yield case_of(policy, (category, None, Severity.NORMAL, (), (second,), Decision.REVIEW, "mail"))
            yield case_of(policy, (category, None, Severity.LOW, (), (second,), Decision.RECOMMEND, "mail"))


def _role_problems(policy: Policy) -> Iterator[str]:
    labels: dict[str, str] = {}
    for key, role in policy.roles.items():
        if role.label in labels:
            yield f"roles {labels[role.label]!r} and {key!r} have the same label {role.label!r} (owners.toml)."
        labels[role.label] = key
        seen: list[str] = []
        at: str | None = key
        while at is not None:
            if at in seen:
                if at == key:
                    yield f"roles report to each other in a circle: {' → '.join([*seen, key])} (owners.toml)."
                break
            seen.append(at)
            at = policy.roles[at].reports_to


def _named_layers(policy: Policy) -> Iterator[tuple[str, Layer]]:
    yield "defaults", policy.defaults
    for group in (policy.categories, policy.also, policy.issues, policy.severities, policy.signals, policy.decisions):
        for name, layer in group.items():
            yield str(name), layer


def _step_problems(policy: Policy) -> Iterator[str]:
    graph: dict[str, set[str]] = {}
    for _, layer in _named_layers(policy):
        for name, step in layer.steps.items():
            graph.setdefault(name, set()).update(step[key].value for key in ("after", "of") if key in step)
            stage, audience = _of(policy, name, step, "stage"), _of(policy, name, step, "audience")
            if audience == Audience.CUSTOMER and stage in _SECRET:
                at = step.get("audience") or step.get("stage") or next(iter(step.values()))
                yield (
                    f"step {name!r} belongs to stage {stage.value!r}, which no customer may read; "
                    f"its audience must be 'internal' ({at.file}, {at.key})."
                )
            template = step.get("template")
            if template and audience_of(template.value) != (audience or Audience.INTERNAL):
                kind = (audience or Audience.INTERNAL).value
                yield (
                    f"template {template.value!r} is not for the audience {kind!r} of step {name!r}; "
                    f"use one under templates/{kind}/ ({template.file}, {template.key})."
                )
    for name in graph:
        if _reaches(graph, name, name):
            yield f"step {name!r} waits for itself: its 'after' or 'of' leads back to it (steps.{name})."


def _of(policy: Policy, name: str, step: Mapping[str, Leaf], key: str) -> Any:
    """Return what a step's key holds: here, in the defaults, or in the first layer that names it."""
    for table in (step, *(layer.steps.get(name, {}) for _, layer in _named_layers(policy))):
        if key in table:
            return table[key].value
    return None


def _reaches(graph: Mapping[str, set[str]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        at = waiting.pop()
        if at == goal:
            return True
        if at not in seen:
            seen.add(at)
            waiting += graph.get(at, ())
    return False


def _signal_problems(policy: Policy) -> Iterator[str]:
    for name, layer in policy.signals.items():
        for key, step in layer.steps.items():
            if "due" in step and key in policy.defaults.steps:
                at = step["due"]
                yield f"a signal may only shorten a deadline: write 'within' instead of 'due' ({at.file}, {at.key})."
        if layer.owner:
            at = layer.owner
            yield f"signal {name!r} cannot change the owner; give its steps an owner ({at.file}, {at.key})."


def _template_problems(policy: Policy, own: Mapping[str, Template]) -> Iterator[str]:
    names = {who: allowed_names(who, policy.step_keys, policy.roles) for who in Audience}
    used = set()
    for _, layer in _named_layers(policy):
        for key, step in layer.steps.items():
            if "template" in step:
                used.add(step["template"].value)
            message = step.get("message")
            if message:
                who = _of(policy, key, step, "audience") or Audience.INTERNAL
                where = f"{message.file}, {message.key}"
                yield from template_problems(Template(key, message.value, where, packaged=False), names[who])
    for name, template in own.items():
        yield from template_problems(template, names[audience_of(name)])
        if stem_of(name) not in used:
            yield f"no step uses the template {name!r} ({template.file})."


def _case_problems(policy: Policy, label: str) -> Iterator[str]:
    shortened: set[str] = set()
    for case in every_case(policy):
        yield from _gaps(case)
        yield from _disorder(case)
        for step in case.steps:
            for leaf in (step.values.get("due"), *step.values.get("alternatives", ())):
                shortened |= {leaf.origin} if leaf else set()
    for name, layer in _named_layers(policy):
        for values in layer.steps.values():
            leaf = values.get("within")
            if leaf and leaf.origin not in shortened and leaf.file.startswith(label):
                yield f"'within' of {name} never shortens a deadline, so it can go ({leaf.file}, {leaf.key})."


def _gaps(case: Case) -> Iterator[str]:
    category = case.key[0]
    active = {step.key for step in case.steps}
    if category is Category.NONE:
        for step in case.steps:
            if step.stage in (Stage.INVESTIGATION, Stage.ESCALATION):
                where = step.values.get("active", step.values["stage"]).origin
                yield f"'none' is no complaint: step {step.key!r} of stage {step.stage.value!r} must be off ({where})."
        return
    for key in NEEDED:
        if key not in active:
            yield f"{_name(case)}: the step {key!r} is missing or switched off."
    levels = [step for step in case.steps if step.stage is Stage.ESCALATION]
    if not levels:
        yield f"{_name(case)}: nobody is told before a deadline is missed (escalation.toml)."


def _disorder(case: Case) -> Iterator[str]:
    zone = case.policy.zone
    for start in _STARTS:
        dues = counted(case.program, dt.datetime.fromisoformat(start).replace(tzinfo=zone))
        due = {step.key: dues[step.deadline] for step in case.steps if step.deadline >= 0}
        for first, second in IN_ORDER:
            early, late = due.get(first), due.get(second)
            if early and late and late < early:
                origins = [
                    step.values["due"].origin
                    for key in (first, second)
                    if (step := case.step(key)) and "due" in step.values
                ]
                yield f"deadlines out of order: {second!r} is due before {first!r} ({'; '.join(origins)})."


def _name(case: Case) -> str:
    category, issue, severity = case.key[:3]
    return " / ".join(str(part) for part in (category, issue, severity) if part)
