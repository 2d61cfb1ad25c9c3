"""Templates cannot break out, cannot leak, and cannot be made of what a customer wrote."""

import dataclasses
import datetime as dt
import html
from html.parser import HTMLParser

import pytest

from triage.errors import PolicyError
from triage.policy.files import Template
from triage.policy.load import load_policy
from triage.policy.plan import plan
from triage.policy.schema import CUSTOMER_FACTS, FACTS
from triage.policy.templates import allowed_names, cut, template_problems
from triage.records import Assessment, Audience, Category, Decision, IssueType, Severity, Ticket

POLICY = load_policy()
NAMES = {who: allowed_names(who, POLICY.step_keys, POLICY.roles) for who in Audience}
NOW = dt.datetime(2026, 11, 10, 9, 0, tzinfo=POLICY.zone)
ASSESSMENT = Assessment(
    Category.TECHNICAL,
    {Category.TECHNICAL: 0.9},
    {},
    IssueType.FUNCTION_FAILURE,
    Severity.NORMAL,
    0.9,
    Decision.AUTOMATE,
)

BREAK_OUTS = [
    "{{ ''.__class__.__mro__ }}",
    "{{ facts.__class__ }}",
    "{{ facts['apology'] }}",
    "{{ facts.apology.__class__ }}",
    "{{ ticket.text.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__ }}",
    "{{ lipsum() }}",
    "{{ range(10) | join }}",
    "{% for i in range(999999999) %}x{% endfor %}",
    "{{ 'a' * 999999999 }}",
    "{{ 'a' ~ facts.apology }}",
    "{{ 2 ** 99999999 }}",
    "{{ '%s' % facts.apology }}",
    "{{ '%999999999d' | format(1) }}",
    "{{ '{0.__class__}'.format(facts) }}",
    "{{ facts.apology.format(facts) }}",
    "{{ self._TemplateReference__context }}",
    "{{ self }}",
    "{{ config }}",
    "{{ namespace(a=1) }}",
    "{{ dict(a=1) }}",
    "{{ joiner() }}",
    "{{ ()|attr('__class__') }}",
    "{{ facts|attr('apology') }}",
    "{{ facts.apology|map('upper')|list }}",
    "{{ facts.apology|indent(999999999) }}",
    "{{ facts.apology|indent('x' * 99) }}",
    "{{ facts.checklist|join(facts.checklist) }}",
    "{% set x = facts %}{{ x }}",
    "{% include 'internal/support_talk.j2' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import x %}",
    "{% extends 'internal/record.j2' %}",
    "{% macro x() %}{% endmacro %}",
    "{% call x() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% block x %}{% endblock %}",
    "{% with x = facts %}{{ x }}{% endwith %}",
    "{% autoescape false %}{% endautoescape %}",
    "{% for a in facts.ask recursive %}{{ loop(a) }}{% endfor %}",
    "{% for a, b in facts.ask %}{{ a }}{% endfor %}",
    "{% for facts in facts.ask %}{{ facts.apology }}{% endfor %}{{ facts.apologies }}",
    "{% for a in ticket.text %}{{ a }}{% endfor %}",
    "{{ [1, 2] }}",
    "{{ {'a': 1} }}",
    "{{ facts.ask[0:1] }}",
    "{{ ticket.text == 'x' }}",
    "{% if ticket.customer == '甲公司' %}x{% endif %}",
    "{{ 1 if ticket.text is defined }}",
    "{{ facts }}",
    "{{ ticket }}",
    "{{ facts.ask }}",
    "{{ loop.index }}",
    "{{ ticket.customer }}",
    "{{ unknown.name }}",
    "{{ due.nowhere }}",
    "\ue000",
    "{{ facts.apology",
    "{% if facts.apology %}",
]


@pytest.mark.parametrize("who", list(Audience), ids=str)
@pytest.mark.parametrize("text", BREAK_OUTS)
def test_a_break_out_is_refused_with_file_and_line(text, who):
    problems = template_problems(Template("x", text, "templates/x.j2", packaged=False), NAMES[who])
    assert problems
    assert all("templates/x.j2" in problem for problem in problems)


