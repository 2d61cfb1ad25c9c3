"""What a user's own labels bring: full retraining beside light adaptation, choosing what to label, finding errors.

    python benchmarks/own_labels.py --labelled FILE [--labels 200] [--splits 20] [--retrain 2] [--smoke]

Every figure is a mean over random splits of the labelled file: some messages are learnt, the rest measure. Gains are
differences to the model as it was on the same rest. `--retrain` gives so many splits to retraining on corpus and
labels together with weights 1, 3, 10 and 30, minutes each.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from contest import SMOKE_RECIPE, pieces_of, table, test_part, to_learn, trained

from triage.classify import adapt as design
from triage.classify.adapt import Examples, adapt
from triage.classify.evaluate import macro_f1
from triage.classify.model import HEADS, Model
from triage.classify.store import load_model
from triage.classify.train import Recipe, train
from triage.learn.audit import audit
from triage.learn.labels import read_labels, wanted_outputs
from triage.learn.suggest import suggest
from triage.records import Ticket

PRIMARIES = HEADS["primary"]
WEIGHTS = (1, 3, 10, 30)
#: Designs of adaptation: what may move (variance by inputs and by terms) and how far classes are balanced.
DESIGNS = {
    "shares of the classes alone": {"_BY_INPUTS": 1e-9, "_BY_TERMS": 1e-9},
    "top heads, as likely as can be": {"_BY_TERMS": 1e-9, "_BALANCE": 0.0},
    "top heads, classes balanced": {"_BY_TERMS": 1e-9},
    "terms alone": {"_BY_INPUTS": 1e-9},
    "top heads and terms, full balance": {"_BALANCE": 1.0},
    "**top heads and terms**": {},
}
Split = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--labelled", type=Path, help="labelled table; by default the corpus's test part")
    parser.add_argument("--labels", type=int, default=200, help="how many messages are learnt")
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--retrain", type=int, default=0, help="splits for full retraining")
    parser.add_argument("--smoke", action="store_true", help="little data, two splits: seconds")
    options = parser.parse_args()
    if options.smoke:
        options.labels, options.splits, options.retrain = 30, 2, min(options.retrain, 1)

    pieces = to_learn(pieces_of(["train"], smoke=options.smoke))
    recipe = SMOKE_RECIPE if options.smoke else Recipe()
    if options.labelled:
        labels, model = read_labels(options.labelled), load_model()
    else:  # the packaged model has learnt the corpus: one that has not seen its test part takes its place
        (labels,) = test_part(smoke=options.smoke).values()
        labels = labels.astype(object).where(labels.notna(), None).assign(file="corpus", row=range(len(labels)))
        model = trained(pieces, recipe)
    labels = labels[labels["primary"].notna()].reset_index(drop=True)
    examples = Examples.of(model, model.read(labels["text"].tolist()), wanted_outputs(labels))
    splits = list(random_splits(len(labels), options.labels, options.splits))
    print(f"{len(labels):,} labelled messages, {options.labels} learnt, {len(splits)} splits\n")

    rows = [gains("as it was", lambda _: model, labels, model, splits)]
    for name, change in DESIGNS.items():
        with_change = {"_BY_INPUTS": 1.0, "_BY_TERMS": 1.0, "_BALANCE": 0.75} | change
        rows.append(gains(name, adapted_with(model, examples, with_change, 1.0), labels, model, splits))
    for weight in (0.3, *WEIGHTS[1:3]):
        change = {"_BY_INPUTS": 1.0, "_BY_TERMS": 1.0, "_BALANCE": 0.75}
        name = f"top heads and terms, weight {weight:g}"
        rows.append(gains(name, adapted_with(model, examples, change, weight), labels, model, splits))
    for weight in WEIGHTS if options.retrain else ():
        few = splits[: options.retrain]
        make = retrained_with(pieces, labels, recipe, weight)
        rows.append(gains(f"retrained, weight {weight} ({len(few)} splits)", make, labels, model, few))
    print(table(["design", "macro-F1", "gain", "sd of gain", "accuracy", "gain "], rows))

    print(f"\n## Which to label ({options.labels} of half the messages, measured on the other half)\n")
    print(table(["choice", "macro-F1 gain", "accuracy gain"], choices(labels, examples, model, options)))
    print("\n## Planted errors (5 % of the primaries, five times)\n")
    print(table(["listed", "precision", "recall", "precision of as many as were planted"], [planted(labels, model)]))


def random_splits(messages: int, learnt: int, count: int) -> Iterable[Split]:
    """Give random splits into messages learnt and the rest."""
    rng = np.random.default_rng(0)
    for _ in range(count):
        order = rng.permutation(messages)
        yield np.sort(order[:learnt]), np.sort(order[learnt:])


def adapted_with(
    model: Model, examples: Examples, change: dict[str, float], weight: float
) -> Callable[[np.ndarray[Any, Any]], Model]:
    """Return what adapts the model to some messages under other settings."""

    def make(learnt: np.ndarray[Any, Any]) -> Model:
        kept = {name: getattr(design, name) for name in change}
        try:
            for name, value in change.items():
                setattr(design, name, value)
            return adapt(model, examples.pick(learnt), weight=weight)
        finally:
            for name, value in kept.items():
                setattr(design, name, value)

    return make


def retrained_with(
    pieces: pd.DataFrame, labels: pd.DataFrame, recipe: Recipe, weight: int
) -> Callable[[np.ndarray[Any, Any]], Model]:
    """Return what trains on corpus and fully labelled messages together; a weight is that many copies."""

    def make(learnt: np.ndarray[Any, Any]) -> Model:
        full = labels.iloc[learnt]
        full = full[full["severity"].notna() & full["categories"].notna()]
        mine = full.assign(author_batch=[f"own {at % 15}" for at in range(len(full))], part="train")
        return train(pd.concat([pieces, *[mine] * weight], ignore_index=True), recipe)

    return make


def gains(
    name: str,
    make: Callable[[np.ndarray[Any, Any]], Model],
    labels: pd.DataFrame,
    start: Model,
    splits: list[Split],
) -> list[str]:
    """Return a row of the table: mean measures and gains over splits."""
    found = []
    for learnt, rest in splits:
        model = make(learnt)
        found.append([*measures(start, labels, rest), *measures(model, labels, rest)])
    old_f1, old_right, f1, right = np.mean(found, axis=0)
    spread = np.std([row[2] - row[0] for row in found])
    return [name, f"{f1:.3f}", f"{f1 - old_f1:+.3f}", f"{spread:.3f}", f"{right:.3f}", f"{right - old_right:+.3f}"]


def measures(model: Model, labels: pd.DataFrame, rest: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Return macro-F1 and accuracy on some messages."""
    truth = labels["primary"].to_numpy()[rest]
    texts = labels["text"].iloc[rest].tolist()
    answer = np.array(PRIMARIES)[model.score(model.read(texts))["primary"].argmax(axis=1)]
    return macro_f1(truth, answer), float(np.mean(truth == answer))


