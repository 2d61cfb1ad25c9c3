"""From the joined tables to a :class:`Policy`: what must stand does, and every name meant exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from triage.errors import TriageError
from triage.policy.calendar import WorkCalendar
from triage.policy.files import Leaf, Template, Tree
from triage.policy.kinds import Kind
from triage.policy.model import Field, Layer, Policy, Role
from triage.policy.schema import FACTS, FILES, SIGNALS, Each, Spec, Table
from triage.policy.templates import stem_of
from triage.records import Category, Decision, IssueType, Severity

__all__ = ["built"]

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def built(tree: Tree, templates: Mapping[str, Template]) -> tuple[Policy | None, list[str]]:
    """Build a policy; None with the reasons where something is missing or means nothing."""
    roles = tree.get("owners", {}).get("roles", {})
    layers = _layers(tree)
    steps = list(dict.fromkeys(name for layer in layers for name in layer.get("steps", {})))
    options: dict[str, tuple[str, ...]] = {
        "role": tuple(roles),
        "step": tuple(steps),
        "template": tuple(dict.fromkeys(stem_of(name) for name in templates)),
    }
    problems = [*_missing(tree), *_dangling(tree, options), *_calendar_problems(tree.get("calendar", {}))]
    problems += _contradictions(tree.get("signals", {}))
    problems += [*_assignment_problems(tree, tuple(roles)), *_unfinished_steps(tree, steps)]
    if problems:
        return None, problems
    head = tree["policy"]
    signals = sorted(tree.get("signals", {}).items(), key=lambda item: (item[1]["rank"].value, item[0]))
    categories = tree["categories"]
    summary = head.get("summary")
    policy = Policy(
        name=head["name"].value,
        version=head["version"].value,
        effective_from=head["effective_from"].value,
        summary=summary.value if summary else "",
        calendar=_calendar(tree["calendar"]),
        roles={key: Role(key, **{name: leaf.value for name, leaf in table.items() if name != "source"})
               for key, table in roles.items()},
        assignments=_assignments(tree["owners"].get("assign", {})),
        matrix=tree["priority"]["matrix"],
        defaults=_layer(tree["defaults"]),
        categories={category: _layer(categories[category.value]) for category in Category},
        also={category: _layer(categories[category.value]["also"])
              for category in Category if "also" in categories[category.value]},
        issues={issue: _layer(tree["issues"][issue.value]) for issue in IssueType},
        severities={severity: _layer(tree["severities"][severity.value]) for severity in Severity},
        signals={name: _layer(table) for name, table in signals},
        decisions={decision: _layer(tree["decisions"][decision.value]) for decision in Decision},
        fields=tuple(Field(key, **{name: leaf.value for name, leaf in table.items() if name != "source"})
                     for key, table in tree.get("receipt", {}).items()),
        channels={word: form for form, table in tree.get("channels", {}).items() for word in table["words"].value},
        templates=dict(templates),
        step_keys=tuple(steps),
    )  # fmt: skip
    return policy, []


def _layers(tree: Tree) -> Iterator[Mapping[str, Any]]:
    yield tree.get("defaults", {})
    for section in ("categories", "issues", "severities", "signals", "decisions"):
        for table in tree.get(section, {}).values():
            yield table
            if "also" in table:
                yield table["also"]


def _layer(table: Mapping[str, Any]) -> Layer:
    return Layer(**{name: value for name, value in table.items() if name in Layer.__slots__})


def _missing(tree: Tree) -> Iterator[str]:
    """Yield every key that must stand in the joined policy and does not."""
    for file, (section, spec) in FILES.items():
        if file != "escalation.toml":
            yield from _lacking(tree.get(section, {}), spec, file, ())
    for category in Category:
        if category.value not in tree.get("categories", {}):
            yield f"category {category.value!r} is missing: it has no owner and no plan (categories.toml)."
    for section, names in (
        ("issues", IssueType),
        ("severities", Severity),
        ("decisions", Decision),
        ("signals", SIGNALS),
    ):
        for name in names:
            if str(name) not in tree.get(section, {}):
                yield f"no entry for {str(name)!r} ({section})."
    matrix = FILES["priority.toml"][1]
    if isinstance(matrix, Table) and isinstance(rows := matrix.keys["matrix"], Each) and isinstance(rows.of, Each):
        for impact in rows.names or ():
            for urgency in rows.of.names or ():
                if urgency not in tree.get("priority", {}).get("matrix", {}).get(impact, {}):
                    yield f"no priority for impact {impact!r} and urgency {urgency!r} (priority.toml, matrix.{impact})."
    for name in FACTS:
        if name not in tree.get("defaults", {}).get("facts", {}):
            yield f"no default for the fact {name!r}, which templates may use (defaults.toml, facts.{name})."
    for name in ("owner", "impact", "urgency"):
        if name not in tree.get("defaults", {}):
            yield f"missing key {name!r}: without it a case may have none (defaults.toml)."


def _lacking(tree: Any, spec: Spec, file: str, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(spec, Table):
        for key in spec.required:
            if key not in tree:
                yield f"missing key {key!r} ({', '.join(filter(None, [file, '.'.join(path)]))})."
        for key, inner in spec.keys.items():
            if key in tree:
                yield from _lacking(tree[key], inner, file, (*path, key))
    elif isinstance(spec, Each):
        for key, value in tree.items():
            yield from _lacking(value, spec.of, file, (*path, key))


def _dangling(tree: Tree, options: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield every reference to a role, step or template that does not exist."""
    for section, spec in dict(FILES.values()).items():
        if section in tree:
            yield from _references(tree[section], spec, options)


