"""How long planning takes per assessment, beside the time it takes to score the same texts.

    python benchmarks/planning.py [--count 1000000] [--texts FILE] [--scored 3000] [--aim-us 60] [--smoke]

First, texts are scored (without evidence) and their own assessments planned. Then a million assessments are
drawn with a fixed seed over issue types, severities, signals and moments of four years, as an export would
bring them. Five kinds of use are timed: what a batch needs without the reply, for which two due dates
are counted; the same with every stage's date read; the same with the reply written; the cells a scored file gets
of a plan; and every step with its words. Processor time is measured; the first meeting of every case is in
it. Shares are of the scoring just measured, and of `--aim-us`, the time a text is to take one day.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections.abc import Callable
from pathlib import Path

from contest import read_texts, table

from triage.classify.assess import Assessor
from triage.classify.store import load_model
from triage.policy.load import load_policy
from triage.policy.model import Policy
from triage.policy.plan import plan
from triage.policy.schema import SIGNALS
from triage.records import Assessment, Category, Decision, IssueType, Plan, Severity, Signal, Stage, Ticket

Pairs = list[tuple[Ticket, Assessment]]
BEGIN = dt.datetime(2023, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=8)))
SECONDS = 4 * 365 * 86400
STAGES = tuple(Stage)
# Shares as the signal rules find them in 8,728 real messages: none in 83 %, one in 14 %, more in 3 %.
COUNTS = [0] * 83 + [1] * 14 + [2] * 3
COMMON = {
    "praise": 42,
    "repeated": 33,
    "long_unsolved": 20,
    "regulator_mentioned": 13,
    "contract_threat": 9,
    "money": 7,
    "safety": 5,
    "data_incident": 2,
}


def drawn(count: int, seed: int = 20260101) -> Pairs:
    """Draw tickets and assessments; a real stream's shares of classes, nothing of its words."""
    chance = random.Random(seed)
    issues: list[IssueType | None] = [*IssueType, None, None, None]
    severities = [Severity.LOW, *[Severity.NORMAL] * 5, *[Severity.HIGH] * 3, Severity.CRITICAL]
    decisions = [*[Decision.AUTOMATE] * 5, *[Decision.RECOMMEND] * 3, *[Decision.REVIEW] * 2]
    weights = [COMMON.get(name, 1) for name in SIGNALS]
    pairs = []
    for number in range(count):
        issue = chance.choice(issues)
        category = issue.category if issue else Category.NONE
        asserted = {category: 0.9} if issue else {}
        if issue and chance.random() < 0.2:
            asserted[chance.choice(list(Category)[:4])] = 0.6
        found = set(chance.choices(list(SIGNALS), weights, k=chance.choice(COUNTS))) if issue else set()
        signals = tuple(Signal(name, 0, 2, "系统", "rule") for name in sorted(found))
        created = BEGIN + dt.timedelta(seconds=chance.randrange(SECONDS))
        ticket = Ticket("系统又崩了，打电话没人接", f"T{number}", created, f"客户{number % 500}", channel="微信")
        severity = chance.choice(severities) if issue else Severity.LOW
        decision = chance.choice(decisions)
        pairs.append((ticket, Assessment(category, asserted, {}, issue, severity, 0.9, decision, signals=signals)))
    return pairs


def scored(texts: list[str]) -> tuple[Pairs, float]:
    """Score texts; return them with their assessments and moments drawn, and the microseconds a text took."""
    assessor = Assessor(load_model(), evidence=0)
    assessor.assess(texts[:20])  # dictionaries are loaded with the first text
    begun = time.process_time()
    found = assessor.assess(texts)
    each = (time.process_time() - begun) / len(texts) * 1e6
    chance = random.Random(20260101)
    moments = [BEGIN + dt.timedelta(seconds=chance.randrange(SECONDS)) for _ in texts]
    return [(Ticket(t, created_at=at), a) for t, at, a in zip(texts, moments, found, strict=True)], each


def columns(made: Plan) -> None:
    """Read what a scored file shows, the reply aside."""
    _ = made.owner, made.priority, made.policy, made.due(Stage.ACKNOWLEDGEMENT), made.due(Stage.INVESTIGATION)


def dates(made: Plan) -> None:
    """Read the same and the earliest due date of every stage."""
    columns(made)
    for stage in STAGES:
        made.due(stage)


def reply(made: Plan) -> None:
    """Read all due dates and the written reply."""
    dates(made)
    _ = made.reply


def cells(made: Plan) -> None:
    """Write what a scored file shows of a plan."""
    for stage in (Stage.ACKNOWLEDGEMENT, Stage.INVESTIGATION):
        due = made.due(stage)
        _ = due and due.isoformat(sep=" ", timespec="minutes")
    _ = made.owner, made.priority, made.policy, made.reply


def whole(made: Plan) -> None:
    """Read every step with its words."""
    _ = made.steps


USES: list[tuple[str, Callable[[Plan], None]]] = [
    ("two due dates counted", columns),
    ("… and read stage by stage", dates),
    ("… and the reply", reply),
    ("the cells of a scored file", cells),
    ("every step with its words", whole),
]


def timed(pairs: Pairs, policy: Policy, count: int, scoring: float, aim: float) -> str:
    """Return a table of what each use takes for so many plans of the pairs, round and round."""
    now = dt.datetime(2026, 11, 10, 9, 0, tzinfo=policy.zone)
    rows = []
    for name, use in USES:
        policy.cases.clear()
        many = min(count, 20_000) if use is whole else count
        begun = time.process_time()
        for number in range(many):
            ticket, assessment = pairs[number % len(pairs)]
            use(plan(ticket, assessment, policy, now))
        each = (time.process_time() - begun) / many * 1e6
        rows.append((name, f"{many:,}", f"{each:.2f}", f"{each / scoring:.1%}", f"{each / aim:.1%}"))
    return table(["use", "plans", "µs a plan", "of scoring, measured", f"of {aim:g} µs"], rows)


def main() -> None:
    """Time scoring and the uses of plans, and print a table of each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--texts", type=Path, help="JSON Lines with a field `text`; by default the corpus")
    parser.add_argument("--scored", type=int, default=3000, help="texts that are scored")
    parser.add_argument("--aim-us", type=float, default=60.0)
    parser.add_argument("--smoke", action="store_true", help="2,000 plans: seconds; the figures mean nothing")
    options = parser.parse_args()
    if options.smoke:
        options.count, options.scored = 2000, 60
    begun = time.perf_counter()
    policy = load_policy()
    print(f"load_policy: {(time.perf_counter() - begun) * 1e3:.0f} ms")
    texts, described = read_texts(options.texts, at_most=options.scored)
    pairs, scoring = scored(texts)
    print(f"Texts: {described}.\nScoring, without evidence: {scoring:.0f} µs a text.")
    print(f"\n## Plans of these texts\n\n{timed(pairs, policy, options.count // 10, scoring, options.aim_us)}")
    block = drawn(min(options.count, 100_000))
    print(f"\n## Plans of assessments drawn\n\n{timed(block, policy, options.count, scoring, options.aim_us)}")
    print(f"\ncases kept: {len({id(case) for case in policy.cases.values()}):,}")


if __name__ == "__main__":
    main()
