"""What more data brings: our model trained on 1/16 of the author batches, 1/8, … all, and the next doubling.

    python benchmarks/learning_curve.py [--labelled FILE] [--picture docs/learning-curve.png] [--smoke]

Batches of the corpus's train part are taken in one fixed order in which the streams take turns, each step
holding those before it, so that a step is more authors and not more of the same. Tested on the corpus's own
test part (other authors) and on every labelled file given. One seed, the default recipe with fewer folds:
neighbouring steps may differ by chance, which is why the last two steps are judged together.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from contest import SMOKE_RECIPE, Absent, labelled_tests, need, pieces_of, table, test_part, to_learn, trained

from triage.classify.assess import Assessor
from triage.classify.evaluate import evaluate
from triage.classify.model import HEADS, Model
from triage.classify.train import Recipe
from triage.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

PRIMARIES = HEADS["primary"]
STEPS = (16, 8, 4, 2, 1)
FOLDS = 3
PICTURE = Path(__file__).resolve().parents[1] / "docs" / "learning-curve.png"


def main() -> None:
    """Train every step, test it, print tables, and draw them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--labelled", type=Path, action="append", help="labelled JSONL or CSV; may be repeated")
    parser.add_argument("--picture", type=Path, help="where to draw; by default docs/learning-curve.png")
    parser.add_argument("--smoke", action="store_true", help="little data, three steps: seconds")
    options = parser.parse_args()

    recipe = SMOKE_RECIPE if options.smoke else dataclasses.replace(Recipe(), folds=FOLDS)
    pieces = pieces_of(["train"], smoke=options.smoke)
    tests = test_part(smoke=options.smoke) | labelled_tests(options.labelled or [])
    order = batch_order(pieces)
    curve: dict[str, list[dict[str, Any]]] = {name: [] for name in tests}
    for step in STEPS[-3:] if options.smoke else STEPS:
        taken = order[: max(2, math.ceil(len(order) / step))]
        mine = pieces[pieces["author_batch"].isin(taken)].reset_index(drop=True)
        begun = time.perf_counter()
        # C weighs the sum of losses: with a quarter of the pieces the same C regularises four times as much.
        share = len(pieces) / len(mine)
        model, remark = trained_on(
            mine, dataclasses.replace(recipe, top_c={k: c * share for k, c in recipe.top_c.items()})
        )
        print(f"1/{step}: {len(mine):,} pieces, trained in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        for name, labels in tests.items():
            measured = evaluate(labels, Assessor(model, evidence=0).assess(labels["text"].tolist()))
            facts = {"step": f"1/{step}{remark}", "batches": len(taken), "pieces": len(mine)}
            curve[name].append(facts | figures(measured))

    for name, points in curve.items():
        print(f"\n## {name}: {len(tests[name]):,} messages\n")
        print(curve_table(points))
        print(f"\n{next_doubling(points)}")
    if any_remark(curve):
        print("\n\\* Too few authors for cross-fitting by author: its folds were dealt piece by piece.")
    if options.picture or not options.smoke:
        try:
            draw(curve, options.picture or PICTURE)
        except Absent as missing:
            print(f"\nNo picture: {missing}")


def batch_order(pieces: pd.DataFrame) -> list[str]:
    """Return the author batches in an order in which every beginning mixes the streams as the whole does."""
    stream = pieces.groupby("author_batch")["stream"].agg(lambda values: values.mode()[0])
    turns = []
    for kind, batches in stream.sample(frac=1, random_state=0).groupby(stream).groups.items():
        # The n-th of k batches of a stream belongs at (n + ½)/k of the way.
        turns += [((at + 0.5) / len(batches), -len(batches), str(kind), str(name)) for at, name in enumerate(batches)]
    return [name for *_, name in sorted(turns)]


def trained_on(pieces: pd.DataFrame, recipe: Recipe) -> tuple[Model, str]:
    """Train; where so few authors do not have every label in every fold, deal the folds piece by piece."""
    learnt = to_learn(pieces)
    try:
        return trained(learnt, recipe), ""
    except (InputError, ValueError):
        order = learnt.sort_values(["issue", "severity"], kind="stable").index
        fold = np.empty(len(learnt), dtype=int)
        fold[order] = np.arange(len(learnt)) % recipe.folds
        return trained(learnt.assign(author_batch=[f"fold {at}" for at in fold]), recipe), " \\*"


def figures(measured: dict[str, Any]) -> dict[str, Any]:
    """Return of an evaluation what the curve shows."""
    primary = measured["primary"]
    return {
        "macro-F1": primary["macro_f1"],
        "interval": primary["macro_f1_interval"],
        "categories F1": measured["categories"]["mean_f1"],
        **{label: primary["per_class"][label]["f1"] for label in PRIMARIES},
    }


def curve_table(points: Sequence[dict[str, Any]]) -> str:
    """Return one row a step."""
    shown = ("categories F1", *PRIMARIES)
    return table(
        ["train part", "author batches", "pieces", "macro-F1", "95 % interval", *shown],
        [
            [
                point["step"],
                point["batches"],
                f"{point['pieces']:,}",
                f"{point['macro-F1']:.3f}",
                "{:.3f}–{:.3f}".format(*point["interval"]),
                *(f"{point[name]:.3f}" for name in shown),
            ]
            for point in points
        ],
    )


def next_doubling(points: Sequence[dict[str, Any]]) -> str:
    """Say what twice the pieces may bring: a straight line over the logarithm, through the last two steps."""
    last = points[-3:]
    doublings = np.log2([point["pieces"] for point in last])

    def slope(name: str) -> float:
        return float(np.polyfit(doublings, [point[name] for point in last], 1)[0])

    each = ", ".join(f"{label} {slope(label):+.3f}" for label in PRIMARIES)
    low, high = last[-1]["interval"]
    return (
        f"The next doubling, if the last two steps go on: macro-F1 {slope('macro-F1'):+.3f}, "
        f"categories F1 {slope('categories F1'):+.3f} ({each}). "
        f"The last step's own interval is {high - low:.3f} wide."
    )


def any_remark(curve: dict[str, list[dict[str, Any]]]) -> bool:
    """Return whether some step carries a remark."""
    return any("*" in point["step"] for points in curve.values() for point in points)


def draw(curve: dict[str, list[dict[str, Any]]], place: Path) -> None:
    """Draw one panel a test: macro-F1 with its interval, and every class."""
    need("matplotlib", "'triage[bench]'").use("Agg")
    plt = need("matplotlib.pyplot", "'triage[bench]'")
    figure, panels = plt.subplots(1, len(curve), figsize=(5.2 * len(curve), 4.2), sharey=True, squeeze=False)
    for panel, (name, points) in zip(panels[0], curve.items(), strict=True):
        sizes = [point["pieces"] for point in points]
        for label in PRIMARIES:
            panel.plot(sizes, [point[label] for point in points], marker=".", linewidth=1, alpha=0.75, label=label)
        low, high = np.transpose([point["interval"] for point in points])
        panel.fill_between(sizes, low, high, color="black", alpha=0.1, linewidth=0)
        macro = [point["macro-F1"] for point in points]
        panel.plot(sizes, macro, marker="o", linewidth=2.2, color="black", label="macro-F1")
        panel.set_xscale("log", base=2)
        panel.set_xticks(sizes, [f"{size:,}" for size in sizes])
        panel.minorticks_off()
        panel.set(title=name, xlabel="pieces learnt from (whole author batches)", ylim=(0, 1))
        panel.grid(alpha=0.3)
    panels[0][0].set_ylabel("F1 of the primary category")
    panels[0][-1].legend(loc="lower right", fontsize="small")
    figure.tight_layout()
    place.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(place, dpi=130, metadata={"Software": None})
    print(f"\nDrawn: {place.name}")


if __name__ == "__main__":
    main()
