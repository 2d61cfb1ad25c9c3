"""The record form of a complaint: what the ticket already says, and what must still be asked."""

from __future__ import annotations

import re

from triage.policy.model import Field, Policy
from triage.policy.wording import quoted
from triage.records import Assessment, Ticket

__all__ = ["filled_form"]

_QUOTE = 40  # characters quoted around a word found
_READ = 4_000  # characters of the text searched for facts; a complaint says them early or not at all
_VERSION = re.compile(r"[vV]\d+(?:\.\d+){0,3}|\d+\.\d+(?:\.\d+){0,2}\s*版本?|版本号?[::]?\s*\d+(?:\.\d+){0,3}")
_CLAUSE = re.compile(r"[^。！？!?;；，,\n]{1,200}")


def filled_form(ticket: Ticket, assessment: Assessment, policy: Policy) -> tuple[list[str], list[str]]:
    """Fill in the record form.

    Parameters
    ----------
    ticket : Ticket
        Its columns come first, then its text.
    assessment : Assessment
        Signals and evidence stand in for what the text says about impact.
    policy : Policy
        Its receipt form.

    Returns
    -------
    known : list of str
        ``label：value`` for every field that could be filled in.
    missing : list of str
        The question to ask for every other field.
    """
    known: list[str] = []
    missing: list[str] = []
    text = ticket.text[:_READ]
    for field in policy.fields:
        value = _from_ticket(field, ticket, policy) or _from_text(field, text, assessment)
        if value:
            known.append(f"{field.label}：{value}")
        else:
            missing.append(field.question)
    return known, missing


def _from_ticket(field: Field, ticket: Ticket, policy: Policy) -> str | None:
    if field.ticket is None:
        return None
    if field.ticket == "created_at":
        at = ticket.created_at
        if at is None:
            return None
        zoned = at.astimezone(policy.zone) if at.tzinfo else at
        return f"{zoned:%Y-%m-%d %H:%M}"
    value: str | None = getattr(ticket, field.ticket)
    if field.ticket == "text" and value and len(value) > 200:
        return f"{value[:199]}…"
    return value.strip() or None if value else None


def _from_text(field: Field, text: str, assessment: Assessment) -> str | None:
    if field.key == "version":
        found = _VERSION.search(text)
        return found[0].strip() if found else None
    for signal in assessment.signals:
        if signal.name in field.words:
            return quoted(signal.quote)
    for clause in _CLAUSE.finditer(text):
        if any(word in clause[0] for word in field.words):
            quote = clause[0].strip(" ,，、")
            return f"{quoted(quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + '…')}（摘自原文）"
    return None
