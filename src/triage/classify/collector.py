"""Many records at once, without the collector of cycles looking for what they never hold."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

__all__ = ["collector_paused"]


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
