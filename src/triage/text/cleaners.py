"""The steps that bring every way of typing the same thing to one form, in order.

Facts that matter by kind and not by value (a number, a link, a name after ``@``) become one full-width *mark*.
NFKC, which runs first, turns every full-width letter of the input into a plain one, so a mark cannot be mistaken for
anything a person typed. Every step can say what each new character stands for.
"""

from __future__ import annotations

import bisect
import dataclasses
import functools
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

__all__ = ["CLEANERS", "CLEANER_OF", "HOTLINES", "MARKS", "Aligned", "Change", "Cleaner", "Edits"]

#: Mark → what it stands for. Evidence shows the original words, so these are seen only in vocabularies.
MARKS = {
    "Ｕ": "link",
    "Ｍ": "mention of an account",
    "Ｔ": "clock time",
    "Ｄ": "calendar date",
    "Ｙ": "amount of money",
    "Ｏ": "order, ticket or phone number (six digits or more)",
    "Ｎ": "number",
    "Ｐ": "pleased emoji",
    "Ｑ": "displeased emoji",
    "Ｅ": "other emoji",
}


class Change(Protocol):
    """What was done to a text."""

    def before(self, place: int) -> tuple[int, int]:
        """Return the span that a character of the text after stands for in the text before."""
        ...


@dataclasses.dataclass(slots=True)  # not frozen: many are made, and freezing triples that time
class Edits:
    """The places at which one cleaner changed a text, in order.

    Parameters
    ----------
    starts, ends : list of int
        The new pieces in the text after it.
    lows, highs : list of int
        The old pieces in the text before it.
    """

    starts: list[int]
    ends: list[int]
    lows: list[int]
    highs: list[int]

    def before(self, place: int) -> tuple[int, int]:
        """Return the span that a character of the text after stands for in the text before."""
        at = bisect.bisect_right(self.starts, place) - 1
        if at < 0:
            return place, place + 1
        if place < self.ends[at]:
            return self.lows[at], self.highs[at]
        place += self.highs[at] - self.ends[at]
        return place, place + 1


