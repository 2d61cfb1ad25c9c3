"""Cut Chinese text into words: jieba's own result, at the speed of its Rust port.

``rjieba`` cuts about twenty times faster than ``jieba`` and differs from it in a few kinds of token, which
are cut again here by jieba's own rules. Pure jieba stays available as the reference and as a fallback
where no wheel of rjieba exists.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import importlib.util
import itertools
import re
from collections.abc import Callable

from triage.errors import InputError
from triage.text.growing import GrowingEngine

__all__ = ["Tokenizer", "domain_words"]

#: Raise when the same text may be cut differently than before: models name the tokenizer they were trained with.
TOKENIZER_VERSION = 1

# Where rjieba 0.2 differs from jieba 0.42:
# 1. it keeps ASCII runs joined by . _ - in one piece ("6.0.1", "a_b"), which jieba cuts by _ASCII_RULE;
# 2. it takes these rare CJK blocks for Han and lets them join words; to jieba they are symbols, one a token.
_JOINED = re.compile(r"[A-Za-z0-9][._\-][A-Za-z0-9]")
_ASCII_RULE = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_RARE_HAN = re.compile("([\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")


@functools.cache
def domain_words() -> tuple[str, ...]:
    """Return the words of support work that jieba's dictionary lacks, from ``domain_words.txt``."""
    listing = importlib.resources.files("triage.text").joinpath("domain_words.txt").read_text("utf-8")
    lines = (line.split("#")[0].strip() for line in listing.splitlines())
    return tuple(line for line in lines if line)


def _rust_cutter() -> Callable[[str], list[str]]:
    engine = GrowingEngine()
    cut, known = engine.cut, engine.has_word

    def pieces(text: str) -> list[str]:
        out: list[str] = []
        done = 0
        # Only the lines that hold such a run are looked at token by token; a line break ends every token.
        for match in _JOINED.finditer(text):
            if match.start() >= done:
                start, stop = text.rfind("\n", done, match.start()) + 1, text.find("\n", match.end())
                start, stop = max(start, done), stop if stop >= 0 else len(text)
                if start > done:
                    out += cut(text[done:start])
                for piece in cut(text[start:stop]):
                    if _JOINED.search(piece) and not known(piece):
                        out += filter(None, _ASCII_RULE.split(piece))
                    else:
                        out.append(piece)
                done = stop
        return out + cut(text[done:]) if done else cut(text)

    def tokens(text: str) -> list[str]:
        if not _RARE_HAN.search(text):
            return pieces(text)
        return [
            token for part in _RARE_HAN.split(text) for token in (pieces(part) if len(part) > 1 else [part]) if token
        ]

    return tokens


def _python_cutter() -> Callable[[str], list[str]]:
    import logging

    import jieba

    # jieba logs its start to stderr through a handler of its own; a library stays silent.
    level = jieba.default_logger.level
    jieba.default_logger.setLevel(logging.CRITICAL)
    try:
        engine = jieba.Tokenizer()
        engine.initialize()
    finally:
        jieba.default_logger.setLevel(level)
    cut: Callable[[str], list[str]] = engine.lcut
    return cut


def _joiner(words: tuple[str, ...]) -> Callable[[list[str]], list[str]]:
    """Join neighbouring tokens that make up a domain word, the longest first.

    Adding the words to the dictionaries instead shifts every probability of jieba's by a rounding error,
    and the engines then break ties differently ("啊啊啊啊"): joining afterwards keeps them equal.
    """
    whole = frozenset(words)
    beginnings = frozenset(word[:size] for word in words for size in range(1, len(word)))

    def join(tokens: list[str]) -> list[str]:
        out: list[str] = []
        done = 0
        for at in itertools.compress(itertools.count(), map(beginnings.__contains__, tokens)):
            if at < done:
                continue
            joined, after, end = tokens[at], at + 1, at
            while joined in beginnings and after < len(tokens):
                joined += tokens[after]
                after += 1
                if joined in whole:
                    word, end = joined, after
            if end > at:
                out += tokens[done:at]
                out.append(word)
                done = end
        return out + tokens[done:] if done else tokens

    return join


class Tokenizer:
    """Cut text into words.

    Parameters
    ----------
    engine : {"auto", "rjieba", "jieba"}, default "auto"
        ``auto`` takes rjieba where it is installed and jieba elsewhere. The tokens are the same.
    domain : bool, default True
        Whether the words of support work (:func:`domain_words`) count as words.

    Attributes
    ----------
    identity : str
        Dictionary, domain words and version of the rules. A model is bound to it. The engine is not part
        of it, for both give the same tokens.

    Examples
    --------
    >>> Tokenizer()("系统上线三天崩了两次")
    ['系统', '上线', '三天', '崩', '了', '两次']
    """

    def __init__(self, engine: str = "auto", *, domain: bool = True) -> None:
        if engine not in {"auto", "rjieba", "jieba"}:
            raise InputError(
                "unknown tokenizer engine",
                value=engine,
                where="Tokenizer(engine=…)",
                options=["auto", "rjieba", "jieba"],
            )
        if engine == "auto":
            engine = "rjieba" if importlib.util.find_spec("rjieba") else "jieba"
        words = domain_words() if domain else ()
        digest = hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]
        self.engine = engine
        self.identity = f"jieba-0.42/{TOKENIZER_VERSION}/{digest}"
        self._domain = domain
        self._join = _joiner(words)
        self._cut: Callable[[str], list[str]] | None = None

    def __call__(self, text: str) -> list[str]:
        """Return the words of `text` in order; joined they are `text` again."""
        if self._cut is None:  # the dictionary is loaded with the first text, not with the import
            self._cut = (_rust_cutter if self.engine == "rjieba" else _python_cutter)()
        return self._join(self._cut(text))

    def __reduce__(self) -> tuple[Callable[..., Tokenizer], tuple[str, bool]]:
        # jieba's tokenizer holds a lock and rjieba's a foreign object: a copy in another process loads its own.
        return _rebuild, (self.engine, self._domain)


def _rebuild(engine: str, domain: bool) -> Tokenizer:
    return Tokenizer(engine, domain=domain)
