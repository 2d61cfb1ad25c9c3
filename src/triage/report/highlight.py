"""Cut a text at its evidence, so that a renderer can mark the words that decided."""

from __future__ import annotations

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
    out: list[tuple[str, float]] = []
    for char, weight in zip(text, weights, strict=True):
        if out and out[-1][1] == weight:
            out[-1] = (out[-1][0] + char, weight)
        else:
            out.append((char, weight))
    return out