def _references(tree: Any, spec: Spec, options: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    if isinstance(spec, Kind):
        if spec.refers and tree.value not in options[spec.refers]:
            where = f"{tree.file}, {tree.key}"
            known = options[spec.refers]
            yield str(TriageError(f"unknown {spec.refers}", value=tree.value, where=where, options=known))
        return
    for key, value in tree.items():
        inner = spec.keys[key] if isinstance(spec, Table) else spec.of
        yield from _references(value, inner, options)


def _unfinished_steps(tree: Tree, steps: Iterable[str]) -> Iterator[str]:
    """Yield steps that no layer gives a stage, a title, words or a time."""
    for name in steps:
        tables = [layer["steps"][name] for layer in _layers(tree) if name in layer.get("steps", {})]
        keys = {key for table in tables for key in table}
        where = next((leaf.origin for table in tables for leaf in table.values()), name)
        for wanted in (("stage",), ("title",), ("message", "template"), ("due", "of")):
            if not keys & set(wanted):
                yield f"step {name!r} has no {' or '.join(wanted)} in any file ({where})."
        if ("of" in keys) != ("at" in keys):
            yield f"step {name!r} needs both 'of' and 'at', or neither ({where})."
        if "due" in keys and "of" in keys:
            yield f"step {name!r} has a deadline of its own ('due') and a share of another's ('of') ({where})."
        for table in tables:
            if "message" in table and "template" in table:
                yield f"step {name!r} has both a message and a template ({table['message'].origin})."


def _contradictions(signals: Mapping[str, Any]) -> Iterator[str]:
    """Yield signals of which neither goes before the other: where they differ, nothing decides."""
    ranks: dict[int, str] = {}
    for name, table in signals.items():
        rank = table.get("rank")
        if rank is not None and rank.value in ranks:
            yield (
                f"signals {ranks[rank.value]!r} and {name!r} have the same rank {rank.value}, "
                f"so nothing decides where they differ ({rank.file}, {rank.key})."
            )
        elif rank is not None:
            ranks[rank.value] = name


def _calendar_problems(table: Mapping[str, Any]) -> Iterator[str]:
    hours = table.get("hours", {})
    if hours and not any(leaf.value for leaf in hours.values()):
        yield "no day of the week has working hours, so no working time ever passes (calendar.toml, hours)."
    closed, extra = table.get("closures"), table.get("extra_days")
    if closed and extra:
        for day in sorted(closed.value & extra.value):
            yield f"{day} is both a closure and an extra working day ({extra.origin})."


def _calendar(table: Mapping[str, Any]) -> WorkCalendar:
    value = {name: leaf.value for name, leaf in table.items() if isinstance(leaf, Leaf) and name != "source"}
    hours = {_WEEK.index(day): leaf.value for day, leaf in table["hours"].items()}
    return WorkCalendar(hours, value.pop("makeup", None), **value)


def _assignment_problems(tree: Tree, roles: tuple[str, ...]) -> Iterator[str]:
    assign = tree.get("owners", {}).get("assign", {})
    tables = [assign.get("default", {}), *assign.get("product", {}).values(), *assign.get("project", {}).values()]
    for table in tables:
        for role, leaf in table.items():
            if role not in roles:
                where = f"{leaf.file}, {leaf.key}"
                yield str(TriageError("unknown role", value=role, where=where, options=roles))


def _assignments(assign: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, str]]:
    made = {("default", ""): {role: leaf.value for role, leaf in assign.get("default", {}).items()}}
    for kind in ("product", "project"):
        for name, table in assign.get(kind, {}).items():
            made[kind, name] = {role: leaf.value for role, leaf in table.items()}
    return made