@dataclasses.dataclass(slots=True)
class Aligned:
    """A normalised text with its way back.

    Parameters
    ----------
    text : str
        The normalised text.
    edits : tuple of Change
        What the cleaners changed, in their order.
    """

    text: str
    edits: tuple[Change, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Translate a non-empty span of the normalised text into one of the original, in code points."""
        if not self.edits:
            return start, end
        last = end - 1
        for edits in reversed(self.edits):
            start = edits.before(start)[0]
            last = edits.before(last)[1] - 1
        return start, last + 1


class Cleaner(Protocol):
    """A named step that rewrites a text and can say what each new character stands for."""

    @property
    def name(self) -> str:
        """What it does, in a word or two."""
        ...

    def __call__(self, text: str) -> str:
        """Return the cleaned text."""
        ...

    def aligned(self, before: Aligned) -> Aligned:
        """Return the cleaned text with its way back."""
        ...

    def called_by(self, character: str) -> bool:
        """Say whether a text may need it for a character; a text without any such is left as it is."""
        ...

    def places(self, text: str) -> list[int]:
        """Return where it finds something to clean, character by character."""
        ...


@dataclasses.dataclass(frozen=True)
class _Substitution:
    """Replace what a pattern finds; that holds a character matched by `sign`, by default by the pattern itself."""

    name: str
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]
    sign: re.Pattern[str] | None = None

    def __call__(self, text: str) -> str:
        return self.pattern.sub(self.replacement, text)

    def called_by(self, character: str) -> bool:
        return bool((self.sign or self.pattern).match(character))

    def places(self, text: str) -> list[int]:
        return [at for match in self.pattern.finditer(text) for at in range(*match.span())]

    def aligned(self, before: Aligned) -> Aligned:
        matches = list(self.pattern.finditer(before.text))
        if not matches:
            return before
        starts: list[int] = []
        ends: list[int] = []
        lows: list[int] = []
        highs: list[int] = []
        pieces: list[str] = []
        last = grown = 0
        for match in matches:
            low, high = match.span()
            new = self.replacement if isinstance(self.replacement, str) else self.replacement(match)
            pieces += before.text[last:low], new
            last = high
            size = len(new)
            if high - low == size == 1 or new == match[0]:  # every place stays where it was
                continue
            starts.append(low + grown)
            grown += size - (high - low)
            ends.append(high + grown)
            lows.append(low)
            highs.append(high)
        pieces.append(before.text[last:])
        edits = (*before.edits, Edits(starts, ends, lows, highs)) if starts else before.edits
        return Aligned("".join(pieces), edits)


@dataclasses.dataclass(frozen=True)
class _CharacterWise:
    """Rewrite a text without changing its length."""

    name: str
    function: Callable[[str], str]

    def __call__(self, text: str) -> str:
        return self.function(text)

    def aligned(self, before: Aligned) -> Aligned:
        return Aligned(self.function(before.text), before.edits)

    def called_by(self, character: str) -> bool:
        return self.function(character) != character

    def places(self, text: str) -> list[int]:
        return list(range(len(text)))


@functools.cache
def _converter() -> Callable[[str], str]:
    import opencc  # 30 ms to import: only when the first text is read

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


def _simplify(text: str) -> str:
    """Turn traditional into simplified characters, one for one.

    A phrase of which OpenCC makes more or fewer characters is converted character by character, so that
    offsets stay true.
    """
    if text.isascii():
        return text
    convert = _converter()
    simplified = convert(text)
    if len(simplified) == len(text):
        return simplified
    return "".join(new if len(new := convert(char)) == 1 else char for char in text)


def _lower(text: str) -> str:
    """Lowercase without changing the length (İ and final Σ would)."""
    lowered = text.lower()
    if len(lowered) == len(text) and "Σ" not in text:
        return lowered
    return "".join(new if len(new := char.lower()) == 1 else char for char in text)


# By the words of their Unicode names; a name that is both (SMILING FACE WITH TEAR) counts as displeased.
_PLEASED = re.compile(
    "GRIN|SMILING FACE|SMILE|JOY|HEART|THUMBS UP|CLAPPING|KISS|ROSE|BOUQUET|PARTY|HUGGING|OK HAND|FOLDED HANDS|SPARKLES"
)
_DISPLEASED = re.compile(
    "ANGRY|POUT|RAGE|CRY|SOB|THUMBS DOWN|WEARY|VOMIT|NAUSEA|SWEAT|DISAPPOINT|ROLLING EYES|UNAMUSED|BROKEN HEART|TEAR"
    "|CONFOUNDED|TIRED|SYMBOLS ON MOUTH|STEAM|SKULL|MIDDLE FINGER|PILE OF POO|FROWN|UPSIDE-DOWN|WORRIED|PERSEVERING"
)


@functools.cache
def _emoji_mark(char: str) -> str:
    name = unicodedata.name(char, "")
    if _DISPLEASED.search(name):
        return "Ｑ"
    return "Ｐ" if _PLEASED.search(name) else "Ｅ"


def _nfkc(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


#: Hotlines whose number is a word: the consumer and regulator lines, police, fire, and the mayor's line.
HOTLINES = frozenset(["12315", "12300", "12345", "12378", "12381", "12388", "12333", "12328", "110", "119", "315"])


def _hotline_or_number(match: re.Match[str]) -> str:
    return match[0] if match[0] in HOTLINES else "Ｎ"


# The first digit of a figure. Patterns begin with the character itself and look back from behind it: a search
# then skips from one such character to the next, and is several times faster.
_DIGIT = re.compile(r"\d")
_FIRST = r"\d(?<!\d\d)"
_HOTLINE = "|".join(rf"(?<={line[0]}){line[1:]}" for line in sorted(HOTLINES))

CLEANERS: Sequence[Cleaner] = (
    # Control, zero-width and bidi characters, variation selectors and halves of surrogate pairs carry no
    # meaning and split words invisibly; so do the marks some hang on every character (combining diacritics,
    # Cyrillic, Arabic, Thai and Tibetan vowel signs). Line breaks are kept: they end clauses.
    _Substitution(
        "invisible",
        re.compile(
            "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u0300-\u036f\u0483-\u0489\u061c\u064b-\u065f\u0670\u0e31"
            "\u0e34-\u0e3a\u0e47-\u0e4e\u0f71-\u0f84\u115f\u1160\u17b4\u17b5\u180b-\u180e\u1ab0-\u1aff\u1dc0-\u1dff"
            "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\ud800-\udfff"
            "\ufff9-\ufffb]+"
        ),
        "",
    ),
    _Substitution("line breaks", re.compile("\r\n?|[\x85\u2028\u2029]"), "\n"),
    # Compatibility forms, character by character so that each keeps its place.
    _Substitution("nfkc", re.compile("[^\x00-\x7f\u3001-\u3011\u4e00-\u9fff\u2018-\u201d\u2600-\u27bf]"), _nfkc),
    _CharacterWise("simplified", _simplify),
    _CharacterWise("lower case", _lower),
    _Substitution("links", re.compile(r"(?:https?://|www\.)[\x21-\x7e]+"), "Ｕ", re.compile("[w/]")),
    _Substitution("mentions", re.compile(r"@[^\s@,，。.!！?？:：;；、()（）\[\]<>\"'“”]{1,24}"), "Ｍ", re.compile("@")),
    _Substitution("times", re.compile(_FIRST + r"\d?:\d{2}(?::\d{2})?(?!\d)"), "Ｔ", re.compile(":")),
    _Substitution(
        "dates",
        re.compile(
            _FIRST + r"(?:(?:(?<=1)9|(?<=2)0)\d\d[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?|月)?|\d?月\d{1,2}[日号]?)(?!\d)"
        ),
        "Ｄ",
        re.compile("[-/.年月]"),
    ),
    _Substitution(
        "amounts",
        re.compile(r"[¥￥$\d](?:(?<=[¥￥$])\d[\d,.]*(?:万|千)?元?|(?<=\d)[\d,.]*(?:万|千|百)?(?:元|块钱|块|rmb))"),
        "Ｙ",
        re.compile("[¥￥$元块r]"),
    ),
    _Substitution("order numbers", re.compile(r"(?<![a-z0-9])[a-z]{0,4}\d{6,}[a-z0-9]*"), "Ｏ", _DIGIT),
    _Substitution("numbers", re.compile(rf"\d(?:(?:{_HOTLINE})(?!\d)|\d*(?:[.,]\d+)*)"), _hotline_or_number, _DIGIT),
    _Substitution(
        "emoji",
        re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]+(?:\u200d[\u2600-\u27bf\U0001f000-\U0001faff]+)*"),
        lambda m: _emoji_mark(m[0][0]),
    ),
    # Three of a kind say no more than two: 啊啊啊啊, ！！！！, 。。。。。。
    _Substitution("repeats", re.compile(r"(\S)\1{2,}"), lambda m: m[1] * 2, re.compile(r"\S")),
    _Substitution("blanks", re.compile(r"[^\S\n]+"), " "),
)
#: Each by its name.
CLEANER_OF: Mapping[str, Cleaner] = {cleaner.name: cleaner for cleaner in CLEANERS}
