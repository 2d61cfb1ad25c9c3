"""Cut a text at its evidence, so that a renderer can mark the words that decided."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from triage.records import Evidence

__all__ = ["segments"]


def segments(text: str, evidence: Sequence[Evidence]) -> list[tuple[str, float]]:
    """Cut a text into stretches of equal weight.

    Parameters
    ----------
    text : str
        The original text.
    evidence : sequence of Evidence
        Spans of it; where they overlap the weightier one wins.

    Returns
    -------
    list of (str, float)
        Stretch and weight, 0 where nothing weighs. The stretches joined are the text.

    Examples
    --------
    >>> from triage.records import Category
    >>> segments("一直报错", [Evidence(2, 4, "报错", 1.5, Category.TECHNICAL)])
    [('一直', 0.0), ('报错', 1.5)]
    """
    weights = [0.0] * len(text)
    for span in sorted(evidence, key=lambda e: abs(e.weight)):
        weights[span.start : span.end] = [span.weight] * (span.end - span.start)
    out, start = [], 0
    for weight, run in itertools.groupby(weights):
        end = start + sum(1 for _ in run)
        out.append((text[start:end], weight))
        start = end
    return out
