"""Many records at once, without the collector of cycles looking for what they never hold."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

__all__ = ["collect_young", "collector_paused"]

_WHOLE = 500


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Let the collector of cycles rest.

    Thousands of new records make it go through all that lives, a model and whatever else the process holds, every
    few blocks: a fifth of the time of a batch. Records hold no cycles.

    Examples
    --------
    >>> import gc
    >>> with collector_paused():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def collect_young(turn: int) -> None:
    """Look for cycles among what is young, at every 500th turn among all that lives.

    For a long run with the collector at rest. Left to itself it counts the records of a block it happens to meet as
    growth, and goes through the model for them again and again.

    Parameters
    ----------
    turn : int
        How many blocks are done, from 1.
    """
    gc.collect(1 if turn % _WHOLE else 2)
