"""How fast: this library beside the pipeline a notebook would hold, and beside fastText, side by side in one run.

    python benchmarks/speed.py [--texts FILE] [--batch 10000] [--rounds 5] [--rows 1000000] [--smoke]

All contestants are timed in turn, round after round, ours with and without the extra `fast` where numba is
installed; medians are printed, and ratios are those of medians of the same run. Batches and stages are counted
in processor time, so that other work on the machine counts little; single calls and cold starts by the clock on
the wall. Set OMP_NUM_THREADS=1: one core for everybody.

*Naive* is `TfidfVectorizer(tokenizer=jieba.lcut)` beside `TfidfVectorizer(analyzer="char")`, as many terms of
each kind as our model has, one linear head for each of its base outputs and small heads over these for its
answers. It reads the whole message only. Left out of it, and done by ours: normalising, reading clause by
clause, signals by rule, decision with reasons, the plan. fastText answers the primary category only.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from contest import Absent, cached, pieces_of, read_texts, table
from job import STAGE_ROWS, job, shares
from naive_pipeline import NaivePipeline
from peers import FastText, characters

from triage import Triager
from triage.classify.assess import Assessor
from triage.classify.model import HEADS, OUTPUTS, Model, Readings
from triage.classify.signals import find_signals_many
from triage.classify.store import load_model
from triage.policy.load import load_policy
from triage.policy.plan import plan
from triage.records import Outcome, Stage, Ticket
from triage.text.choice import can_compile, choice
from triage.text.normalize_many import normalize_aligned
from triage.text.spans import clause_bounds
from triage.text.trie import laid_out
from triage.tickets.found_cells import found_cells

BLOCK = 512
#: What a scored file shows of a plan; plans are worked out when they are read, so they are read here.
DUE = (Stage.ACKNOWLEDGEMENT, Stage.INVESTIGATION)


def main() -> None:
    """Time batches, single calls, cold starts and our own stages, and print a table of each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=Path, help="JSON Lines with a field `text`; by default the corpus")
    parser.add_argument("--batch", type=int, default=10_000)
    parser.add_argument("--calls", type=int, default=1_000, help="single calls of each contestant")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--rows", type=int, default=0, help="also time a whole export of so many rows (benchmarks/job.py)"
    )
    parser.add_argument("--smoke", action="store_true", help="little data, one round: seconds")
    options = parser.parse_args()
    if options.smoke:
        options.batch, options.calls, options.rounds, options.rows = 60, 6, 1, 300

    texts, described = read_texts(options.texts, at_most=options.batch)
    model = load_model()
    naive, naive_file = naive_pipeline(model, smoke=options.smoke)
    contestants = runners(model, naive, smoke=options.smoke)
    print(f"Texts: {described}.")
    print(f"Model {model.identity}: {len(model.base.idf):,} terms, {len(OUTPUTS)} base outputs, {len(HEADS)} answers.")
    for run in contestants.values():  # dictionaries are loaded with the first texts, and functions compiled
        run(texts[:64])
    print(
        f"\n## A batch of {len(texts):,}, medians of {options.rounds}\n\n{batches(contestants, texts, options.rounds)}"
    )
    print(f"\n## Single calls, {options.calls:,} of each\n\n{singles(contestants, texts[: options.calls])}")
    print(f"\n## From a new interpreter to the first answer\n\n{cold_starts(naive_file, texts[0], options.rounds)}")
    print(f"\n## Where our time goes\n\n{stages(model, texts, options.rounds)}")
    if options.rows:
        print(f"\n## A whole export\n\n{job(texts, naive, options.rows)}")
        counted = min(options.rows, STAGE_ROWS)
        timed_block = functools.partial(block_cells, Assessor(model, evidence=0), load_policy())
        for way, choice.compiled in ways().items():
            print(f"\nShares, {way}, over {counted:,} rows in one process:\n\n{shares(texts, timed_block, counted)}")


def naive_pipeline(model: Model, *, smoke: bool) -> tuple[NaivePipeline, Path]:
    """Return the naive pipeline, fitted on the corpus, and the file it is saved in as notebooks save."""
    import joblib

    file = cached("naive", f"{model.identity} {smoke}").with_suffix(".joblib")
    if not file.is_file():
        joblib.dump(NaivePipeline(model).fit(pieces_of(["train"], smoke=smoke)), file)
    return joblib.load(file), file


