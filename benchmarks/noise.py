"""Spoil texts as keyboards, other scripts and haste do, with a fixed seed: the same text is spoilt the same way."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

__all__ = ["NOISES"]

# Characters that input methods offer for one another; each stands for the next of its group.
_SOUND_ALIKE = """
的得地 在再 做作座坐 那哪 己已以 账帐 像象向 吗嘛马 他她它 是事 有又 没每 就旧 不部 了乐 到道 这着 为未 会回 时实
能冷 后候 录路 定订 性姓 服复 话画 接借 开凯 题提 系细 统同 报抱 错措 慢漫 退推 款宽 单担 登等 打大
电店 员圆 态太 度读 客课 找早 发法 请清 问文 理里 人仁 上尚 下夏 天填 说所 用佣 要药 次词 闪山 网往
反返 应英
"""
_NEXT = {char: group[(at + 1) % len(group)] for group in _SOUND_ALIKE.split() for at, char in enumerate(group)}
_EMOJI = "😀😂🙏😡😭👍👎🌹💔🙄🤔😅🔥✨🎉"
_LETTERS = re.compile(r"[\u4e00-\u9fff]")


def typos(text: str, chance: random.Random) -> str:
    """Spoil one character in twelve, at least one: a sound-alike, a neighbour exchanged, or one left out."""
    chars = list(text)
    places = [at for at, char in enumerate(chars) if _LETTERS.match(char)]
    for at in sorted(chance.sample(places, min(len(places), max(1, len(places) // 12))), reverse=True):
        kind = chance.random()
        if chars[at] in _NEXT and kind < 0.7:
            chars[at] = _NEXT[chars[at]]
        elif kind < 0.85 and at + 1 < len(chars):
            chars[at], chars[at + 1] = chars[at + 1], chars[at]
        else:
            del chars[at]
    return "".join(chars)


def traditional(text: str, _chance: random.Random) -> str:
    """Write in traditional characters."""
    return _to_traditional()(text)


def full_width(text: str, _chance: random.Random) -> str:
    """Write ASCII in its full-width forms."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def no_punctuation(text: str, _chance: random.Random) -> str:
    """Leave out every mark and line break."""
    return "".join(char for char in text if not unicodedata.category(char).startswith("P") and char not in "\r\n")


def emoji(text: str, chance: random.Random) -> str:
    """Strew emoji that mean nothing, one in twenty characters and at least one, between the characters."""
    chars = list(text)
    for _ in range(max(1, len(chars) // 20)):
        chars.insert(chance.randrange(len(chars) + 1), chance.choice(_EMOJI))
    return "".join(chars)


def _to_traditional() -> Callable[[str], str]:
    global _converter
    if _converter is None:
        import opencc

        _converter = opencc.OpenCC("s2t").convert
    return _converter


_converter: Callable[[str], str] | None = None


def _over_all(spoil: Callable[[str, random.Random], str]) -> Callable[[Sequence[str]], list[str]]:
    return lambda texts: [spoil(text, random.Random(at)) for at, text in enumerate(texts)]


#: What is done → the texts, spoilt.
NOISES: Mapping[str, Callable[[Sequence[str]], list[str]]] = {
    "typos, 1 character in 12": _over_all(typos),
    "traditional characters": _over_all(traditional),
    "full width": _over_all(full_width),
    "no punctuation": _over_all(no_punctuation),
    "emoji noise": _over_all(emoji),
}
