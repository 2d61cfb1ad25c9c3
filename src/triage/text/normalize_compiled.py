"""Normalise many texts by compiled functions (needs numba): the outcomes of :mod:`triage.text.normalize_many`."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from triage.text.characters import CONTEXT, OTHER
from triage.text.cleaners import Aligned
from triage.text.form_kernel import Laid, formed
from triage.text.mark_kernel import marked
from triage.text.normalize import Original, align
from triage.text.traditional import simplify_in_context
from triage.text.trie import cut_apart, laid_out

__all__ = ["normalize_compiled"]


@dataclasses.dataclass(slots=True)
class _Places:
    """Where each character of a text comes from.

    Parameters
    ----------
    lows, highs : ndarray of shape (n_characters,)
        The spans of the original.
    """

    lows: npt.NDArray[np.int32]
    highs: npt.NDArray[np.int32]

    def before(self, place: int) -> tuple[int, int]:
        """Return the span that a character stands for."""
        return int(self.lows[place]), int(self.highs[place])


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
    laid, moved = marked(laid)
    clean = cut_apart(laid.codes, laid.ends)
    originals = [
        Original(text, way=functools.partial(_traced, laid, at, new)) if way else Original(text, Aligned(new))
        for at, (text, new, way) in enumerate(zip(texts, clean, moved.tolist(), strict=True))
    ]
    for at in left:  # characters beyond the tables: rare
        aligned = align(texts[at])
        clean[at], originals[at] = aligned.text, Original(texts[at], aligned)
    return clean, originals


def _traced(laid: Laid, at: int, clean: str) -> Aligned:
    first = int(laid.ends[at]) - len(clean) - 1
    whole = slice(first, first + len(clean))
    return Aligned(clean, (_Places(laid.lows[whole], laid.highs[whole]),))