def runners(model: Model, naive: NaivePipeline, *, smoke: bool) -> dict[str, Callable[[Sequence[str]], object]]:
    """Return what is timed: name → texts to answers. The first is the measure of the ratios."""
    triager, assessor = Triager(evidence=0), Assessor(model, evidence=0)

    def with_plans(texts: Sequence[str]) -> list[Outcome]:
        outcomes = triager.triage_many(texts)
        for outcome in outcomes:
            read_plan(outcome.plan)
        return outcomes

    found: dict[str, Callable[[Sequence[str]], object]] = {"naive scikit-learn + jieba": naive}
    for name, compiled in ways().items():
        found[f"{name}: Assessor"] = functools.partial(this_way, compiled, assessor.assess)
        found[f"{name}: Triager, plans read"] = functools.partial(this_way, compiled, with_plans)
    for peer in (FastText(epochs=1 if smoke else 5), FastText(characters, epochs=1 if smoke else 5)):
        try:
            peer.fit(pieces_of(["train"], smoke=smoke))
        except Absent as missing:
            print(f"{peer.name}: skipped, {missing}\n")
        else:
            found[peer.name] = peer.answer
    return found


def ways() -> dict[str, bool]:
    """Return the ways many texts can go here, by the names of what is installed for them."""
    if not can_compile():
        print('triage[fast]: skipped, not installed: pip install "triage[fast]"\n')
        return {"triage": False}
    return {"triage": False, "triage[fast]": True}


def this_way(compiled: bool, run: Callable[[Sequence[str]], object], texts: Sequence[str]) -> object:
    """Run by arrays or by compiled functions."""
    choice.compiled = compiled
    return run(texts)


def read_plan(made: Any) -> None:
    """Read of a plan what a scored file shows."""
    _ = made.owner, made.priority, *map(made.due, DUE)


def batches(contestants: dict[str, Callable[[Sequence[str]], object]], texts: list[str], rounds: int) -> str:
    """Return texts a second of every contestant."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            begun = time.process_time()
            run(texts)
            seconds[name].append(time.process_time() - begun)
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    measure = next(iter(medians.values()))
    return table(
        ["", "texts/s", "µs a text", "× naive", "slowest to fastest round"],
        [
            [
                name,
                f"{len(texts) / median:,.0f}",
                f"{median / len(texts) * 1e6:.0f}",
                f"{measure / median:.1f}",
                f"{len(texts) / max(seconds[name]):,.0f}–{len(texts) / min(seconds[name]):,.0f}",
            ]
            for name, median in medians.items()
        ],
    )


def singles(contestants: dict[str, Callable[[Sequence[str]], object]], texts: list[str]) -> str:
    """Return percentiles of single calls; contestants take turns every fifty calls."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for first in range(0, len(texts), 50):
        for name, run in contestants.items():
            for text in texts[first : first + 50]:
                begun = time.perf_counter()
                run([text])
                taken[name].append((time.perf_counter() - begun) * 1e3)
    measure = float(np.median(next(iter(taken.values()))))
    return table(
        ["", "p50, ms", "p95, ms", "naive ÷ this, p50"],
        [
            [name, f"{(p50 := float(np.median(each))):.3f}", f"{np.percentile(each, 95):.3f}", f"{measure / p50:.1f}"]
            for name, each in taken.items()
        ],
    )


def cold_starts(naive_file: Path, text: str, rounds: int) -> str:
    """Return the seconds from starting an interpreter to the end of it, one answer given."""
    here = str(Path(__file__).parent)
    ours = "from triage import Triager; import sys; print(Triager(evidence=0).triage(sys.argv[1]).category)"
    naive = (
        f"import sys; sys.path.insert(0, {here!r}); "
        f"import joblib; print(joblib.load({str(naive_file)!r})(sys.argv[1:]))"
    )
    programs = {
        "naive scikit-learn + jieba": naive,
        "triage: Triager": ours,
        "an interpreter that does nothing": "pass",
    }
    wall: dict[str, list[float]] = {name: [] for name in programs}
    worked: dict[str, list[float]] = {name: [] for name in programs}
    # Byte code is at hand, as an installer leaves it, whatever the shell says.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
    for turn in range(rounds + 1):
        for name, program in programs.items():
            begun, used = time.perf_counter(), child_seconds()
            subprocess.run([sys.executable, "-c", program, text], check=True, capture_output=True, env=environment)
            if turn:  # the first compiles
                wall[name].append(time.perf_counter() - begun)
                worked[name].append(child_seconds() - used)
    measure = statistics.median(wall["naive scikit-learn + jieba"])
    rows = []
    for name in programs:
        middle = statistics.median(wall[name])
        rows.append([name, f"{middle:.2f}", f"{statistics.median(worked[name]):.2f}", f"{measure / middle:.1f}"])
    return table(["", "seconds", "of processor time", "naive ÷ this"], rows)


