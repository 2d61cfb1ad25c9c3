"""Where the neighbours of a character decide what OpenCC makes of it.

Most characters are converted alone. A few are not: 覆 stays, and 回覆 becomes 回复. Texts without one of these few
need no OpenCC: a table of single characters does the same, many times as fast.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from triage.text.cleaners import CLEANER_OF
from triage.text.trie import code_points

__all__ = ["PHRASES", "SIGNS", "calling_characters", "phrase_file", "simplify_in_context"]

_SIMPLIFIED, _LOWER = CLEANER_OF["simplified"], CLEANER_OF["lower case"]

#: Every phrase of which OpenCC makes something else than of its characters one by one holds one of these.
SIGNS = frozenset("藉沈釐剋坏鍾於脩昇徵祕哩谿逕瞭乾覆鍊吒噁麼畫氾扞鉅陞薹衹袷蒐甦濛傢彿劄麽貲牴")

#: The dictionaries of phrases for which that was proved: the beginnings of their SHA-256, with the releases that hold
#: them. A test proves it for the installed one; a new one, proved, is added here.
PHRASES = {
    "eea69e525e01b847": "1.1.9, 1.2.0",
    "e28738403c1ebd1e": "1.3.0",
    "29fa42aa820090e4": "1.3.1",
    "e7f9d419d54f71a6": "1.3.2",
    "8b3aa0a2e0a0ee47": "1.4.0",
    "6f351ef4c905e6ce": "1.4.1",
    "2b722237cc00a4ac": "1.4.2",
}

# How a character is made up; OpenCC leaves alone what follows such a sign, be it beyond the end of a line.
_DESCRIPTIONS = frozenset(map(chr, [*range(0x2FF0, 0x3000), 0x31EF]))
_description = re.compile(f"[{''.join(sorted(_DESCRIPTIONS))}]")


def phrase_file() -> Path | None:
    """Return where the installed OpenCC keeps its phrases; None where that cannot be told."""
    package = importlib.util.find_spec("opencc")
    if package is None or package.origin is None:
        return None
    file = Path(package.origin).parent / "clib" / "share" / "opencc" / "TSPhrases.ocd2"
    return file if file.is_file() else None


@functools.cache
def calling_characters() -> frozenset[str] | None:
    """Return the characters for which a text must be shown to OpenCC; None for any that is not ASCII.

    Whoever has an OpenCC with phrases not known here gets the same outcomes, somewhat later.

    Examples
    --------
    >>> calling = calling_characters()
    >>> calling is None or ("覆" in calling and "系" not in calling)
    True
    """
    file = phrase_file()
    if file is None or hashlib.sha256(file.read_bytes()).hexdigest()[:16] not in PHRASES:
        return None
    return SIGNS | _DESCRIPTIONS


def simplify_in_context(codes: npt.NDArray[np.uint32], ends: npt.NDArray[np.int64], which: Sequence[int]) -> None:
    """Simplify some texts and turn them into lower case, in place.

    Parameters
    ----------
    codes : ndarray of shape (n_characters,)
        The code points of texts in their compatibility forms, each followed by a line break.
    ends : ndarray of shape (n_texts,)
        Where each text ends, its line break with it.
    which : sequence of int
        The texts in question.

    Examples
    --------
    >>> from triage.text.trie import cut_apart, laid_out
    >>> codes, ends = laid_out(["回覆", "天翻地覆"])
    >>> codes = codes.copy()
    >>> simplify_in_context(codes, ends, [0, 1])
    >>> cut_apart(codes, ends)
    ['回复', '天翻地覆']
    """
    places = [slice(int(ends[at - 1]) if at else 0, int(ends[at]) - 1) for at in which]
    texts = [codes[place].tobytes().decode("utf-32-le") for place in places]
    alone = any(map(_description.search, texts))
    texts = list(map(_SIMPLIFIED, texts)) if alone else _together(texts, _SIMPLIFIED)
    for place, text in zip(places, map(_LOWER, texts), strict=True):
        codes[place] = code_points(text)


def _together(texts: list[str], cleaner: Callable[[str], str]) -> list[str]:
    """Run a cleaner over all texts as one where that leaves each its length, else one by one."""
    joined = "\n".join(texts)
    cleaned = cleaner(joined)
    if cleaned == joined:
        return texts
    pieces = cleaned.split("\n")
    lines = joined.split("\n")
    if len(pieces) != len(lines) or any(len(new) != len(old) for new, old in zip(pieces, lines, strict=True)):
        return [cleaner(text) for text in texts]
    ends = np.cumsum([len(text) + 1 for text in texts]).tolist()
    return [cleaned[end - len(text) - 1 : end - 1] for text, end in zip(texts, ends, strict=True)]
