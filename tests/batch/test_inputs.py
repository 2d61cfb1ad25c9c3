"""Several exports of one shape are one run; each row keeps its file and number."""

import pytest

from tests.batch.standin import Keywords
from triage.batch import score_file
from triage.errors import InputError


def stop_at(rows):
    def progress(state):
        if state.rows >= rows:
            raise KeyboardInterrupt

    return progress


def written(path, rows):
    path.write_text("工单号,描述\n" + "".join(f"{n},第{n}次崩了\n" for n in rows), "utf-8")


def test_several_files_into_one(tmp_path, table):
    for name, rows in [("b", range(10, 25)), ("a", range(10)), ("c", [*range(25, 28)])]:
        written(tmp_path / f"{name}.csv", rows)
    (tmp_path / "c.csv").write_bytes((tmp_path / "c.csv").read_bytes() + b"28,\n")
    out = tmp_path / "out"
    out.mkdir()
    summary = score_file(tmp_path / "*.csv", out / "all.csv", Keywords(), block_size=4)
    assert [row["工单号"] for row in table(out / "all.csv")] == [str(n) for n in range(29)]
    assert summary.rows == 29
    assert summary.detected[0] == "3 files"
    (problem,) = table(out / "all.problems.csv")
    assert (problem["file"], problem["row"], problem["code"]) == ("c.csv", "5", "empty_text")
    with pytest.raises(KeyboardInterrupt):  # in the middle of the second file
        score_file(tmp_path / "*.csv", out / "two.csv", Keywords(), block_size=4, progress=stop_at(18))
    score_file(tmp_path / "*.csv", out / "two.csv", Keywords(), block_size=4, resume=True)
    assert (out / "two.csv").read_bytes() == (out / "all.csv").read_bytes()


def test_several_files_with_other_columns_are_refused(tmp_path, triager):
    written(tmp_path / "a.csv", [1])
    (tmp_path / "b.csv").write_text("编号,描述\n1,崩了\n", "utf-8")
    with pytest.raises(InputError, match=r"the columns of b\.csv .* a\.csv: 编号 too many, 工单号 missing"):
        score_file([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "out.csv", triager)
    with pytest.raises(InputError, match="no file matches"):
        score_file(tmp_path / "none-*.csv", tmp_path / "out.csv", triager)
    with pytest.raises(InputError, match="nothing to read"):
        score_file([], tmp_path / "out.csv", triager)
