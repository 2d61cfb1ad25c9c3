"""Where a rule can match: every place in many texts at which a pattern is worth trying, and no other.

A pattern tried at every character of every text costs more than all else a text goes through. The words that
patterns begin with and need (:mod:`triage.classify.signal_literals`) are looked up in one walk over all texts;
a pattern is tried only where one of its beginnings stands in a text that holds all it needs. The matches are those
of searching the whole text.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from triage.classify.signal_literals import beginnings, longest_match, needed_words
from triage.classify.signal_rules import Rule, Rules, compiled
from triage.text.trie import Trie, code_points

if TYPE_CHECKING:
    from triage.classify.compiled import Compiled

__all__ = ["Search", "matches_in", "search_of"]

Ints = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class _Table:
    """A list of numbers for each row, all in one array."""

    starts: Ints
    values: Ints

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> _Table:
        sizes = [len(row) for row in rows]
        return cls(np.cumsum([0, *sizes]), np.array([value for row in rows for value in row], dtype=np.int64))

    def expand(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return for every number in the lists of `rows` the position in `rows` it belongs to, and the number."""
        first = self.starts[rows]
        sizes = self.starts[rows + 1] - first
        owners = np.repeat(np.arange(len(rows)), sizes)
        before = np.cumsum(sizes) - sizes
        return owners, self.values[np.arange(len(owners)) + (first - before)[owners]]


class _Matchers(dict[int, Callable[[str, int], "re.Match[str] | None"]]):
    """What tries each pattern at a place, compiled when it is first needed."""

    def __init__(self, patterns: Sequence[str]) -> None:
        super().__init__()
        self.patterns = patterns

    def __missing__(self, number: int) -> Callable[[str, int], re.Match[str] | None]:
        self[number] = match = compiled(self.patterns[number]).match
        return match


@dataclasses.dataclass(frozen=True)
class Search:
    """The patterns of all rules with the words that lead to them.

    Parameters
    ----------
    rules : Rules
        The rules.
    patterns : tuple of str
        The alternatives of all rules, in the order of the file.
    rule_of : ndarray
        Pattern → its rule.
    trie : Trie
        All words needed or begun with.
    needs : _Table
        Word → the needs it meets.
    wanted : _Table
        Pattern → the needs that must all be met.
    begins : _Table
        Word → the patterns that can begin with it.
    anywhere : ndarray
        The patterns that can begin with anything.
    widths : ndarray
        Pattern → the length of its longest match.
    """

    rules: Rules
    patterns: tuple[str, ...]
    rule_of: Ints
    trie: Trie
    needs: _Table
    wanted: _Table
    begins: _Table
    anywhere: Ints
    widths: Ints

    @classmethod
    def of(cls, rules: Rules) -> Search:
        """Work out what the patterns of all rules need and begin with."""
        patterns = [(at, source) for at, rule in enumerate(rules.rules) for source in rule.alternatives]
        needs: dict[frozenset[str], int] = {}
        wanted: list[list[int]] = []
        met: dict[str, set[int]] = {}
        begun: dict[str, list[int]] = {}
        anywhere = []
        for number, (at, source) in enumerate(patterns):
            sets = [*sorted(needed_words(source), key=len), frozenset(rules.rules[at].triggers)]
            wanted.append([needs.setdefault(words, len(needs)) for words in sets])
            starts = beginnings(source)
            if starts is None:
                anywhere.append(number)
            for start in starts or ():
                begun.setdefault(start, []).append(number)
        for words, need in needs.items():
            for word in words:
                met.setdefault(word, set()).add(need)
        listed = sorted(met.keys() | begun.keys())
        return cls(
            rules,
            tuple(source for _, source in patterns),
            np.array([at for at, _ in patterns]),
            Trie.of(listed),
            _Table.of([sorted(met.get(word, ())) for word in listed]),
            _Table.of(wanted),
            _Table.of([begun.get(word, []) for word in listed]),
            np.array(anywhere, dtype=np.int64),
            np.array([longest_match(source) for _, source in patterns]),
        )

    @functools.cached_property
    def _matchers(self) -> _Matchers:
        return _Matchers(self.patterns)

    @property
    def n_needs(self) -> int:
        """How many needs there are."""
        return int(self.wanted.values.max()) + 1

    def matches(
        self, texts: Sequence[str], compiled_way: Compiled | None = None
    ) -> Iterator[tuple[int, Rule, re.Match[str]]]:
        """Find all matches of all rules.

        Parameters
        ----------
        texts : sequence of str
            Texts as :func:`triage.text.normalize.normalize` returns them.
        compiled_way : Compiled, optional
            Says where to try.

        Yields
        ------
        text, rule, match
            Number of the text, the rule, and what its patterns find in turn, joined as alternatives.
            By text, rule and place.
        """
        last_number = last_rule = -1
        until = 0
        rule, text, matchers = self.rules.rules[0], "", self._matchers
        # A pattern that can begin with anything has no word to be found by.
        tried = self._tries(texts) if compiled_way is None or len(self.anywhere) else compiled_way.tries(self, texts)
        for number, place, pattern, rule_number in zip(*self._in_order(*tried), strict=True):
            if number != last_number or rule_number != last_rule:
                last_number, last_rule = number, rule_number
                rule, text = self.rules.rules[rule_number], texts[number]
                until = 0 if rule.needs is None or compiled(rule.needs).search(text) else len(text)
            if place < until:
                continue
            match = matchers[pattern](text, place)
            if match and match.end() > place:
                until = match.end()
                yield number, rule, match

    def _tries(self, texts: Sequence[str]) -> tuple[Ints, Ints, Ints]:
        """Return what must be tried: text, place in it and pattern."""
        sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        starts = np.cumsum(sizes + 1) - sizes - 1
        owners = np.repeat(np.arange(len(texts)), sizes + 1)

        # 1. Every word in every text.
        places, words = self._words("\n".join(texts))
        in_text = owners[places]

        # 2. Patterns all of whose needs are met, a bit a text.
        met = np.zeros((self.n_needs, len(texts)), dtype=bool)
        at, need = self.needs.expand(words)
        met[need, in_text[at]] = True
        bits = np.bitwise_and.reduceat(np.packbits(met, axis=1)[self.wanted.values], self.wanted.starts[:-1], axis=0)
        possible = np.unpackbits(bits, axis=1, count=len(texts)).view(bool)

        # 3. The places where one of these can begin.
        at, pattern = self.begins.expand(words)
        chosen = possible[pattern, in_text[at]]
        at, pattern = at[chosen], pattern[chosen]
        number, place = in_text[at], places[at] - starts[in_text[at]]
        if len(self.anywhere):
            which, where = np.nonzero(possible[self.anywhere])
            repeats = sizes[where]
            pattern = np.append(pattern, np.repeat(self.anywhere[which], repeats))
            number = np.append(number, np.repeat(where, repeats))
            place = np.append(place, np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats))
        return number, place, pattern

    def _in_order(self, number: Ints, place: Ints, pattern: Ints) -> tuple[list[int], ...]:
        """Return text, place, pattern and rule in the order of trying."""
        rule = self.rule_of[pattern]
        order = np.lexsort((pattern, place, rule, number))
        return tuple(values[order].tolist() for values in (number, place, pattern, rule))

    def _words(self, text: str) -> tuple[Ints, Ints]:
        places, words = [], []
        for where, nodes in self.trie.walk(self.trie.numbers(code_points(text))):
            found = self.trie.words[nodes]
            whole = np.flatnonzero(found >= 0)
            places.append(where[whole])
            words.append(found[whole])
        return np.concatenate(places), np.concatenate(words)