@pytest.mark.parametrize("fact", sorted(set(FACTS) - set(CUSTOMER_FACTS)))
def test_no_internal_fact_can_be_written_to_a_customer(fact):
    for text in (f"{{{{ facts.{fact} }}}}", f"{{% for x in facts.{fact} %}}{{{{ x }}}}{{% endfor %}}"):
        template = Template("customer/x", text, "customer/x.j2", packaged=False)
        assert template_problems(template, NAMES[Audience.CUSTOMER])
    assert (
        "internal"
        in template_problems(
            Template("x", f"{{{{ facts.{fact} }}}}", "x.j2", packaged=False), NAMES[Audience.CUSTOMER]
        )[0]
    )


@pytest.mark.parametrize("name", ["ticket.engineer", "form.known", "form.missing", "assessment.reasons", "step.owner"])
def test_nor_anything_else_internal(name):
    template = Template("customer/x", f"{{{{ {name} }}}}", "customer/x.j2", packaged=False)
    assert template_problems(template, NAMES[Audience.CUSTOMER])


def test_the_sandbox_is_a_second_wall():
    for text in (
        "{{ ''.__class__.__mro__ }}",
        "{{ lipsum }}",
        "{{ nothing }}",
        "{{ facts.nothing }}",
        "{{ range(3) }}",
    ):
        with pytest.raises(ValueError, match=r"x\.j2"):
            cut(Template("x", text, "x.j2", packaged=False), {"facts": {}}, (), frozenset())


def test_what_a_customer_wrote_is_never_a_template():
    evil = "{{ 7 * 7 }}{% for x in y %}\ue000\ue001{{ facts.checklist }} <script>"
    made = plan(Ticket(evil, evil, NOW, evil, evil, evil, None, evil), ASSESSMENT, POLICY, NOW)
    assert evil in made.reply
    assert "49" not in made.reply
    record = next(step for step in made.steps if step.key == "record")
    assert evil in record.message


def test_values_are_escaped_where_the_template_is_html():
    template = Template("customer/x.html", "<p>{{ facts.a }} {{ ticket.text }}</p>", "x.html.j2", packaged=False)
    pieces, gaps = cut(template, {"facts": {"a": "1 < 2"}}, ("ticket.id", "ticket.text"), frozenset())
    assert pieces == ("<p>1 &lt; 2 ", "", "</p>")
    assert gaps == {1: "ticket.text"}


@pytest.mark.parametrize("category", [Category.TECHNICAL, Category.NONE], ids=str)
def test_a_reply_in_html_shows_what_a_customer_wrote_as_text(category):
    evil = "\"'><script>alert(1)</script><img src=x onerror=y>{{ 7 * 7 }}&amp;"
    assessment = ASSESSMENT if category is Category.TECHNICAL else dataclasses.replace(
        ASSESSMENT, category=category, categories={}, issue=None
    )  # fmt: skip
    ticket = Ticket(evil, evil, NOW, evil, evil, evil, "HTML邮件", evil)
    reply = plan(ticket, assessment, POLICY, NOW).reply
    assert reply.startswith("<!DOCTYPE html>")
    assert html.escape(evil) in reply
    read = Tags()
    read.feed(reply)
    assert set(read.tags) <= {"html", "head", "meta", "title", "body", "p", "br", "ol", "li", "strong", "table", "tr",
                              "th", "td"}  # fmt: skip
    assert evil in "".join(read.text)
    plain = plan(dataclasses.replace(ticket, channel="微信"), assessment, POLICY, NOW).reply
    assert evil in plain


class Tags(HTMLParser):
    """What a mail program would make of a letter."""

    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, _):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text.append(data)


