"""Templates cannot break out, cannot leak, and cannot be made of what a customer wrote."""

import dataclasses
import datetime as dt

import pytest

from triage.errors import PolicyError
from triage.policy.files import Template
from triage.policy.load import load_policy
from triage.policy.plan import plan
from triage.policy.schema import CUSTOMER_FACTS, FACTS
from triage.policy.templates import allowed_names, cut, filled, template_problems
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
    pieces = cut(template, {"facts": {"a": "1 < 2"}}, ("ticket.text",), frozenset())
    assert filled(pieces, lambda _: "<script>&", ("ticket.text",), escape=True) == (
        "<p>1 &lt; 2 &lt;script&gt;&amp;</p>"
    )


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
