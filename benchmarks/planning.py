"""How long planning takes per assessment, beside the time it takes to score a text.

    python benchmarks/planning.py [--count 1000000] [--scoring-us 60] [--smoke]

Assessments are drawn with a fixed seed over issue types, severities, signals and moments of four years, as
an export would bring them; the model has no part in it. Four kinds of use are timed: what a batch needs
without the reply, for which all due dates are counted, the same with every stage's date read, the same with
the reply written, and every step with its words. Processor time is measured; the first meeting of every case
is in it. `--scoring-us` is the time of scoring one text on the same machine, against which the share is given.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections.abc import Callable

from triage.policy.load import load_policy
from triage.policy.plan import plan
from triage.policy.schema import SIGNALS
from triage.records import Assessment, Category, Decision, IssueType, Plan, Severity, Signal, Stage, Ticket

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


def drawn(count: int, seed: int = 20260101) -> list[tuple[Ticket, Assessment]]:
    """Draw tickets and assessments; a real stream's shares of classes, nothing of its words."""
    chance = random.Random(seed)
    issues: list[IssueType | None] = [*IssueType, None, None, None]
    severities = [Severity.LOW, *[Severity.NORMAL] * 5, *[Severity.HIGH] * 3, Severity.CRITICAL]
    decisions = [*[Decision.AUTOMATE] * 5, *[Decision.RECOMMEND] * 3, *[Decision.REVIEW] * 2]
    weights = [COMMON.get(name, 1) for name in SIGNALS]
    begin = dt.datetime(2023, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    pairs = []
    for number in range(count):
        issue = chance.choice(issues)
        category = issue.category if issue else Category.NONE
        asserted = {category: 0.9} if issue else {}
        if issue and chance.random() < 0.2:
            asserted[chance.choice(list(Category)[:4])] = 0.6
        found = set(chance.choices(list(SIGNALS), weights, k=chance.choice(COUNTS))) if issue else set()
        signals = tuple(Signal(name, 0, 2, "系统", "rule") for name in sorted(found))
        created = begin + dt.timedelta(seconds=chance.randrange(4 * 365 * 86400))
        ticket = Ticket("系统又崩了，打电话没人接", f"T{number}", created, f"客户{number % 500}", channel="微信")
        severity = chance.choice(severities) if issue else Severity.LOW
        decision = chance.choice(decisions)
        pairs.append((ticket, Assessment(category, asserted, {}, issue, severity, 0.9, decision, signals=signals)))
    return pairs


def columns(made: Plan) -> None:
    """Read what a scored file shows, the reply aside; the first due date asked for counts them all."""
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


def whole(made: Plan) -> None:
    """Read every step with its words."""
    _ = made.steps


def main() -> None:
    """Time the four uses and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--scoring-us", type=float, default=60.0)
    parser.add_argument("--smoke", action="store_true", help="2,000 plans: seconds; the figures mean nothing")
    options = parser.parse_args()
    if options.smoke:
        options.count = 2000
    begun = time.perf_counter()
    policy = load_policy()
    print(f"load_policy: {(time.perf_counter() - begun) * 1e3:.0f} ms")
    block = drawn(min(options.count, 100_000))
    now = dt.datetime(2026, 11, 10, 9, 0, tzinfo=policy.zone)
    uses: list[tuple[str, Callable[[Plan], None], int]] = [
        ("all due dates counted, two read", columns, options.count),
        ("… and read stage by stage", dates, options.count),
        ("… and the reply", reply, options.count),
        ("every step with its words", whole, min(options.count, 20_000)),
    ]
    for name, use, count in uses:
        policy.cases.clear()
        begun = time.process_time()
        for number in range(count):
            ticket, assessment = block[number % len(block)]
            use(plan(ticket, assessment, policy, now))
        each = (time.process_time() - begun) / count * 1e6
        share = each / options.scoring_us
        print(
            f"{name:34} {count:>9,} plans  {each:7.2f} µs a plan  {share:6.1%} of {options.scoring_us:g} µs", flush=True
        )
    print(f"cases kept: {len({id(case) for case in policy.cases.values()}):,}")


if __name__ == "__main__":
    main()
