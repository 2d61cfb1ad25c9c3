"""jieba's dictionary, read only as far as a text needs it.

Loading all 349,000 words takes a fifth of the time to the first answer; a text meets a hundred of them. The file is
sorted by first character, so the words of a character are found by bisection.
"""

from __future__ import annotations

import importlib.util
import zlib
from collections.abc import Iterator
from pathlib import Path

__all__ = ["SORTED", "Dictionary", "jieba_folder", "open_dictionary"]

#: The CRC-32 of a dictionary whose order was proved → the sum of its counts. A test proves the installed one.
SORTED = {0x1394096D: 60_101_964}

_FIRST_HAN, _BLANK = "一", " "


class Dictionary:
    r"""The words of a dictionary, found in its file.

    Parameters
    ----------
    lines : bytes
        The file: word, count and part of speech a line, parted by blanks.
    total : int
        The sum of all counts.

    Attributes
    ----------
    unsorted : dict of str to int
        The words before the first sorted one, with their counts: letters and Chinese characters mixed.

    Examples
    --------
    >>> lines = "阿Q 3 nr\n一 217830 m\n系统 7134 n\n系统性 39 n\n统 4 v\n".encode()
    >>> words = Dictionary(lines, 225010)
    >>> words.unsorted, dict(words.found_in("系统崩了"))
    ({'阿Q': 3}, {'系统': 7134, '统': 4})
    """

    def __init__(self, lines: bytes, total: int) -> None:
        self.total = total
        self._lines = lines
        self._first = lines.find(f"\n{_FIRST_HAN} ".encode()) + 1
        self._of_character: dict[str, bytes] = {}
        rows = (line.split(" ") for line in lines[: self._first].decode().splitlines())
        self.unsorted = {word: int(count) for word, count, _ in rows}

    def found_in(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield the sorted words that stand in a text, each as often as it does, and their counts."""
        for at, character in enumerate(text):
            lines = self._lines_of(character)
            begun = 0
            for end in range(at + 1, len(text) + 1) if lines else ():
                if text[end - 1] == _BLANK:  # no word goes on, though a text may go on like a line
                    break
                word = b"\n" + text[at:end].encode("utf-8", "surrogatepass")
                begun = lines.find(word, begun)
                if begun < 0:
                    break
                place = lines.find(word + b" ", begun)
                if place >= 0:
                    count = place + len(word) + 1
                    yield text[at:end], int(lines[count : lines.index(b" ", count)])

    def _lines_of(self, character: str) -> bytes:
        """Return the lines of the words that begin with a character, each after a line break."""
        found = self._of_character.get(character)
        if found is None:
            key = character.encode("utf-8", "surrogatepass")
            low, high = self._lower_bound(key), self._lower_bound(key + b"\xff")
            found = self._lines[low - 1 : high] if character >= _FIRST_HAN and low < high else b""
            self._of_character[character] = found
        return found

    def _lower_bound(self, key: bytes) -> int:
        """Return where the first line begins that is not less than a key."""
        low, high = self._first, len(self._lines)
        while low < high:
            middle = self._lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            if self._lines[middle : middle + len(key)] < key:
                low = self._lines.index(b"\n", middle) + 1
            else:
                high = middle
        return low


def jieba_folder() -> Path:
    """Return where jieba stands; importing it would load what is not needed."""
    package = importlib.util.find_spec("jieba")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("No module named 'jieba'", name="jieba")
    return Path(package.origin).parent


def open_dictionary() -> Dictionary | None:
    """Return jieba's dictionary; None where the installed one is not known to be sorted.

    Examples
    --------
    >>> words = open_dictionary()
    >>> words is None or sorted(word for word, _ in words.found_in("系统"))
    ['系', '系统', '统']
    """
    lines = (jieba_folder() / "dict.txt").read_bytes()
    total = SORTED.get(zlib.crc32(lines))
    return Dictionary(lines, total) if total else None
