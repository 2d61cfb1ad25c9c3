"""The corpus is what its card says: legal labels, nothing twice, nothing borrowed, nobody's data."""

import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "data"))
import audit  # noqa: E402

#: Real messages lie beside the checkout where they are available; they are not part of the project.
REAL = ROOT.parent / "shared" / "realset"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="no real messages beside the checkout")


@pytest.fixture(scope="module")
def rows(corpus: pd.DataFrame) -> list[audit.Row]:
    return audit.plain_rows(corpus)


@pytest.fixture(scope="module")
def messages(rows: list[audit.Row]) -> list[audit.Row]:
    return [row for row in rows if row["stream"] != "clauses"]


@pytest.fixture(scope="module")
def challenge() -> list[audit.Row]:
    return audit.plain_rows(pd.read_json(ROOT / "data" / "challenge.jsonl", lines=True))


def test_the_challenge_is_sound_and_apart_from_the_corpus(
    challenge: list[audit.Row], messages: list[audit.Row]
) -> None:
    assert len(challenge) >= 1_000
    assert audit.illegal(challenge) == []
    assert audit.personal_data(challenge) == []
    assert audit.exact_duplicates(messages + challenge) == []
    mine = {row["id"] for row in challenge}
    assert [pair for pair in audit.near_duplicates(messages + challenge) if mine & set(pair)] == []
    assert not {row["author_batch"] for row in challenge} & {row["author_batch"] for row in messages}


@needs_real
def test_nothing_in_the_challenge_is_borrowed(challenge: list[audit.Row]) -> None:
    assert audit.borrowed(challenge, audit.real_texts(REAL)) == []


def test_labels_are_legal(rows: list[audit.Row]) -> None:
    assert audit.illegal(rows) == []


def test_nothing_stands_twice(rows: list[audit.Row], messages: list[audit.Row]) -> None:
    assert audit.exact_duplicates(rows) == []
    assert len(audit.near_duplicates(messages)) < audit.MAX_NEAR_DUPLICATES * len(messages)


def test_nobody_can_be_reached_by_it(rows: list[audit.Row]) -> None:
    assert audit.personal_data(rows) == []


def test_no_author_outweighs_the_others(rows: list[audit.Row]) -> None:
    batches = Counter(row["author_batch"] for row in rows)
    assert max(batches.values()) <= 0.03 * len(rows)


def test_every_issue_type_and_severity_is_there(messages: list[audit.Row]) -> None:
    issues = Counter(row["issue"] for row in messages)
    severities = Counter(row["severity"] for row in messages)
    assert min(issues.values()) >= 400
    assert min(severities.values()) >= 500


def test_pairs_are_pairs_that_differ_in_a_label(messages: list[audit.Row]) -> None:
    pairs: dict[str, list[audit.Row]] = {}
    for row in messages:
        if row["pair"]:
            pairs.setdefault(row["pair"], []).append(row)
    for name, members in pairs.items():
        assert len(members) <= 2, name
        if len(members) == 2:
            first, second = ([member[k] for k in ("primary", "categories", "issue", "severity")] for member in members)
            assert first != second, name


def test_openings_vary(rows: list[audit.Row]) -> None:
    assert audit.worn_openings(rows) == []


@needs_real
def test_the_vocabulary_is_balanced(messages: list[audit.Row]) -> None:
    share, worst = audit.balance([row["text"] for row in messages], audit.real_texts(REAL), audit.names())
    assert share >= audit.MIN_BALANCED, worst[:20]


@needs_real
def test_streams_are_as_long_and_as_rich_as_real_ones(messages: list[audit.Row]) -> None:
    assert audit.departures(messages, audit.real_texts(REAL)) == []


@needs_real
def test_real_words_are_known(messages: list[audit.Row]) -> None:
    assert audit.covered([row["text"] for row in messages], audit.real_texts(REAL)) >= audit.MIN_COVERED


@needs_real
def test_nothing_is_borrowed_from_real_messages(rows: list[audit.Row]) -> None:
    assert audit.borrowed(rows, audit.real_texts(REAL)) == []


