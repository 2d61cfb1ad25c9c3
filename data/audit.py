"""Audit the corpus: legal labels, repetitions, borrowed words, personal data, openings, lengths, vocabulary.

    python data/audit.py                    what needs only the corpus
    python data/audit.py --real FOLDER      and how it compares with real messages (``*.jsonl`` with ``text``)

The tests call the same functions; the bounds stand here.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import statistics
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from triage.datasets import load_corpus
from triage.records import Category, IssueType, Severity
from triage.text.tokenize import Tokenizer

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

#: Share of pieces that may be near another one.
MAX_NEAR_DUPLICATES = 0.005
#: Two messages whose character trigrams overlap this much are near duplicates.
NEAR = 0.7
#: Runs of this many Chinese characters shared with a real message count as borrowed.
BORROWED = 10
#: Share of a stream's messages that may begin with the same four characters.
MAX_OPENING = 0.005
#: Words and pairs in at least this share of real messages must be balanced.
COMMON = 0.005
#: Share of these whose document frequency must lie between half and twice the real one.
MIN_BALANCED = 0.90
#: Share of the words of real messages (those in three messages or more, names among them) that the corpus must know.
MIN_COVERED = 0.83


class Bounds(NamedTuple):
    """How far a stream may stand from the real messages.

    Attributes
    ----------
    lengths : (float, float)
        Each length quartile over the real one.
    bigrams : (float, float)
        Share of distinct bigrams over the real one.
    known : float
        Least share of the words of real messages that the stream alone knows.
    """

    lengths: tuple[float, float]
    bigrams: tuple[float, float]
    known: float


#: Streams written after real ones are held close to them. The others are short, or narrow, on purpose: pairs differ
#: in one thing, free messages were written from the definitions, enterprise talks of what no real stream here does.
BOUNDS = {
    "the whole": Bounds((0.7, 1.3), (0.9, 1.1), 0.87),
    "general": Bounds((0.75, 1.35), (0.9, 1.1), 0.75),
    "plain": Bounds((0.75, 1.25), (0.9, 1.1), 0.75),
    "rare": Bounds((0.75, 1.4), (0.85, 1.1), 0.5),
    "none": Bounds((0.6, 1.3), (0.9, 1.1), 0.35),
    "enterprise": Bounds((0.5, 1.25), (0.8, 1.1), 0.4),
    "pairs": Bounds((0.35, 1.0), (0.75, 1.1), 0.2),
    "free": Bounds((0.25, 1.0), (0.9, 1.3), 0.2),
}

_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]+")
_MENTION = re.compile(r"@[^\s@,，。!！?？:：;；、)）]{1,30}|https?://\S+|\[[A-Z]+\]")
# Mobile numbers outside the 1380000 xxxx range reserved for fiction, 18-digit ID numbers, mail addresses
# outside example domains.
_PERSONAL = [
    ("phone number", re.compile(r"(?<!\d)1(?!380000)[3-9]\d{9}(?!\d)")),
    ("ID number", re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")),
    ("mail address", re.compile(r"[\w.+-]+@(?!example\.)[\w-]+\.(?:com|cn|net|org)")),
]


def plain_rows(corpus: pd.DataFrame) -> list[Row]:
    """Return the corpus as dicts, with None where a label is missing."""
    rows: list[Row] = corpus.to_dict("records")
    for row in rows:
        for field in ("issue", "severity", "pair"):
            row[field] = row[field] if isinstance(row[field], str) else None
    return rows


def illegal(rows: Iterable[Row]) -> list[str]:
    """Return a line for every row whose labels the labelling guide forbids."""
    problems = []
    ids: set[str] = set()
    for row in rows:
        primary, categories, issue, severity = (row[k] for k in ("primary", "categories", "issue", "severity"))
        clause = row["stream"] == "clauses"
        found = []
        if row["id"] in ids:
            found.append("id used twice")
        ids.add(row["id"])
        if primary not in list(Category):
            found.append(f"primary {primary!r}")
        if (primary == "none") == bool(categories) or (categories and primary not in categories):
            found.append(f"categories {categories!r} with primary {primary!r}")
        if len(set(categories)) != len(categories) or set(categories) - (set(Category) - {Category.NONE}):
            found.append(f"categories {categories!r}")
        if (issue is None) != (primary == "none") or (issue and IssueType(issue).category.value != primary):
            found.append(f"issue {issue!r} with primary {primary!r}")
        if (severity is None) != clause or (severity and severity not in list(Severity)):
            found.append(f"severity {severity!r}")
        if primary == "none" and not clause and severity != "low":
            found.append(f"none with severity {severity!r}")
        if not row["text"].strip():
            found.append("empty text")
        if (row["pair"] is not None) != (row["stream"] == "pairs"):
            found.append(f"pair {row['pair']!r} in stream {row['stream']!r}")
        problems += [f"{row['id']}: {what}" for what in found]
    return problems


def _trigrams(text: str) -> frozenset[str]:
    bare = re.sub(r"\W", "", text)
    return frozenset(bare[at : at + 3] for at in range(max(len(bare) - 2, 1)))


def near_duplicates(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return pairs of ids whose trigram sets overlap by :data:`NEAR` (Jaccard); minimal pairs excepted.

    Candidates come from MinHash bands (16 bands of 4), which miss a pair at 0.7 once in a hundred.
    """
    buckets: dict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
    grams = [_trigrams(row["text"]) for row in rows]
    for at, row in enumerate(rows):
        if row["pair"] is not None or len(grams[at]) < 4:
            continue
        hashes = np.array([zlib.crc32(gram.encode()) for gram in grams[at]], dtype=np.uint64)
        # Multiply and shift: 64 hash functions of a family in one go, wrapping at 64 bits on purpose.
        signature = ((hashes[:, None] * _FACTORS + _SHIFTS) >> np.uint64(32)).min(axis=0).tolist()
        for band in range(16):
            buckets[band, tuple(signature[band * 4 : band * 4 + 4])].append(at)
    candidates = {pair for bucket in buckets.values() for pair in itertools.combinations(bucket, 2)}
    return [
        (rows[a]["id"], rows[b]["id"])
        for a, b in sorted(candidates)
        if len(grams[a] & grams[b]) >= NEAR * len(grams[a] | grams[b])
    ]


