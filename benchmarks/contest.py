"""What the benchmarks share: the corpus to learn from and to test on, texts to be timed, the cache, and the table."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from triage.classify.card import model_card
from triage.classify.model import Model
from triage.classify.store import load_model, save_model
from triage.classify.train import Recipe, corpus_hash, train
from triage.datasets import load_corpus, load_labels

if TYPE_CHECKING:
    import pandas as pd

#: What is costly (trained models, embeddings) is kept here, under the digest of all it depends on.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "triage-benchmarks"
#: A recipe and a number of pieces for `--smoke`: the same code in seconds.
SMOKE_RECIPE = Recipe(max_terms=3000, folds=2)
SMOKE_PIECES = 900


class Absent(Exception):  # noqa: N818
    """A peer's package is not installed; the message says what would install it."""


def need(module: str, package: str) -> Any:
    """Import a peer's package.

    Raises
    ------
    Absent
        If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise Absent(f"not installed: pip install {package}") from error


def pieces_of(parts: Iterable[str], *, smoke: bool = False) -> pd.DataFrame:
    """Return the pieces of some parts of the corpus, in smoke runs a few of every label and author batch.

    Parameters
    ----------
    parts : iterable of str
        Of ``train``, ``validation``, ``test``.
    smoke : bool
        Whether seconds matter more than figures.
    """
    corpus = load_corpus()
    chosen = corpus[corpus["part"].isin(list(parts))]
    if smoke and len(chosen) > SMOKE_PIECES:
        kind = chosen["issue"].fillna("none") + chosen["severity"].fillna("clause")
        mixed = chosen.sample(frac=1, random_state=0)
        chosen = mixed[mixed.groupby(kind).cumcount() < SMOKE_PIECES // 45].sort_index()
    return chosen.reset_index(drop=True)


def labelled_tests(files: Iterable[Path]) -> dict[str, pd.DataFrame]:
    """Return labelled files by their names."""
    return {file.name: load_labels(file) for file in files}


def test_part(*, smoke: bool) -> dict[str, pd.DataFrame]:
    """Return the messages of the corpus's test part, in smoke runs a hundred of them."""
    corpus = pieces_of(["test"])
    messages = corpus[corpus["severity"].notna()]
    if smoke:
        messages = messages.sample(min(len(messages), 100), random_state=0)
    return {"test part of the corpus": messages.reset_index(drop=True)}


def to_learn(pieces: pd.DataFrame) -> pd.DataFrame:
    """Return pieces with parts dealt anew, so that ``train`` can learn from all of them.

    Training fits on every piece whatever its part; the part only says on which cross-fitted pieces
    thresholds are found (two in ten) and the promise is checked (one in ten).
    """
    dealt = np.where(np.arange(len(pieces)) % 10 < 2, "validation", "train")
    dealt[2::10] = "test"
    return pieces.assign(part=dealt)


def trained(pieces: pd.DataFrame, recipe: Recipe) -> Model:
    """Return our model trained on `pieces`, from the cache where the same was trained before."""
    source = hashlib.sha256()
    package = Path(importlib.import_module("triage").__file__ or "").parent
    for folder in ("text", "classify"):
        for file in sorted((package / folder).rglob("*")):
            if file.suffix in {".py", ".toml", ".txt"}:
                source.update(file.read_bytes())
    batches = "\n".join(pieces["author_batch"])
    key = f"{source.hexdigest()}{corpus_hash(pieces)}{batches}{recipe}"
    folder = cached("model", key)
    if not (folder / "model.json").is_file():
        model = train(pieces, recipe, name="benchmark")
        save_model(model, folder, model_card(model))
    return load_model(folder)


def read_texts(path: Path | None, *, at_most: int) -> tuple[list[str], str]:
    """Return texts to be timed, and in words where they are from.

    Parameters
    ----------
    path : Path or None
        JSON Lines with a field `text`; None for the messages of the corpus.
    at_most : int
        How many are wanted; fewer texts are repeated up to it.
    """
    if path is None:
        texts, name = load_corpus(clauses=False)["text"].tolist(), "messages of the corpus"
    else:
        lines = path.read_text("utf-8").split("\n")
        texts, name = [json.loads(line)["text"] for line in lines if line.strip()], f"texts of {path.name}"
    random.Random(0).shuffle(texts)  # files stand in the order of their sources
    distinct = min(len(texts), at_most)
    texts = (texts * (at_most // len(texts) + 1))[:at_most]
    lengths = np.array([len(text) for text in texts])
    low, mid, high = np.percentile(lengths, [25, 50, 75]).astype(int)
    repeated = "" if distinct == at_most else f", repeated to {at_most:,}"
    return (
        texts,
        f"{distinct:,} {name}{repeated}; characters: quartiles {low} / {mid} / {high}, mean {lengths.mean():.0f}",
    )


def cached(kind: str, key: str) -> Path:
    """Return the place in the cache for a thing of some kind that depends on nothing but `key`."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return CACHE / f"{kind}-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a Markdown table; numbers stand to the right."""
    body = [[str(cell) for cell in row] for row in rows]
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [list(head), rule, *body])
