import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from triage import __version__
from triage.cli import cli

SAMPLE = """工单号,投诉时间,投诉内容
1,2026-11-20 17:30,系统一打开就闪退，单子都做不了
2,2026-11-20 18:00,
3,2026-11-21,请问发票抬头在哪里改？
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "投诉.csv"
    path.write_text(SAMPLE, "gb18030")
    return path


def test_version() -> None:
    assert run("--version").output == f"triage, version {__version__}\n"


def test_every_command_has_help() -> None:
    for name in [*cli.commands, *(f"policy {name}" for name in cli.commands["policy"].commands)]:  # type: ignore[attr-defined]
        result = run(*name.split(), "--help")
        assert result.exit_code == 0, name
        assert result.output.split("\n")[2].strip(), name


def test_text_shows_a_card() -> None:
    result = run("text", "系统一打开就闪退，单子都做不了")
    assert result.exit_code == 0
    for word in ("technical", "function_failure", "acknowledgement", "reply draft"):
        assert word in result.output


def test_text_speaks_chinese() -> None:
    result = run("text", "系统一打开就闪退，单子都做不了", "--lang", "zh")
    for word in ("技术类", "功能无法实现", "回复草稿"):
        assert word in result.output


def test_text_gives_json() -> None:
    outcome = json.loads(run("text", "客服态度恶劣，骂人", "--json").output)
    assert outcome["assessment"]["category"] == "attitude"
    assert outcome["plan"]["steps"]


def test_score_writes_all_columns_and_lists_problems(export: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    result = run("score", str(export), "-o", str(output))
    assert result.exit_code == 1, result.output
    rows = list(csv.DictReader(output.read_text("utf-8-sig").splitlines(keepends=True)))
    assert [row["工单号"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["triage_category"] == "technical"
    assert rows[0]["triage_first_response_due"] > "2026-11-20 17:30"
    assert rows[1]["triage_category"] == ""
    assert "empty_text" in (tmp_path / "out.problems.csv").read_text("utf-8-sig")
    assert "empty_text 1" in result.output


def test_score_names_its_output_after_the_input(export: Path) -> None:
    run("score", str(export))
    assert export.with_name("投诉-triaged.csv").is_file()


def test_a_dry_run_writes_nothing(export: Path) -> None:
    result = run("score", str(export), "--dry-run")
    assert result.exit_code == 0
    assert "GB18030" in result.output
    assert [path.name for path in export.parent.iterdir()] == [export.name]


REFUSED = [
    (["score", "nowhere.csv"], "nowhere.csv"),
    (["text", "崩了", "--model", "nowhere"], "no model folder"),
    (["text", "崩了", "--policy", "nowhere"], "nowhere"),
    (["text", "崩了", "--target-precision", "2"], "between 0 and 1"),
    (["evaluate", "nowhere.jsonl"], "no such file"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[" ".join(a) for a, _ in REFUSED])
def test_what_cannot_be_used_exits_with_3_and_says_why(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 3
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_wrong_command_line_exits_with_2() -> None:
    assert run("score").exit_code == 2
    assert run("text", "崩了", "--lang", "fr").exit_code == 2


def test_evaluate_prints_every_measure(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    rows = [("系统一直闪退", "technical"), ("客服骂人，态度恶劣", "attitude"), ("谢谢，已经好了", "none")] * 4
    labels.write_text("\n".join(json.dumps({"text": t, "primary": p}, ensure_ascii=False) for t, p in rows), "utf-8")
    result = run("evaluate", str(labels))
    assert result.exit_code == 0, result.output
    for word in ("macro-F1", "confusion", "calibration", "automate", "not labelled"):
        assert word in result.output
    report = json.loads(run("evaluate", str(labels), "--json").output)
    assert report["n"] == 12


def test_formats_are_listed() -> None:
    assert "zendesk" in run("formats").output


def own_labels(folder: Path) -> Path:
    path = folder / "mine.csv"
    said = [("的系统打不开了", "technical"), ("没人回我电话", "communication"), ("谢谢，已经好了", "none")] * 6
    path.write_text("text,primary\n" + "".join(f"{at}号{t},{p}\n" for at, (t, p) in enumerate(said)), "utf-8")
    return path


def test_train_learns_labels_of_ones_own(tmp_path: Path) -> None:
    labels, folder = own_labels(tmp_path), tmp_path / "model"
    result = run("train", "--extra", str(labels), "-o", str(folder))
    assert result.exit_code == 0, result.output
    for word in ("before", "after", "technical: F1", "learning curve", "Twice as many labels"):
        assert word in result.output
    assert "18 labelled messages" in (folder / "README.md").read_text("utf-8")
    assert run("text", "系统打不开了", "--model", str(folder)).exit_code == 0
    again = run("train", "--extra", str(labels), "--model", str(folder), "-o", str(tmp_path / "again"))
    assert again.exit_code == 3
    assert "give all labelled files together" in again.output
    assert not (tmp_path / "again").exists()


def test_train_refuses_a_start_without_labels_to_learn(tmp_path: Path) -> None:
    assert run("train", "--model", str(tmp_path), "-o", str(tmp_path / "model")).exit_code == 2


def test_a_wrong_label_of_ones_own_writes_nothing(tmp_path: Path) -> None:
    labels = tmp_path / "mine.csv"
    labels.write_text("text,primary\n打不开,techncal\n", "utf-8")
    result = run("train", "--extra", str(labels), "-o", str(tmp_path / "model"))
    assert result.exit_code == 3
    assert "Did you mean 'technical'?" in result.output
    assert not (tmp_path / "model").exists()


def test_suggest_writes_a_table_to_fill_in(export: Path) -> None:
    result = run("suggest", str(export), "-n", "5")
    assert result.exit_code == 1  # one row of the export has no text
    target = export.with_name("投诉-labels.csv")
    rows = list(csv.DictReader(target.read_text("utf-8-sig").splitlines()))
    assert {row["triage_ticket"] for row in rows} == {"1", "3"}
    assert "no readable text: 1" in result.output


def test_audit_lists_doubts(tmp_path: Path) -> None:
    labels = own_labels(tmp_path)
    labels.write_text(labels.read_text("utf-8") + "系统一打开就闪退,attitude\n", "utf-8")
    assert "labels doubted" in run("audit", str(labels)).output
    doubts = json.loads(run("audit", str(labels), "--json").output)
    assert (doubts[0]["row"], doubts[0]["given"]) == (20, "attitude")
