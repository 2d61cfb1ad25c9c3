"""Read a user's own labels from any table, with any subset of the labels, and refuse what is no label."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from triage.classify.model import OUTPUTS
from triage.classify.terms import Ints
from triage.errors import InputError, LabelError
from triage.records import Category, IssueType, RowProblem, Severity, Ticket
from triage.tickets.names import key
from triage.tickets.read import read_tickets

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LABEL_COLUMNS", "labels_hash", "read_labels", "wanted_outputs"]

#: The columns with labels, and the Chinese names they may have instead.
LABEL_COLUMNS: Mapping[str, str] = {
    "primary": "主要类别",
    "categories": "涉及类别",
    "issue": "问题类型",
    "severity": "严重程度",
}
_KINDS: Mapping[str, Any] = {"primary": Category, "categories": Category, "issue": IssueType, "severity": Severity}
_BETWEEN = re.compile(r"[\s,;|/、，；\[\]\"'“”]+")
#: How many wrong rows an error lists.
_LISTED = 10


def read_labels(paths: Path | str | Iterable[Path | str]) -> pd.DataFrame:
    r"""Read labelled messages.

    Parameters
    ----------
    paths : path or iterable of path
        Tables of any kind that ``triage score`` reads: a column with the text, and any of the columns
        ``primary categories issue severity`` (or 主要类别 涉及类别 问题类型 严重程度). A label is its key or its
        Chinese name; several categories are separated by blanks, commas or semicolons. Empty cells say nothing,
        except that an empty list (``[]``) or ``none`` in `categories` says that none is asserted.

    Returns
    -------
    DataFrame
        One row for each message with a label: ``text primary categories issue severity file row``, None where the
        labels do not say. An issue type says the primary category too.

    Raises
    ------
    LabelError
        For values that are no labels and for labels that contradict each other, with row and nearest legal value.
    InputError
        For a file without text, without a column of labels, or without a label.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "mine.csv"
    >>> rows = ["投诉内容,primary,severity", "导出一点就闪退,技术类,", "催了三天没人回,,high", "还没标,,"]
    >>> _ = path.write_text("\n".join(rows), "utf-8")
    >>> read_labels(path)[["primary", "severity", "row"]].values.tolist()
    [['technical', None, 2], [None, 'high', 3]]
    """
    import pandas as pd

    places = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    rows: list[dict[str, Any]] = []
    problems: list[LabelError] = []
    for place in places:
        rows += _read_file(place, problems)
    if problems:
        raise _all_of(problems)
    if not rows:
        raise InputError(
            "no row has a label",
            where=", ".join(place.name for place in places),
            cure=f"Fill at least one of the columns {', '.join(LABEL_COLUMNS)}.",
        )
    return pd.DataFrame(rows, columns=["text", *LABEL_COLUMNS, "file", "row"], dtype=object)


def _read_file(place: Path, problems: list[LabelError]) -> list[dict[str, Any]]:
    reader = read_tickets(place)
    names = {key(name): at for at, name in reversed(list(enumerate(reader.header)))}
    columns = {
        label: names[known]
        for label, chinese in LABEL_COLUMNS.items()
        for known in (key(chinese), key(label))
        if known in names
    }
    if not columns:
        raise InputError(
            "no column holds labels",
            value=", ".join(reader.header),
            where=place.name,
            cure=f"Name at least one {', '.join(LABEL_COLUMNS)} (or {'、'.join(LABEL_COLUMNS.values())}).",
        )
    rows = []
    for block in reader:
        for number, (cells, item) in zip(block.numbers, block, strict=True):
            given = {label: cells[at].strip() for label, at in columns.items() if cells[at].strip()}
            where = f"{place.name}, row {number}"
            try:
                labels = _labels(given, where)
            except LabelError as error:
                problems.append(error)
                continue
            if labels and isinstance(item, RowProblem):
                problems.append(LabelError(f"the row has labels but {item.message}", where=where))
            elif labels and isinstance(item, Ticket):
                rows.append({"text": item.text, "file": place.name, "row": number} | labels)
    return rows


def _labels(given: Mapping[str, str], where: str) -> dict[str, Any]:
    """Return the labels of a row by their keys, those that follow from others among them."""
    if not given:
        return {}
    one: Callable[[str], Any] = lambda label: _key(label, given[label], where) if label in given else None  # noqa: E731
    primary, issue, severity = one("primary"), one("issue"), one("severity")
    categories: list[str] | None = None
    if "categories" in given:
        named = [_key("categories", part, where) for part in _BETWEEN.split(given["categories"]) if part]
        categories = [name for name in dict.fromkeys(named) if name != Category.NONE]
    if issue is not None:
        own = IssueType(issue).category.value
        if primary not in (None, own):
            raise LabelError(
                f"the issue type belongs to {own}, not to the primary category {primary}", value=issue, where=where
            )
        primary = own
    if categories is not None and primary is None and len(categories) <= 1:
        primary = categories[0] if categories else Category.NONE.value
    if categories is None and primary == Category.NONE:
        categories = []
    if categories is not None and primary is not None and (primary == Category.NONE) == bool(categories):
        raise LabelError(
            f"the primary category is {primary} but categories contradict it", value=categories, where=where
        )
    if categories and primary not in (None, *categories):
        raise LabelError(
            "the primary category is not among the categories", value=primary, where=where, options=categories
        )
    return {"primary": primary, "categories": categories, "issue": issue, "severity": severity}


def _key(label: str, cell: str, where: str) -> str:
    """Return the key of a label given as key, in any case, or as its Chinese name."""
    kind = _KINDS[label]
    bare = cell.strip()
    for member in kind:
        if bare.casefold() in (member.value, member.label, member.label.removesuffix("类")):
            return str(member.value)
    chinese = bool(re.search("[\u4e00-\u9fff]", bare))
    options = [member.label if chinese else member.value for member in kind]
    raise LabelError("unknown label", value=bare, where=f"{where}, column {label}", options=options)


def _all_of(problems: Sequence[LabelError]) -> LabelError:
    """Return the first problem, naming the others."""
    first, *others = problems
    if not others:
        return first
    listed = "; ".join(f"{error.where}: {error.problem}: {error.value!r}" for error in others[:_LISTED])
    more = f" and {len(others) - _LISTED} more" if len(others) > _LISTED else ""
    return LabelError(
        first.problem,
        value=first.value,
        where=first.where,
        options=first.options,
        cure=f"Wrong too: {listed}{more}.",
    )


def wanted_outputs(labels: pd.DataFrame) -> Ints:
    """Return the yes/no target of every base output, -1 where the labels do not say.

    Parameters
    ----------
    labels : DataFrame
        As :func:`read_labels` returns it.

    Returns
    -------
    ndarray of shape (n_messages, n_outputs)
    """
    rank = {severity.value: severity.rank for severity in Severity}
    wanted = np.full((len(labels), len(OUTPUTS)), -1, dtype=np.int64)
    for at, row in enumerate(labels.itertuples(index=False)):
        for column, output in enumerate(OUTPUTS):
            head, _, name = output.partition(":")
            said = getattr(row, head)
            if head == "categories":
                if said is not None:
                    wanted[at, column] = name in said
                elif row.primary == name:
                    wanted[at, column] = 1
            elif head == "issue" and row.primary == Category.NONE:
                wanted[at, column] = 0
            elif said is not None:
                wanted[at, column] = rank[said] >= rank[name] if head == "severity" else said == name
    return wanted


def labels_hash(labels: pd.DataFrame) -> str:
    """Return a digest of texts and labels, in order; it says which data a model learnt and nothing of what it says."""
    digest = hashlib.sha256()
    for row in labels[["text", *LABEL_COLUMNS]].itertuples(index=False):
        digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
