"""Imports run one way: a module imports only from what stands above it."""

import ast
from pathlib import Path

import triage

ROOT = Path(triage.__file__).parent
ORDER = [
    "errors",
    "records",
    "text",
    "classify",
    "datasets",
    "policy",
    "tickets",
    "learn",
    "engine",
    "batch",
    "pandas",
    "report",
    "commands",
    "cli",
]
#: Imports against the order, each with its reason.
EXCEPTIONS = {
    ("records", "report"): "a notebook asks the record itself for its HTML; imported when asked",
}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("triage."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("triage.")}
    return found


def test_every_module_has_its_place_in_the_order() -> None:
    modules = {path.stem if path.is_file() else path.name for path in ROOT.iterdir() if not path.name.startswith("_")}
    assert modules - {"py"} == set(ORDER)


def test_imports_run_one_way() -> None:
    wrong = []
    for path in ROOT.rglob("*.py"):
        module = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if module in ORDER:
            later = {m for m in imported(path) if m in ORDER and ORDER.index(m) > ORDER.index(module)}
            wrong += [f"{path.relative_to(ROOT)} imports {m}" for m in later if (module, m) not in EXCEPTIONS]
    assert wrong == []


def test_the_table_of_contents_is_short_and_true() -> None:
    assert len(triage.__all__) <= 10
    assert all(hasattr(triage, name) for name in triage.__all__)