def choices(labels: pd.DataFrame, examples: Examples, model: Model, options: argparse.Namespace) -> list[list[str]]:
    """Compare what random tickets teach with what the suggested ones do."""
    rng = np.random.default_rng(1)
    found: dict[str, list[tuple[float, float]]] = {"random": [], "suggested": []}
    for _ in range(max(options.splits // 2, 1)):
        order = rng.permutation(len(labels))
        pool, rest = np.sort(order[: len(order) // 2]), np.sort(order[len(order) // 2 :])
        count = min(options.labels, len(pool))
        wanted = suggest([(int(at), Ticket(labels["text"][at])) for at in pool], model, count)
        old = measures(model, labels, rest)
        for name, picked in [
            ("random", np.sort(rng.choice(pool, count, replace=False))),
            ("suggested", np.sort([s.row for s in wanted])),
        ]:
            new = measures(adapt(model, examples.pick(picked)), labels, rest)
            found[name].append((new[0] - old[0], new[1] - old[1]))
    return [[name, *(f"{value:+.3f}" for value in np.mean(rows, axis=0))] for name, rows in found.items()]


def planted(labels: pd.DataFrame, model: Model) -> list[str]:
    """Plant wrong primaries and see which the audit lists."""
    found = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        spoilt = labels.assign(file="planted", row=range(len(labels)))
        wrong = set(rng.choice(len(labels), max(len(labels) // 20, 1), replace=False).tolist())
        for at in wrong:
            others = [name for name in PRIMARIES if name != labels["primary"][at]]
            spoilt.loc[at, "primary"] = rng.choice(others)
            spoilt.loc[at, ["categories", "issue"]] = None
        rows = [doubt.row for doubt in audit(spoilt, model)]
        hits = len(wrong & set(rows))
        first = len(wrong & set(rows[: len(wrong)]))
        found.append((len(rows), hits / max(len(rows), 1), hits / len(wrong), first / len(wrong)))
    listed, *shares = np.mean(found, axis=0)
    return [f"{listed:.0f}", *(f"{share:.3f}" for share in shares)]


if __name__ == "__main__":
    main()
