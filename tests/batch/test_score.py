"""A file in, the same file with answers out; whatever is wrong with it is said and nothing is lost."""

import csv
import json

import pytest

from triage.batch import score_file
from triage.errors import ColumnError, EncodingError, InputError, OutputError
from triage.tickets.outcome_cells import COLUMNS

GOOD = "工单号,投诉时间,投诉内容\n1,2026/9/21 08:00,系统又崩了\n2,2026/9/21 09:00,打电话没人接，再这样找律师\n"


def written(tmp_path, text, name="in.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_good_file(tmp_path, triager, table):
    source = written(tmp_path, GOOD, encoding="gb18030")
    summary = score_file(source, tmp_path / "out.csv", triager)
    rows = table(tmp_path / "out.csv")
    assert list(rows[0]) == ["工单号", "投诉时间", "投诉内容", *COLUMNS]
    assert [row["triage_category"] for row in rows] == ["technical", "communication"]
    assert rows[0]["triage_first_response_due"] == "2026-09-22 08:00+08:00"
    assert rows[0]["triage_investigation_due"] == "2026-09-23 08:00+08:00"
    assert rows[0]["triage_evidence"] == "崩 (+1.25)"
    assert rows[1]["triage_signals"] == "legal_threat"
    assert rows[1]["triage_severity"] == "critical"
    assert (summary.rows, summary.scored, summary.problems) == (2, 2, {})
    assert summary.categories == {"technical": 1, "communication": 1}
    assert summary.problems_file is None
    assert any("GB18030" in fact for fact in summary.detected)
    assert json.dumps(summary.to_dict(), ensure_ascii=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_chinese_labels(tmp_path, triager, table):
    score_file(written(tmp_path, GOOD), tmp_path / "out.csv", triager, labels="zh")
    row = table(tmp_path / "out.csv")[0]
    assert (row["triage_category"], row["triage_issue"], row["triage_severity"]) == ("技术类", "功能无法实现", "中")
    assert row["triage_categories"] == "技术类 0.9000"


def test_the_output_opens_in_chinese_excel(tmp_path, triager):
    score_file(written(tmp_path, GOOD), tmp_path / "out.csv", triager)
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_problem_rows_stay_and_are_listed(tmp_path, triager, table):
    text = (
        "工单号,创建时间,描述\n1,2026-09-21,崩了\n2,2026-09-21\n3,2026-09-21,甲,乙\n4,2026-09-21,\n5,2026-09-21,NaN\n"
        "6,不久前,态度差\n7,2026-09-21,请失败\n8,2026-09-21,　 \n"
    )
    summary = score_file(written(tmp_path, text), tmp_path / "out.csv", triager)
    rows = table(tmp_path / "out.csv")
    assert [row["工单号"] for row in rows] == list("12345678")
    assert [bool(row["triage_category"]) for row in rows] == [True, *[False] * 4, True, False, False]
    problems = table(tmp_path / "out.problems.csv")
    assert [(row["row"], row["code"]) for row in problems] == [
        ("3", "too_few_cells"),
        ("4", "too_many_cells"),
        ("5", "empty_text"),
        ("6", "empty_text"),
        ("7", "unreadable_time"),
        ("8", "not_scored"),
        ("9", "empty_text"),
    ]
    assert problems[1]["raw"] == "3,2026-09-21,甲,乙"  # the cell that had no column is not lost
    assert [problems[at]["raw"] for at in (0, 2, 4, 5)] == [
        "2,2026-09-21",
        "4,2026-09-21,",
        "6,不久前,态度差",
        "7,2026-09-21,请失败",
    ]
    assert summary.problems_file == tmp_path / "out.problems.csv"
    assert summary.problems["empty_text"] == 3
    assert (summary.rows, summary.scored) == (8, 2)


def test_a_triager_that_fails_on_everything_is_an_error(tmp_path):
    class Broken:
        def triage_many(self, _):
            raise RuntimeError("no model")

    with pytest.raises(RuntimeError, match="no model"):
        score_file(written(tmp_path, GOOD), tmp_path / "out.csv", Broken())
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


BAD_INPUT = {
    "empty file": (b"", InputError, "empty"),
    "white space": (b" \r\n\r\n  \n", InputError, "white space"),
    "no header": ("1,2026/9/21,系统又崩了\n2,2026/9/22,没人管\n".encode(), ColumnError, "no header row"),
    "unknown encoding": (bytes(range(128, 256)) * 40, EncodingError, "tried UTF-8 .*GB18030.*Big5.*--encoding"),
    "damaged encoding": (
        ("投诉内容\n" + "系统又崩了\n" * 50).encode() + b"\xff\n",
        EncodingError,
        r"line 52.*--encoding",
    ),
    "no text column": ("编号,状态\n1,已关闭\n2,已关闭\n".encode(), ColumnError, "Valid: 编号, 状态"),
    "ambiguous text column": (
        "投诉内容,投诉描述\n崩了又崩了,还是没有人来管\n慢,这个系统一直转圈打不开\n".encode(),
        ColumnError,
        "likeliest is '投诉描述'",
    ),
    "workbook": (b"PK\x03\x04nothing", InputError, "workbook cannot be read"),
    "pdf": (b"%PDF-1.7 ...", InputError, "PDF.*Export the tickets as CSV"),
    "web page": ("<html><table><tr><td>投诉内容</td></tr></table></html>".encode(), InputError, "web page"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_refused_and_leaves_nothing(case, tmp_path, triager):
    content, error, message = BAD_INPUT[case]
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    with pytest.raises(error, match=f"(?s){message}"):
        score_file(source, tmp_path / "out.csv", triager)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
    assert triager.calls == []


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("missing/out.csv", "no such folder"),
        ("folder.csv", "a folder of that name"),
        ("in.csv/out.csv", "no such folder"),
        ("in.csv", "the output is the input"),
        ("out.docx", r"Valid: \.csv"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_any_work(output, message, tmp_path, triager):
    source = written(tmp_path, GOOD)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(OutputError, match=message):
        score_file(source, tmp_path / output, triager)
    assert triager.calls == []
    assert source.read_text("utf-8") == GOOD
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.csv", "in.csv"]


def test_a_failure_in_the_middle_leaves_the_older_result(tmp_path, triager):
    source = written(tmp_path, GOOD)
    (tmp_path / "out.csv").write_text("older")

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_file(source, tmp_path / "out.csv", triager, progress=stop)
    assert (tmp_path / "out.csv").read_text() == "older"
    hidden = {".out.csv.partial", ".out.problems.csv.partial", ".out.csv.journal"}  # to go on with
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", "out.csv", *hidden}
    score_file(source, tmp_path / "out.csv", triager)
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", "out.csv"}


def test_an_old_problem_list_does_not_survive_a_clean_run(tmp_path, triager):
    (tmp_path / "out.problems.csv").write_text("old")
    score_file(written(tmp_path, GOOD), tmp_path / "out.csv", triager)
    assert not (tmp_path / "out.problems.csv").exists()


def test_limit_and_progress(tmp_path, triager, table):
    text = "描述\n" + "".join(f"第{number}次崩了\n" for number in range(25))
    seen = []
    summary = score_file(
        written(tmp_path, text), tmp_path / "out.csv", triager, limit=17, block_size=5, progress=seen.append
    )
    assert summary.rows == len(table(tmp_path / "out.csv")) == 17
    assert [step.rows for step in seen] == [5, 10, 15, 17]
    assert triager.calls == [5, 5, 5, 2]
    assert seen[-1].rate > 0


@pytest.mark.parametrize(("limit", "expected"), [(None, 5000), (1200, 1200)])
def test_about_how_many_rows_come_is_told_by_the_first(limit, expected, tmp_path, triager, monkeypatch):
    foreseen = []
    monkeypatch.setattr("triage.batch.workers.choice.expect", foreseen.append)
    text = "描述\n" + "".join(f"第{number}次崩了{'，请马上处理' * 20}\n" for number in range(1000, 6000))
    score_file(written(tmp_path, text), tmp_path / "out.csv", triager, limit=limit)
    assert foreseen == [pytest.approx(expected, rel=0.1)]


def test_dangerous_cells_are_made_harmless_and_can_be_left(tmp_path, triager):
    source = written(tmp_path, '描述,备注\n@客服 没人管,"=HYPERLINK(""http://x"")"\n')
    for guarded, start in ((True, "'"), (False, "")):
        score_file(source, tmp_path / "out.csv", triager, guarded=guarded)
        with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
            row = list(csv.reader(stream))[1]
        assert row[:2] == [f"{start}@客服 没人管", f'{start}=HYPERLINK("http://x")']


def test_scoring_a_scored_file_changes_nothing(tmp_path, triager):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    score_file(written(tmp_path, "描述,备注\n@客服 没人管,'=1\n系统崩了,-\n"), first, triager)
    summary = score_file(first, second, triager)
    assert second.read_bytes() == first.read_bytes()
    assert any("scored before" in fact for fact in summary.detected)


def test_tab_separated_output(tmp_path, triager):
    score_file(written(tmp_path, GOOD), tmp_path / "out.tsv", triager, output_encoding="gb18030")
    assert (tmp_path / "out.tsv").read_text("gb18030").startswith("工单号\t投诉时间\t投诉内容\ttriage_category\t")
