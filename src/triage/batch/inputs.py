"""The exports of a run: one file, or several with the same columns read one after the other."""

from __future__ import annotations

import glob
import itertools
import zlib
from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path
from typing import Any

from triage.errors import InputError
from triage.tickets.chunks import Chunk
from triage.tickets.read import TicketReader
from triage.tickets.rows import Block
from triage.tickets.seal import Originals

__all__ = ["Inputs", "expanded"]

#: So many facts that do not hold for all files are told.
_TOLD = 8


def expanded(names: Iterable[str | Path]) -> list[str | Path]:
    """Replace patterns by the files they match, in order of their names.

    Parameters
    ----------
    names : iterable of str or Path
        Files, and patterns such as ``exports/*.csv``. A file whose name looks like a pattern is a file. What
        a run itself wrote (``*-triaged.*``, ``*.problems.csv``) is matched by no pattern.

    Returns
    -------
    list of str or Path
        Files, each once.

    Raises
    ------
    InputError
        If a pattern matches nothing.

    Examples
    --------
    >>> expanded(["投诉.csv", "投诉.csv"])
    ['投诉.csv']
    """
    found: dict[str, str | Path] = {}
    for name in names:
        text = str(name)
        if not glob.has_magic(text) or Path(text).exists():
            found.setdefault(text, name)
            continue
        matches = sorted(match for match in glob.glob(text, recursive=True) if _is_export(Path(match)))  # noqa: PTH207
        if not matches:
            raise InputError("no file matches", value=text, cure="Check the folder and the pattern.")
        found.update((match, found.get(match, match)) for match in matches)
    return list(found.values())


def _is_export(path: Path) -> bool:
    return path.is_file() and "-triaged." not in path.name and not path.name.endswith(".problems.csv")


class Inputs:
    """The rows of all exports of a run.

    Parameters
    ----------
    paths : sequence of str or Path
        The exports.
    open_one : callable
        Opens one of them.

    Raises
    ------
    InputError
        If there are none, or if one has other columns than the first.
    """

    def __init__(self, paths: Sequence[str | Path], open_one: Callable[[str | Path], TicketReader]) -> None:
        if not paths:
            raise InputError("there is nothing to read", where="input", cure="Give one export or more.")
        self.readers = [open_one(path) for path in paths]
        self.first = self.readers[0]
        self.header = self.first.header
        for reader in self.readers[1:]:
            if reader.header != self.header:
                missing = [name for name in self.header if name not in reader.header]
                other = [name for name in reader.header if name not in self.header]
                one, other_one = Path(self.first.source.name).name, Path(reader.source.name).name
                raise InputError(
                    f"the columns of {other_one} are not those of {one}: {', '.join(other) or 'none'} too many, "
                    f"{', '.join(missing) or 'none'} missing, or another order",
                    where=reader.source.name,
                    cure="Write a file for each: give a folder as output.",
                )
        self._sizes = [reader.source.path.stat().st_size for reader in self.readers]
        self._at = 0

    @property
    def fraction(self) -> float:
        """The share of all bytes read."""
        done = sum(self._sizes[: self._at]) + self._sizes[self._at] * self.readers[self._at].source.fraction
        return done / max(1, sum(self._sizes))

    def describe(self) -> list[str]:
        """Say in sentences what was detected; what holds for all files is said once."""
        if len(self.readers) == 1:
            return self.first.describe()
        told = [reader.describe() for reader in self.readers]
        common = [fact for fact in told[0] if all(fact in facts for facts in told)]
        own = [
            f"{Path(reader.source.name).name}: {fact}"
            for reader, facts in zip(self.readers, told, strict=True)
            for fact in facts
            if fact not in common
        ]
        more = [f"and {len(own) - _TOLD} more that differ"] if len(own) > _TOLD else []
        return [f"{len(self.readers)} files", *common, *own[:_TOLD], *more]

    def chunks(self, skip: int = 0) -> Generator[Chunk, None, None]:
        """Give the rows in chunks, without so many at the beginning; no chunk has rows of two files."""
        for at, reader in enumerate(self.readers):
            self._at = at
            rows = reader.rows()
            skip -= sum(1 for _ in itertools.islice(rows, skip))
            yield from reader.chunks_of(rows, at)

    def read(self, chunk: Chunk) -> Block:
        """Make tickets of rows, here and now."""
        return self.readers[chunk.file].row_reader.read(chunk)

    def originals(self) -> Originals:
        """Give the rows with their types, if all files have the same."""
        values = [reader.originals() for reader in self.readers]
        whole = None if None in values else itertools.chain.from_iterable(each for each in values if each is not None)
        arrow = [found for reader in self.readers if (found := reader.arrow()) is not None]
        if len(arrow) == len(self.readers) and all(schema.equals(arrow[0][0]) for schema, _ in arrow):
            return Originals(whole, itertools.chain.from_iterable(batches for _, batches in arrow))
        return Originals(whole)

    def fingerprints(self) -> list[list[int]]:
        """Return size and checksum of the beginning and end of every file: one that changed differs there."""
        return [_fingerprint(reader.source.path) for reader in self.readers]

    def facts(self) -> dict[str, Any]:
        """Return what makes these inputs these and no others."""
        return {"input": self.fingerprints(), "detected": self.describe()}


def _fingerprint(path: Path) -> list[int]:
    size = path.stat().st_size
    with path.open("rb") as stream:
        crc = zlib.crc32(stream.read(1 << 20))
        stream.seek(max(0, size - (1 << 20)))
        return [size, zlib.crc32(stream.read(), crc)]
