"""Adding to a scored file adds what it does not have, and nothing twice."""

import pytest

from triage.batch import score_file
from triage.errors import OutputError


@pytest.fixture
def write(tmp_path):
    def export(name, numbers, header="工单号,描述", cell="第{}次崩了"):
        path = tmp_path / name
        path.write_text(header + "\n" + "".join(f"{n},{cell.format(n)}\n" for n in numbers), "utf-8")
        return path

    return export


def test_new_tickets_are_added(write, tmp_path, triager, table):
    output = tmp_path / "out.csv"
    first = score_file(write("a.csv", range(5)), output, triager, append=True)
    before = output.read_bytes()
    second = score_file(write("b.csv", range(3, 9)), output, triager, append=True, block_size=2)
    assert (first.rows, first.known, second.rows, second.known) == (5, 0, 4, 2)
    assert output.read_bytes().startswith(before)
    assert [row["工单号"] for row in table(output)] == [str(number) for number in range(9)]
    assert output.read_bytes().count(b"\xef\xbb\xbf") == 1
    again = score_file(tmp_path / "b.csv", output, triager, append=True)
    assert (again.rows, again.known) == (0, 6)


def test_tickets_without_numbers_are_told_by_their_cells(write, tmp_path, triager, table):
    output = tmp_path / "out.csv"
    for name in ("a.csv", "b.csv"):
        path = write(name, [1, 2], header="渠道,描述", cell="@客服{}没人管")
        summary = score_file(path, output, triager, append=True)
    assert summary.known == 2
    assert len(table(output)) == 2


def test_other_columns_are_refused(write, tmp_path, triager):
    output = tmp_path / "out.csv"
    score_file(write("a.csv", [1]), output, triager)
    before = output.read_bytes()
    with pytest.raises(OutputError, match="other columns: 工单号 too many, 编号 missing"):
        score_file(write("b.csv", [2], header="编号,描述"), output, triager, append=True)
    assert output.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv", "out.csv"]


def test_an_interrupted_addition_is_resumed(write, tmp_path, triager):
    score_file(write("a.csv", range(20)), tmp_path / "whole.csv", triager)
    score_file(write("b.csv", range(10, 60)), tmp_path / "whole.csv", triager, append=True)
    output = tmp_path / "out.csv"
    score_file(tmp_path / "a.csv", output, triager)

    def stop(progress):
        if progress.rows == 15:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_file(tmp_path / "b.csv", output, triager, append=True, progress=stop, block_size=5)
    summary = score_file(tmp_path / "b.csv", output, triager, append=True, resume=True, block_size=5)
    assert (summary.rows, summary.known) == (40, 10)
    assert output.read_bytes() == (tmp_path / "whole.csv").read_bytes()
