"""The words of the library as types: what a ticket is, what was found in it, what to do about it.

All records are frozen and know nothing of how they are made. Enums are string enums: ``.value`` is the
key used in files, ``.label`` the Chinese name.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import json
from collections.abc import Mapping
from typing import Any

from triage.errors import LabelError

__all__ = [
    "Assessment",
    "Audience",
    "Category",
    "Decision",
    "Evidence",
    "IssueType",
    "Outcome",
    "Plan",
    "RowProblem",
    "Severity",
    "Signal",
    "Stage",
    "Step",
    "Ticket",
]


class _Labelled(enum.StrEnum):
    """A string enum whose members carry a Chinese label."""

    label: str

    def __new__(cls, value: str, label: str = "") -> _Labelled:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Category(_Labelled):
    """What the customer is unhappy about.

    Examples
    --------
    >>> Category("technical").label
    '技术类'
    """

    TECHNICAL = "technical", "技术类"
    COMMUNICATION = "communication", "沟通类"
    PROCESS = "process", "流程类"
    ATTITUDE = "attitude", "态度类"
    NONE = "none", "非投诉"


class IssueType(_Labelled):
    """The kind of grievance inside a category.

    Examples
    --------
    >>> IssueType.DATA_LOSS.label, IssueType.DATA_LOSS.category
    ('数据丢失', <Category.TECHNICAL: 'technical'>)
    """

    FUNCTION_FAILURE = "function_failure", "功能无法实现"
    PERFORMANCE = "performance", "性能瓶颈"
    INTERFACE_ERROR = "interface_error", "接口异常"
    DATA_LOSS = "data_loss", "数据丢失"
    SLOW_RESPONSE = "slow_response", "响应慢"
    UNCLEAR_EXPLANATION = "unclear_explanation", "解释不清"
    PASSIVE = "passive", "缺乏主动性"
    PERFUNCTORY = "perfunctory", "敷衍了事"
    SCHEDULE_DELAY = "schedule_delay", "进度延迟"
    MISSING_DOCUMENTATION = "missing_documentation", "文档缺失"
    CHANGE_MANAGEMENT = "change_management", "变更管理混乱"
    PROCEDURE = "procedure", "手续与规则"
    HARSH_TONE = "harsh_tone", "语气生硬"
    IMPATIENCE = "impatience", "缺乏耐心"
    ARROGANCE = "arrogance", "傲慢"

    @property
    def category(self) -> Category:
        """The category this issue type belongs to."""
        return _CATEGORY_OF[self]


_CATEGORY_OF: dict[IssueType, Category] = dict(
    zip(
        IssueType,
        [Category.TECHNICAL] * 4 + [Category.COMMUNICATION] * 4 + [Category.PROCESS] * 4 + [Category.ATTITUDE] * 3,
        strict=True,
    )
)


class Severity(_Labelled):
    """How bad it is, in rising order.

    Examples
    --------
    >>> Severity.HIGH.rank, max(Severity.LOW, Severity.CRITICAL, key=lambda s: s.rank).label
    (2, '紧急')
    """

    LOW = "low", "低"
    NORMAL = "normal", "中"
    HIGH = "high", "高"
    CRITICAL = "critical", "紧急"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for critical."""
        return list(Severity).index(self)


class Decision(_Labelled):
    """How far the assessment may be acted upon without a person."""

    AUTOMATE = "automate", "自动分派"
    RECOMMEND = "recommend", "建议分派"
    REVIEW = "review", "人工复核"


class Stage(_Labelled):
    """The stages of complaint handling, in the words of GB/T 19012 (ISO 10002), in order."""

    RECEIPT = "receipt", "受理"
    ACKNOWLEDGEMENT = "acknowledgement", "告知"
    INITIAL_ASSESSMENT = "initial_assessment", "初步评审"
    INVESTIGATION = "investigation", "调查"
    RESPONSE = "response", "响应"
    ESCALATION = "escalation", "升级"
    SUPPORT = "support", "支持"
    CLOSING = "closing", "终止"
    REPAIR = "repair", "关系修复"
    FOLLOW_UP = "follow_up", "回访"
    PREVENTION = "prevention", "预防"


class Audience(_Labelled):
    """Who may read a step's message."""

    CUSTOMER = "customer", "客户"
    INTERNAL = "internal", "内部"


