"""What can go wrong, said so that the reader can mend it.

Every error of the library is a :class:`TriageError`. Its message names the wrong value, the place it
stands, the valid options with the nearest match, and the cure; the same facts are attributes, so that a
caller need not parse text.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterable
from typing import Any

__all__ = [
    "ColumnError",
    "EncodingError",
    "InputError",
    "LabelError",
    "MissingExtraError",
    "ModelError",
    "OutputError",
    "PolicyError",
    "TriageError",
    "import_extra",
]


def _shown(value: object, limit: int = 60) -> str:
    """Represent a value in one short line; a lone surrogate must not break the message."""
    text = repr(value)
    text = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class TriageError(Exception):
    """Base of all errors raised on purpose.

    Parameters
    ----------
    problem : str
        What is wrong, in one sentence without a full stop.
    value : object, optional
        The wrong value.
    where : str, optional
        The place: a file, a key, a row, a parameter.
    options : iterable of str, optional
        The valid values.
    cure : str, optional
        What to do about it.

    Attributes
    ----------
    nearest : str or None
        The option most like `value`, if one is alike.

    Examples
    --------
    >>> raise TriageError("unknown severity", value="urgent", where="tickets.csv, row 3",
    ...                   options=["low", "normal", "high"])
    Traceback (most recent call last):
    ...
    triage.errors.TriageError: unknown severity: 'urgent' (tickets.csv, row 3). Valid: low, normal, high.
    """

    def __init__(
        self,
        problem: str,
        *,
        value: object = None,
        where: str | None = None,
        options: Iterable[str] = (),
        cure: str | None = None,
    ) -> None:
        self.problem = problem
        self.value = value
        self.where = where
        self.options = tuple(str(option) for option in options)
        self.cure = cure
        near = difflib.get_close_matches(str(value), self.options, n=1, cutoff=0.6) if self.options else []
        self.nearest = near[0] if near else None
        super().__init__(self._message())

    def _message(self) -> str:
        message = self.problem
        if self.value is not None:
            message += f": {_shown(self.value)}"
        if self.where:
            message += f" ({self.where})"
        message += "."
        if self.nearest:
            message += f" Did you mean {self.nearest!r}?"
        if self.options:
            message += f" Valid: {', '.join(self.options)}."
        if self.cure:
            message += f" {self.cure}"
        return message


class InputError(TriageError, ValueError):
    """A text, an argument or a file that cannot be read as what it should be."""


class ColumnError(InputError):
    """A column of a table is missing or cannot be chosen without guessing."""


class EncodingError(InputError):
    """A file whose bytes are not text in any encoding tried."""


class LabelError(InputError):
    """A label that the labelling guide does not know, or a combination it forbids."""


class OutputError(TriageError, OSError):
    """A result that cannot be written where it was asked for."""


class MissingExtraError(TriageError, ImportError):
    """An optional package is needed and not installed; the message holds the exact command."""


def import_extra(module: str, extra: str, problem: str, *, where: str, otherwise: str = "") -> Any:
    """Import a module of an optional package, or say how to install it.

    Parameters
    ----------
    module : str
        Its dotted name.
    extra : str
        The extra of this package that brings it.
    problem : str
        What needs it.
    where : str
        File or place that needs it.
    otherwise : str, optional
        What can be done instead.

    Returns
    -------
    module
        The module.

    Raises
    ------
    MissingExtraError
        If it is not installed.

    Examples
    --------
    >>> import_extra("json", "excel", "reading this", where="a.xlsx").__name__
    'json'
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        instead = f"; {otherwise}" if otherwise else ""
        raise MissingExtraError(
            problem, where=where, cure=f'Install it: pip install "triage[{extra}]"{instead}.'
        ) from error


class ModelError(TriageError):
    """A model folder that is damaged, foreign, or made for other software than the one at hand."""


class PolicyError(TriageError):
    """A policy that does not hold.

    Parameters
    ----------
    problems : iterable of str
        Every problem found, each with its file and key; all are reported at once.
    where : str
        The policy folder.
    """

    def __init__(self, problems: Iterable[str], *, where: str) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        listing = "\n".join(f"  {line}" for line in self.problems)
        super().__init__(f"the policy has {count} problem{'s' if count != 1 else ''}:\n{listing}\n", where=where)

    def _message(self) -> str:
        return f"{self.where}: {self.problem}Mend them and run `triage policy check` again."
