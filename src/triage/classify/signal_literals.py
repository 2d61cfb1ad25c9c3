"""What a pattern cannot match without: words it must hold and words it must begin with.

Most texts hold none of the words of most rules. Knowing these words, a rule tries its patterns only where one
can begin, and only in texts that hold all it needs; what it finds is what a search of the whole text finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["beginnings", "longest_match", "needed_words"]

# More words than this are not worth looking for.
_MANY = 400
#: As many characters of a beginning are told apart.
_BEGINNING = 2
# Stands in a beginning for whatever may follow; no normalised text holds it.
_ANYTHING = "\0"

_parser: Any = re._parser  # type: ignore[attr-defined]  # no public way leads to a parsed pattern
_LOOKS = frozenset({"ASSERT", "ASSERT_NOT", "AT"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT"})


def needed_words(pattern: str) -> list[frozenset[str]]:
    """Return sets of words, of each of which every match of a pattern holds one.

    Parameters
    ----------
    pattern : str
        A regular expression without flags.

    Returns
    -------
    list of frozenset of str
        In the order of the pattern. What looks ahead or back needs nothing.

    Examples
    --------
    >>> [sorted(words) for words in needed_words("(?:打|拨).{0,3}热线(?!电话)")]
    [['打', '拨'], ['热线']]
    """
    return _needs(_parser.parse(pattern))


def beginnings(pattern: str) -> frozenset[str] | None:
    """Return the first one or two characters of all that a pattern can match.

    Parameters
    ----------
    pattern : str
        A regular expression without flags.

    Returns
    -------
    frozenset of str or None
        None where a match can begin with too many things.

    Examples
    --------
    >>> sorted(beginnings("(?:已经?|就)打"))
    ['就打', '已打', '已经']
    >>> beginnings(".{0,3}热线")
    """
    found = _firsts(_parser.parse(pattern))
    if any(not start or start[0] == _ANYTHING for start in found):
        return None
    return frozenset(start.rstrip(_ANYTHING) for start in found)


def longest_match(pattern: str) -> int:
    """Return how many characters a match of a pattern can have at most.

    Parameters
    ----------
    pattern : str
        A regular expression without flags.

    Examples
    --------
    >>> longest_match("(?:打|拨).{0,3}热线(?!电话)")
    6
    """
    longest: int = _parser.parse(pattern).getwidth()[1]
    return longest


def _characters(node: Any) -> frozenset[str] | None:
    """Return the characters of a class, None where there are too many."""
    found: set[str] = set()
    for operation, value in node:
        name = str(operation)
        if name == "LITERAL":
            found.add(chr(value))
        elif name == "RANGE" and value[1] - value[0] < _MANY:
            found |= {chr(code) for code in range(value[0], value[1] + 1)}
        else:  # a negated class, a category, a wide range
            return None
    return frozenset(found) if len(found) <= _MANY else None


def _exactly(operation: Any, value: Any) -> frozenset[str] | None:
    """Return all that a node can match where that is a few words, else None."""
    name = str(operation)
    if name == "LITERAL":
        return frozenset({chr(value)})
    if name in _LOOKS:
        return frozenset({""})
    if name == "IN":
        return _characters(value)
    if name == "SUBPATTERN":
        return _product(value[-1])
    if name == "BRANCH":
        return _union(_product(branch) for branch in value[1])
    if name in _REPEATS and value[1] <= 2:
        once = _product(value[2])
        counts = range(value[0], value[1] + 1)
        return None if once is None else _union(_joined([once] * count) for count in counts)
    return None


def _product(nodes: Iterable[Any]) -> frozenset[str] | None:
    parts = []
    for operation, value in nodes:
        part = _exactly(operation, value)
        if part is None:
            return None
        parts.append(part)
    return _joined(parts)


def _joined(parts: Sequence[frozenset[str]]) -> frozenset[str] | None:
    words = frozenset({""})
    for part in parts:
        if len(words) * len(part) > _MANY:
            return None
        words = frozenset(first + second for first in words for second in part)
    return words


def _union(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    found: set[str] = set()
    for words in sets:
        if words is None:
            return None
        found |= words
    return frozenset(found) if len(found) <= _MANY else None


def _needs(nodes: Iterable[Any]) -> list[frozenset[str]]:
    """Gather the needs of a sequence; neighbours that are few words make up longer words."""
    needs: list[frozenset[str]] = []
    run = frozenset({""})
    for operation, value in [*nodes, ("END", None)]:
        words = None if operation == "END" else _exactly(operation, value)
        longer = None if words is None else _joined([run, words])
        if longer is not None:
            run = longer
            continue
        if "" not in run:
            needs.append(run)
        run = words if words is not None else frozenset({""})
        if words is None and operation != "END":
            needs += _inner_needs(operation, value)
    return needs


def _inner_needs(operation: Any, value: Any) -> list[frozenset[str]]:
    """Return the needs of a node that can match many things."""
    name = str(operation)
    if name == "SUBPATTERN":
        return _needs(value[-1])
    if name in _REPEATS and value[0] >= 1:
        return _needs(value[2])
    if name == "BRANCH":
        # One need of every branch, the one of the fewest and longest words.
        chosen = [max(_needs(branch), key=_worth, default=None) for branch in value[1]]
        words = _union(chosen)
        return [words] if words else []
    return []


def _worth(words: frozenset[str]) -> tuple[int, int]:
    return min(map(len, words)), -len(words)


def _firsts(nodes: Iterable[Any]) -> set[str]:
    """Return the beginnings of a sequence, closed by a mark where anything may follow."""
    found = {""}
    for operation, value in nodes:
        short = {start for start in found if len(start) < _BEGINNING}
        if not short:
            break
        found = (found - short) | {(s + after)[:_BEGINNING] for s in short for after in _first(operation, value)}
        if len(found) > _MANY:  # told apart by their first characters alone
            found = {(start + _ANYTHING)[0] + _ANYTHING for start in found}
    return found


def _first(operation: Any, value: Any) -> set[str]:
    name = str(operation)
    if name == "LITERAL":
        return {chr(value)}
    if name in _LOOKS:
        return {""}
    if name == "IN":
        return set(_characters(value) or _ANYTHING)
    if name == "SUBPATTERN":
        return _firsts(value[-1])
    if name == "BRANCH":
        return set().union(*map(_firsts, value[1]))
    if name in _REPEATS:
        low, high, inner = value
        counts = range(low, min(high, low + _BEGINNING) + 1)
        return set().union(*(_firsts(list(inner) * count) for count in counts))
    return {_ANYTHING}
