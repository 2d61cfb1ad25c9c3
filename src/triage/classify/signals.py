"""Find facts by rule: a threat, a repetition, a month of waiting, an outage.

The words are in ``conf/signals.toml``; this module runs them. A rule searches only texts that hold one of
its trigger words, and what it finds stands unless its guards (negation, question, another sense) cancel it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from triage.classify.quantities import read_amount, read_count, read_days, read_since
from triage.classify.signal_rules import SIGNAL_NAMES, Rule, Rules, compiled, load_rules
from triage.classify.signal_search import matches_in, search_of
from triage.records import Severity

if TYPE_CHECKING:
    from triage.classify.compiled import Compiled

__all__ = ["SIGNAL_NAMES", "Quote", "RawSignal", "find_signals", "find_signals_many"]

# How far guards look, in characters: within the clause and within the sentence.
_CLAUSE_REACH = 16
_SENTENCE_REACH = 30
_CLAUSE_END = re.compile(r"[,.。!?;:…\n，、]")
_SENTENCE_END = re.compile(r"[.。!?;…\n]")
# So many texts are worth one walk over all of them.
_FEW = 24
# The marks behind which a quantity stands.
_VALUES = frozenset("ＮＤＹＭ")
_PLACES = {name: place for place, name in enumerate(SIGNAL_NAMES)}


class Quote(Protocol):
    """Gives back the original words of a span of the normalised text."""

    def __call__(self, start: int, end: int, /) -> str:
        """Return the original words."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class RawSignal:
    """A fact found by rule, placed in the normalised text.

    Parameters
    ----------
    name : str
        Which fact, one of :data:`SIGNAL_NAMES`.
    start, end : int
        Offsets into the normalised text.
    rule : str
        The rule that found it.
    raises_to : Severity or None
        The least severity this fact makes of the complaint.
    days : float or None
        A duration read from the words, in days.
    """

    name: str
    start: int
    end: int
    rule: str
    raises_to: Severity | None = None
    days: float | None = None


def find_signals(
    text: str, quote: Quote | None = None, *, today: dt.date | None = None, rules: Rules | None = None
) -> tuple[RawSignal, ...]:
    """Find the facts a complaint states.

    Parameters
    ----------
    text : str
        Text as :func:`triage.text.normalize.normalize` returns it.
    quote : callable, optional
        ``quote(start, end)`` gives the original words of a span of `text`. It is asked for single marks
        (Ｎ, Ｄ, Ｙ, Ｍ) inside words already found, so the alignment can wait until then. Without it, numbers
        written in digits and the names of tagged accounts stay unread: a rule that reads them then raises nothing, and
        one that must read a name finds nothing.
    today : date, optional
        The day the complaint was made, from which "since March" is counted. Without it such a signal is
        found and has no days.
    rules : Rules, optional
        Rules of one's own; the packaged ones by default.

    Returns
    -------
    tuple of RawSignal
        In order of place. Two signals of one name never overlap.

    Raises
    ------
    TriageError
        The packaged rules do not hold.

    Examples
    --------
    >>> from triage.text.normalize import align
    >>> raw = "宽带断了20多天没人管，再不来修我就打12315！"
    >>> aligned = align(raw)
    >>> for found in find_signals(aligned.text, lambda a, b: raw[slice(*aligned.span(a, b))]):
    ...     print(found.name, aligned.text[found.start : found.end], found.days, found.raises_to)
    long_unsolved 断了Ｎ多天没人管 20.0 high
    regulator_threat 再不来修我就打12315 None critical
    """
    found: list[tuple[RawSignal, Rule]] = []
    for rule, match in matches_in(text, rules or load_rules()):
        if not _cancelled(rule, match, text):
            signal = _read(rule, match, text, quote, today)
            if signal is not None:
                found.append((signal, rule))
    return _settled(found) if found else ()


def find_signals_many(
    texts: Sequence[str],
    quotes: Sequence[Quote],
    days: Sequence[dt.date | None],
    rules: Rules | None = None,
    compiled_way: Compiled | None = None,
) -> list[tuple[RawSignal, ...]]:
    """Find the facts of many complaints at once; each gets what :func:`find_signals` finds.

    Parameters
    ----------
    texts : sequence of str
        Normalised texts.
    quotes : sequence of callable
        For each text what gives back its original words.
    days : sequence of date or None
        The day each complaint was made.
    rules : Rules, optional
        Rules of one's own; the packaged ones by default.
    compiled_way : Compiled, optional
        Says where patterns are tried.

    Returns
    -------
    list of tuple of RawSignal
        For each text its signals.

    Examples
    --------
    >>> from triage.text.normalize import Original
    >>> texts = ["再不修我就打12315", "请问发票在哪里开"]
    >>> [len(found) for found in find_signals_many(texts, [Original(text).quote for text in texts], [None, None])]
    [1, 0]
    """
    if len(texts) < _FEW:
        one_by_one = zip(texts, quotes, days, strict=True)
        return [find_signals(text, quote, today=today, rules=rules) for text, quote, today in one_by_one]
    found: dict[int, list[tuple[RawSignal, Rule]]] = {}
    for at, rule, match in search_of(rules or load_rules()).matches(texts, compiled_way):
        if not _cancelled(rule, match, texts[at]):
            signal = _read(rule, match, texts[at], quotes[at], days[at])
            if signal is not None:
                found.setdefault(at, []).append((signal, rule))
    return [_settled(found[at]) if at in found else () for at in range(len(texts))]