def child_seconds() -> float:
    """Return the processor time of the processes started so far."""
    times = os.times()
    return times.children_user + times.children_system


def stages(model: Model, texts: list[str], rounds: int) -> str:
    """Return the share of each stage in the time of a batch.

    Each stage is run alone over blocks of texts, as the library runs them.
    """
    assessor, policy, tried = Assessor(model, evidence=0), load_policy(), ways()
    seconds: dict[str, dict[str, list[float]]] = {way: {} for way in tried}
    for _ in range(rounds):
        for way, choice.compiled in tried.items():
            once: dict[str, float] = {}
            for first in range(0, len(texts), BLOCK):
                for name, took in one_block(assessor, policy, texts[first : first + BLOCK]).items():
                    once[name] = once.get(name, 0.0) + took
            once["together"] = sum(once.values())
            for name, took in once.items():
                seconds[way].setdefault(name, []).append(took / len(texts) * 1e6)
    medians = {way: {name: statistics.median(each) for name, each in found.items()} for way, found in seconds.items()}
    head = ["stage"] + [title for way in tried for title in (f"{way}, µs a text", "share")]
    rows = [
        [name, *[cell for way in tried for cell in (f"{medians[way][name]:.1f}", share(name, medians[way]))]]
        for name in medians["triage"]
    ]
    return table(head, rows)


def share(name: str, medians: dict[str, float]) -> str:
    """Return the share of a stage."""
    return f"{medians[name] / medians['together']:.1%}"


class Stopwatch(dict[str, float]):
    """Processor seconds by stage."""

    def __call__(self, name: str, run: Callable[[], Any]) -> Any:
        """Run a stage, note its time and return what it gives."""
        begun = time.process_time()
        result = run()
        self[name] = time.process_time() - begun
        return result


def block_cells(assessor: Assessor, policy: Any, tickets: Sequence[Ticket]) -> tuple[dict[str, float], list[list[str]]]:
    """Time every stage over one block of tickets and return their cells, made without records as for a file."""
    took, now = Stopwatch(), dt.datetime.now(dt.UTC)
    readings, heads = scored(assessor, [ticket.text for ticket in tickets], took)
    findings = took("decision", lambda: assessor.concluded(readings, heads))
    cells = took("plan, dates, words of the reply, cells", lambda: found_cells(findings, tickets, policy, now))
    return took, cells


def one_block(assessor: Assessor, policy: Any, texts: list[str]) -> dict[str, float]:
    """Time every stage over one block of texts."""
    took, now = Stopwatch(), dt.datetime.now(dt.UTC)
    readings, heads = scored(assessor, texts, took)
    said = took("decision and record", lambda: assessor.concluded(readings, heads).assessments())
    took("planning", lambda: [read_plan(plan(Ticket(t), a, policy, now)) for t, a in zip(texts, said, strict=True)])
    return took


def scored(assessor: Assessor, texts: list[str], took: Stopwatch) -> tuple[Readings, Any]:
    """Time the stages from texts to scores, and return what was read and scored."""
    model = assessor.model
    assessor.assess(texts)  # what is met for the first time (compiled patterns, pages of memory) counts to no stage
    if compiled := model.compiled_for(len(texts)):
        from triage.text.clause_kernel import clauses_apart
    clean, originals = took("normalising", lambda: normalize_aligned(texts))
    codes, closes = laid_out(clean)
    took("clauses", lambda: clauses_apart(codes, closes) if compiled else clause_bounds(codes))
    took("tokenizing", lambda: compiled.cut(codes) if compiled else model.tokenizer("\n".join(clean)))
    terms = took("terms", lambda: model.base.lookup.terms(clean, model.tokenizer, compiled))
    took["terms"] -= took["clauses"] + took["tokenizing"]  # they are steps of it
    quotes, days = [original.quote for original in originals], [None] * len(texts)
    found = took("signals", lambda: find_signals_many(clean, quotes, days, compiled_way=compiled))
    readings = Readings(clean, originals, terms, found)
    return readings, took("scoring", lambda: model.score(readings))


if __name__ == "__main__":
    main()
