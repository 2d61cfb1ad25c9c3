"""Bring every way of typing the same thing to one form, and remember where each character came from.

The cleaners run in the order of :data:`triage.text.cleaners.CLEANERS`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from triage.text.called import cleaners_for
from triage.text.cleaners import CLEANERS, Aligned, Change, Cleaner

__all__ = ["Original", "align", "normalize", "normalized"]


class Original:
    """The way back from a normalised text, worked out when it is first asked for; most texts never ask.

    Parameters
    ----------
    text : str
        The original text.
    aligned : Aligned, optional
        The way, where it is known.
    way : callable, optional
        Works out the way where more is known than the text.

    Examples
    --------
    >>> Original("系統崩了３次").quote(4, 5)
    '３'
    """

    __slots__ = ("_aligned", "_way", "text")

    def __init__(self, text: str, aligned: Aligned | None = None, *, way: Callable[[], Aligned] | None = None) -> None:
        self.text = text
        self._way = way
        self._aligned = aligned

    @property
    def aligned(self) -> Aligned:
        """The normalised text with its way back."""
        if self._aligned is None:
            self._aligned = self._way() if self._way else align(self.text)
        return self._aligned

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Translate a non-empty span of the normalised text into one of the original."""
        return self.aligned.span(start, end)

    def quote(self, start: int, end: int) -> str:
        """Return the original words of a non-empty span of the normalised text."""
        return self.text[slice(*self.aligned.span(start, end))]


def normalize(text: str) -> str:
    r"""Return the text in the form the model reads.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The normalised text; equal to ``align(text).text``.

    Examples
    --------
    >>> normalize("＠南岭客服 系統崩了３次！！！！訂單20261124001，損失￥500")
    'Ｍ 系统崩了Ｎ次!!订单Ｏ,损失Ｙ'
    """
    return _cleaned(text)[0]


def normalized(text: str) -> tuple[str, Original]:
    """Normalise a text and keep the way back to the original.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    clean : str
        From :func:`normalize`.
    original : Original
        The way back, worked out when asked for: only what a cleaner changed is looked at again.

    Examples
    --------
    >>> clean, original = normalized("系統崩了３次")
    >>> clean, original.quote(4, 5)
    ('系统崩了Ｎ次', '３')
    """
    clean, steps = _cleaned(text)
    return clean, Original(text, way=functools.partial(_retraced, clean, steps))


def _cleaned(text: str) -> tuple[str, list[tuple[Cleaner, str]]]:
    """Run the cleaners called for; beside the text return those that changed something, with the text before each."""
    steps: list[tuple[Cleaner, str]] = []
    for cleaner in cleaners_for(text):
        after = cleaner(text)
        if after != text:
            steps.append((cleaner, text))
            text = after
    return text, steps


def _retraced(clean: str, steps: list[tuple[Cleaner, str]]) -> Aligned:
    edits: tuple[Change, ...] = ()
    afters = [*(before for _, before in steps), clean][1:]
    for (cleaner, before), after in zip(steps, afters, strict=True):
        # No cleaner takes several characters for as many others: a text that is as long as before has kept every place.
        if len(before) != len(after):
            edits = cleaner.aligned(Aligned(before, edits)).edits
    return Aligned(clean, edits)


def align(text: str) -> Aligned:
    """Normalise a text and keep the way back to the original.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    Aligned
        The normalised text and the way from its spans to those of `text`.

    Examples
    --------
    >>> aligned = align("系統\u200b崩了３０次")
    >>> start, end = aligned.span(aligned.text.index("Ｎ"), aligned.text.index("Ｎ") + 1)
    >>> "系統\u200b崩了３０次"[start:end]
    '３０'
    """
    state = Aligned(text)
    for cleaner in CLEANERS:
        state = cleaner.aligned(state)
    return state
