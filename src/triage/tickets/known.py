"""The export formats known by name: a folder of TOML files, one format each, each with its source."""

from __future__ import annotations

import dataclasses
import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from triage.tickets.names import bare_key, key

__all__ = ["FIELDS", "Format", "load_formats", "recognise"]

#: What can be taken from an export beside the text.
FIELDS = ("id", "created_at", "customer", "product", "project", "channel", "engineer")


@dataclasses.dataclass(frozen=True, slots=True)
class Format:
    """What the columns of an export are called and how its cells are written.

    Parameters
    ----------
    name, title : str
        The key and the name people use.
    source : str
        Where the facts come from.
    note : str
        What a user should know.
    recognise : tuple of tuple of str
        Groups of column names; an export is of this format if it has a column of every group.
    subject : tuple of str
        Names of the column with the title, the most certain first.
    body : tuple of tuple of str
        Ranks of names of the columns with the complaint itself.
    fields : mapping of str to tuple of str
        For each of :data:`FIELDS` the names, the most certain first.
    times : tuple of str
        Forms of its times beyond the usual ones, as for :func:`datetime.datetime.strptime`.
    drop : re.Pattern or None
        What to take off the end of short cells.
    guarded_cells : bool
        Whether cells that a spreadsheet would execute carry a leading apostrophe.
    unwrap : str or None
        In JSON the key that the ticket stands under.
    not_text : tuple of str
        Words that rule a column out as the customer's own.
    """

    name: str
    title: str
    source: str
    note: str = ""
    recognise: tuple[tuple[str, ...], ...] = ()
    subject: tuple[str, ...] = ()
    body: tuple[tuple[str, ...], ...] = ()
    fields: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    times: tuple[str, ...] = ()
    drop: re.Pattern[str] | None = None
    guarded_cells: bool = False
    unwrap: str | None = None
    not_text: tuple[str, ...] = ()

    def fits(self, keys: Iterable[str]) -> int:
        """Count the columns known to this format, or return 0 if one it needs is missing."""
        present = set(keys)
        if not all(present & {key(name) for name in group} for group in self.recognise):
            return 0
        known = {key(name) for names in [self.subject, *self.body, *self.fields.values()] for name in names}
        return len(present & known)


def _format(raw: dict[str, Any]) -> Format:
    fields = {field: tuple(raw.pop(field)) for field in FIELDS if field in raw}
    for ranks in ("recognise", "body"):
        raw[ranks] = tuple(tuple(names) for names in raw.get(ranks, ()))
    for names in ("subject", "times", "not_text"):
        raw[names] = tuple(raw.get(names, ()))
    if drop := raw.pop("drop", None):
        raw["drop"] = re.compile(drop)
    return Format(fields=fields, **raw)


@functools.cache
def load_formats() -> Mapping[str, Format]:
    """Return all formats by name; ``sheet`` is what a table of unknown origin is read by.

    Examples
    --------
    >>> load_formats()["zentao-bug"].body
    (('重现步骤',),)
    """
    folder = resources.files("triage.tickets") / "formats"
    raws = [
        tomllib.loads(entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.name.endswith(".toml")
    ]
    return {form.name: form for form in sorted(map(_format, raws), key=lambda form: form.name)}


def recognise(header: Iterable[str]) -> Format:
    """Find the format that a header belongs to.

    Parameters
    ----------
    header : iterable of str
        The column names.

    Returns
    -------
    Format
        The one that knows most of the columns; ``sheet`` if none is sure.

    Examples
    --------
    >>> recognise(["Bug编号", "所属产品", "Bug标题", "重现步骤"]).name
    'zentao-bug'
    >>> recognise(["工单号", "投诉内容"]).name
    'sheet'
    """
    names = list(header)
    keys = {key(name) for name in names} | {bare_key(name) for name in names}
    formats = load_formats()
    fits = {form.name: form.fits(keys) for form in formats.values() if form.recognise}
    best = max(fits, key=lambda name: fits[name], default="sheet")
    return formats[best] if fits.get(best) else formats["sheet"]
