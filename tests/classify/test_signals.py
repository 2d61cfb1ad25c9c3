"""Signals by rule: labelled sentences, the rules' own examples, quantities, broken rules, hostile texts."""

import collections
import dataclasses
import datetime as dt
import itertools
import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage.classify
from triage.classify.signal_rules import SIGNAL_NAMES, Rule, Rules, load_rules
from triage.classify.signal_search import matches_in, search_of
from triage.classify.signals import RawSignal, _settled, _without_overlaps, find_signals, find_signals_many
from triage.datasets import load_corpus
from triage.errors import TriageError
from triage.records import Severity
from triage.text.normalize import Original, align, normalize

LABELLED = [json.loads(line) for line in Path(__file__).with_name("signals.jsonl").read_text("utf-8").splitlines()]
RULES = load_rules().rules
TODAY = dt.date(2026, 5, 20)

#: Least precision and recall on the odd lines, which were not looked at while the rules were tuned (rules
#: and sentences are of one hand all the same). Where less than 0.9 was reached, the floor is what was measured.
FLOORS = dict.fromkeys(SIGNAL_NAMES, (0.9, 0.9)) | {"media_threat": (0.88, 0.88), "repeated": (0.9, 0.88)}


def signals_of(raw: str, today: dt.date | None = None, rules: Rules | None = None) -> tuple[RawSignal, ...]:
    aligned = align(raw)
    return find_signals(
        aligned.text, lambda start, end: raw[slice(*aligned.span(start, end))], today=today, rules=rules
    )


@pytest.fixture(scope="module")
def counts() -> dict[str, collections.Counter[str]]:
    """Count hits, false alarms and misses per signal on the odd lines."""
    out: dict[str, collections.Counter[str]] = {name: collections.Counter() for name in SIGNAL_NAMES}
    for line, labelled in enumerate(LABELLED, 1):
        if line % 2:
            found = {signal.name for signal in signals_of(labelled["text"])}
            expected = set(labelled["signals"])
            for name in found | expected:
                out[name]["hit" if name in found & expected else "alarm" if name in found else "miss"] += 1
    return out


def test_the_list_is_large_and_clean() -> None:
    assert len({labelled["text"] for labelled in LABELLED}) == len(LABELLED) >= 400
    assert {name for labelled in LABELLED for name in labelled["signals"]} == set(SIGNAL_NAMES)


