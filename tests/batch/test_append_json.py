"""Adding to scored NDJSON: what is new, nothing twice, whole or not at all."""

import json

import pytest

from tests.batch.killing import Killed, killed_after
from triage.batch import score_file
from triage.errors import OutputError
from triage.tickets.outcome_cells import COLUMNS


def tickets(path, numbers, **more):
    lines = [json.dumps({"工单号": n, "描述": f"第{n}次崩了", "标签": ["急"] * (n % 2), **more}) for n in numbers]
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return path


def objects(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def sheet(path, numbers):
    path.write_text("工单号,描述\n" + "".join(f"{n},第{n}次崩了\n" for n in numbers), "utf-8")
    return path


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_new_tickets_are_added(kind, tmp_path, triager):
    write = tickets if kind == "json" else sheet
    output = tmp_path / "out.ndjson"
    first = score_file(write(tmp_path / f"a.{kind}", range(5)), output, triager, append=True)
    before = output.read_bytes()
    second = score_file(write(tmp_path / f"b.{kind}", range(3, 9)), output, triager, append=True, block_size=2)
    assert (first.rows, first.known, second.rows, second.known) == (5, 0, 4, 2)
    assert output.read_bytes().startswith(before)
    found = objects(output)
    assert [int(each["工单号"]) for each in found] == list(range(9))
    assert [each["描述"] for each in found] == [f"第{n}次崩了" for n in range(9)]
    assert all(set(COLUMNS) <= set(each) and each["triage_category"] == "technical" for each in found)
    if write is tickets:  # values keep their types, those of the tickets that are new
        assert [(each["工单号"], each["标签"]) for each in found] == [(n, ["急"] * (n % 2)) for n in range(9)]
    again = score_file(tmp_path / f"b.{kind}", output, triager, append=True)
    assert (again.rows, again.known) == (0, 6)
    assert objects(output) == found
    score_file(write(tmp_path / f"all.{kind}", range(9)), tmp_path / "whole.ndjson", triager)
    assert output.read_bytes() == (tmp_path / "whole.ndjson").read_bytes()


@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
def test_tickets_without_numbers_are_told_by_their_values(ending, tmp_path, triager):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("openpyxl" if ending == "xlsx" else "pyarrow")
    frame = pandas.DataFrame(
        {
            "描述": ["崩了", "没人管", "延期"],
            "到期": pandas.to_datetime(["2026-09-01 08:30:00", "2026-09-02 00:00:00", "2026-09-03 09:00:05"]),
            "人数": [3.0, 2.5, 1e20],
            "急": [True, False, True],
            "备注": [None, "007", ""],
        }
    )
    for name, part in [("a", frame[:2]), ("b", frame)]:
        path = tmp_path / f"{name}.{ending}"
        part.to_excel(path, index=False) if ending == "xlsx" else part.to_parquet(path, index=False)
        summary = score_file(path, tmp_path / "out.ndjson", triager, append=True)
    assert (summary.rows, summary.known) == (1, 2)
    assert [each["描述"] for each in objects(tmp_path / "out.ndjson")] == ["崩了", "没人管", "延期"]


def test_a_last_line_that_was_not_ended(tmp_path, triager, table):
    for name in ("out.ndjson", "out.csv"):
        output = tmp_path / name
        score_file(sheet(tmp_path / "a.csv", [1, 2]), output, triager)
        output.write_bytes(output.read_bytes().rstrip(b"\r\n"))
        score_file(sheet(tmp_path / "b.csv", [2, 3]), output, triager, append=True)
    assert [each["工单号"] for each in objects(tmp_path / "out.ndjson")] == ["1", "2", "3"]
    assert [row["工单号"] for row in table(tmp_path / "out.csv")] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text + '{"工单号": 9, "描', r"damaged: a line is not a JSON object: .*out.ndjson, line 4"),
        (lambda text: text.replace("\n", "\n[1]\n", 1), r"damaged.*line 2"),
        (lambda text: text.replace("工单号", "编号"), "other columns: 编号 too many, 工单号 missing"),
        (lambda text: text.replace('"triage_issue"', '"issue"', 1), "other columns: issue too many"),
        (lambda text: text.replace('"triage_owner"', '"owner"'), "other columns: owner too many"),
        (lambda text: "\n".join('{"工单号": 1, "描述": "崩了"}' for _ in text.split()), "triage_category.* missing"),
    ],
)
def test_a_file_that_cannot_be_added_to_stays_as_it_is(spoil, message, tmp_path, triager):
    output = tmp_path / "out.ndjson"
    score_file(tickets(tmp_path / "a.json", [1, 2, 3]), output, triager)
    output.write_text(spoil(output.read_text("utf-8")), "utf-8")
    before = output.read_bytes()
    with pytest.raises(OutputError, match=message):
        score_file(tickets(tmp_path / "b.json", [3, 4]), output, triager, append=True)
    assert output.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json", "out.ndjson"]


def test_a_file_of_no_tickets_can_be_added_to(tmp_path, triager):
    output = tmp_path / "out.ndjson"
    score_file(sheet(tmp_path / "a.csv", []), output, triager)
    assert output.read_bytes() == b""
    assert score_file(sheet(tmp_path / "b.csv", [1]), output, triager, append=True).rows == 1
    assert len(objects(output)) == 1


def test_stopped_at_any_change_of_a_file_and_resumed(tmp_path, triager, monkeypatch):
    old, new = tickets(tmp_path / "a.json", range(6)), tickets(tmp_path / "b.json", range(3, 14))
    whole = tmp_path / "whole.ndjson"
    for path in (old, new):
        score_file(path, whole, triager, append=True)
    folder = tmp_path / "stopped"
    folder.mkdir()
    output = folder / "out.ndjson"
    allowed, killed = 0, True
    while killed:
        for path in folder.iterdir():
            path.unlink()
        score_file(old, output, triager)
        with killed_after(allowed, folder, monkeypatch):
            try:
                score_file(new, output, triager, append=True, block_size=4)
                killed = False
            except Killed:
                allowed += 1
        assert len(objects(output)) in {6, 14}  # whole or not at all
        score_file(new, output, triager, append=True, resume=True, block_size=4)
        assert output.read_bytes() == whole.read_bytes(), allowed
        assert [path.name for path in folder.iterdir()] == ["out.ndjson"]
    assert allowed > 8


def test_a_base_that_changes_while_the_run_is_stopped_is_not_overwritten(tmp_path, triager):
    output = tmp_path / "out.ndjson"
    score_file(tickets(tmp_path / "a.json", range(4)), output, triager)
    new = tickets(tmp_path / "b.json", range(20))

    def stop(progress):
        if progress.rows >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_file(new, output, triager, append=True, progress=stop, block_size=2)
    output.write_bytes(output.read_bytes().replace("第1次".encode(), "第一次".encode()))
    before = output.read_bytes()
    with pytest.raises(OutputError, match=r"has changed since the run was stopped.*Run again without resuming"):
        score_file(new, output, triager, append=True, resume=True, block_size=2)
    assert output.read_bytes() == before
    assert score_file(new, output, triager, append=True).rows == 16


def test_packed_files_are_refused(tmp_path, triager):
    with pytest.raises(OutputError, match=r"plain \.csv, \.tsv and \.ndjson files only"):
        score_file(sheet(tmp_path / "a.csv", [1]), tmp_path / "out.ndjson.gz", triager, append=True)
