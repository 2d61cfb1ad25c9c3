"""The labelled corpus, and labelled files of the same form, as DataFrames."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triage.errors import InputError, LabelError
from triage.records import Category, IssueType, Severity

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["corpus_folder", "load_corpus", "load_labels"]

_CATEGORIES = [category.value for category in Category if category is not Category.NONE]
_MESSAGE_FIELDS = ("id", "text", "primary", "categories", "issue", "severity", "stream", "author_batch", "pair")


def corpus_folder() -> Path:
    """Return the folder of the corpus in a checkout.

    The wheel does not carry the corpus: it is several times the size of the code and the model together,
    and only those who train need it.

    Raises
    ------
    InputError
        If the library was installed without its repository.
    """
    folder = Path(__file__).resolve().parents[2] / "data" / "corpus"
    if not folder.is_dir():
        raise InputError(
            "the corpus is not installed: the wheel does not carry it",
            where=str(folder),
            cure="Clone the repository and pass its folder: load_corpus('…/data/corpus').",
        )
    return folder


def load_corpus(folder: Path | str | None = None, *, clauses: bool = True) -> pd.DataFrame:
    """Return the corpus, one piece a row.

    Parameters
    ----------
    folder : path, optional
        A folder of ``*.jsonl`` files, one a stream; by default ``data/corpus`` of the checkout.
    clauses : bool, default True
        Whether the single clauses come too; they have no severity.

    Returns
    -------
    DataFrame
        Columns ``id text primary categories issue severity stream author_batch pair part``, where `part`
        is the fixed ``train``, ``validation`` or ``test`` of the piece's author batch.

    Examples
    --------
    >>> corpus = load_corpus()
    >>> sorted(corpus["part"].unique())
    ['test', 'train', 'validation']
    """
    import pandas as pd

    place = Path(folder) if folder is not None else corpus_folder()
    files = sorted(place.glob("*.jsonl"))
    if not files:
        raise InputError("no *.jsonl file in the corpus folder", where=str(place))
    rows = [row for file in files if clauses or file.stem != "clauses" for row in _json_lines(file)]
    frame = pd.DataFrame(rows, columns=list(_MESSAGE_FIELDS))
    parts = json.loads((place.parent / "split.json").read_text("utf-8"))
    frame["part"] = frame["author_batch"].map(parts)
    if frame["part"].isna().any():
        unknown = sorted(frame.loc[frame["part"].isna(), "author_batch"].unique())
        raise LabelError("author batch without a part", value=unknown, where=str(place.parent / "split.json"))
    return frame


def load_labels(path: Path | str) -> pd.DataFrame:
    """Return a labelled file in the labelling guide's form.

    Parameters
    ----------
    path : path
        JSON Lines, or CSV with the same column names; in CSV `categories` are separated by blanks, commas
        or semicolons. `text` and `primary` are required.

    Returns
    -------
    DataFrame
        Columns ``text primary categories issue severity`` and whatever else the file has; a label that
        the file does not give is None.

    Raises
    ------
    LabelError
        For an unknown label or a combination the guide forbids, with the row.
    InputError
        For a file that is not there, is empty, or lacks a required column.
    """
    import pandas as pd

    place = Path(path)
    if not place.is_file():
        raise InputError("there is no such file", value=str(place))
    if place.suffix.lower() == ".csv":
        cells = pd.read_csv(place, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        rows: list[dict[str, Any]] = [
            {str(k): (v if v != "" else None) for k, v in row.items()} for row in cells.to_dict("records")
        ]
    else:
        rows = list(_json_lines(place))
    if not rows:
        raise InputError("the file has no rows", where=str(place))
    for number, row in enumerate(rows, 1):
        _check_labels(row, f"{place.name}, row {number}")
    return pd.DataFrame(rows)


def _json_lines(path: Path) -> Iterable[dict[str, Any]]:
    for number, line in enumerate(path.read_text("utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(
                f"not a line of JSON ({error})", value=line, where=f"{path.name}, line {number}"
            ) from error
        if not isinstance(row, dict):
            raise InputError("not a JSON object", value=line, where=f"{path.name}, line {number}")
        yield row


def _check_labels(row: dict[str, Any], where: str) -> None:
    """Check a row against the guide and bring `categories` into list form, in place."""
    for field in ("text", "primary"):
        if not isinstance(row.get(field), str):
            raise InputError(f"the column {field!r} is missing or empty", where=where, cure="Every row needs it.")
    row.setdefault("issue", None)
    row.setdefault("severity", None)
    categories = row.get("categories")
    if categories is None:
        categories = [] if row["primary"] == Category.NONE.value else [row["primary"]]
    elif isinstance(categories, str):
        categories = categories.replace(",", " ").replace(";", " ").split()
    row["categories"] = categories
    for value, valid in [
        (row["primary"], list(Category)),
        (row["issue"], [None, *IssueType]),
        (row["severity"], [None, *Severity]),
        *((category, _CATEGORIES) for category in categories),
    ]:
        if value not in valid:
            raise LabelError("unknown label", value=value, where=where, options=[str(v) for v in valid if v])
    primary, issue = row["primary"], row["issue"]
    if (primary == Category.NONE.value) == bool(categories) or (categories and primary not in categories):
        raise LabelError("primary and categories contradict each other", value=[primary, categories], where=where)
    if issue and IssueType(issue).category.value != primary:
        raise LabelError(
            f"the issue type belongs to {IssueType(issue).category.value}, not to the primary category",
            value=issue,
            where=where,
        )
