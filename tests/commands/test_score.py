"""``triage score``: what it prints, what it exits with, and where its files appear."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from triage.cli import cli

HEADER = "工单号,客户,投诉内容\n"


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["score", *map(str, arguments)], input=stdin)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines(keepends=True)))


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.csv").write_text(HEADER + "1,甲,系统一打开就闪退\n2,甲,\n共 2 条\n", "gb18030")
    (folder / "b.csv").write_text(HEADER.replace(",", ";") + "3;乙;客服骂人，态度恶劣\n", "utf-8")
    return folder


def test_a_pattern_makes_one_output(exports: Path, tmp_path: Path) -> None:
    result = run(exports / "*.csv", "-o", tmp_path / "all.csv")
    assert result.exit_code == 1, result.output
    assert [row["工单号"] for row in rows(tmp_path / "all.csv")] == ["1", "2", "共 2 条", "3"]
    for said in ("2 files", "a.csv: encoding: GB18030", "4 rows, 2 scored", "technical 1", "attitude 1"):
        assert said in result.output
    for said in ("decisions: ", "empty_text 1", "footnote 1", "rows/s", "all.problems.csv"):
        assert said in result.output
    listed = rows(tmp_path / "all.problems.csv")
    assert [(row["file"], row["row"], row["raw"]) for row in listed] == [
        ("a.csv", "3", "2,甲,"),
        ("a.csv", "4", "共 2 条"),
    ]


def test_a_folder_gets_a_file_each(exports: Path, tmp_path: Path) -> None:
    (exports / "c.csv").write_bytes(b"")
    result = run(exports / "*.csv", "-o", f"{tmp_path / 'out'}/", "--to", "ndjson", "--lang", "zh")
    assert result.exit_code == 3
    assert "c.csv: the file is empty" in result.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "a-triaged.ndjson",
        "a-triaged.problems.csv",
        "b-triaged.ndjson",
    ]
    line = json.loads((tmp_path / "out" / "b-triaged.ndjson").read_text("utf-8"))
    assert (line["工单号"], line["triage_category"]) == ("3", "态度类")


def test_outputs_beside_their_inputs_are_not_inputs_of_the_next_run(exports: Path) -> None:
    for _ in range(2):
        assert run(exports / "*.csv").exit_code == 1
    names = ["a-triaged.csv", "a-triaged.problems.csv", "a.csv", "b-triaged.csv", "b.csv"]
    assert sorted(path.name for path in exports.iterdir()) == names


def test_two_exports_of_one_name(exports: Path) -> None:
    (exports / "a.ndjson").write_text('{"text": "崩了"}\n', "utf-8")
    result = run(exports / "a.*")
    assert result.exit_code == 3
    assert "two exports would be scored into one file" in result.output


def test_limit(exports: Path, tmp_path: Path) -> None:
    assert run(exports / "a.csv", "-o", tmp_path / "out.csv", "--limit", 1).exit_code == 0
    assert len(rows(tmp_path / "out.csv")) == 1
    assert run(exports / "a.csv", "--limit", 0).exit_code == 2


def test_evidence_is_optional_and_nothing_else_changes(exports: Path, tmp_path: Path) -> None:
    run(exports / "b.csv", "-o", tmp_path / "with.csv")
    run(exports / "b.csv", "-o", tmp_path / "without.csv", "--evidence", 0)
    [with_words], [without] = rows(tmp_path / "with.csv"), rows(tmp_path / "without.csv")
    assert "态度" in with_words.pop("triage_evidence")
    assert without.pop("triage_evidence") == ""
    dated = ("triage_first_response_due", "triage_investigation_due", "triage_reply")  # by the clock of each run
    assert [with_words[name] for name in with_words if name not in dated] == [
        without[name] for name in without if name not in dated
    ]


def test_no_header(tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_text("1,系统一打开就闪退\n2,客服骂人，态度恶劣\n", "utf-8")
    result = run(tmp_path / "bare.csv")
    assert result.exit_code == 3
    assert "--no-header --text-column 1" in result.output
    assert run(tmp_path / "bare.csv", "--no-header", "--text-column", "2").exit_code == 0
    scored = rows(tmp_path / "bare-triaged.csv")
    assert [row["column_1"] for row in scored] == ["1", "2"]
    assert scored[1]["triage_category"] == "attitude"


def test_quiet_says_errors_only(exports: Path, tmp_path: Path) -> None:
    result = run(exports / "a.csv", "-q", "-o", tmp_path / "out.csv")
    assert (result.exit_code, result.output) == (1, "")
    assert (tmp_path / "out.problems.csv").exists()
    result = run(exports / "none.csv", "-q")
    assert result.exit_code == 3
    assert "no such file" in result.output


def test_a_dry_run_shows_every_file_and_five_outcomes(exports: Path) -> None:
    (exports / "b.csv").write_text(HEADER + "".join(f"{n},乙,第{n}次打不开\n" for n in range(1, 9)), "utf-8")
    before = sorted(exports.iterdir())
    result = run(exports / "*.csv", "--dry-run")
    assert result.exit_code == 0, result.output
    for said in ("GB18030", "delimiter comma", "text from '投诉内容'", "第1次", "第5次", "nothing was written"):
        assert said in result.output
    assert "第6次" not in result.output
    assert sorted(exports.iterdir()) == before


def test_standard_input_needs_a_name_for_its_output(tmp_path: Path) -> None:
    content = (HEADER + "1,甲,系统一打开就闪退\n").encode("gbk")
    assert "standard input has no name" in run("-", stdin=content).output
    assert run("-", "-o", tmp_path / "out.parquet", stdin=content).exit_code == 0
    assert (tmp_path / "out.parquet").read_bytes().startswith(b"PAR1")


def test_the_cluster_takes_no_options_that_it_cannot_heed(exports: Path) -> None:
    result = run(exports / "*.csv", "--dask", "tcp://127.0.0.1:1", "--sheet", "一", "--limit", 3)
    assert result.exit_code == 2
    assert "--limit, --sheet: not with --dask" in result.output
    result = run(exports / "*.csv", "--dask", "tcp://127.0.0.1:1")
    assert result.exit_code == 3
    assert "name one: -o folder" in result.output.lower()


def test_progress_says_rate_and_time_left() -> None:
    from triage.batch.summary import Progress
    from triage.commands.options import _said

    assert _said(Progress(3000, 0.25, 30.0)) == "3,000 rows, 100/s, 1:30 left"
    assert _said(Progress(0, 0.0, 0.0)) == "0 rows, 0/s"
    assert _said(Progress(50, 0.5, 1.0, sealing=True)) == "writing the output: 50 rows, 50/s, 0:01 left"