@functools.cache
def search_of(rules: Rules) -> Search:
    """Return the search of a set of rules, worked out once."""
    return Search.of(rules)


def matches_in(text: str, rules: Rules) -> Iterator[tuple[Rule, re.Match[str]]]:
    """Find all matches of all rules in one text, without tables for many.

    Parameters
    ----------
    text : str
        Text as :func:`triage.text.normalize.normalize` returns it.
    rules : Rules
        The rules.

    Yields
    ------
    rule, match
        What its patterns find in turn, joined as alternatives; rule by rule.
    """
    called = rules.called_by(text)
    stands = {*text, *map(operator.add, text, text[1:])} if called else set()
    for rule in called:
        # The next match of every alternative; the leftmost counts, of several at one place the first alternative's.
        ahead = [
            (pattern, match)
            for source in _possible(rule, stands)
            if (match := (pattern := compiled(source)).search(text))
        ]
        while ahead:
            match = min((match for _, match in ahead), key=re.Match.start)
            until = match.end()
            if until > match.start():
                yield rule, match
            else:
                until += 1
            # Only those that the match has overtaken search again, so that no stretch is searched twice.
            ahead = [
                (pattern, after)
                for pattern, found in ahead
                if (after := found if found.start() >= until else pattern.search(text, until))
            ]


def _possible(rule: Rule, stands: set[str]) -> Iterator[str]:
    """Yield the patterns of a rule that a text may hold all the needs of, its characters and pairs given."""
    for source, needs in _needs_of(rule):
        for need in needs:
            if need.isdisjoint(stands):
                break
        else:
            yield source


@functools.cache
def _needs_of(rule: Rule) -> list[tuple[str, list[frozenset[str]]]]:
    """Return for each pattern of a rule the beginnings of what it needs, the fewest first."""
    return [
        (source, sorted((frozenset(word[:2] for word in words) for words in needed_words(source)), key=len))
        for source in rule.alternatives
    ]