def _cancelled(rule: Rule, match: re.Match[str], text: str) -> bool:
    """Say whether a guard of the rule speaks against the match."""
    start, end = match.span()
    if rule.unless_before and compiled(rule.unless_before).search(_before(text, start, _CLAUSE_END, _CLAUSE_REACH)):
        return True
    if rule.unless_after and compiled(rule.unless_after).match(_after(text, end, _CLAUSE_END, _CLAUSE_REACH)):
        return True
    if rule.unless_near or rule.only_near:
        low = _before(text, start, _SENTENCE_END, _SENTENCE_REACH)
        high = _after(text, end, _SENTENCE_END, _SENTENCE_REACH)
        around = f"{low}{match[0]}{high}"
        if rule.unless_near and compiled(rule.unless_near).search(around):
            return True
        return bool(rule.only_near and not compiled(rule.only_near).search(around))
    return False


def _before(text: str, start: int, stop: re.Pattern[str], reach: int) -> str:
    window = text[max(0, start - reach) : start]
    return stop.split(window)[-1]


def _after(text: str, end: int, stop: re.Pattern[str], reach: int) -> str:
    """Return what follows, with the mark that ends it: a question mark can cancel."""
    window = text[end : end + reach]
    mark = stop.search(window)
    return window[: mark.end()] if mark else window


def _read(rule: Rule, match: re.Match[str], text: str, quote: Quote | None, today: dt.date | None) -> RawSignal | None:
    """Make the signal, with its quantity; None where that is too small."""
    start, end = match.span()
    floor, days = rule.raises_to, None
    if rule.reads == "account":
        if quote is None or not (rule.account and _is_account(rule.account, text, start, end, quote)):
            return None
    elif rule.reads and not (rule.reads == "count" and "Ｎ" not in match[0]):
        value = _quantity(rule.reads, _spelled(text, start, end, quote), today)
        hidden = quote is None and not _VALUES.isdisjoint(match[0])
        undated = rule.reads == "since" and today is None
        if value is None and not (hidden or undated):
            return None
        if value is not None and value < rule.at_least:
            return None
        # "Since March" is long, whatever the day is; a figure that is hidden may be a small one.
        if hidden or (not undated and (value or 0.0) < rule.raises_from):
            floor = None
        days = value if rule.reads in ("days", "since") else None
    return RawSignal(rule.signal, start, end, rule.name, floor, days)


def _is_account(account: str, text: str, start: int, end: int, quote: Quote) -> bool:
    """Say whether the words of a span are an account of the kind that is looked for."""
    if end - start == 1 and text[start] in _VALUES:
        return _is_tagged(account, quote(start, end))
    return compiled(account).search(_spelled(text, start, end, quote)) is not None


@functools.lru_cache(maxsize=4096)  # the same accounts are tagged again and again
def _is_tagged(account: str, name: str) -> bool:
    return compiled(account).search(unicodedata.normalize("NFKC", name)) is not None


def _spelled(text: str, start: int, end: int, quote: Quote | None) -> str:
    """Return the words of a span with figures in the place of their marks."""
    if quote is None:
        return text[start:end]
    return "".join(
        unicodedata.normalize("NFKC", quote(at, at + 1)) if text[at] in _VALUES else text[at]
        for at in range(start, end)
    )


def _quantity(reads: str, words: str, today: dt.date | None) -> float | None:
    if reads == "since":
        return read_since(words, today) if today else None
    return {"days": read_days, "amount": read_amount, "count": read_count}[reads](words)


def _settled(found: list[tuple[RawSignal, Rule]]) -> tuple[RawSignal, ...]:
    """Settle signals on the same words; those of different names none of which yields need no settling."""
    names = {signal.name for signal, _ in found}
    if len(names) < len(found) or not names.isdisjoint([rule.yields_to for _, rule in found]):
        kept = _without_overlaps(found)
    else:
        kept = [signal for signal, _ in found]
    return tuple(sorted(kept, key=lambda signal: (signal.start, signal.end, _PLACES[signal.name])))


def _without_overlaps(found: list[tuple[RawSignal, Rule]]) -> list[RawSignal]:
    """Keep, of signals of one name on the same words, the gravest, then the longest; drop those that yield."""

    def weight(item: tuple[RawSignal, Rule]) -> tuple[int, float, int, int]:
        signal = item[0]
        rank = signal.raises_to.rank if signal.raises_to else -1
        return -rank, -(signal.days or 0.0), signal.start - signal.end, signal.start

    kept: list[RawSignal] = []
    taken: dict[str, bytearray] = {}
    size = max(signal.end for signal, _ in found)
    for signal, rule in sorted(found, key=lambda item: (item[1].yields_to is not None, weight(item))):
        covers = [name for name in (signal.name, rule.yields_to) if name in taken]
        if any(any(taken[name][signal.start : signal.end]) for name in covers):
            continue
        if signal.name not in taken:
            taken[signal.name] = bytearray(size)
        taken[signal.name][signal.start : signal.end] = b"\1" * (signal.end - signal.start)
        kept.append(signal)
    return kept
