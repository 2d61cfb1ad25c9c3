"""Templates: what they may say, and how they become messages.

A template is read by Jinja2 only to place words; what a customer wrote never passes through it. Values of
the single ticket stand in the rendered text as single private-use characters and are put in afterwards, so
that a message is rendered once per case and no text of a customer can be taken for a template.

The language is cut down to what a manager needs: names that exist, ``if``, ``for`` over a list, and four
filters. Everything else (calls, attributes of values, arithmetic, includes) is refused when the policy is
loaded; the sandbox of Jinja2 and its refusal of undefined names stand behind that as a second wall.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from triage.policy.files import Template
from triage.policy.schema import CUSTOMER_FACTS, FACTS, FORMS
from triage.records import Audience

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

__all__ = [
    "OPTIONAL",
    "SLOTS",
    "allowed_names",
    "audience_of",
    "cut",
    "is_slot",
    "names_in",
    "stem_of",
    "template_problems",
]

OPTIONAL = ("id", "customer", "product", "project", "channel", "engineer")
"""Facts of a ticket that may be missing; a template must say what stands in their place."""

SLOTS = (
    *(f"ticket.{name}" for name in OPTIONAL),
    "ticket.text",
    "ticket.created",
    "form.known",
    "form.missing",
    "assessment.confidence",
    "assessment.reasons",
    "assessment.evidence",
    "assessment.signals",
)
"""Names whose value depends on the single ticket, besides ``due.…``."""

_CASE = ("category", "issue", "severity", "priority", "owner", "also", "signals", "impact", "urgency")
_STEP = ("title", "owner", "accountable", "proof", "reason")
_FILTERS = frozenset({"join", "indent", "trim", "first"})
_FIRST = 0xE000  # the private-use area; a character of it in a template is refused
_MARK = re.compile("([\ue000-\uf8ff])")
_INTERNAL_TICKET = frozenset({"ticket.engineer", "form.known", "form.missing"})


def audience_of(name: str) -> Audience:
    """Return who may read what a template makes: its folder says so."""
    return Audience.CUSTOMER if name.startswith(f"{Audience.CUSTOMER.value}/") else Audience.INTERNAL


def stem_of(name: str) -> str:
    """Return what a step names of a template: its name without the written form.

    Examples
    --------
    >>> stem_of("customer/acknowledge.html")
    'customer/acknowledge'
    """
    stem, _, form = name.rpartition(".")
    return stem if form in FORMS else name


def allowed_names(audience: Audience, steps: Iterable[str], roles: Iterable[str]) -> frozenset[str]:
    """Return the names a template may use.

    A template for customers knows neither the internal facts (checklists, attribution, the talk with the
    engineer) nor the assessment; what it cannot name it cannot tell.
    """
    names = {f"{root}.{step}" for step in steps for root in ("due", "within")}
    if audience is Audience.CUSTOMER:
        names |= {f"facts.{name}" for name in CUSTOMER_FACTS}
        names |= {slot for slot in SLOTS if slot.startswith("ticket.") and slot not in _INTERNAL_TICKET}
        return frozenset(names | {"case.owner"})
    names |= {f"facts.{name}" for name in FACTS} | set(SLOTS) | {f"case.{name}" for name in _CASE}
    return frozenset(names | {f"step.{name}" for name in _STEP} | {f"roles.{role}" for role in roles})


def template_problems(template: Template, names: frozenset[str]) -> list[str]:
    """Return what a template holds that it may not, each with its line.

    Examples
    --------
    >>> leak = Template("customer/x", "{{ facts.checklist | join }}", "customer/x.j2", packaged=False)
    >>> print(*template_problems(leak, frozenset({"facts.apology"})))
    internal, so it cannot stand in a message to a customer: 'facts.checklist' (customer/x.j2, line 1).
    """
    from jinja2 import TemplateSyntaxError

    from triage.policy.grammar import Reader
    from triage.policy.html_form import html_problems

    problems = []
    if _MARK.search(template.text):
        problems.append(f"private-use characters are reserved for the values put in ({template.file}).")
    try:
        tree = _environment(html_form=False).parse(template.text)
    except TemplateSyntaxError as error:
        return [*problems, f"not a valid template: {error.message} ({template.file}, line {error.lineno})."]
    except RecursionError:
        return [*problems, f"not a valid template: nested too deeply ({template.file})."]
    reader = Reader(names, template.file, _FILTERS)
    reader.read(tree, frozenset())
    problems += reader.problems
    return problems + html_problems(template) if template.name.endswith(".html") else problems


def is_slot(name: str) -> bool:
    """Tell whether the value of a name depends on the single ticket."""
    return name in SLOTS or name.startswith("due.")


@functools.lru_cache(maxsize=512)
def names_in(text: str) -> frozenset[str]:
    """Return the names a template uses.

    Examples
    --------
    >>> sorted(names_in("{{ facts.apology }}{% if ticket.id %}（{{ ticket.id }}）{% endif %}"))
    ['facts.apology', 'ticket.id']
    """
    from jinja2 import nodes

    from triage.policy.grammar import dotted

    found = map(dotted, _environment(html_form=False).parse(text).find_all(nodes.Getattr))
    return frozenset(filter(None, found))


def cut(
    template: Template, context: Mapping[str, Any], slots: Iterable[str], absent: frozenset[str]
) -> tuple[tuple[str, ...], dict[int, str]]:
    """Render a template with marks for the ticket's values and cut it at the marks.

    Parameters
    ----------
    template : Template
        What to render.
    context : mapping
        The values that are the same for every ticket of the case.
    slots : iterable of str
        Names of the values put in later, in an order that does not change.
    absent : frozenset of str
        Slots this ticket has no value for: false in an ``if``, refused in print.

    Returns
    -------
    pieces : tuple of str
        The text in pieces, empty where a value of the ticket belongs.
    gaps : dict of int to str
        For each of these places the name of the slot.
    """
    import jinja2

    whole: dict[str, dict[str, Any]] = {name: dict(value) for name, value in context.items()}
    known = tuple(slots)
    for place, slot in enumerate(known):
        root, name = slot.split(".", 1)
        whole.setdefault(root, {})[name] = _ABSENT if slot in absent else _Slot(chr(_FIRST + place))
    try:
        text = _compiled(template.text, template.name.endswith(".html")).render(whole)
    except (jinja2.TemplateError, TypeError, ValueError) as error:
        raise ValueError(f"{template.file}: {error}") from error
    pieces = _MARK.split(re.sub(r"\n{3,}", "\n\n", text).strip())
    gaps = {place: known[ord(pieces[place]) - _FIRST] for place in range(1, len(pieces), 2)}
    return tuple("" if place in gaps else piece for place, piece in enumerate(pieces)), gaps


class _Slot:
    """A value known only with the ticket: it can be printed whole, and nothing else."""

    __slots__ = ("_mark",)

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def __str__(self) -> str:
        return self._mark

    __html__ = __str__


class _Absent:
    """A value the ticket does not have."""

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        raise ValueError("a value the ticket does not have is printed")

    __html__ = __str__


_ABSENT = _Absent()


@functools.cache
def _environment(*, html_form: bool) -> SandboxedEnvironment:
    # Jinja2 takes 60 ms to import and is needed only for words.
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        autoescape=html_form,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,
    )
    environment.globals.clear()
    environment.tests.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    return environment


@functools.lru_cache(maxsize=512)
def _compiled(text: str, html_form: bool) -> Any:
    return _environment(html_form=html_form).from_string(text)