@pytest.mark.parametrize("name", SIGNAL_NAMES)
def test_precision_and_recall(name: str, counts: dict[str, collections.Counter[str]]) -> None:
    count = counts[name]
    precision, recall = FLOORS[name]
    assert count["hit"] >= precision * (count["hit"] + count["alarm"])
    assert count["hit"] >= recall * (count["hit"] + count["miss"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_finds_its_examples_and_leaves_the_others(rule: Rule) -> None:
    for text in rule.examples:
        assert rule.name in {signal.rule for signal in signals_of(text, TODAY)}, text
    for text in rule.counterexamples:
        assert rule.name not in {signal.rule for signal in signals_of(text, TODAY)}, text


class EveryRule(Rules):
    """Rules without the way round that triggers give."""

    def called_by(self, text: str) -> list[Rule]:  # noqa: ARG002
        return list(self.rules)


def test_the_packaged_patterns_hold() -> None:
    load_rules(Path(triage.classify.__file__).parent / "conf" / "signals.toml")  # a file by its path is checked


def test_triggers_lose_nothing() -> None:
    loaded = load_rules()
    every = EveryRule(loaded.rules, loaded.triggers, loaded.keys)
    texts = [labelled["text"] for labelled in LABELLED]
    texts += [text for rule in RULES for text in rule.examples + rule.counterexamples]
    for text in texts:
        assert signals_of(text) == signals_of(text, rules=every), text


def test_matches_are_those_of_searching_the_whole_text() -> None:
    texts = [normalize(text) for text in load_corpus()["text"].iloc[::23]]
    texts += [normalize(labelled["text"]) for labelled in LABELLED]
    rules = load_rules()
    patterns = {rule.name: re.compile("|".join(rule.alternatives)) for rule in rules.rules}
    expected = [
        (at, rule.name, match.span())
        for at, text in enumerate(texts)
        for rule in rules.called_by(text)
        for match in patterns[rule.name].finditer(text)
    ]
    assert len(expected) > 500
    one_by_one = [(at, rule.name, m.span()) for at, text in enumerate(texts) for rule, m in matches_in(text, rules)]
    together = [(at, rule.name, match.span()) for at, rule, match in search_of(rules).matches(texts)]
    assert one_by_one == expected
    assert together == expected


def test_many_texts_get_what_each_gets_alone(tmp_path: Path) -> None:
    raw = [labelled["text"] for labelled in LABELLED] + load_corpus()["text"].iloc[::11].tolist()
    raw += [text for rule in RULES for text in rule.examples + rule.counterexamples]
    raw += ["", "\n", "又坏了\n\n又坏了", "再" * 500]
    clean, quotes = [normalize(text) for text in raw], [Original(text).quote for text in raw]
    own = tmp_path / "mine.toml"
    own.write_text(ANYWHERE, "utf-8")
    for rules in (None, load_rules(own)):
        together = find_signals_many(clean, quotes, [TODAY] * len(raw), rules)
        alone = [find_signals(*pair, today=TODAY, rules=rules) for pair in zip(clean, quotes, strict=True)]
        assert together == alone
        assert sum(map(len, alone)) > 100


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("拖了三个月还没解决", 90),
        ("半年了还没修好", 182.5),
        ("都一周了没人管", 7),
        ("宽带断了２０多天没人管", 20),
        ("已經等了三個禮拜,完全沒有進度", 21),
        ("从3月到现在都没开出发票", 50),
        ("自2025年11月2日报修至今没人来", 199),
    ],
)
def test_a_duration_is_read(text: str, days: float) -> None:
    assert [signal.days for signal in signals_of(text, TODAY) if signal.name == "long_unsolved"] == [days]


def test_without_today_a_date_gives_no_days() -> None:
    (signal,) = signals_of("从3月到现在都没开出发票")
    assert (signal.name, signal.days, signal.raises_to) == ("long_unsolved", None, Severity.HIGH)


def test_a_short_wait_is_no_signal_and_a_middling_one_raises_nothing() -> None:
    assert signals_of("等了3天没人管") == ()
    assert [signal.raises_to for signal in signals_of("等了8天没人管")] == [None]
    assert [signal.raises_to for signal in signals_of("等了16天没人管")] == [Severity.HIGH]


def test_without_the_original_a_figure_stays_unread() -> None:
    (signal,) = find_signals(normalize("等了16天没人管"))
    assert (signal.days, signal.raises_to) == (None, None)
    assert [signal.raises_to for signal in find_signals(normalize("被盗刷2万")) if signal.raises_to] == []
    assert find_signals(normalize("@工信部 出来看看")) == ()


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("再不解决我就去法院起诉你们", Severity.CRITICAL),
        ("我要打12315", Severity.CRITICAL),
        ("上个月打过12315,没用", Severity.HIGH),
        ("再出一次事故我们就解除合同", Severity.CRITICAL),
        ("到期就不续费了", Severity.HIGH),
        ("全公司都登不上系统", Severity.CRITICAL),
        ("亏了四十多万", Severity.CRITICAL),
        ("多扣我50元", None),
        ("明天就要上线了,接口还不通", None),
    ],
)
def test_floors_follow_the_guide(text: str, severity: Severity | None) -> None:
    raised = [signal.raises_to for signal in signals_of(text) if signal.raises_to]
    assert max(raised, key=lambda one: one.rank, default=None) == severity


GOOD = """
[words]
pair = ["甲", "乙"]

[[rule]]
name = "r"
signal = "praise"
raises_to = "none"
reason = "a reason"
triggers = ["<pair>"]
patterns = ["<pair>好"]
examples = ["甲好", "乙好"]
"""

