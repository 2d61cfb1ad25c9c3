"""A triager that knows a handful of words: quick, deterministic, and made of real records."""

import datetime as dt
import zlib

from triage.records import (
    Assessment,
    Audience,
    Category,
    Decision,
    Evidence,
    IssueType,
    Outcome,
    Plan,
    Severity,
    Signal,
    Stage,
    Step,
    Ticket,
)

NOW = dt.datetime(2026, 9, 21, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))

WORDS = {
    "崩": (Category.TECHNICAL, IssueType.FUNCTION_FAILURE),
    "没人": (Category.COMMUNICATION, IssueType.SLOW_RESPONSE),
    "延期": (Category.PROCESS, IssueType.SCHEDULE_DELAY),
    "态度": (Category.ATTITUDE, IssueType.HARSH_TONE),
}


def outcome_of(ticket: Ticket) -> Outcome:
    text = ticket.text
    found = [(text.index(word), word, *kind) for word, kind in WORDS.items() if word in text]
    confidence = 0.5 + zlib.crc32(text.encode("utf-8", "replace")) % 5000 / 10000
    if found:
        start, word, category, issue = min(found)
        evidence = (Evidence(start, start + len(word), word, 1.25, category),)
    else:
        category, issue, evidence = Category.NONE, None, ()
    signals = (Signal("legal_threat", 0, 1, text[:1], "test"),) if "律师" in text else ()
    assessment = Assessment(
        category,
        {kind: 0.9 for _, _, kind, _ in found},
        {category: confidence},
        issue,
        Severity.CRITICAL if signals else Severity.NORMAL,
        confidence,
        Decision.AUTOMATE if confidence > 0.9 else Decision.REVIEW,
        ("low_confidence",) if confidence <= 0.9 else (),
        signals,
        evidence,
        "test-model",
    )
    start_at = ticket.created_at or NOW
    steps = (
        Step(
            "ack",
            Stage.ACKNOWLEDGEMENT,
            "告知",
            "support_lead",
            start_at + dt.timedelta(hours=24),
            "",
            Audience.CUSTOMER,
        ),
        Step("look", Stage.INVESTIGATION, "调查", "engineer", start_at + dt.timedelta(hours=48)),
    )
    return Outcome(ticket, assessment, Plan("support_lead", "P2", steps, f"您好，{text[:5]}……", "test 1", NOW))


class Keywords:
    """Judges by :data:`WORDS`; fails on texts that say so."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def triage_many(self, tickets: list[Ticket]) -> list[Outcome]:
        self.calls.append(len(tickets))
        if any("请失败" in ticket.text for ticket in tickets):
            raise ValueError("请失败")
        return [outcome_of(ticket) for ticket in tickets]
