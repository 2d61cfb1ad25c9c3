import json
from pathlib import Path

import pandas as pd
import pytest

from triage.datasets import load_corpus, load_labels
from triage.errors import InputError, LabelError

GOOD = {
    "text": "系统崩了",
    "primary": "technical",
    "categories": ["technical", "process"],
    "issue": "function_failure",
    "severity": "high",
}


def lines(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_the_corpus_has_its_columns_and_parts(corpus: pd.DataFrame) -> None:
    assert list(corpus.columns) == [
        "id", "text", "primary", "categories", "issue", "severity", "stream", "author_batch", "pair", "part",
    ]  # fmt: skip
    assert corpus["id"].is_unique
    assert set(corpus["part"]) == {"train", "validation", "test"}
    assert corpus.groupby("author_batch")["part"].nunique().max() == 1


def test_clauses_can_be_left_out(corpus: pd.DataFrame) -> None:
    messages = load_corpus(clauses=False)
    assert len(messages) == (corpus["stream"] != "clauses").sum()
    assert messages["severity"].notna().all()


def test_a_folder_without_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \*\.jsonl"):
        load_corpus(tmp_path)


def test_an_author_batch_without_a_part_is_refused(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    lines(tmp_path / "corpus" / "plain.jsonl", GOOD | {"id": "1", "stream": "plain", "author_batch": "x", "pair": None})
    (tmp_path / "split.json").write_text("{}")
    with pytest.raises(LabelError, match="author batch without a part"):
        load_corpus(tmp_path / "corpus")


def test_labels_come_from_json_lines_and_from_csv(tmp_path: Path) -> None:
    from_lines = load_labels(lines(tmp_path / "a.jsonl", GOOD))
    table = tmp_path / "a.csv"
    table.write_text(
        "text,primary,categories,issue,severity\n系统崩了,technical,technical process,function_failure,high\n",
        "utf-8-sig",
    )
    pd.testing.assert_frame_equal(from_lines, load_labels(table))


def test_only_text_and_primary_are_required(tmp_path: Path) -> None:
    frame = load_labels(lines(tmp_path / "a.jsonl", {"text": "系统崩了", "primary": "technical"}))
    assert frame.loc[0, "categories"] == ["technical"]
    assert frame.loc[0, "issue"] is None


WRONG = [
    ({"primary": "tecnical"}, "Did you mean 'technical'"),
    ({"primary": "none"}, "contradict"),
    ({"categories": ["process"]}, "contradict"),
    ({"categories": ["technical", "none"]}, "unknown label: 'none'"),
    ({"issue": "slow"}, "unknown label: 'slow'"),
    ({"issue": "procedure"}, "belongs to process"),
    ({"severity": "urgent"}, "unknown label: 'urgent'"),
    ({"text": None}, "'text' is missing"),
    ({"primary": 3}, "'primary' is missing"),
]


@pytest.mark.parametrize(("change", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_label_is_named_with_its_row(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = lines(tmp_path / "labels.jsonl", GOOD, GOOD | change)
    with pytest.raises(InputError, match=message) as caught:
        load_labels(path)
    assert "row 2" in str(caught.value)


def test_broken_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load_labels(tmp_path / "nowhere.jsonl")
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(InputError, match="no rows"):
        load_labels(tmp_path / "empty.jsonl")
    (tmp_path / "bad.jsonl").write_text('{"text": ')
    with pytest.raises(InputError, match="line 1"):
        load_labels(tmp_path / "bad.jsonl")
