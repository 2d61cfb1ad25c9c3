"""Cut a normalised text into clauses: the smallest pieces that assert something."""

from __future__ import annotations

import itertools
import re

__all__ = ["clauses"]

# Punctuation, line breaks, and a blank between Chinese characters (how people pause who do not punctuate).
_BREAK = re.compile(
    r"[,。!?;:…~\n，、]+|(?<=[\u4e00-\u9fffＮＴＤＹＭ]) +(?=[\u4e00-\u9fffＮＴＤＹ])|(?<=[\u4e00-\u9fff])\.+"
)
# A turn begins a new clause even without punctuation.
_TURN = re.compile(r"(?<=[\u4e00-\u9fffＮ])(?=但是|可是|不过|就是(?!说)|而且|然后|结果|后来|因为|所以|虽然|如果|还有)")


def clauses(text: str) -> list[tuple[int, int]]:
    """Return the spans of the clauses of a normalised text, in order.

    Parameters
    ----------
    text : str
        Text as :func:`triage.text.normalize.normalize` returns it.

    Returns
    -------
    list of (int, int)
        Start and end of each clause, without the punctuation between them. Empty for a text that has none.

    Examples
    --------
    >>> text = "态度倒是挺好,就是系统一直崩"
    >>> [text[a:b] for a, b in clauses(text)]
    ['态度倒是挺好', '就是系统一直崩']
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in [*_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        cuts = [start, *(turn.start() for turn in _TURN.finditer(text, start, end)), end]
        spans += [(low, high) for low, high in itertools.pairwise(cuts) if text[low:high].strip()]
        start = match.end() if match else end
    return spans
