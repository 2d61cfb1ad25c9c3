"""Reading policy folders: TOML and templates, each value remembering its file, one folder laid over another."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Any

from triage.errors import TriageError
from triage.policy.kinds import Kind
from triage.policy.schema import FILES, Spec, Table, spec_of

__all__ = ["Leaf", "Template", "Tree", "lay_over", "read_folder"]

_LIMIT = 2_000_000  # bytes; a policy file larger than this is not one


@dataclasses.dataclass(frozen=True, slots=True)
class Leaf:
    """A value and where it stands."""

    value: Any
    file: str
    key: str

    @property
    def origin(self) -> str:
        """``file: key``, as a step's source gives it."""
        return f"{self.file}: {self.key}"


@dataclasses.dataclass(frozen=True, slots=True)
class Template:
    """The text of a template and the file that holds it; `packaged` ones are proven by the library's tests."""

    name: str
    text: str
    file: str
    packaged: bool


Tree = dict[str, Any]
"""Nested tables whose ends are :class:`Leaf`."""


def read_folder(root: Traversable, label: str, problems: list[str]) -> tuple[Tree, dict[str, Template]]:
    """Read and check every file of a folder.

    Parameters
    ----------
    root : Traversable
        The folder.
    label : str
        What to put before file names in messages; empty for the packaged policy.
    problems : list of str
        Where to add what is wrong.

    Returns
    -------
    tree : dict
        Sections, tables and leaves.
    templates : dict
        Templates by name, such as ``customer/acknowledge``.
    """
    tree: Tree = {}
    templates: dict[str, Template] = {}
    for path, entry in sorted(_walk(root), key=lambda pair: pair[0]):
        file = f"{label}/{path}" if label else path
        text = _read(entry, file, problems)
        if text is None:
            continue
        if path.startswith("templates/") and path.endswith(".j2"):
            name = path.removeprefix("templates/").removesuffix(".j2")
            templates[name] = Template(name, text, file, packaged=not label)
            continue
        found = spec_of(path)
        if found is None:
            names = [name if name.endswith(".toml") else f"{name}/….toml" for name in FILES]
            problems.append(str(TriageError("unknown policy file", value=path, where=file, options=names)))
            continue
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            problems.append(f"not valid TOML: {error} ({file}).")
            continue
        section, spec = found
        lay_over(tree.setdefault(section, {}), _checked(raw, spec, file, (), problems))
    return tree, templates


def lay_over(below: Tree, above: Tree) -> None:
    """Lay one tree over another: tables are joined, values and lists replaced."""
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            lay_over(below[key], value)
        else:
            below[key] = value


def _walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__")) or entry.name.endswith((".md", ".json", "~", ".bak", ".swp")):
            continue
        if entry.is_dir():
            if prefix.count("/") < 3:
                yield from _walk(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry


def _read(entry: Traversable, file: str, problems: list[str]) -> str | None:
    data = entry.read_bytes()
    if len(data) > _LIMIT:
        problems.append(f"larger than {_LIMIT:,} bytes: not a policy file ({file}).")
        return None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        problems.append(f"not UTF-8 at byte {error.start}; save the file as UTF-8 ({file}).")
        return None


def _checked(raw: Any, spec: Spec, file: str, path: tuple[str, ...], problems: list[str]) -> Any:
    """Turn raw TOML into leaves, leaving out and reporting what does not fit."""
    where = f"{file}, {'.'.join(path)}" if path else file
    if isinstance(spec, Kind):
        try:
            return Leaf(spec.read(raw), file, ".".join(path))
        except (ValueError, TypeError) as error:
            wrong = TriageError(
                f"expected {spec.what}, the value {error}", value=raw, where=where, options=spec.options
            )
            problems.append(str(wrong))
            return None
    if not isinstance(raw, dict):
        problems.append(str(TriageError("expected a table", value=raw, where=where)))
        return None
    tree: Tree = {}
    for key, value in raw.items():
        inner: Spec | None
        if isinstance(spec, Table):
            names, what, inner = tuple(spec.keys), "key", spec.keys.get(key)
        else:
            names, what, inner = spec.names or (), spec.what, spec.of
            if spec.names is not None and key not in spec.names:
                inner = None
        if inner is None:
            problems.append(str(TriageError(f"unknown {what}", value=key, where=where, options=names)))
            continue
        checked = _checked(value, inner, file, (*path, key), problems)
        if checked is not None:
            tree[key] = checked
    return tree
