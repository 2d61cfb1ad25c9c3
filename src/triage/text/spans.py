"""The clauses of many texts at once: the rules of :mod:`triage.text.clauses` on arrays of code points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["clause_bounds"]

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]

BREAK, HAN, BEFORE_BLANK, AFTER_BLANK, BEFORE_TURN, TURN = 1, 2, 4, 8, 16, 32
_TURNS = ("但是", "可是", "不过", "就是", "而且", "然后", "结果", "后来", "因为", "所以", "虽然", "如果", "还有")
BLANK, DOT, JUST, SAY = (ord(char) for char in " .就说")

# What a character can do; the last entry stands for all beyond the first plane.
KINDS = np.zeros(0x10001, dtype=np.uint8)
KINDS[[ord(char) for char in ",。!?;:…~\n，、"]] |= BREAK
KINDS[0x4E00:0xA000] |= HAN | BEFORE_BLANK | AFTER_BLANK | BEFORE_TURN
KINDS[[ord(char) for char in "ＮＴＤＹＭ"]] |= BEFORE_BLANK
KINDS[[ord(char) for char in "ＮＴＤＹ"]] |= AFTER_BLANK
KINDS[ord("Ｎ")] |= BEFORE_TURN
KINDS[[ord(turn[0]) for turn in _TURNS]] |= TURN
# First character of a turn → its second.
SECOND = {ord(turn[0]): ord(turn[1]) for turn in _TURNS}


def clause_bounds(codes: Codes) -> tuple[Ints, Ints]:
    r"""Return where the clauses of normalised texts start and end.

    Parameters
    ----------
    codes : ndarray of shape (n_characters,)
        The code points of the texts, each followed by a line break.

    Returns
    -------
    starts, ends : ndarray of shape (n_clauses,)
        What :func:`triage.text.clauses.clauses` gives for every text, as places in `codes`.

    Examples
    --------
    >>> from triage.text.trie import code_points
    >>> text = "态度倒是挺好,就是系统一直崩\n还没好?\n"
    >>> [text[a:b] for a, b in zip(*clause_bounds(code_points(text)))]
    ['态度倒是挺好', '就是系统一直崩', '还没好']
    """
    kinds = KINDS.take(codes, mode="clip")

    # 1. What stands between clauses. In a normalised text blanks stand alone and dots at most in pairs.
    between = (kinds & BREAK).astype(bool)
    blanks = codes == BLANK
    places = np.flatnonzero(blanks)
    places = places[(places > 0) & (kinds[places - 1] & BEFORE_BLANK > 0)]  # a line break ends the last text
    between[places[kinds[places + 1] & AFTER_BLANK > 0]] = True
    places = np.flatnonzero(codes == DOT)
    places = places[(places > 0) & (kinds[places - 1] & HAN > 0)]
    between[places] = True
    between[places[codes[places + 1] == DOT] + 1] = True

    # 2. Clauses that begin with a turn.
    places = np.flatnonzero(kinds & TURN)
    places = places[(places > 0) & (kinds[places - 1] & BEFORE_TURN > 0) & ~between[places - 1]]
    firsts = codes[places]
    seconds = np.fromiter(map(SECOND.__getitem__, firsts.tolist()), dtype=np.uint32, count=len(firsts))
    places = places[codes[places + 1] == seconds]
    turns = places[(codes[places] != JUST) | (codes[np.minimum(places + 2, len(codes) - 1)] != SAY)]

    # 3. Every stretch without a break, cut at the turns.
    edges = np.flatnonzero(np.diff(np.concatenate([[True], between, [True]]).view(np.int8)))
    starts = np.sort(np.concatenate([edges[::2], turns]))
    ends = np.sort(np.concatenate([edges[1::2], turns]))
    words = np.concatenate([[0], np.cumsum(~blanks)])
    said = words[ends] > words[starts]
    return starts[said], ends[said]
