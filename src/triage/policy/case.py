"""A case: everything about a plan that does not depend on the single ticket."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

from triage.policy.deadlines import Count, Program, earliest, first
from triage.policy.files import Leaf, Template
from triage.policy.model import Policy
from triage.records import Audience, Category, Decision, IssueType, Severity, Stage

__all__ = ["Case", "CaseStep", "Key"]

Key = tuple[Category, IssueType | None, Severity, tuple[str, ...], tuple[Category, ...], Decision, str]
"""Category, issue type, severity, signals, second categories, decision, written form of the reply."""

_REPLY = "acknowledge"
_STAGES = {stage: place for place, stage in enumerate(Stage)}


class CaseStep(NamedTuple):
    """A step of a case, all but its date and the words that depend on the ticket."""

    key: str
    stage: Stage
    owner: Leaf
    audience: Audience
    deadline: int
    values: Mapping[str, Any]

    def value(self, name: str) -> str:
        """Return a text of the step, empty where it has none."""
        return str(self.values[name].value) if name in self.values else ""

    @property
    def accountable(self) -> str:
        """The role that answers for the step: its owner, unless another is named."""
        return self.value("accountable") or str(self.owner.value)

    def template(self, policy: Policy, form: str) -> Template:
        """Return the words; a reply has several written forms, and the ticket's channel chooses."""
        message = self.values.get("message")
        if message:
            return Template(f"{self.key}.message", message.value, message.origin, packaged=False)
        chosen = self.values["template"].value
        return policy.templates.get(f"{chosen}.{form}") or policy.templates[chosen]

    def source(self, policy: Policy, form: str) -> dict[str, str]:
        """Return for every value of the step the file and key that gave it."""
        origins = {name: leaf.origin for name, leaf in self.values.items() if isinstance(leaf, Leaf)}
        origins.pop("template", None)
        origins["message"] = self.template(policy, form).file
        origins["owner"] = self.owner.origin
        if "due" in self.values:
            leaves = (self.values["due"], *self.values.get("alternatives", ()))
            origins["due"] = "; ".join(leaf.origin for leaf in leaves)
        elif "at" in self.values:
            origins["due"] = origins["at"]
        return origins


class StageDue(NamedTuple):
    """When a stage is first due.

    Attributes
    ----------
    places : tuple of int
        The deadlines of its steps that can be the earliest; none where no step of it has a date.
    first : Count or None
        Gives the earliest of them for the arrival of a ticket.
    """

    places: tuple[int, ...]
    first: Count | None


class Stages(dict[Stage, StageDue]):
    """When each stage of a case is first due; few of them are ever asked for."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self._case = case

    def __missing__(self, stage: Stage) -> StageDue:
        case = self._case
        found: dict[int, None] = {}
        for name, values in case.laid.items():
            if (place := case.index.get(name, -1)) >= 0 and values["stage"].value is stage and _active(values):
                found[place] = None
        places = earliest(case.program.rules, tuple(found))
        counts = [case.program.counts[place] for place in places]
        self[stage] = due = StageDue(places, first(counts) if counts else None)
        return due


def _active(values: Mapping[str, Any]) -> bool:
    return "active" not in values or bool(values["active"].value)


@dataclasses.dataclass(frozen=True)
class Case:
    """Everything about a plan that does not depend on the single ticket; what few ask for is made when asked."""

    key: Key
    policy: Policy
    head: Mapping[str, Leaf]
    priority: str
    facts: Mapping[str, Any]
    fact_origins: Mapping[str, str]
    laid: Mapping[str, Mapping[str, Any]]
    program: Program
    index: Mapping[str, int]
    letters: dict[tuple[str | bool, ...], Any] = dataclasses.field(default_factory=dict)
    """Messages rendered so far, with gaps that a ticket fills; a cache."""

    @functools.cached_property
    def owner(self) -> str:
        """The role that answers for the complaint."""
        return str(self.head["owner"].value)

    @functools.cached_property
    def owner_label(self) -> str:
        """Its name."""
        return self.policy.roles[self.owner].label

    @property
    def impact(self) -> str:
        """How far it reaches."""
        return str(self.head["impact"].value)

    @property
    def urgency(self) -> str:
        """How soon it must be seen to."""
        return str(self.head["urgency"].value)

    @property
    def origins(self) -> dict[str, str]:
        """For owner, impact, urgency, priority and every fact the file and key that gave it."""
        known = {name: leaf.origin for name, leaf in self.head.items()}
        priority = self.policy.matrix[self.impact][self.urgency]
        return {**self.fact_origins, **known, "priority": priority.origin}

    @functools.cached_property
    def steps(self) -> tuple[CaseStep, ...]:
        """The active steps, in order of stage."""
        active = [step for step in map(self.step, self.laid) if step]
        return tuple(sorted(active, key=lambda step: _STAGES[step.stage]))

    @functools.cached_property
    def stages(self) -> Stages:
        """For each stage when it is first due; worked out when it is first asked for."""
        return Stages(self)

    @functools.cached_property
    def reply(self) -> CaseStep | None:
        """The step that answers the customer first."""
        return self.step(_REPLY)

    def step(self, key: str) -> CaseStep | None:
        """Return a step that is active in this case."""
        values = self.laid.get(key)
        if values is None or not _active(values):
            return None
        audience = values["audience"].value if "audience" in values else Audience.INTERNAL
        owner = values.get("owner", self.head["owner"])
        return CaseStep(key, values["stage"].value, owner, audience, self.index.get(key, -1), values)
