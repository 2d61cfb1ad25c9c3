"""The rules behind the signals: read from TOML, checked, compiled once.

A rule file is refused as a whole when anything in it does not hold, and says which file and key. Patterns
may repeat only a bounded number of times (``{0,8}``, never ``*`` or ``+``), which keeps every search linear
in the length of the text.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.resources
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triage.errors import TriageError
from triage.records import Severity

__all__ = ["READERS", "SIGNAL_NAMES", "Rule", "Rules", "compiled", "load_rules"]

#: Every fact that can be found, in the order in which reports list them.
SIGNAL_NAMES = (
    "legal_threat",
    "regulator_threat",
    "media_threat",
    "exposure_threat",
    "contract_threat",
    "regulator_mentioned",
    "repeated",
    "long_unsolved",
    "outage",
    "data_incident",
    "safety",
    "money",
    "deadline",
    "person_named",
    "praise",
)

#: What a rule can read from the words it found, see :mod:`triage.classify.quantities`.
READERS = ("days", "since", "amount", "count", "account")

_GUARDS = ("unless_before", "unless_after", "unless_near", "only_near", "account")
_REQUIRED: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "signal": str,
    "raises_to": str,
    "reason": str,
    "triggers": list,
    "patterns": list,
    "examples": list,
}
_OPTIONAL: dict[str, type | tuple[type, ...]] = {
    "reads": str,
    "needs": list,
    "at_least": (int, float),
    "raises_from": (int, float),
    "yields_to": str,
    "counterexamples": list,
    **dict.fromkeys(_GUARDS, list),
}
# The characters most frequent in complaints, commonest first: a trigger is looked up by its rarest one.
_COMMON = (
    "的不了是一我有没人在来个就这都用到上你们还也出天去看会要说能可以好得过时间后电话服务客机给为户打么什开网"
    "吗行请问题多那发信号下大年月小动自现样中手家做想前新同面起再两三点系经理当回法成分被只话定业位工全所很"
)
_LIST_NAME = re.compile(r"<([a-z_]+)>")
_LITERAL = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]", re.DOTALL)
# A gap stays within its clause: words of two clauses do not make one fact.
_GAP = re.compile(r"(?<!\\)\.(?=\{)")
_WITHIN_CLAUSE = "[^,.。!?;:…\\n、]"
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}|\{,?\d{3,}|,\d{3,}\}")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)  # compared by identity: what is known of it is kept by it
class Rule:
    """One way of saying one fact. Its patterns are compiled when they are first needed (:func:`compiled`).

    Parameters
    ----------
    name : str
        Unique name.
    signal : str
        The fact found, one of :data:`SIGNAL_NAMES`.
    raises_to : Severity or None
        The least severity the fact makes of the complaint.
    triggers : tuple of str
        Words of which every match holds at least one; a text without any of them is not searched.
    needs : str or None
        Further words of which the text must hold one, as a pattern.
    alternatives : tuple of str
        The patterns that say it; of several that match at one place the first counts.
    unless_before, unless_after : str or None
        What cancels it in the same clause, before and after the match.
    unless_near, only_near : str or None
        What cancels it, or must stand, in the same sentence.
    account : str or None
        What the original words of the match must look like: the name of a tagged account, a number.
    reads : str or None
        The quantity to read from the words, one of :data:`READERS`.
    at_least : float
        A lesser quantity is no signal; one that cannot be read is.
    raises_from : float
        A lesser quantity is a signal and raises nothing.
    yields_to : str or None
        A signal that covers this one where both stand on the same words.
    examples, counterexamples : tuple of str
        Texts the rule finds and texts it must leave alone.
    """

    name: str
    signal: str
    raises_to: Severity | None
    triggers: tuple[str, ...]
    needs: str | None
    alternatives: tuple[str, ...]
    unless_before: str | None
    unless_after: str | None
    unless_near: str | None
    only_near: str | None
    account: str | None
    reads: str | None
    at_least: float
    raises_from: float
    yields_to: str | None
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)  # compared by identity, so that searches can be kept
class Rules:
    """All rules and the way to the few that a text may meet.

    Parameters
    ----------
    rules : tuple of Rule
        In the order of the file.
    triggers : mapping of str to tuple
        Rarest character of a trigger word → (the word, a bit for every rule it calls).
    keys : frozenset of str
        The keys of `triggers`.
    """

    rules: tuple[Rule, ...]
    triggers: Mapping[str, tuple[tuple[str, int], ...]]
    keys: frozenset[str]

    def called_by(self, text: str) -> list[Rule]:
        """Return the rules that may match the text, in the order of the file."""
        called = 0
        triggers = self.triggers
        for key in self.keys.intersection(text):
            for word, bits in triggers[key]:
                if bits & ~called and word in text:
                    called |= bits
        rules = []
        while called:
            lowest = called & -called
            called ^= lowest
            rule = self.rules[lowest.bit_length() - 1]
            if rule.needs is None or compiled(rule.needs).search(text):
                rules.append(rule)
        return rules


@functools.cache
def load_rules(path: Path | None = None) -> Rules:
    """Read and check a rule file.

    Parameters
    ----------
    path : Path, optional
        A file of one's own; the packaged one by default.

    Returns
    -------
    Rules
        The rules.

    Raises
    ------
    TriageError
        The file is no TOML, or an entry does not hold; the message names file and key.

    Examples
    --------
    >>> sorted({rule.signal for rule in load_rules().rules}) == sorted(SIGNAL_NAMES)
    True
    """
    source = path or importlib.resources.files("triage.classify").joinpath("conf", "signals.toml")
    file = path.name if path else "signals.toml"
    try:
        table = tomllib.loads(source.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TriageError(f"the signal rules cannot be read: {error}", where=file) from error
    rules = _compile(table, file)
    if path:  # the packaged patterns are checked by the tests, not in every process
        _check_patterns(rules, file)
    return rules


def _compile(table: Mapping[str, Any], file: str) -> Rules:
    for key in table.keys() - {"words", "rule"}:
        raise TriageError("unknown key in the signal rules", value=key, where=file, options=("words", "rule"))
    lists = table.get("words", {})
    for name, words in lists.items():
        if not _are_texts(words):
            raise TriageError("a word list holds one or more texts", value=words, where=f"{file}, words.{name}")
    entries = table.get("rule")
    if not isinstance(entries, list) or not entries:
        raise TriageError("the signal rules hold no [[rule]]", where=file)
    rules: list[Rule] = []
    for at, entry in enumerate(entries, 1):
        where = f"{file}, rule {entry.get('name', f'number {at}')}"
        rule = _rule(entry, lists, where)
        if any(rule.name == other.name for other in rules):
            raise TriageError("two signal rules share a name", value=rule.name, where=where)
        rules.append(rule)
    bits: dict[str, int] = {}
    for at, rule in enumerate(rules):
        for word in rule.triggers:
            bits[word] = bits.get(word, 0) | 1 << at
    triggers: dict[str, list[tuple[str, int]]] = {}
    for word, called in bits.items():
        triggers.setdefault(min(word, key=_frequency), []).append((word, called))
    return Rules(tuple(rules), {key: tuple(words) for key, words in triggers.items()}, frozenset(triggers))


def _rule(entry: Mapping[str, Any], lists: Mapping[str, list[str]], where: str) -> Rule:
    for key, value in entry.items():
        kind = _REQUIRED.get(key) or _OPTIONAL.get(key)
        if kind is None:
            raise TriageError("unknown key in a signal rule", value=key, where=where, options=[*_REQUIRED, *_OPTIONAL])
        if not isinstance(value, kind) or isinstance(value, bool) or (kind is list and not _are_texts(value)):
            raise TriageError("a value of the wrong kind in a signal rule", value=value, where=f"{where}, {key}")
    for key in _REQUIRED.keys() - entry.keys():
        raise TriageError("a signal rule lacks a key", value=key, where=where)
    for key, options in (
        ("signal", SIGNAL_NAMES),
        ("yields_to", SIGNAL_NAMES),
        ("raises_to", (*(severity.value for severity in Severity), "none")),
        ("reads", READERS),
    ):
        if key in entry and entry[key] not in options:
            raise TriageError(f"unknown {key} in a signal rule", value=entry[key], where=where, options=options)
    if len(entry["examples"]) < 2:
        raise TriageError("a signal rule needs two examples or more", value=entry["examples"], where=where)
    joined = {
        key: "|".join(_filled(entry[key], lists, f"{where}, {key}")) if key in entry else None
        for key in ("needs", *_GUARDS)
    }
    return Rule(
        name=entry["name"],
        signal=entry["signal"],
        raises_to=None if entry["raises_to"] == "none" else Severity[entry["raises_to"].upper()],
        triggers=tuple(_spread(entry["triggers"], lists, f"{where}, triggers")),
        alternatives=tuple(_filled(entry["patterns"], lists, f"{where}, patterns")),
        reads=entry.get("reads"),
        at_least=float(entry.get("at_least", 0)),
        raises_from=float(entry.get("raises_from", 0)),
        yields_to=entry.get("yields_to"),
        examples=tuple(entry["examples"]),
        counterexamples=tuple(entry.get("counterexamples", ())),
        **joined,
    )


def _frequency(char: str) -> int:
    """Rank a character, the rarer the lower."""
    return len(_COMMON) - _COMMON.index(char) if char in _COMMON else 0


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) and item for item in value)


def _words(name: str, lists: Mapping[str, list[str]], where: str) -> list[str]:
    if name not in lists:
        raise TriageError("unknown word list in a signal rule", value=name, where=where, options=lists)
    return lists[name]


def _spread(triggers: list[str], lists: Mapping[str, list[str]], where: str) -> list[str]:
    """Put the words of a list in the place of its ``<name>``."""
    spread: list[str] = []
    for trigger in triggers:
        named = _LIST_NAME.fullmatch(trigger)
        spread += _words(named[1], lists, where) if named else [trigger]
    return list(dict.fromkeys(spread))


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a compiled pattern; compiling all of them takes longer than the first answer may."""
    return re.compile(pattern)


