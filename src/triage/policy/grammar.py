"""The language of templates: which Jinja2 constructs and names may stand in one.

A list of what is allowed, not of what is forbidden: a construct nobody thought of is refused.
"""

from __future__ import annotations

from jinja2 import nodes

from triage.errors import TriageError
from triage.policy.schema import CUSTOMER_FACTS, FACTS
from triage.policy.templates import OPTIONAL, SLOTS

__all__ = ["Reader", "dotted"]

_LISTS = frozenset(f"facts.{name}" for name, kind in FACTS.items() if kind.json["type"] == "array") | {
    "case.also",
    "case.signals",
}
_OPTIONAL = frozenset(f"ticket.{name}" for name in OPTIONAL)
_LOOP = frozenset({"loop.index", "loop.first", "loop.last"})
_INTERNAL = frozenset(f"facts.{name}" for name in FACTS if name not in CUSTOMER_FACTS) | {
    name for name in SLOTS if not name.startswith("ticket.") or name == "ticket.engineer"
}
_PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Keyword)


class Reader:
    """Walks a parsed template and collects what may not stand in it.

    Parameters
    ----------
    names : frozenset of str
        Dotted names that exist for this audience.
    file : str
        Where the template stands.
    filters : frozenset of str
        Filters that may be used.
    """

    def __init__(self, names: frozenset[str], file: str, filters: frozenset[str]) -> None:
        self.names = names
        self.file = file
        self.filters = filters
        self.problems: list[str] = []
        self._loops: list[str] = []

    def read(self, node: nodes.Node, sure: frozenset[str]) -> None:
        """Check a node; `sure` holds the optional names an ``if`` around it has made certain."""
        if isinstance(node, nodes.Getattr | nodes.Name):
            self._name(node, sure)
        elif isinstance(node, nodes.If | nodes.CondExpr):
            self._branch(node, sure)
        elif isinstance(node, nodes.Or):
            self._test(node.left, sure)
            self.read(node.right, sure)
        elif isinstance(node, nodes.And):
            self._test(node.left, sure)
            self._test(node.right, sure | _certain(node.left))
        elif isinstance(node, nodes.Not):
            self._test(node.node, sure)
        elif isinstance(node, nodes.For):
            self._loop(node, sure)
        elif isinstance(node, nodes.Filter):
            self._filter(node, sure)
        elif isinstance(node, nodes.Compare):
            self._compare(node)
        elif isinstance(node, _PLAIN):
            for child in node.iter_child_nodes():
                self.read(child, sure)
        else:
            self._refuse(f"{type(node).__name__.lower()} is not allowed in a template", node)

    def _name(self, node: nodes.Node, sure: frozenset[str]) -> None:
        name = dotted(node)
        if name is None:
            self._refuse("only plain names may be used", node)
        elif name in self._loops or (name in _LOOP and self._loops):
            return
        elif name not in self.names:
            self._unknown(name, node)
        elif name in _LISTS:
            self._refuse(f"a list is printed with {{% for %}} or | join: {name}", node)
        elif name in _OPTIONAL and name not in sure:
            self._refuse(f'may be missing: write {{% if {name} %}} around it, or {name} or "…"', node, value=name)

    def _test(self, node: nodes.Node, sure: frozenset[str]) -> None:
        name = dotted(node)
        if name in _LISTS and name in self.names:
            return
        self.read(node, sure | ({name} if name in _OPTIONAL else frozenset()))

    def _branch(self, node: nodes.If | nodes.CondExpr, sure: frozenset[str]) -> None:
        self._test(node.test, sure)
        certain = sure | _certain(node.test)
        if isinstance(node, nodes.CondExpr):
            self.read(node.expr1, certain)
            if node.expr2 is not None:
                self.read(node.expr2, sure)
            return
        for child in node.body:
            self.read(child, certain)
        for child in [*node.elif_, *node.else_]:
            self.read(child, sure)

    def _loop(self, node: nodes.For, sure: frozenset[str]) -> None:
        if not isinstance(node.target, nodes.Name) or node.recursive or node.test or node.else_:
            self._refuse("a loop is written {% for item in facts.… %}", node)
            return
        self._list(node.iter)
        self._loops.append(node.target.name)
        for child in node.body:
            self.read(child, sure)
        self._loops.pop()

    def _list(self, node: nodes.Node) -> None:
        name = dotted(node)
        if name not in _LISTS:
            self._refuse("not a list of the policy", node, value=name or type(node).__name__.lower())
        elif name not in self.names:
            self._unknown(name, node)

    def _filter(self, node: nodes.Filter, sure: frozenset[str]) -> None:
        if node.name not in self.filters:
            self._refuse("unknown filter", node, value=node.name, options=sorted(self.filters))
            return
        arguments = [*node.args, *(pair.value for pair in node.kwargs)]
        if not all(isinstance(item, nodes.Const) and _small(item.value) for item in arguments) or node.dyn_args:
            self._refuse(f"the filter {node.name} takes short constants only", node)
        if node.node is None:
            self._refuse("a filter stands behind a name", node)
        elif node.name in ("join", "first"):
            self._list(node.node)
        else:
            self.read(node.node, sure)

    def _compare(self, node: nodes.Compare) -> None:
        name = dotted(node.expr)
        whole = all(op.op in ("eq", "ne") and isinstance(op.expr, nodes.Const) for op in node.ops)
        if name is None or not name.startswith("case.") or name in _LISTS or not whole:
            self._refuse("only a name of the case may be compared, with == or !=", node)
        elif name not in self.names:
            self._unknown(name, node)

    def _unknown(self, name: str, node: nodes.Node) -> None:
        if name in _INTERNAL and not self.names & _INTERNAL:
            self._refuse("internal, so it cannot stand in a message to a customer", node, value=name)
            return
        root = name.split(".")[0]
        near = sorted(known for known in self.names if known.split(".")[0] == root)
        roots = sorted({f"{known.split('.')[0]}.…" for known in self.names})
        self._refuse("unknown name", node, value=name, options=near or roots)

    def _refuse(
        self, problem: str, node: nodes.Node, *, value: object = None, options: list[str] | None = None
    ) -> None:
        where = f"{self.file}, line {node.lineno}"
        self.problems.append(str(TriageError(problem, value=value, where=where, options=options or ())))


def dotted(node: nodes.Node) -> str | None:
    """Return ``root.name`` of a plain name, None for anything else."""
    if isinstance(node, nodes.Name):
        return str(node.name)
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return None


def _certain(test: nodes.Node) -> frozenset[str]:
    """Return the optional names that are there when a test holds."""
    if isinstance(test, nodes.And):
        return _certain(test.left) | _certain(test.right)
    name = dotted(test)
    return frozenset({name}) if name in _OPTIONAL else frozenset()


def _small(value: object) -> bool:
    return (isinstance(value, int) and -1 <= value <= 20) or (isinstance(value, str) and len(value) <= 20)
