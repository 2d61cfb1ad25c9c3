"""Tables spoiled in every way of a public benchmark are read without being told how."""

import collections

import pytest

from tests.tickets.pollution import TABLE, pollutions, score
from triage.tickets import read_tickets
from triage.tickets.delimited import DelimitedFile
from triage.tickets.headings import headings
from triage.tickets.source import open_source

SPOILED = list(pollutions())


def rating(path, text, header, rows):
    path.write_bytes(text.encode())
    file = DelimitedFile(open_source(path))
    marked = headings(file.rows(), file.layout.header, file.sample[: file.layout.first])
    found = [cells for _, cells, fault in marked if fault is None]
    return score(header, rows, file.layout.header, found)


def test_the_mean_over_all_files(tmp_path):
    kinds = collections.defaultdict(list)
    for name, *case in SPOILED:
        kinds[name.rstrip("0123456789 ")].append(rating(tmp_path / "any.csv", *case))
    means = {kind: sum(ratings) / len(ratings) for kind, ratings in kinds.items()}
    assert sum(means.values()) / len(means) > 9.98
    assert min(means.values()) > 9.8, means


ONCE = [case for case in SPOILED if not case[0][-1].isdecimal() and case[0] != "no escape"]


@pytest.mark.parametrize("case", ONCE, ids=[case[0] for case in ONCE])
def test_a_dialect_is_read_without_loss(case, tmp_path):
    assert rating(tmp_path / "any.csv", *case[1:]) == pytest.approx(10)


@pytest.mark.parametrize("kind", ["less", "more", "row by space"])
def test_a_ragged_row_is_reported_and_spoils_no_other(kind, tmp_path):
    for name, text, *_ in SPOILED:
        if not name.startswith(kind) or name == "more":
            continue
        path = tmp_path / "any.csv"
        path.write_bytes(text.encode())
        (block,) = read_tickets(path)
        row = int(name.removeprefix(kind).split()[0])
        assert [problem.row for problem in block.problems] == [row + 1], name
        assert [ticket.id for ticket in block.tickets] == [cells[0] for cells in TABLE if cells is not TABLE[row - 1]]
