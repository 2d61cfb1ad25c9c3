"""Lines written a block at a time are those of the standard library, whatever stands in the cells."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.tickets.cells import guard
from triage.tickets.csv_lines import LineForm, csv_lines

CELL = st.text(max_size=12) | st.text(st.sampled_from("'=@+-＝\"\r\n,;\t甲 \0\ud83d"), max_size=5)
FEW = CELL | st.integers(10, 60).map(str)  # columns of many different cells, or of few that repeat
ROWS = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(FEW, min_size=width, max_size=width), max_size=20))


@given(ROWS, st.sampled_from(",;\t|"), st.booleans())
def test_the_same_as_the_standard_library(rows, delimiter, guarded):
    stream = io.StringIO(newline="")
    written = [[guard(cell) for cell in row] for row in rows] if guarded else rows
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(written)
    assert csv_lines(rows, delimiter, guarded=guarded) == stream.getvalue()


def test_rows_of_different_length_are_refused():
    with pytest.raises(ValueError, match="argument 2 is longer"):
        csv_lines(["a", "bc"])


@given(st.lists(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=3), min_size=1, max_size=4))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "gb18030", "big5hkscs"])
def test_lines_made_block_by_block_are_those_of_one_stream(encoding, blocks):
    form = LineForm(encoding=encoding)
    stream = io.BytesIO()
    text = io.TextIOWrapper(stream, encoding, errors="backslashreplace", newline="")
    for rows in blocks:
        text.write(csv_lines(rows, guarded=True))
    text.flush()
    first, *others = blocks
    made = form.lines(first, opening=True) + b"".join(map(form.lines, others))
    assert made == stream.getvalue() or not any(blocks)  # a mark alone is no difference