# Patterns that begin with anything, need nothing in particular, or may match less than they look for.
ANYWHERE = """
[[rule]]
name = "r"
signal = "praise"
raises_to = "none"
reason = "a reason"
triggers = ["我", "了", "再"]
needs = ["不", "我"]
patterns = ["[^,]{0,3}我", "(?:再|了){1,9}", "[\\u4e00-\\u9fff]{2}了(?=,)|(?<!打)不?再"]
examples = ["帮帮我", "再再"]
"""

BROKEN = [
    ('signal = "praise"', 'signal = "prise"', "prise"),
    ('raises_to = "none"', 'raises_to = "urgent"', "urgent"),
    ('"<pair>好"', '"<pear>好"', "pear"),
    ('"<pair>好"', '"(好"', "regular expression"),
    ('"<pair>好"', '"(好", "坏)"', "regular expression"),
    ('"<pair>好"', '"好{0,2}"', "empty text"),
    ('"<pair>好"', '"好.*"', "unbounded"),
    ('"<pair>好"', '"好.{0,}"', "unbounded"),
    ('"<pair>好"', '"(?:好|棒)+"', "unbounded"),
    ('["甲好", "乙好"]', '["甲好"]', "two examples"),
    ('reason = "a reason"\n', "", "reason"),
    ('reason = "a reason"', 'reason = "a reason"\nunles_near = ["不"]', "unles_near"),
    ('reason = "a reason"', 'reason = "a reason"\nreads = "weeks"', "weeks"),
    ('reason = "a reason"', "reason = 3", "wrong kind"),
    ('["甲", "乙"]', "[]", "word list"),
    ("[words]", "[wordz]", "wordz"),
    ("[words]", "[words", "cannot be read"),
    (GOOD, "[words]\n", "no [[rule]]"),
    (GOOD, GOOD + GOOD[GOOD.index("[[rule]]") :], "share a name"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN, ids=[said for _, _, said in BROKEN])
def test_a_broken_rule_file_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(TriageError) as caught:
        load_rules(path)
    assert said in str(caught.value)
    assert "mine.toml" in str(caught.value)


def test_rules_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, "utf-8")
    assert [signal.rule for signal in find_signals("甲好", rules=load_rules(path))] == ["r"]


PIECES = ["拖了三个月没", "打12315", "三天内必须", "就要会再只能", "很很很满", "损失Ｎ万", "没", "Ｍ "]


@pytest.mark.parametrize("piece", PIECES)
def test_a_megabyte_takes_time_in_proportion(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.perf_counter()
        find_signals(text)
        return time.perf_counter() - start

    seconds(10_000)
    # Ten times the length: ten times the time, not a hundred; the second is for a busy machine.
    assert seconds(1_000_000) < 40 * seconds(100_000) + 1


@given(st.text("又没第三次投诉打12315年月天拖了还未解决数据丢全公司瘫痪我就发网上曝光,。?!Ｎ ", max_size=60))
def test_signals_are_in_order_and_inside_the_text(text: str) -> None:
    found = find_signals(normalize(text))
    assert list(found) == sorted(found, key=lambda signal: (signal.start, signal.end, SIGNAL_NAMES.index(signal.name)))
    for signal in found:
        assert 0 <= signal.start < signal.end <= len(normalize(text))
    for name in {signal.name for signal in found}:
        own = [signal for signal in found if signal.name == name]
        assert all(first.end <= second.start for first, second in itertools.pairwise(own))


def test_a_signal_is_a_frozen_record() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        signals_of("我要打12315")[0].name = "praise"  # type: ignore[misc]


@given(st.lists(st.tuples(st.sampled_from(RULES), st.integers(0, 8), st.integers(1, 4)), min_size=1, max_size=5))
def test_signals_that_need_no_settling_stay_as_settling_leaves_them(placed: list[tuple[Rule, int, int]]) -> None:
    found = [
        (RawSignal(rule.signal, start, start + size, rule.name, rule.raises_to), rule) for rule, start, size in placed
    ]
    kept = _without_overlaps(found)
    assert _settled(found) == tuple(sorted(kept, key=lambda at: (at.start, at.end, SIGNAL_NAMES.index(at.name))))