def test_a_stream_out_of_its_bounds_is_named() -> None:
    real = [f"第{n}次打电话报修，宽带还是不能用，客服让我等消息，到现在也没有人联系我" for n in range(50)]
    alike = [{**SOUND, "text": text} for text in real]
    assert audit.departures(alike, real) == []
    short = [{**SOUND, "text": "网断了"} for _ in range(50)]
    lines = "\n".join(audit.departures(short, real))
    assert "plain: median 3, real 36" in lines
    assert "plain: distinct_bigrams" in lines
    assert "plain: knows" in lines


BROKEN = [
    ({"primary": "tech"}, "primary"),
    ({"categories": []}, "categories"),
    ({"categories": ["process"]}, "categories"),
    ({"categories": ["technical", "technical"]}, "categories"),
    ({"issue": None}, "issue"),
    ({"issue": "procedure"}, "issue"),
    ({"severity": None}, "severity"),
    ({"severity": "urgent"}, "severity"),
    ({"primary": "none", "categories": [], "issue": None, "severity": "high"}, "severity"),
    ({"text": " "}, "empty text"),
    ({"pair": "p1"}, "pair"),
]
SOUND = {
    "id": "x-1", "text": "系统崩了", "primary": "technical", "categories": ["technical"], "issue": "function_failure",
    "severity": "normal", "stream": "plain", "author_batch": "x", "pair": None,
}  # fmt: skip


def test_a_sound_row_passes() -> None:
    assert audit.illegal([SOUND]) == []


@pytest.mark.parametrize(("change", "word"), BROKEN, ids=[f"{word}-{at}" for at, (_, word) in enumerate(BROKEN)])
def test_an_unsound_row_is_found(change: dict[str, object], word: str) -> None:
    assert word in "; ".join(audit.illegal([SOUND | change]))


def test_an_id_used_twice_is_found() -> None:
    assert audit.illegal([SOUND, SOUND]) == ["x-1: id used twice"]


def test_near_duplicates_are_found_and_pairs_excepted() -> None:
    text = "昨天下午系统突然打不开了，重新登录也没有用，单子都做不了"
    twin = {**SOUND, "id": "x-2", "text": text + "啊"}
    assert audit.near_duplicates([{**SOUND, "text": text}, twin]) == [("x-1", "x-2")]
    assert audit.near_duplicates([{**SOUND, "text": text}, {**twin, "pair": "p"}]) == []
    assert audit.near_duplicates([{**SOUND, "text": text}, {**twin, "text": "请问发票抬头在哪里改，谢谢您了"}]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("打我电话13912345678", "phone number"),
        ("打我电话13800001234", None),
        ("身份证110101199003078888", "ID number"),
        ("写信到someone@mail.com", "mail address"),
        ("写信到someone@example.com", None),
        ("订单号20261124001", None),
    ],
)
def test_personal_data_is_found(text: str, found: str | None) -> None:
    problems = audit.personal_data([{**SOUND, "text": text}])
    assert (found in problems[0]) if found else problems == []


def test_borrowed_words_are_found() -> None:
    real = ["我们小区的宽带已经断了好几天了没有人管"]
    assert audit.borrowed([{**SOUND, "text": "宽带已经断了好几天了没有人管，急"}], real)
    assert audit.borrowed([{**SOUND, "text": "宽带断了好几天没人管"}], real) == []


def test_balance_compares_document_frequencies() -> None:
    real = ["系统崩了"] * 50 + ["服务太差"] * 50
    assert audit.balance(real, real) == (1.0, [])
    share, worst = audit.balance(["系统崩了"] * 100, real)
    assert share < 1
    assert "服务" in {term for term, _, _ in worst}


def test_worn_openings_are_found() -> None:
    rows = [{**SOUND, "text": f"请问一下第{at}件"} for at in range(10)]
    assert audit.worn_openings(rows) == [("plain", "请问一下", 1.0)]
