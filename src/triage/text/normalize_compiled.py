"""Normalise many texts by compiled functions (needs numba): the outcomes of :mod:`triage.text.normalize_many`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from triage.text.characters import CONTEXT, OTHER
from triage.text.cleaners import Aligned
from triage.text.form_kernel import formed
from triage.text.mark_kernel import marked
from triage.text.normalize import Original, align
from triage.text.traditional import simplify_in_context
from triage.text.trie import cut_apart, laid_out

__all__ = ["normalize_compiled"]


class _OfBlock(Original):
    """The way back from a text of a block, read off the places of its characters.

    Parameters
    ----------
    text, clean : str
        The original and what was made of it.
    lows, highs : memoryview
        The spans of the originals, of all texts; other than an array it gives plain numbers, and at once.
    first : int
        Where the text begins.
    """

    __slots__ = ("_clean", "_first", "_highs", "_lows")

    def __init__(self, text: str, clean: str, lows: memoryview[int], highs: memoryview[int], first: int) -> None:
        self.text, self._clean, self._lows, self._highs, self._first = text, clean, lows, highs, first

    @property
    def aligned(self) -> Aligned:
        return Aligned(self._clean, (self,))

    def before(self, place: int) -> tuple[int, int]:
        """Return the span that a character stands for."""
        return self._lows[self._first + place], self._highs[self._first + place]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self._lows[self._first + start], self._highs[self._first + end - 1]

    def quote(self, start: int, end: int) -> str:
        return self.text[self._lows[self._first + start] : self._highs[self._first + end - 1]]


def normalize_compiled(texts: Sequence[str]) -> tuple[list[str], list[Original]]:
    """Normalise texts and keep the way back to the originals.

    Parameters
    ----------
    texts : sequence of str
        Any texts, one at least.

    Returns
    -------
    clean : list of str
        What :func:`triage.text.normalize.normalize` makes of each.
    originals : list of Original
        The way back.
    """
    laid, needs = formed(*laid_out(texts))
    left = np.flatnonzero(needs == OTHER).tolist()
    context = np.flatnonzero((needs & CONTEXT > 0) & (needs != OTHER)).tolist()
    simplify_in_context(laid.codes, laid.ends, context)
    laid = marked(laid)
    clean = cut_apart(laid.codes, laid.ends)
    lows, highs = laid.lows.data, laid.highs.data
    originals: list[Original] = [
        _OfBlock(text, new, lows, highs, first)
        for text, new, first in zip(texts, clean, [0, *laid.ends.tolist()], strict=False)
    ]
    for at in left:  # characters beyond the tables: rare
        aligned = align(texts[at])
        clean[at], originals[at] = aligned.text, Original(texts[at], aligned)
    return clean, originals
