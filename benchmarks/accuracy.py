"""How often right: this library beside its peers, all trained on the same pieces of the corpus.

    python benchmarks/accuracy.py [--labelled FILE] [--robust] [--errors] [--smoke]

Everybody learns from the train and validation parts (single clauses too) and is tested on the test part, or
on the labelled files given; the packaged model is not used, for it has learnt from the test part as well.
Peers run with the settings their users start from. No text of a tested file is printed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contest import SMOKE_RECIPE, Absent, labelled_tests, pieces_of, table, test_part
from noise import NOISES
from peers import CATEGORIES, Answer, Contestant, FastText, KeywordRules, Majority, Naive, Ours, SmallE5, characters

from triage.classify.evaluate import bootstrap_interval, evaluate, macro_f1, scores_of

if TYPE_CHECKING:
    import pandas as pd

BANDS = ((0, 40), (40, 80), (80, 160), (160, None))


def main() -> None:
    """Train everybody, test, and print the tables asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--labelled", type=Path, action="append", help="labelled JSONL or CSV; may be repeated")
    parser.add_argument("--robust", action="store_true", help="also our macro-F1 under noise")
    parser.add_argument("--errors", action="store_true", help="also our errors by kind")
    parser.add_argument("--without", action="append", default=[], help="leave out peers whose name contains this")
    parser.add_argument(
        "--e5-pieces", type=int, default=0, help="let e5 learn from so many pieces only; all take about an hour"
    )
    parser.add_argument("--smoke", action="store_true", help="little data, small models: seconds")
    options = parser.parse_args()

    pieces = pieces_of(["train", "validation"], smoke=options.smoke)
    tests = labelled_tests(options.labelled) if options.labelled else test_part(smoke=options.smoke)
    ours = Ours(SMOKE_RECIPE if options.smoke else None)
    fitted = fit_all(contestants(ours, smoke=options.smoke, e5_pieces=options.e5_pieces), pieces, options.without)
    print(f"Trained on {len(pieces):,} pieces of the corpus (train and validation parts).")
    for name, labels in tests.items():
        texts = labels["text"].tolist()
        print(f"\n## {name}: {len(labels):,} messages\n")
        print(compared(labels, {contestant.name: contestant.answer(texts) for contestant in fitted}))
        print(f"\n{further(labels, ours)}")
        if options.robust:
            print(f"\n### {ours.name} under noise\n\n{robustness(labels, ours)}")
        if options.errors:
            print(f"\n### {ours.name}: errors by kind\n\n{errors(labels, ours)}")


def contestants(ours: Ours, *, smoke: bool, e5_pieces: int) -> list[Contestant]:
    """Return all contestants, untrained."""
    epochs = 2 if smoke else 25
    return [
        Majority(),
        KeywordRules(),
        Naive(),
        Naive(chars=80_000),
        FastText(epochs=epochs),
        FastText(characters, epochs=epochs),
        SmallE5(60 if smoke else e5_pieces),
        ours,
    ]


