"""Which columns hold the complaint, and which the facts around it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from triage.errors import ColumnError
from triage.tickets.known import FIELDS, Format, load_formats, recognise
from triage.tickets.names import bare_key, key

__all__ = ["OWN_PREFIX", "Columns", "find_columns"]

#: Columns that the library itself wrote; never read, and replaced when a scored file is scored again.
OWN_PREFIX = "triage_"

#: Columns of names, numbers and states have less; the shortest complaints ("电话没人接") more.
_WORDY = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Columns:
    """What was found in a header.

    Parameters
    ----------
    header : tuple of str
        All column names as they stand in the file.
    format : Format
        The format recognised.
    text : tuple of int
        Positions of the columns that are joined to the complaint, in this order.
    fields : mapping of str to int
        Position of every further fact found, by name of the :class:`~triage.records.Ticket` field.
    guess : str or None
        If the text column was guessed: from what.
    """

    header: tuple[str, ...]
    format: Format
    text: tuple[int, ...]
    fields: Mapping[str, int]
    guess: str | None = None

    @property
    def text_names(self) -> tuple[str, ...]:
        """Names of the text columns."""
        return tuple(self.header[position] for position in self.text)

    def __str__(self) -> str:
        facts = ", ".join(f"{field} from {self.header[place]!r}" for field, place in self.fields.items())
        text = " + ".join(repr(name) for name in self.text_names)
        how = f" (guessed: {self.guess})" if self.guess else ""
        return f"format {self.format.name}; text from {text}{how}" + (f"; {facts}" if facts else "")


class _Header:
    """Positions of column names, whatever way they are typed; repeated names have several."""

    def __init__(self, header: Sequence[str]) -> None:
        self.names = tuple(header)
        self._places: dict[str, list[int]] = {}
        for form in (key, bare_key):  # the name in full goes before the name without its remark
            for position, name in enumerate(header):
                places = self._places.setdefault(form(name), [])
                if position not in places and not key(name).startswith(key(OWN_PREFIX)):
                    places.append(position)
        self._places.pop("", None)

    def places(self, name: str) -> list[int]:
        exact = [position for position, own in enumerate(self.names) if own == name]
        return exact or self._places.get(key(name), [])

    def first(self, names: Sequence[str]) -> int | None:
        return next((places[0] for name in names if (places := self.places(name))), None)


def _wordiness(rows: Sequence[Sequence[str]], position: int) -> float:
    """Rate how much a column holds what people write: many characters beyond ASCII, seldom the same."""
    cells = [row[position] for row in rows if len(row) > position and row[position].strip()]
    if not cells:
        return 0.0
    letters = sum(1.0 if char > "\u2e7f" else 0.2 for cell in cells for char in cell)
    return letters / len(cells) * len(set(cells)) / len(cells)


def _suggestion(places: Sequence[int], header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    best = max(places, key=lambda position: _wordiness(rows, position))
    if len(header) == 1:
        return "If it is a list of complaints without a header: header=False (--no-header on the command line)."
    if _wordiness(rows, best) < _WORDY:
        return (
            "None of them holds sentences: is it the right file? If so, name the column: text_columns (--text-column)."
        )
    name = header[best] or str(best + 1)
    return f"The likeliest is {name!r}: text_columns=[{name!r}] (--text-column {name!r} on the command line)."


def _given(names: Sequence[str | int], header: _Header, where: str) -> tuple[int, ...]:
    found: list[int] = []
    for name in names:
        places = [] if isinstance(name, int) else header.places(name)
        if not places and str(name).isdecimal() and 1 <= int(name) <= len(header.names):
            places = [int(name) - 1]  # a number counts columns from 1, unless a column is called so
        if not places:
            raise ColumnError(
                "there is no such column",
                value=name,
                where=where,
                options=header.names,
                cure="Give a name, or the number of the column counted from 1.",
            )
        found += [place for place in places if place not in found]
    return tuple(found)


def _bodies(form: Format, header: _Header, rows: Sequence[Sequence[str]], where: str) -> list[int]:
    """Return the positions of the column of the first rank that has one; repeats of a name are all taken."""
    for rank in form.body:
        named = {key(header.names[places[0]]): places for name in rank if (places := header.places(name))}
        filled = {name: places for name, places in named.items() if any(_wordiness(rows, p) for p in places)}
        chosen = filled or named
        if len(chosen) > 1:
            candidates = [places[0] for places in chosen.values()]
            names = [header.names[place] for place in candidates]
            raise ColumnError(
                f"{len(names)} columns could hold the complaint: {', '.join(names)}",
                where=where,
                options=header.names,
                cure=_suggestion(candidates, header.names, rows),
            )
        if chosen:
            return next(iter(chosen.values()))
    return []


def _guessed(form: Format, header: _Header, rows: Sequence[Sequence[str]]) -> list[int]:
    """Return columns whose name contains a known one and whose cells are written by people."""
    words = [key(name) for rank in form.body[:3] for name in rank if not name.isascii()]
    return [
        position
        for position, name in enumerate(header.names)
        if any(word in key(name) for word in words)
        and not any(word in key(name) for word in form.not_text)
        and _wordiness(rows, position) >= _WORDY
    ]


def find_columns(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    text_columns: Sequence[str | int] | None = None,
    where: str = "the table",
) -> Columns:
    """Find the text and the facts in a table.

    Parameters
    ----------
    header : sequence of str
        The column names.
    rows : sequence of sequence of str
        Some of the rows.
    text_columns : sequence of str or int, optional
        The columns with the complaint, by name or by number from 1, where they are known.
    where : str
        What to call the table in messages.

    Returns
    -------
    Columns
        Format, text columns and facts.

    Raises
    ------
    ColumnError
        If a column given is missing, if no column can be told to hold the complaint, or if several could.

    Examples
    --------
    >>> found = find_columns(["工单号", "投诉时间", "投诉内容"], [["1", "2026/9/21", "系统又崩了"]])
    >>> found.text_names, sorted(found.fields)
    (('投诉内容',), ['created_at', 'id'])
    """
    form = recognise(header)
    sheet = load_formats()["sheet"]
    heads = _Header(header)
    guess = None
    if text_columns:
        text = _given(text_columns, heads, where)
    else:
        subject = heads.first(form.subject)
        bodies = _bodies(form, heads, rows, where)
        if not bodies and form is sheet:
            bodies = _guessed(sheet, heads, rows)
            guess = "its name contains a usual one" if bodies else None
        if len(bodies) > 1 and guess:
            names = ", ".join(header[place] for place in bodies)
            raise ColumnError(
                f"{len(bodies)} columns could hold the complaint: {names}",
                where=where,
                options=header,
                cure=_suggestion(bodies, header, rows),
            )
        text = tuple(dict.fromkeys([*([] if subject is None else [subject]), *bodies]))
        if not text or (form is sheet and not bodies and _wordier_elsewhere(text, header, rows)):
            raise ColumnError(
                "no column is known to hold the complaint",
                where=where,
                options=header,
                cure=_suggestion(range(len(header)), header, rows),
            )
    fields: dict[str, int] = {}
    for field in FIELDS:
        place = heads.first([*form.fields.get(field, ()), *sheet.fields.get(field, ())])
        if place is not None and place not in text:
            fields[field] = place
    return Columns(tuple(header), form, text, fields, guess)


def _wordier_elsewhere(text: Sequence[int], header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether another column holds clearly more words than the title."""
    most = max(_wordiness(rows, position) for position in range(len(header)))
    return most > 2 * max(_wordiness(rows, position) for position in text)