def _check_patterns(rules: Rules, file: str) -> None:
    """Refuse patterns that are no regular expressions or match nothing at all."""
    for rule in rules.rules:
        guards = ("needs", *_GUARDS)
        named = [("patterns", source) for source in rule.alternatives]
        named += [(key, source) for key in guards if (source := getattr(rule, key)) is not None]
        for key, source in named:
            where = f"{file}, rule {rule.name}, {key}"
            try:
                found = compiled(source)
            except re.error as error:
                raise TriageError(
                    f"a pattern that is no regular expression ({error})", value=source, where=where
                ) from error
            if key == "patterns" and found.fullmatch(""):
                raise TriageError(
                    "a pattern that an empty text fulfils", value=source, where=where, cure="Let it ask for a word."
                )


def _filled(sources: list[str], lists: Mapping[str, list[str]], where: str) -> list[str]:
    """Fill word lists in; refuse what could take more than linear time."""
    filled = []
    for source in sources:
        text = _LIST_NAME.sub(lambda named: f"(?:{'|'.join(_words(named[1], lists, where))})", source)
        if unbounded := _UNBOUNDED.search(_LITERAL.sub("", text)):
            raise TriageError(
                f"unbounded repetition {unbounded[0]!r} in a pattern",
                value=source,
                where=where,
                cure="Give a bound of two digits or fewer, as in {0,8}.",
            )
        filled.append(_GAP.sub(lambda _: _WITHIN_CLAUSE, text))
    return filled
