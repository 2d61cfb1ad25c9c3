"""Column names brought to one form, so that the same name is found however it was typed."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["bare_key", "key"]

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