_FACTORS = np.random.default_rng(0).integers(1, 2**63, 64, dtype=np.uint64) | np.uint64(1)
_SHIFTS = np.random.default_rng(1).integers(0, 2**63, 64, dtype=np.uint64)


def exact_duplicates(rows: Sequence[Row]) -> list[str]:
    """Return the texts that stand more than once."""
    counts = Counter(row["text"] for row in rows)
    return [text for text, count in counts.items() if count > 1]


def personal_data(rows: Iterable[Row]) -> list[str]:
    """Return a line for every number or address that could be a real person's."""
    return [
        f"{row['id']}: {kind} {match[0]!r}"
        for row in rows
        for kind, pattern in _PERSONAL
        for match in pattern.finditer(row["text"])
    ]


def worn_openings(rows: Iterable[Row]) -> list[tuple[str, str, float]]:
    """Return stream, four first characters and share where these open too many messages."""
    openings: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["stream"] != "clauses":
            openings[row["stream"]][row["text"][:4]] += 1
    return [
        (stream, opening, count / counts.total())
        for stream, counts in openings.items()
        for opening, count in counts.items()
        if count > MAX_OPENING * counts.total()
    ]


def borrowed(rows: Iterable[Row], real: Iterable[str], idioms: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Return id and words wherever a piece shares :data:`BORROWED` Chinese characters with a real message."""

    def runs(text: str) -> Iterable[str]:
        for stretch in _NOT_HAN.split(text):
            for at in range(len(stretch) - BORROWED + 1):
                yield stretch[at : at + BORROWED]

    theirs = {run for text in real for run in runs(text)}
    return [(row["id"], run) for row in rows for run in runs(row["text"]) if run in theirs and run not in idioms]


def terms(text: str, tokenizer: Tokenizer) -> set[str]:
    """Return the Chinese words of a text and the pairs of neighbours, accounts and links left out."""
    found: set[str] = set()
    last = ""
    for word in tokenizer(_MENTION.sub(" ", text)):
        if not _NOT_HAN.search(word):
            found.add(word)
            if last:
                found.add(f"{last}_{word}")
            last = word
        else:
            last = ""
    return found


def document_frequency(texts: Iterable[str], tokenizer: Tokenizer) -> tuple[Counter[str], int]:
    """Return in how many texts each word and pair occurs, and how many texts there are."""
    counts: Counter[str] = Counter()
    size = 0
    for text in texts:
        counts.update(terms(text, tokenizer))
        size += 1
    return counts, size


def balance(
    ours: Sequence[str], real: Sequence[str], names: frozenset[str] = frozenset()
) -> tuple[float, list[tuple[str, float, float]]]:
    """Compare how often common real words and pairs occur.

    Returns
    -------
    share : float
        Share of the common ones that are balanced.
    worst : list of (term, real share, our share)
        Those that are not, the commonest first.
    """
    tokenizer = Tokenizer()
    their_counts, their_size = document_frequency(real, tokenizer)
    our_counts, our_size = document_frequency(ours, tokenizer)
    common = [
        term
        for term, count in their_counts.items()
        if count >= COMMON * their_size and names.isdisjoint(term.split("_"))
    ]
    off = [
        (term, their_counts[term] / their_size, our_counts[term] / our_size)
        for term in common
        if not 0.5 <= (our_counts[term] / our_size) / (their_counts[term] / their_size) <= 2.0
    ]
    return 1 - len(off) / len(common), sorted(off, key=lambda row: -abs(row[1] - row[2]))


def spread(texts: Sequence[str]) -> dict[str, float]:
    """Return length quartiles and the share of distinct character bigrams in 30,000 characters, texts mixed."""
    low, median, high = statistics.quantiles(map(len, texts), n=4)
    run = "".join(sorted(texts, key=lambda text: zlib.crc32(text.encode())))[:30_000]
    bigrams = [run[at : at + 2] for at in range(len(run) - 1)]
    return {"q1": low, "median": median, "q3": high, "distinct_bigrams": len(set(bigrams)) / len(bigrams)}


def covered(ours: Iterable[str], real: Iterable[str]) -> float:
    """Return the share of the words of real messages, those in three or more, that the corpus knows."""
    tokenizer = Tokenizer()
    known = {word for text in ours for word in tokenizer(text)}
    counts = Counter(word for text in real for word in set(tokenizer(_MENTION.sub(" ", text))) if _HAN.search(word))
    common = [word for word, count in counts.items() if count >= 3]
    return sum(word in known for word in common) / len(common)


def departures(messages: Sequence[Row], real: Sequence[str]) -> list[str]:
    """Return a line for every measure in which a stream leaves its bounds."""
    streams = {"the whole": [row["text"] for row in messages]}
    for row in messages:
        streams.setdefault(row["stream"], []).append(row["text"])
    theirs, found = spread(real), []
    for stream, texts in streams.items():
        bounds, ours = BOUNDS[stream], spread(texts)
        for measure, value in ours.items():
            low, high = bounds.bigrams if measure == "distinct_bigrams" else bounds.lengths
            if not low <= value / theirs[measure] <= high:
                found.append(f"{stream}: {measure} {value:.3g}, real {theirs[measure]:.3g}, bounds {low} to {high}")
        known = covered(texts, real)
        if known < bounds.known:
            found.append(f"{stream}: knows {known:.1%} of the real words, least {bounds.known:.0%}")
    return found


def real_texts(folder: Path) -> list[str]:
    """Return the texts of all ``*.jsonl`` in a folder."""
    return [
        json.loads(line)["text"]
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_text("utf-8").split("\n")
        if line
    ]


def names() -> frozenset[str]:
    """Return the brand and place names left out of the balance (``data/names.txt``)."""
    listing = Path(__file__).with_name("names.txt").read_text("utf-8")
    return frozenset(word for line in listing.splitlines() if not line.startswith("#") for word in line.split())


def composition(corpus: pd.DataFrame) -> str:
    """Return the card's tables of what the corpus holds, as Markdown."""
    messages = corpus[corpus["stream"] != "clauses"]
    streams = messages.groupby("stream").agg(
        messages=("id", "size"),
        authors=("author_batch", "nunique"),
        middle=("text", lambda texts: int(texts.str.len().median())),
        long=("text", lambda texts: int((texts.str.len() >= 150).sum())),
    )
    lines = [
        (
            f"{len(messages):,} messages and {len(corpus) - len(messages):,} clauses by "
            f"{corpus['author_batch'].nunique()} author batches."
        ),
        "",
        "| stream | messages | author batches | median length | 150 characters or more |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {row.messages:,} | {row.authors} | {row.middle} | {row.long:,} |"
            for name, row in streams.iterrows()
        ),
        "",
    ]
    for label in ("primary", "issue", "severity", "part"):
        counts = messages[label].fillna("none").value_counts()
        lines += [f"{label}: " + ", ".join(f"{name} {count:,}" for name, count in counts.items()) + ".", ""]
    return "\n".join(lines)


