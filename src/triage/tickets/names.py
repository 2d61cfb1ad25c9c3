"""Column names brought to one form, so that the same name is found however it was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["bare_key", "distinct", "key"]

_SEPARATORS = re.compile(r"[\s_\-·:：*＊.。/\u200b-\u200f\u2060\ufeff\x00]+")
_REMARK = re.compile(r"[(\[【<《{][^)\]】>》}]*[)\]】>》}]")


def key(name: str) -> str:
    """Return a column name without width, case, spaces and separators.

    Parameters
    ----------
    name : str
        The name as it stands in the header.

    Returns
    -------
    str
        The form to compare by.

    Examples
    --------
    >>> key("Created At") == key("created_at"), key(" 投诉　内容："), key("#")
    (True, '投诉内容', '#')
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", name).casefold())


def bare_key(name: str) -> str:
    """Return the key of a column name without its remarks in brackets.

    Examples
    --------
    >>> bare_key("投诉内容（必填，200字以内）"), bare_key("标题[list]")
    ('投诉内容', '标题')
    """
    return key(_REMARK.sub("", unicodedata.normalize("NFKC", name)))


def distinct(names: Sequence[str]) -> list[str]:
    """Give every column a name of its own, for files that tell columns by their names.

    Parameters
    ----------
    names : sequence of str
        The names as they stand; some may be empty or stand twice.

    Returns
    -------
    list of str
        The same names; an empty one by its place, one that stood before with a number after it.

    Examples
    --------
    >>> distinct(["编号", "标签", "标签", ""])
    ['编号', '标签', '标签_2', 'column_4']
    """
    taken: set[str] = set()
    result = []
    for place, name in enumerate(names, start=1):
        base = own = name or f"column_{place}"
        number = 2
        while own in taken or (own != name and own in names):
            own, number = f"{base}_{number}", number + 1
        taken.add(own)
        result.append(own)
    return result
