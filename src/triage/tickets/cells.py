"""Cells that a spreadsheet would execute: made harmless, and made what they were again.

A cell beginning with ``= + - @``, a tab or a carriage return, or with the full-width form of a sign, is a
formula to spreadsheets, and a complaint is anybody's text. Such a cell gets a leading apostrophe, as OWASP
advises (CSV Injection). Cells that already begin with apostrophes before such a sign get one more, so that
taking one off always gives the original. Plain numbers stay as they are.
"""

from __future__ import annotations

import re

__all__ = ["SIGNS", "guard", "unguard"]

#: The characters that a cell which is guarded, or looks so, begins with.
SIGNS = frozenset("'=+-@\t\r＝＋－＠")

_SIGNS = "=+\\-@\t\r＝＋－＠"
_RISKY = re.compile(f"'*[{_SIGNS}]")
_GUARDED = re.compile(f"'+[{_SIGNS}]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?%?", re.ASCII)


def guard(cell: str) -> str:
    r"""Make a cell harmless in a spreadsheet.

    Parameters
    ----------
    cell : str
        Any text.

    Returns
    -------
    str
        The same text, with one more apostrophe before it where it would be executed.

    Examples
    --------
    >>> guard('=HYPERLINK("http://x")'), guard("@客服 没人理"), guard("-3.5"), guard("系统崩了")
    ('\'=HYPERLINK("http://x")', "'@客服 没人理", '-3.5', '系统崩了')
    """
    if cell[:1] in SIGNS and _RISKY.match(cell) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def unguard(cell: str) -> str:
    """Undo :func:`guard`.

    Examples
    --------
    >>> unguard("'@客服 没人理"), unguard("'90后客户")
    ('@客服 没人理', "'90后客户")
    """
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell
