"""What may stand where: every file, table and key of a policy, in one place.

The loader checks against this, ``triage policy schema`` prints it for editors, and the facts listed here
are the names a template may use.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from triage.policy.kinds import (
    BOOL,
    DATE,
    DATES,
    DURATION,
    INTERVALS,
    NUMBER,
    PERCENT,
    REF_ROLE,
    REF_STEP,
    REF_TEMPLATE,
    TEXT,
    TEXTS,
    ZONE,
    Kind,
    choice,
    choice_of,
)  # fmt: skip
from triage.records import Audience, Category, Decision, IssueType, Severity, Stage

__all__ = ["CUSTOMER_FACTS", "FACTS", "FILES", "FORMAT", "FORMS", "SIGNALS", "Each", "Spec", "Table", "spec_of"]

FORMAT = 1
"""Version of this schema. Raise it when a key changes its meaning or goes, and teach the loader the old one."""

SIGNALS: dict[str, str] = {
    "legal_threat": "威胁诉讼",
    "regulator_threat": "威胁向监管部门投诉",
    "media_threat": "威胁媒体曝光",
    "exposure_threat": "威胁网络曝光",
    "contract_threat": "威胁终止合同",
    "regulator_mentioned": "提及监管部门",
    "repeated": "重复投诉",
    "long_unsolved": "长期未解决",
    "outage": "大面积中断",
    "data_incident": "数据事故",
    "safety": "人身或生产安全",
    "money": "资金损失",
    "deadline": "客户限定时间",
    "person_named": "点名具体人员",
    "praise": "表扬",
}
"""The facts the assessment finds by rule, with their Chinese names."""


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A table with fixed keys; those in `required` must stand once all files are laid over each other."""

    keys: Mapping[str, Spec]
    required: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Each:
    """A table whose keys are names: of `names`, or free where that is None."""

    of: Spec
    names: tuple[str, ...] | None = None
    what: str = "name"


Spec = Kind | Table | Each

# Facts are the words and lists that layers give and templates use. Only the first group may reach a customer.
CUSTOMER_FACTS: dict[str, Kind] = {
    "greeting": TEXT,  # how the letter begins
    "apology": TEXT,  # the apology that fits what happened
    "concern": TEXT,  # what it means for the customer, said back
    "now": TEXT,  # what is being done at this moment
    "promise": TEXT,  # what the customer will have in hand afterwards
    "ask": TEXTS,  # questions to the customer
    "assurance": TEXTS,  # further sentences, added by signals and by second categories
    "rhythm": TEXT,  # how often the customer hears from us
    "measures": TEXTS,  # the measures a letter names
    "closing": TEXT,  # how the letter ends
    "signature": TEXT,
}
INTERNAL_FACTS: dict[str, Kind] = {
    "checklist": TEXTS,  # what to verify, in neutral words
    "missed_steps": TEXTS,  # steps of the delivery standard that may have been left out
    "records": TEXTS,  # what to pull
    "interview": TEXTS,  # whom to ask
    "whys": TEXTS,  # first questions of the five whys
    "attribution": TEXTS,  # rows of the attribution form
    "short_term": TEXTS,  # containment and correction, 8D D3
    "mid_term": TEXTS,  # corrective action on the cause, 8D D5-D6
    "long_term": TEXTS,  # preventive action, 8D D7
    "prevention": TEXTS,  # what would have prevented it
    "pattern": TEXT,  # the case-library entry: pattern and lesson
    "lesson": TEXT,
    "sensitive": TEXTS,  # why it is reported upwards
    "caution": TEXTS,  # what not to do or say
    "compensation": TEXTS,  # options by authority
    "say": TEXTS,  # what the line manager says to the engineer, and does not say
    "unsaid": TEXTS,
    "goal": TEXT,  # one small goal for the week
    "channel_reason": TEXT,  # why a call, or why not
}
FACTS: dict[str, Kind] = CUSTOMER_FACTS | INTERNAL_FACTS

FORMS = ("mail", "message", "html")
"""The written forms of a reply: letter, short message, letter in HTML. The ticket's channel chooses."""

IMPACT = choice(("wide", "group", "single"), "an impact")
URGENCY = choice(("now", "soon", "usual"), "an urgency")