def _plain(value: object) -> Any:
    """Turn a record's field into what JSON knows."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(_plain(k)): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return [_plain(v) for v in value]
    return value


class _Record:
    """What all records can do: become plain data and JSON."""

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain dicts, lists, strings and numbers; times in ISO 8601."""
        plain: dict[str, Any] = _plain(self)
        return plain

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the record as JSON with Chinese characters kept readable."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)


@dataclasses.dataclass(frozen=True, slots=True)
class Ticket(_Record):
    """A complaint as it came in.

    Parameters
    ----------
    text : str
        What the customer wrote.
    id : str, optional
        The helpdesk's number.
    created_at : datetime, optional
        When it came in, with time zone; deadlines run from here.
    customer, product, project, channel, engineer : str, optional
        Facts of the ticket where the helpdesk knows them; `engineer` is the person complained of.
    pauses : tuple of (datetime, datetime or None)
        When the clock stood still because the customer was asked, from and to; None while the answer is
        awaited. Due dates move by this time.
    """

    text: str
    id: str | None = None
    created_at: dt.datetime | None = None
    customer: str | None = None
    product: str | None = None
    project: str | None = None
    channel: str | None = None
    engineer: str | None = None
    pauses: tuple[tuple[dt.datetime, dt.datetime | None], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence(_Record):
    """A span of the original text that spoke for or against the category found.

    Parameters
    ----------
    start, end : int
        Offsets into the original text, in code points; ``text[start:end] == quote``.
    quote : str
        The words themselves.
    weight : float
        Signed contribution to the score of `category`, in logits; all weights and the intercept
        sum to the score.
    category : Category
        The category the weight speaks for.
    """

    start: int
    end: int
    quote: str
    weight: float
    category: Category


@dataclasses.dataclass(frozen=True, slots=True)
class Signal(_Record):
    """A fact found by rule: a threat, a repetition, an outage.

    Parameters
    ----------
    name : str
        Which fact, a key of the policy's signals.
    start, end : int
        Offsets into the original text, in code points.
    quote : str
        The words that say it.
    rule : str
        The rule that found them.
    raises_to : Severity or None
        The least severity this fact makes of the complaint.
    days : float or None
        A duration read from the words, in days.
    """

    name: str
    start: int
    end: int
    quote: str
    rule: str
    raises_to: Severity | None = None
    days: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Assessment(_Record):
    """What a complaint is, how sure that is, and because of which words.

    Parameters
    ----------
    category : Category
        The primary category, or ``NONE``.
    categories : mapping of Category to float
        The categories asserted with their probabilities, the primary one first, then the surest.
    probabilities : mapping of Category to float
        The calibrated distribution over the five primaries; sums to 1.
    issue : IssueType or None
        The kind of grievance; None for ``Category.NONE``.
    severity : Severity
        How bad it is.
    confidence : float
        The probability of `category`.
    decision : Decision
        How far this may be acted upon without a person.
    reasons : tuple of str
        Why the decision is no better than it is; empty for ``automate``.
    signals : tuple of Signal
        Facts found by rule.
    evidence : tuple of Evidence
        The words that decided, weightiest first.
    model : str
        Identity of the model that said so.
    """

    category: Category
    categories: Mapping[Category, float]
    probabilities: Mapping[Category, float]
    issue: IssueType | None
    severity: Severity
    confidence: float
    decision: Decision
    reasons: tuple[str, ...] = ()
    signals: tuple[Signal, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    model: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Step(_Record):
    """One thing to do, by whom and until when.

    Parameters
    ----------
    key : str
        Name of the step, unique in its plan.
    stage : Stage
        Where in the handling it belongs.
    title : str
        What to do, in Chinese.
    owner : str
        The role that does it.
    due : datetime or None
        When it must be done; None where it has no date.
    message : str
        The words to use, or the checklist to follow.
    audience : Audience
        Who may read `message`.
    assignee : str or None
        The person or queue behind the role, where the user's owners say so.
    provisional : bool
        Whether `due` rests on a year whose holidays are not yet published.
    source : mapping of str to str
        For every value of the step the policy file and key that gave it.
    owner_key : str
        The role's key in the policy, for programs; `owner` is its name, for people.
    """

    key: str
    stage: Stage
    title: str
    owner: str
    due: dt.datetime | None = None
    message: str = ""
    audience: Audience = Audience.INTERNAL
    assignee: str | None = None
    provisional: bool = False
    source: Mapping[str, str] = dataclasses.field(default_factory=dict)
    owner_key: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Plan(_Record):
    """What to do now, complete and dated.

    Parameters
    ----------
    owner : str
        The role that answers for the complaint.
    priority : str
        ``P1`` to ``P4``, impact × urgency.
    steps : tuple of Step
        In order of stage, then due date.
    reply : str
        The first answer to the customer, ready to edit and send.
    policy : str
        Name and version of the policy that made the plan.
    planned_at : datetime
        The clock the due dates were counted from.
    owner_key : str
        The role's key in the policy, for programs; `owner` is its name, for people.
    """

    owner: str
    priority: str
    steps: tuple[Step, ...]
    reply: str
    policy: str
    planned_at: dt.datetime
    owner_key: str = ""

    def due(self, stage: Stage) -> dt.datetime | None:
        """Return the earliest due date of a stage, or None where it has none."""
        dates = [step.due for step in self.steps if step.stage is stage and step.due]
        return min(dates, default=None)

    def due_of(self, key: str) -> dt.datetime | None:
        """Return when a step is due, or None where it has no date.

        Parameters
        ----------
        key : str
            Name of the step, such as ``investigate``.

        Raises
        ------
        LabelError
            If the plan has no such step.

        Examples
        --------
        >>> at = dt.datetime(2026, 11, 12, 9, 0)
        >>> step = Step("investigate", Stage.INVESTIGATION, "调查", "技术支持主管", due=at)
        >>> plan = Plan("技术支持主管", "P3", (step,), "您好！", "通用 1.0", at)
        >>> f"{plan.due_of('investigate'):%m-%d %H:%M}"
        '11-12 09:00'
        """
        for step in self.steps:
            if step.key == key:
                return step.due
        keys = [step.key for step in self.steps]
        raise LabelError("no such step in this plan", value=key, where="plan.due_of", options=keys)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Outcome(_Record):
    """A complaint read and planned: ticket, assessment and plan in one hand.

    The assessment's fields can be read directly: ``outcome.category``, ``outcome.severity``, …
    """

    ticket: Ticket
    assessment: Assessment
    plan: Plan

    @property
    def category(self) -> Category:
        """The primary category."""
        return self.assessment.category

    @property
    def categories(self) -> Mapping[Category, float]:
        """The categories asserted, the primary one first, then the surest."""
        return self.assessment.categories

    @property
    def issue(self) -> IssueType | None:
        """The kind of grievance."""
        return self.assessment.issue

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.assessment.severity

    @property
    def confidence(self) -> float:
        """The calibrated probability of the primary category."""
        return self.assessment.confidence

    @property
    def decision(self) -> Decision:
        """How far it may be acted upon without a person."""
        return self.assessment.decision

    @property
    def signals(self) -> tuple[Signal, ...]:
        """Facts found by rule."""
        return self.assessment.signals

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words that decided, weightiest first."""
        return self.assessment.evidence

    def __repr__(self) -> str:
        text = self.ticket.text if len(self.ticket.text) <= 30 else f"{self.ticket.text[:29]}…"
        issue = f"/{self.issue.value}" if self.issue else ""
        return (
            f"<Outcome {text!r}: {self.category.value}{issue} {self.confidence:.2f}, "
            f"{self.severity.value}, {self.decision.value}, owner {self.plan.owner}>"
        )

    def _repr_html_(self) -> str:
        # The renderer stands above the records; it is imported when a notebook asks, not before.
        from triage.report.html import outcome_html

        return outcome_html(self)


@dataclasses.dataclass(frozen=True, slots=True)
class RowProblem(_Record):
    """A row of an export that could not be used as it stands.

    Parameters
    ----------
    row : int
        Number of the record in the file, the header being record 1.
    code : str
        Machine-readable reason: ``empty_text``, ``too_few_cells``, ``too_many_cells``, …
    message : str
        The reason in a sentence.
    value : str
        What stood there, shortened.
    """

    row: int
    code: str
    message: str
    value: str = ""
