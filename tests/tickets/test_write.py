"""A table appears whole or not at all, and reads back as it was."""

import csv
import errno

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.errors import OutputError
from triage.tickets import TableWriter
from triage.tickets.cells import unguard
from triage.tickets.write import check_target

ANY_CELL = st.text(st.characters(codec="utf-8"), max_size=20) | st.text(
    st.sampled_from("'=@+-\"\r\n,;\t甲 "), max_size=6
)


def read_back(path, encoding="utf-8-sig", delimiter=","):
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.reader(stream, delimiter=delimiter))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.lists(ANY_CELL, min_size=2, max_size=2), max_size=6))
def test_round_trip(rows, tmp_path):
    path = tmp_path / "out.csv"
    with TableWriter(path, ["甲", "乙"]) as table:
        table.write(rows)
    assert [[unguard(cell) for cell in row] for row in read_back(path)[1:]] == rows
    with TableWriter(path, ["甲", "乙"], guarded=False) as table:
        table.write(rows)
    assert read_back(path)[1:] == rows


def test_nothing_is_there_before_the_end(tmp_path):
    path = tmp_path / "out.csv"
    with TableWriter(path, ["甲"]) as table:
        table.write([["1"]])
        assert not path.exists()
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.csv"]


def test_an_error_leaves_the_older_file(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("older")
    with pytest.raises(ZeroDivisionError), TableWriter(path, ["甲"]) as table:
        table.write([str(1 // zero)] for zero in (1, 0))
    assert path.read_text() == "older"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.csv"]


def test_a_full_disk_is_an_output_error_and_leaves_nothing(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match="No space left"), TableWriter(tmp_path / "out.csv", ["甲"]):
        monkeypatch.setattr("os.fsync", full)
    assert list(tmp_path.iterdir()) == []


def test_encodings(tmp_path):
    path = tmp_path / "out.csv"
    with TableWriter(path, ["甲"], encoding="gb18030", delimiter=";") as table:
        table.write([["崩;了"]])
    assert read_back(path, "gb18030", ";") == [["甲"], ["崩;了"]]
    with pytest.raises(OutputError, match="unknown encoding: 'gbk3'"):
        TableWriter(path, ["甲"], encoding="gbk3")
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.csv"]


def test_half_a_character_from_json_is_written_as_its_escape(tmp_path):
    path = tmp_path / "out.csv"
    with TableWriter(path, ["甲"]) as table:
        table.write([["崩\ud83d了"]])
    assert read_back(path)[1] == ["崩\\ud83d了"]


def test_targets_that_cannot_be(tmp_path):
    with pytest.raises(OutputError, match="no such folder"):
        check_target(tmp_path / "none" / "out.csv")
    with pytest.raises(OutputError, match="there is a folder of that name"):
        check_target(tmp_path)


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(OutputError, match=r"cannot write into the folder \(Permission denied\)"):
        check_target(tmp_path / "out.csv")
