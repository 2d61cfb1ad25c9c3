"""rjieba with as much of its dictionary as its texts have needed so far."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import sys
import threading
from typing import Any

from triage.text.dictionary import Dictionary, open_dictionary

__all__ = ["WORTH", "GrowingEngine"]

#: So many characters are read with words looked up for them; more would take longer than loading all words (85 ms).
WORTH = 3_000
# Stands for the words not learnt, whose counts belong to the sum by which every word is weighed. It begins no word.
_REST = "\0"


class GrowingEngine:
    """A tokenizer that learns the words of a text before it cuts it; what it cuts is what it would cut knowing all.

    A cut depends on the words that stand in the text and on the sum of all counts, and both are the same. A process
    that reads more goes over to the whole dictionary.

    Examples
    --------
    >>> GrowingEngine().cut("系统上线三天崩了两次")
    ['系统', '上线', '三天', '崩', '了', '两次']
    """

    def __init__(self) -> None:
        self._extension = _extension()
        self._engine: Any = None
        self._words: Dictionary | None = None
        self._lock = threading.Lock()
        self._read = self._rest = 0

    def cut(self, text: str) -> list[str]:
        """Return the words of a text."""
        words: list[str]
        if self._words is None and self._engine is not None:  # by far the commonest: it knows all
            words = self._engine.cut(text)
        else:
            with self._lock:
                self._read += len(text)
                if self._read > WORTH:
                    self._learn_all()
                else:
                    self._learn(text)
                words = self._engine.cut(text)
        return words

    def has_word(self, word: str) -> bool:
        """Say whether a piece of a text that was cut is a word of the dictionary."""
        return bool(self._engine.has_word(word))

    def _learn_all(self) -> None:
        if self._engine is None or self._words is not None:
            self._engine, self._words = self._extension.Jieba(), None

    def _learn(self, text: str) -> None:
        if self._engine is None:
            self._words = open_dictionary()
            if self._words is None:
                self._learn_all()
                return
            self._engine, self._rest = self._extension.Jieba.empty(), self._words.total
            for word, count in self._words.unsorted.items():
                self._add(word, count)
        if self._words is not None:  # another thread may have learnt all
            for word, count in self._words.found_in(text):
                self._add(word, count)
            self._engine.add_word(_REST, self._rest, "")

    def _add(self, word: str, count: int) -> None:
        if not self._engine.has_word(word):
            self._engine.add_word(word, count, "")
            self._rest -= count


def _extension() -> Any:
    """Return the module that makes tokenizers.

    Importing the package makes one for all its users, who may add words to it; loading only the extension spares its
    dictionary.
    """
    package = importlib.util.find_spec("rjieba")
    if "rjieba" not in sys.modules and package:
        spec = importlib.machinery.PathFinder.find_spec("rjieba.rjieba", package.submodule_search_locations)
        if spec and spec.loader:
            extension = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(extension)
            return extension
    return importlib.import_module("rjieba")
