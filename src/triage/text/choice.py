"""Whether work on many texts is done by compiled functions: the one place where the two ways part.

With the extra ``triage[fast]`` (numba) the stages that take most of the time of a large batch are compiled; the
answers are those of the arrays that do it otherwise. Loading them takes more than a second and 150 MB, so a process
begins with arrays and goes over to compiled functions when it has seen so many texts that more will probably come.
"""

from __future__ import annotations

import functools
import importlib.util
import re
import sys
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

__all__ = ["WORTH", "Choice", "can_compile", "choice", "kernel"]

Function = TypeVar("Function", bound=Callable[..., Any])

#: So many texts save the time that loading takes: 1.3 s, 71 µs a text (docs/speed.md).
WORTH = 20_000


class Choice:
    """Which way a process goes.

    Attributes
    ----------
    compiled : bool or None
        None until enough texts came by; set it to have one way for good.

    Examples
    --------
    >>> plain = Choice()
    >>> plain.compiled = False
    >>> plain.count(1_000_000)
    >>> plain.takes_compiled()
    False
    """

    def __init__(self) -> None:
        self.compiled: bool | None = None
        self._seen = 0

    def count(self, texts: int) -> None:
        """Take note of so many texts more."""
        self._seen += texts

    def expect(self, texts: int) -> None:
        """Take note that so many texts will come: whoever knows need not begin with arrays."""
        if texts >= WORTH:
            self._seen = max(self._seen, WORTH)

    def takes_compiled(self) -> bool:
        """Say whether compiled functions do the next texts."""
        if self.compiled is None and self._seen >= WORTH:
            self.compiled = can_compile()
        return bool(self.compiled)


#: The choice of this process.
choice = Choice()


@functools.cache
def can_compile() -> bool:
    """Say whether numba is there and has a folder for what it compiles.

    Compiling takes many seconds; where nothing can be kept every process would pay them again.
    """
    if importlib.util.find_spec("numba") is None:
        return False
    try:
        importlib.import_module("triage.text.cut")
    except RuntimeError as error:  # numba's word for: no folder to keep it in
        warnings.warn(
            f"triage[fast] is not used: {error}. Set NUMBA_CACHE_DIR to a folder that can be written.",
            RuntimeWarning,
            stacklevel=2,
        )
        return False
    return True


def kernel(function: Function) -> Function:
    """Compile a function when it is first called, and keep the result on disk."""
    import numba

    made_of: Any = function
    made_of.__qualname__ = f"{made_of.__qualname__}-{_stamp(made_of.__module__):08x}"
    compiled: Any = numba.njit(cache=True, nogil=True)(made_of)
    return cast("Function", compiled)


def _stamp(module: str) -> int:
    """Return a number that changes with a module and all that it imports from this library.

    numba takes what it keeps for stale when the file of the function changes. But functions and constants of other
    files are compiled into it too, and an upgrade leaves what was kept where it is.
    """
    read: dict[str, int] = {}
    left = [module]
    while left:
        name = left.pop()
        if name not in read and (file := getattr(sys.modules.get(name), "__file__", None)):
            source = Path(file).read_bytes()
            read[name] = zlib.crc32(source)
            left += [found.decode() for found in re.findall(rb"^from (triage[\w.]*) import", source, re.MULTILINE)]
    return zlib.crc32(repr(sorted(read.items())).encode())
