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


class _Places:
    """Where each character of a text of a block comes from.

    Parameters
    ----------
    lows, highs : memoryview
        The spans of the originals, of all texts; other than an array it gives plain numbers, and at once.
    first : int
        Where the text begins.
    """

    __slots__ = ("first", "highs", "lows")

    def __init__(self, lows: memoryview[int], highs: memoryview[int], first: int) -> None:
        self.lows, self.highs, self.first = lows, highs, first

    def before(self, place: int) -> tuple[int, int]:
        """Return the span that a character stands for."""
        return self.lows[self.first + place], self.highs[self.first + place]


class _OfBlock(Original):
    """The way back from a text of a block, read off the places of its characters."""

    __slots__ = ("_clean", "_places")

    def __init__(self, text: str, clean: str, places: _Places) -> None:
        super().__init__(text)
        self._clean, self._places = clean, places

    @property
    def aligned(self) -> Aligned:
        return Aligned(self._clean, (self._places,))

    def span(self, start: int, end: int) -> tuple[int, int]:
        places = self._places
        return places.lows[places.first + start], places.highs[places.first + end - 1]

    def quote(self, start: int, end: int) -> str:
        places = self._places
        return self.text[places.lows[places.first + start] : places.highs[places.first + end - 1]]


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
        _OfBlock(text, new, _Places(lows, highs, first))
        for text, new, first in zip(texts, clean, [0, *laid.ends.tolist()], strict=False)
    ]
    for at in left:  # characters beyond the tables: rare
        aligned = align(texts[at])
        clean[at], originals[at] = aligned.text, Original(texts[at], aligned)
    return clean, originals