HTML_BREAK_OUTS = [
    ('<a href="{{ facts.apology }}">x</a>', "not inside one: 'a'"),
    ("<p class={{ facts.apology }}>x</p>", "not inside one: 'p'"),
    ("<p {{ facts.apology }}>x</p>", "not inside one: 'p'"),
    ("<{{ facts.apology }}>", "begins no tag"),
    ("</{{ facts.apology }}>", "no comment"),
    ("<a{{ facts.apology }}>", "no such tag"),
    ("<script>var x = '{{ facts.apology }}'</script>", "no such tag: 'script'"),
    ("<style>p { color: {{ facts.apology }} }</style>", "no such tag: 'style'"),
    ("<p style='color: {{ facts.apology }}'>x</p>", "not inside one: 'p'"),
    ("<p style=\"background: url('https://x.example/p.gif')\">x</p>", "may not load anything"),
    ("<p style='background: u\\72l(x)'>x</p>", "may not load anything"),
    ("<p onclick='x()'>x</p>", "no such attribute: 'onclick'"),
    ("<img src='https://x.example/pixel.gif'>", "no such tag: 'img'"),
    ("<iframe src='https://x.example'></iframe>", "no such tag: 'iframe'"),
    ("<form action='https://x.example'></form>", "no such tag: 'form'"),
    ("<base href='https://x.example'>", "no such tag: 'base'"),
    ("<meta http-equiv='refresh' content='0'>", "no such attribute: 'http-equiv'"),
    ("<a href='javascript:alert(1)'>x</a>", "a link must begin with"),
    ("<a href='&#106;avascript:alert(1)'>x</a>", "a link must begin with"),
    ("<svg><p>x</p></svg>", "no such tag: 'svg'"),
    ("<!-- {{ facts.apology }} -->", "no comment"),
    ("<!DOCTYPE svg>", "no such declaration"),
    ("<?php x ?>", "no processing instruction"),
    ("1 < 2", "write &lt;"),
    ("<p", "write &lt;"),
    ("\n\n<p onload=x>", "line 3"),
]


@pytest.mark.parametrize(("text", "reason"), HTML_BREAK_OUTS)
def test_html_that_escaping_cannot_protect_is_refused(text, reason):
    template = Template("customer/x.html", text, "x.html.j2", packaged=False)
    problems = template_problems(template, NAMES[Audience.CUSTOMER])
    assert any(reason in problem for problem in problems), problems
    assert not template_problems(dataclasses.replace(template, name="customer/x.mail"), NAMES[Audience.CUSTOMER])


def test_html_that_a_letter_needs_is_allowed():
    text = (
        "<!DOCTYPE html>\n<p style='color: #333'>{{ facts.apology }}&nbsp;</p>"
        "<p>{% if ticket.id %}{{ ticket.id }}{% endif %}</p>"
        "{# 说明 #}<a href='https://www.example.com/help'>帮助</a>"
    )
    assert not template_problems(Template("customer/x.html", text, "x", packaged=False), NAMES[Audience.CUSTOMER])


def test_support_never_reaches_a_customer():
    internal = {item for name in ("say", "unsaid", "checklist", "attribution", "caution", "compensation")
                for item in POLICY.defaults.facts[name].value}  # fmt: skip
    for issue in IssueType:
        assessment = dataclasses.replace(
            ASSESSMENT,
            category=issue.category,
            categories={issue.category: 0.9},
            issue=issue,
            severity=Severity.CRITICAL,
        )
        made = plan(Ticket("投诉", engineer="王工", created_at=NOW), assessment, POLICY, NOW)
        customer = "\n".join(step.message for step in made.steps if step.audience is Audience.CUSTOMER)
        assert "王工" not in customer
        assert not any(item in customer for item in internal)
        assert all(step.audience is Audience.INTERNAL for step in made.steps if step.stage.value == "support")


@pytest.mark.parametrize(
    "text",
    [
        "{% if ticket.customer %}{{ ticket.customer }}{% endif %}",
        "{% if ticket.id and ticket.product %}{{ ticket.id }}{{ ticket.product }}{% endif %}",
        "{{ ticket.id or '无' }}",
        "{{ ticket.id if ticket.id else '' }}",
        "{% if not ticket.id %}x{% endif %}",
        "{{ facts.ask | join('、') }}",
        "{{ facts.apology | trim }}",
        "{% for x in facts.ask %}{{ loop.index }}{{ x }}{% endfor %}",
    ],
)
def test_what_a_manager_needs_is_allowed(text):
    assert not template_problems(Template("customer/x", text, "x.j2", packaged=False), NAMES[Audience.CUSTOMER])


def test_a_policy_with_a_leaking_template_is_refused(tmp_path):
    folder = tmp_path / "own"
    (folder / "templates" / "customer").mkdir(parents=True)
    (folder / "policy.toml").write_text('name = "own"\nversion = "1"\neffective_from = 2026-01-01\n', "utf-8")
    (folder / "templates" / "customer" / "acknowledge.message.j2").write_text("{{ facts.goal }}", "utf-8")
    with pytest.raises(PolicyError, match="internal, so it cannot stand in a message to a customer"):
        load_policy(folder)
