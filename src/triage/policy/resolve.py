"""From layers to one case: who, how urgent, which steps, each value with the file and key that gave it.

Order of inheritance: defaults → category → issue type → severity → second categories → signals → decision.
A later layer replaces what it names; ``within`` only shortens a deadline; issue type and signals only raise
the impact and urgency that the severity gives. "Not a complaint" is applied after the signals, so that no
signal starts an investigation of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.errors import LabelError
from triage.policy.case import Case, Key
from triage.policy.deadlines import Deadline, Program, compiled, share_of
from triage.policy.files import Leaf
from triage.policy.model import Layer, Policy
from triage.policy.schema import IMPACT, SIGNALS, URGENCY
from triage.records import Category

__all__ = ["case_of", "resolve"]

_CASES = 20_000  # keys kept, two to a case of about 11 kB; a million complaints meet a few thousand cases


def case_of(policy: Policy, key: Key) -> Case:
    """Return the case for a key, resolving it the first time it is met."""
    case: Case | None = policy.cases.get(key)
    if case is None:
        category, issue, severity, signals, also, decision, form = key
        ordered = tuple(name for name in policy.signals if name in signals)
        for name in signals:
            if name not in SIGNALS:
                raise LabelError("unknown signal", value=name, where="assessment.signals", options=SIGNALS)
        if issue is not None and issue.category is not category:
            wrong = f"an issue type of category {issue.category.value!r} with category {category.value!r}"
            raise LabelError(wrong, value=issue.value, where="assessment.issue")
        seconds = tuple(second for second in Category if second in also and second is not category)
        full: Key = (category, issue, severity, ordered, seconds, decision, form)
        case = policy.cases.get(full) or resolve(policy, full)
        for met in (key, full):
            if len(policy.cases) >= _CASES:
                policy.cases.pop(next(iter(policy.cases)))  # the oldest; what is common soon comes back
            policy.cases[met] = case
    return case


def layers_of(policy: Policy, key: Key) -> tuple[list[Layer], list[tuple[Layer, bool]]]:
    """Return the layers of a case in order: the lower ones, then those on top.

    A layer on top comes with whether it may only raise impact and urgency.
    """
    category, issue, severity, signals, also, decision, _ = key
    complaint = category is not Category.NONE
    lower = [policy.defaults]
    if complaint:
        lower.append(policy.categories[category])
    if issue is not None:
        lower.append(policy.issues[issue])
    lower.append(policy.severities[severity])
    upper = [(policy.also[second], True) for second in also if complaint and second in policy.also]
    upper += [(policy.signals[name], True) for name in signals]
    if not complaint:
        upper.append((policy.categories[category], False))
    return lower, [*upper, (policy.decisions[decision], True)]


def resolve(policy: Policy, key: Key) -> Case:
    """Lay the layers of a case over each other."""
    layers = layers_of(policy, key)
    # What category, issue type and severity make is shared by all signals and decisions.
    base = policy.bases.get(key[:3])
    if base is None:
        base = policy.bases[key[:3]] = _Laid()
        for layer in layers[0]:
            base.lay(layer)
        if key[1] is not None:
            base.raise_to(policy.issues[key[1]])
    laid = base.copy()
    for layer, raises in layers[1]:
        laid.lay(layer, raises=raises)
    head, steps = laid.head, laid.steps
    priority = policy.matrix[head["impact"].value][head["urgency"].value]
    rules, index = _deadlines(steps)
    program: Program | None = policy.programs.get(rules)
    if program is None:
        program = policy.programs[rules] = compiled(rules, policy.calendar)
    return Case(key, policy, head, priority.value, laid.facts, laid.origins, steps, program, index)


class _Laid:
    """Layers laid over each other so far."""

    def __init__(self) -> None:
        self.head: dict[str, Leaf] = {}
        self.facts: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        self.steps: dict[str, dict[str, Any]] = {}

    def copy(self) -> _Laid:
        other = _Laid()
        other.head, other.facts, other.origins = self.head.copy(), self.facts.copy(), self.origins.copy()
        other.steps = self.steps.copy()  # a step is copied when a layer changes it
        return other

    def raise_to(self, layer: Layer) -> None:
        """Raise impact and urgency to what a layer says, where that is higher."""
        for name, order in (("impact", IMPACT.options), ("urgency", URGENCY.options)):
            leaf: Leaf | None = getattr(layer, name)
            if leaf and order.index(leaf.value) < order.index(self.head[name].value):
                self.head[name] = leaf

    def lay(self, layer: Layer, *, raises: bool = False) -> None:
        if layer.owner and not raises:
            self.head["owner"] = layer.owner
        if raises:
            self.raise_to(layer)
        else:
            self.head |= {name: leaf for name in ("impact", "urgency") if (leaf := getattr(layer, name))}
        for name, leaf in layer.facts.items():
            self.facts[name], self.origins[name] = leaf.value, leaf.origin
        for name, leaf in layer.more.items():
            before = self.facts.get(name, ())
            self.facts[name] = before + tuple(item for item in leaf.value if item not in before)
            self.origins[name] = "; ".join(filter(None, [self.origins.get(name), leaf.origin]))
        for name, values in layer.steps.items():
            self.steps[name] = step = dict(self.steps.get(name, ()))
            _join(step, values)


def _join(step: dict[str, Any], values: Mapping[str, Leaf]) -> None:
    for name, leaf in values.items():
        if name == "within":
            _shorten(step, leaf)
            continue
        if name in ("due", "at"):
            step.pop("alternatives", None)
        if name in ("message", "template"):
            step.pop("message", None)
            step.pop("template", None)
        step[name] = leaf


def _shorten(step: dict[str, Any], leaf: Leaf) -> None:
    """Keep the shorter of two deadlines; on different clocks keep both, and the ticket decides."""
    known: list[Leaf] = [*([step["due"]] if "due" in step else []), *step.get("alternatives", ())]
    for place, other in enumerate(known):
        if other.value.clock is leaf.value.clock:
            if leaf.value.amount < other.value.amount:
                known[place] = leaf
            break
    else:
        known.append(leaf)
    step["due"] = known[0]
    if len(known) > 1:
        step["alternatives"] = tuple(known[1:])


def _deadlines(steps: Mapping[str, Mapping[str, Any]]) -> tuple[tuple[Deadline, ...], dict[str, int]]:
    rules: list[Deadline] = []
    index: dict[str, int] = {}
    places: dict[Deadline, int] = {}

    def place(name: str, trail: tuple[str, ...]) -> int:
        if name in index:
            return index[name]
        values = steps.get(name, {})
        due = values.get("due")
        if name in trail or not (due or "of" in values):
            return -1  # refused by the checks; without them the arrival of the ticket is the clock
        base = values.get("after" if due else "of")
        at = place(base.value, (*trail, name)) if base else -1
        if due:
            others = values.get("alternatives")
            rule = Deadline(at, (due.value, *[leaf.value for leaf in others]) if others else (due.value,))
        elif at < 0:
            return -1
        elif values["at"].value == 100:
            index[name] = at
            return at
        else:
            rule = share_of(rules, at, values["at"].value)
        # Steps due at the same moment share a rule: the call and the written reply, the two letters.
        index[name] = places.setdefault(rule, len(rules))
        if index[name] == len(rules):
            rules.append(rule)
        return index[name]

    for name, values in steps.items():
        if "active" not in values or values["active"].value:
            place(name, ())
    return tuple(rules), index
