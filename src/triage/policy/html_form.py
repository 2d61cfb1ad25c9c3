"""HTML letters: plain markup only, and values only where escaping makes them text.

Escaping protects text between tags. It does not protect a value inside a tag, a link, a script or a style, so
a template that puts one there is refused, as is everything a letter does not need.
"""

from __future__ import annotations

from html.parser import HTMLParser

from triage.policy.files import Template

__all__ = ["html_problems"]

_TAGS = frozenset(
    [
        "html",
        "head",
        "title",
        "meta",
        "body",
        "div",
        "p",
        "span",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
    ]
)
_ATTRIBUTES = frozenset(["lang", "charset", "class", "style", "href", "align", "valign", "width", "colspan", "rowspan"])
_LINKS = ("https://", "mailto:", "tel:")
_VALUE = "\ue000"  # stands for a value; no template may hold this character


def html_problems(template: Template) -> list[str]:
    """Return what an HTML template holds that a letter may not, each with its line.

    Parameters
    ----------
    template : Template
        One that is a valid Jinja2 template.

    Examples
    --------
    >>> link = Template("customer/x.html", '<a href="{{ ticket.id }}">单号</a>', "x.html.j2", packaged=False)
    >>> print(*html_problems(link))
    a value may stand only between tags, not inside one: 'a' (x.html.j2, line 1).
    """
    from jinja2 import Environment

    parts = []
    for _, kind, text in Environment(autoescape=True).lex(template.text):
        lines = "\n" * text.count("\n")
        parts.append(text if kind == "data" else f"{_VALUE}{lines}" if kind == "variable_begin" else lines)
    reader = _Letter(template.file)
    reader.feed("".join(parts))
    reader.close()
    return reader.problems


class _Letter(HTMLParser):
    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=False)
        self.file = file
        self.problems: list[str] = []

    def _refuse(self, what: str, value: str) -> None:
        shown = value.replace(_VALUE, "{{ … }}")
        self.problems.append(f"{what}: {shown!r} ({self.file}, line {self.getpos()[0]}).")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self._refuse("a letter needs no such tag", tag)
        for name, value in attrs:
            text = value or ""
            if _VALUE in name or _VALUE in text:
                self._refuse("a value may stand only between tags, not inside one", tag)
            elif name not in _ATTRIBUTES:
                self._refuse("a letter needs no such attribute", name)
            elif name == "href" and not text.startswith(_LINKS):
                self._refuse(f"a link must begin with {', '.join(_LINKS)}", text)
            elif name == "style" and ("url" in text.lower() or "expression" in text.lower() or "\\" in text):
                self._refuse("a style may not load anything", text)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _TAGS:
            self._refuse("a letter needs no such tag", tag)

    def handle_data(self, data: str) -> None:
        if "<" in data:
            self._refuse("a '<' that begins no tag; write &lt;", data.strip()[:20])

    def handle_comment(self, data: str) -> None:
        self._refuse("a letter needs no comment; write {# … #}", data.strip()[:20])

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self._refuse("a letter needs no such declaration", decl[:20])

    def handle_pi(self, data: str) -> None:
        self._refuse("a letter needs no processing instruction", data[:20])

    def unknown_decl(self, data: str) -> None:
        self._refuse("a letter needs no such declaration", data[:20])
