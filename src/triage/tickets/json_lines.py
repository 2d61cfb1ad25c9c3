"""JSON: one ticket a line, or a list of tickets."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from triage.errors import InputError
from triage.records import RowProblem
from triage.tickets.encoding import Encoding, detect_encoding
from triage.tickets.known import load_formats
from triage.tickets.layout import Layout
from triage.tickets.source import Source

__all__ = ["ABSENT", "JsonFile", "cell_of"]

#: Stands for the value of a key that an object does not have.
ABSENT = object()

_ROWS = 300
_PIECE = 1 << 16


def cell_of(value: object) -> str:
    """Write a JSON value as a cell: text as it is, nothing as nothing, the rest as JSON.

    Examples
    --------
    >>> cell_of("崩了"), cell_of(None), cell_of(["甲"]), cell_of(True)
    ('崩了', '', '["甲"]', 'true')
    """
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


class JsonFile:
    """A file of JSON objects; their keys are the columns.

    The file is read twice: keys may appear for the first time in its last object.

    Parameters
    ----------
    source : Source
        The file.
    encoding : str, optional
        Where it is known.
    """

    dialect = None

    def __init__(self, source: Source, *, encoding: str | None = None) -> None:
        self._source = source
        self.encoding: Encoding = detect_encoding(source, encoding)
        self._wrappers = {form.unwrap for form in load_formats().values() if form.unwrap}
        with source.open() as stream:
            text = io.TextIOWrapper(stream, self.encoding.codec)
            beginning = text.read(_PIECE).lstrip()
            text.detach()
        # A list has its objects on lines of their own or not; a line with a list in it is no ticket.
        self._is_list = beginning.startswith("[") and beginning[1:].lstrip()[:1] in {"{", ""}
        header: dict[str, None] = {}
        read = 0
        for _, ticket in self._tickets():
            if isinstance(ticket, dict):
                read += 1
                header.update(dict.fromkeys(ticket))
        if not read:
            cure = "Give a file with one JSON object a line (NDJSON) or a list of objects."
            raise InputError("there is no JSON object in the file", value=source.name, cure=cure)
        self.layout = Layout(tuple(header), 0)
        self.sample = [cells for (_, cells, _), _ in zip(self.rows(), range(_ROWS), strict=False)]

    def _tickets(self) -> Iterator[tuple[int, dict[str, Any] | str]]:
        """Give every ticket with its number, or the text that should have been one."""
        with self._source.open() as stream:
            text = io.TextIOWrapper(stream, self.encoding.codec, errors="strict", newline="\n")
            try:
                yield from self._listed(text) if self._is_list else self._lined(text)
            finally:
                text.detach()

    def _lined(self, text: io.TextIOWrapper) -> Iterator[tuple[int, dict[str, Any] | str]]:
        for number, line in enumerate(text, start=1):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
            except (ValueError, RecursionError):
                found = None
            yield number, self._unwrapped(found) if isinstance(found, dict) else line.strip()

    def _listed(self, text: io.TextIOWrapper) -> Iterator[tuple[int, dict[str, Any] | str]]:
        decoder = json.JSONDecoder()
        buffer = text.read(_PIECE).lstrip()[1:]
        number, more = 0, True
        while True:
            buffer = buffer.lstrip(" \t\r\n,")
            if buffer.startswith("]"):
                return
            try:
                found, end = decoder.raw_decode(buffer)
            except (ValueError, RecursionError):
                found, end = None, -1
            if end < 0 or (end == len(buffer) and more):  # not whole, or a number that may go on
                piece = text.read(max(_PIECE, len(buffer)))  # doubling: one long object is not read n times
                more = bool(piece)
                if more:
                    buffer += piece
                    continue
                if buffer.strip():
                    yield number + 1, buffer[:1000]
                return
            number += 1
            yield number, self._unwrapped(found) if isinstance(found, dict) else buffer[:end]
            buffer = buffer[end:]

    def _unwrapped(self, found: dict[str, Any]) -> dict[str, Any]:
        if len(found) != 1:
            return found
        ((name, inner),) = found.items()
        return inner if name in self._wrappers and isinstance(inner, dict) else found

    def rows(self) -> Iterator[tuple[int, list[str], RowProblem | None]]:
        """Give every ticket as a row of cells with the number of its line, or its place in the list."""
        header = self.layout.header
        for number, ticket in self._tickets():
            if isinstance(ticket, dict):
                yield number, [cell_of(ticket.get(name)) for name in header], None
            else:
                message = "this is not a JSON object"
                yield number, [""] * len(header), RowProblem(number, "not_json", message, ticket)

    def originals(self) -> Iterator[list[object]]:
        """Give the values of every ticket, :data:`ABSENT` where it does not have the key."""
        for _, ticket in self._tickets():
            values = ticket if isinstance(ticket, dict) else {}
            yield [values.get(name, ABSENT) for name in self.layout.header]