STEP = Table(
    {
        "stage": choice_of(Stage, "a stage"),
        "title": TEXT,
        "owner": REF_ROLE,  # who does it
        "accountable": REF_ROLE,  # who answers for it
        "due": DURATION,
        "within": DURATION,  # shortens the deadline, never lengthens it
        "after": REF_STEP,  # the clock starts when that step is due
        "of": REF_STEP,  # an escalation: at so many percent of that step's time
        "at": PERCENT,
        "way": choice(("functional", "hierarchical"), "a way of escalation"),
        "message": TEXT,
        "template": REF_TEMPLATE,
        "audience": choice_of(Audience, "an audience"),
        "active": BOOL,
        "proof": TEXT,  # what shows that it is done
        "source": TEXT,
    }
)
_LAYER: dict[str, Spec] = {
    "source": TEXT,
    "owner": REF_ROLE,
    "impact": IMPACT,
    "urgency": URGENCY,
    "facts": Table(FACTS),
    "more": Table({name: kind for name, kind in FACTS.items() if kind is TEXTS}),
    "steps": Each(STEP, what="step"),
}
LAYER = Table(_LAYER, required=("source",))
CATEGORY = Table(_LAYER | {"also": Table(_LAYER)}, required=("source", "owner"))
SIGNAL = Table(_LAYER | {"rank": NUMBER}, required=("source", "rank"))

FILES: dict[str, tuple[str, Spec]] = {
    "policy.toml": (
        "policy",
        Table(
            {"format": NUMBER, "name": TEXT, "version": TEXT, "effective_from": DATE, "summary": TEXT, "source": TEXT},
            required=("format", "name", "version", "effective_from"),
        ),
    ),
    "calendar.toml": (
        "calendar",
        Table(
            {
                "zone": ZONE,
                "statutory": BOOL,
                "known_until": DATE,
                "closures": DATES,
                "extra_days": DATES,
                "makeup": INTERVALS,
                "source": TEXT,
                "hours": Table(dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), INTERVALS)),
            },
            required=("zone", "hours"),
        ),
    ),
    "owners.toml": (
        "owners",
        Table(
            {
                "roles": Each(
                    Table(
                        {"label": TEXT, "reports_to": REF_ROLE, "duty": TEXT, "authority": TEXT, "source": TEXT},
                        required=("label",),
                    ),
                    what="role",
                ),
                "assign": Table(
                    {
                        "default": Each(TEXT, what="role"),
                        "product": Each(Each(TEXT, what="role"), what="product"),
                        "project": Each(Each(TEXT, what="role"), what="project"),
                    }
                ),
            },
            required=("roles",),
        ),
    ),
    "priority.toml": (
        "priority",
        Table(
            {
                "source": TEXT,
                "matrix": Each(
                    Each(choice(("P1", "P2", "P3", "P4"), "a priority"), URGENCY.options, "urgency"),
                    IMPACT.options,
                    "impact",
                ),
            },
            required=("matrix",),
        ),
    ),
    "defaults.toml": ("defaults", LAYER),
    "escalation.toml": ("defaults", LAYER),
    "categories.toml": ("categories", Each(CATEGORY, tuple(c.value for c in Category), "category")),
    "issues": ("issues", Each(LAYER, tuple(i.value for i in IssueType), "issue type")),
    "severities.toml": ("severities", Each(LAYER, tuple(s.value for s in Severity), "severity")),
    "signals.toml": ("signals", Each(SIGNAL, tuple(SIGNALS), "signal")),
    "decisions.toml": ("decisions", Each(LAYER, tuple(d.value for d in Decision), "decision")),
    "receipt.toml": (
        "receipt",
        Each(
            Table(
                {"label": TEXT, "ticket": TEXT, "words": TEXTS, "question": TEXT, "source": TEXT},
                required=("label", "question"),
            ),
            what="field",
        ),
    ),
    "channels.toml": (
        "channels",
        Each(Table({"words": TEXTS, "source": TEXT}, required=("words",)), FORMS, "written form"),
    ),
}
"""File name → section and what may stand in it; ``issues`` is a folder with a file per category."""


def spec_of(file: str) -> tuple[str, Spec] | None:
    """Return the section and specification of a policy file, or None where the name means nothing.

    Examples
    --------
    >>> spec_of("issues/technical.toml")[0], spec_of("isues.toml")
    ('issues', None)
    """
    if file.startswith("issues/"):
        return FILES["issues"]
    return FILES.get(file) if file.endswith(".toml") else None