def write_card(corpus: pd.DataFrame) -> None:
    """Write the tables of the data card anew."""
    card = Path(__file__).with_name("README.md")
    text = card.read_text("utf-8")
    marks = re.compile(r"(?<=<!-- composition -->\n).*?(?=<!-- /composition -->)", re.DOTALL)
    card.write_text(marks.sub(lambda _: composition(corpus), text), "utf-8")


def main() -> None:
    """Print the audit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, help="folder of real messages to compare with")
    parser.add_argument("--worst", type=int, default=60, help="how many unbalanced terms to print")
    parser.add_argument("--card", action="store_true", help="write the tables of README.md anew and stop")
    arguments = parser.parse_args()
    if arguments.card:
        write_card(load_corpus())
        return
    rows = plain_rows(load_corpus())
    messages = [row for row in rows if row["stream"] != "clauses"]
    print(f"{len(messages)} messages, {len(rows) - len(messages)} clauses")
    for title, problems in [
        ("illegal labels", illegal(rows)),
        ("exact duplicates", exact_duplicates(rows)),
        ("near duplicates", near_duplicates(messages)),
        ("personal data", personal_data(rows)),
        ("worn openings", worn_openings(rows)),
    ]:
        print(f"{title}: {len(problems)}", *problems[:5], sep="\n    ")
    streams = sorted({row["stream"] for row in messages})
    for stream in streams:
        print(
            stream, {k: round(v, 3) for k, v in spread([r["text"] for r in messages if r["stream"] == stream]).items()}
        )
    if arguments.real:
        real = real_texts(arguments.real)
        ours = [row["text"] for row in messages]
        print("real", {k: round(v, 3) for k, v in spread(real).items()})
        taken = borrowed(rows, real)
        print(f"borrowed: {len(taken)}", *taken[:10], sep="\n    ")
        print(f"real words known: {covered(ours, real):.3f}")
        left = departures(messages, real)
        print(f"streams out of bounds: {len(left)}", *left, sep="\n    ")
        share, worst = balance(ours, real, names())
        print(f"balanced: {share:.3f} of common words and pairs; worst (real %, ours %):")
        print("  ".join(f"{term} {a:.1%}/{b:.1%}" for term, a, b in worst[: arguments.worst]))


if __name__ == "__main__":
    main()