def fit_all(candidates: Sequence[Contestant], pieces: pd.DataFrame, without: Sequence[str]) -> list[Contestant]:
    """Train everybody who is installed and wanted; say on stderr how long it took, on stdout who is missing."""
    fitted = []
    for contestant in candidates:
        if any(part in contestant.name for part in without):
            print(f"{contestant.name}: left out (--without)\n")
            continue
        begun = time.perf_counter()
        try:
            contestant.fit(pieces)
        except Absent as missing:
            print(f"{contestant.name}: skipped, {missing}\n")
            continue
        print(f"{contestant.name}: trained in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        fitted.append(contestant)
    return fitted


def compared(labels: pd.DataFrame, answers: dict[str, list[Answer]]) -> str:
    """Return the table of all contestants: macro-F1 with bootstrap interval, accuracy, categories F1, F1 a class."""
    truth = labels["primary"].tolist()
    rows = []
    for name, said in answers.items():
        primary = [answer.primary for answer in said]
        low, high = bootstrap_interval(truth, primary)
        right = sum(map(str.__eq__, truth, primary)) / len(truth)
        per_class = [f"{scores_of(truth, primary, label)['f1']:.2f}" for label in (*CATEGORIES, "none")]
        rows.append(
            [
                name,
                f"{macro_f1(truth, primary):.3f}",
                f"{low:.3f}–{high:.3f}",
                f"{right:.3f}",
                categories_f1(labels, said),
                *per_class,
            ]
        )
    head = ["", "primary macro-F1", "95 % interval", "accuracy", "categories F1", *CATEGORIES, "none"]
    return table(head, rows)


def categories_f1(labels: pd.DataFrame, said: Sequence[Answer]) -> str:
    """Return the mean F1 of the four categories, or a dash for a contestant without such heads."""
    given = [answer.categories for answer in said if answer.categories is not None]
    if len(given) != len(said):
        return "–"
    each = [
        scores_of([name in row for row in labels["categories"]], [name in row for row in given], True)["f1"]
        for name in CATEGORIES
    ]
    return f"{sum(each) / len(each):.3f}"


def further(labels: pd.DataFrame, ours: Ours) -> str:
    """Return what no peer answers: issue, severity, calibration, and the decision to automate."""
    found = evaluate(labels, ours.assessor.assess(labels["text"].tolist()))
    automate = found["decisions"]["automate"]
    said: list[tuple[str, Any]] = [
        ("issue accuracy", found["issue_accuracy"]),
        ("severity κ", found["severity_kappa"]),
        ("calibration error", found["calibration"]["expected_error"]),
        ("automate precision", automate["precision"]),
        ("automate coverage", automate["coverage"]),
    ]
    return table(
        [f"{ours.name} alone", *(name for name, _ in said)],
        [["", *("–" if value is None else f"{value:.3f}" for _, value in said)]],
    )


def robustness(labels: pd.DataFrame, ours: Ours) -> str:
    """Return our macro-F1 on the texts as they are and spoilt in each way."""
    truth, texts = labels["primary"].tolist(), labels["text"].tolist()
    clean = macro_f1(truth, [answer.primary for answer in ours.answer(texts)])
    rows = [["as written", f"{clean:.3f}", "", ""]]
    for name, spoil in NOISES.items():
        spoilt = spoil(texts)
        value = macro_f1(truth, [answer.primary for answer in ours.answer(spoilt)])
        touched = sum(map(str.__ne__, texts, spoilt)) / len(texts)
        rows.append([name, f"{value:.3f}", f"{value - clean:+.3f}", f"{touched:.0%}"])
    return table(["", "macro-F1", "change", "texts touched"], rows)


def errors(labels: pd.DataFrame, ours: Ours) -> str:
    """Return counts of our errors by length, by confusion, and by stream or domain; never a text."""
    truth = labels["primary"].tolist()
    given = [answer.primary for answer in ours.answer(labels["text"].tolist())]
    wrong = [wanted != said for wanted, said in zip(truth, given, strict=True)]
    lengths = labels["text"].str.len().tolist()
    kinds = [
        f"{low}–{high - 1} characters" if high else f"{low} characters and more"
        for length in lengths
        for low, high in BANDS
        if length >= low and (high is None or length < high)
    ]
    order = [f"{low}–{high - 1} characters" if high else f"{low} characters and more" for low, high in BANDS]
    parts = [shares("length", kinds, wrong, order)]
    parts += [
        shares(column, labels[column].astype(str).tolist(), wrong)
        for column in ("stream", "domain", "agreement")
        if column in labels
    ]
    pairs = Counter(f"{wanted} → {said}" for wanted, said in zip(truth, given, strict=True) if wanted != said)
    total = max(sum(wrong), 1)
    parts.append(
        table(["confusion", "errors", "of all"], [[pair, n, f"{n / total:.0%}"] for pair, n in pairs.most_common(12)])
    )
    return "\n\n".join(parts)


def shares(title: str, kinds: Sequence[str], wrong: Sequence[bool], order: Sequence[str] | None = None) -> str:
    """Return a table of messages, errors and accuracy by kind."""
    total, missed = Counter(kinds), Counter(kind for kind, bad in zip(kinds, wrong, strict=True) if bad)
    names = [kind for kind in order if total[kind]] if order else [kind for kind, _ in total.most_common()]
    return table(
        [title, "messages", "errors", "accuracy"],
        [[kind, total[kind], missed[kind], f"{1 - missed[kind] / total[kind]:.3f}"] for kind in names],
    )


if __name__ == "__main__":
    main()
