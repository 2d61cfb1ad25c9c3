"""Rows handed over as they stand, and read as tickets wherever they arrive."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from triage.records import RowProblem
from triage.tickets import read_tickets
from triage.tickets.chunks import Chunk, chunks_of

FAULT = RowProblem(3, "footnote", "a note below the table, not a ticket", "共 2 条")


def rows_of(*texts):
    return [(number, [text], FAULT if number == FAULT.row else None) for number, text in enumerate(texts, start=2)]


@given(st.lists(st.text(max_size=3), max_size=12), st.integers(1, 5))
def test_every_row_is_in_one_chunk(texts, most):
    rows = rows_of(*texts)
    chunks = list(chunks_of(rows, most, 7))
    again = [
        (number, cells, chunk.faults.get(number))
        for chunk in chunks
        for number, cells in zip(chunk.numbers, chunk.rows, strict=True)
    ]
    assert again == rows
    assert all(0 < len(chunk) <= most and chunk.file == 7 for chunk in chunks)


def test_long_rows_make_short_chunks():
    assert [len(chunk) for chunk in chunks_of(rows_of("慢", "崩" * 100_001, "慢"), 250)] == [2, 1]


def test_rows_taken_out_are_counted_and_faults_go_with_their_rows():
    chunk = Chunk([["甲"], ["乙"], ["丙"]], [2, 3, 4], {3: FAULT}, left_out=1, file=1)
    assert chunk.select([0, 2]) == Chunk([["甲"], ["丙"]], [2, 4], {}, left_out=2, file=1)
    assert chunk.select([1]) == Chunk([["乙"]], [3], {3: FAULT}, left_out=3, file=1)


def test_another_process_reads_the_same(tmp_path):
    path = tmp_path / "in.csv"
    header = "工单号,投诉时间,投诉内容,triage_category\n"
    lines = ["T1,2026/9/21,'=崩了,none", "T2,何时,崩了,none", "T3,,,", "T4,2026/9/22", "T5,null,又崩了,none,,"]
    path.write_text(header + "\n".join([*lines, "共 5 条"]), "utf-8")
    reader = read_tickets(path)
    for chunk in reader.chunks_of(reader.rows()):
        sent, there = pickle.loads(pickle.dumps((chunk, reader.row_reader)))  # noqa: S301
        block = there.read(sent)
        assert block == reader.row_reader.read(chunk)
        assert block.rows[0] == ["T1", "2026/9/21", "=崩了"]
        assert [problem.code for problem in block.problems] == [
            "unreadable_time",
            "empty_text",
            "too_few_cells",
            "footnote",
        ]
