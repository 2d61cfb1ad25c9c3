"""Cut a normalised text into clauses: the smallest pieces that assert something."""

from __future__ import annotations

import re

__all__ = ["clauses"]

# Punctuation, line breaks, and a blank between Chinese characters (how people pause who do not punctuate).
_BREAK = re.compile(
    r"[,。!?;:…~\n，、]+|(?<=[\u4e00-\u9fffＮＴＤＹＭ]) +(?=[\u4e00-\u9fffＮＴＤＹ])|(?<=[\u4e00-\u9fff])\.+"
)
# A turn begins a new clause even without punctuation. The pattern begins with the characters it looks for, so that a
# search skips to them.
_TURN = re.compile(
    r"[但可不就而然结后因所虽如还](?<=[\u4e00-\u9fffＮ].)"
    r"(?:(?<=[但可])是|(?<=不)过|(?<=就)是(?!说)|(?<=而)且|(?<=然)后|(?<=结)果|(?<=后)来|(?<=因)为|(?<=所)以|(?<=虽)然|(?<=如)果|(?<=还)有)"
)


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
    breaks = [match.span() for match in _BREAK.finditer(text)]
    # A turn is a break of no width; it never stands on one that has width.
    breaks += [(match.start(), match.start()) for match in _TURN.finditer(text)]
    breaks.sort()
    spans: list[tuple[int, int]] = []
    start = 0
    for end, after in [*breaks, (len(text), 0)]:
        if text[start:end].strip():
            spans.append((start, end))
        start = after
    return spans
