"""A policy as the program holds it: layers of values, roles, calendar, templates; frozen once loaded."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import zoneinfo
from collections.abc import Mapping
from typing import Any

from triage.policy.calendar import WorkCalendar
from triage.policy.files import Leaf, Template
from triage.records import Category, Decision, IssueType, Severity

__all__ = ["Field", "Layer", "Policy", "Role"]


@dataclasses.dataclass(frozen=True, slots=True)
class Role:
    """A role: its key, its Chinese name and whom it reports to."""

    key: str
    label: str
    reports_to: str | None = None
    duty: str = ""
    authority: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """A line of the record form: where it is found, and what to ask where it is not."""

    key: str
    label: str
    question: str
    ticket: str | None = None
    words: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Layer:
    """What one entry of the policy says; everything it is silent about comes from the layers below."""

    owner: Leaf | None = None
    impact: Leaf | None = None
    urgency: Leaf | None = None
    facts: Mapping[str, Leaf] = dataclasses.field(default_factory=dict)
    more: Mapping[str, Leaf] = dataclasses.field(default_factory=dict)
    steps: Mapping[str, Mapping[str, Leaf]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, eq=False)
class Policy:
    """A policy that has passed every check.

    Parameters
    ----------
    name, version : str
        Which policy, and which state of it.
    effective_from : date
        The day from which it applies.
    summary : str
        What it is, in a sentence.
    calendar : WorkCalendar
        Working time and time zone.
    roles : mapping of str to Role
        Who there is.
    assignments : mapping
        ``("project" | "product" | "default", name)`` → role → person or queue.
    matrix : mapping
        Impact → urgency → priority.
    defaults, categories, also, issues, severities, signals, decisions : Layer or mapping to Layer
        The layers in their order of inheritance; `also` holds what a second category adds, `signals` is
        ordered from the least to the most serious.
    fields : tuple of Field
        The record form.
    channels : mapping of str to str
        Word in a ticket's channel → written form of the reply.
    templates : mapping of str to Template
        By name.
    step_keys : tuple of str
        Every step any layer knows, in a fixed order.
    """

    name: str
    version: str
    effective_from: dt.date
    summary: str
    calendar: WorkCalendar
    roles: Mapping[str, Role]
    assignments: Mapping[tuple[str, str], Mapping[str, str]]
    matrix: Mapping[str, Mapping[str, Leaf]]
    defaults: Layer
    categories: Mapping[Category, Layer]
    also: Mapping[Category, Layer]
    issues: Mapping[IssueType, Layer]
    severities: Mapping[Severity, Layer]
    signals: Mapping[str, Layer]
    decisions: Mapping[Decision, Layer]
    fields: tuple[Field, ...]
    channels: Mapping[str, str]
    templates: Mapping[str, Template]
    step_keys: tuple[str, ...]
    cases: dict[Any, Any] = dataclasses.field(default_factory=dict, repr=False)
    """Cases resolved so far, by what they depend on; a cache like those below, no part of what is said."""
    bases: dict[Any, Any] = dataclasses.field(default_factory=dict, repr=False)
    programs: dict[Any, Any] = dataclasses.field(default_factory=dict, repr=False)
    words: dict[Any, Any] = dataclasses.field(default_factory=dict, repr=False)

    @functools.cached_property
    def identity(self) -> str:
        """Name, version and first day, as a plan carries them."""
        return f"{self.name} {self.version} ({self.effective_from.isoformat()})"

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone of all due dates."""
        return self.calendar.zone

    def __repr__(self) -> str:
        return f"<Policy {self.identity}: {len(self.issues)} issue types, {len(self.roles)} roles>"

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"cases": {}, "bases": {}, "programs": {}, "words": {}}
