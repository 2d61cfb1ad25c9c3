"""Lines written a block at a time are those of the standard library, whatever stands in the cells."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.tickets.cells import guard
from triage.tickets.csv_lines import csv_lines

CELL = st.text(max_size=12) | st.text(st.sampled_from("'=@+-＝\"\r\n,;\t甲 \0\ud83d"), max_size=5)
ROWS = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=5))


@given(ROWS, st.sampled_from(",;\t|"), st.booleans())
def test_the_same_as_the_standard_library(rows, delimiter, guarded):
    stream = io.StringIO(newline="")
    written = [[guard(cell) for cell in row] for row in rows] if guarded else rows
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(written)
    assert csv_lines(rows, delimiter, guarded=guarded) == stream.getvalue()


def test_rows_of_different_length_are_refused():
    with pytest.raises(ValueError, match="argument 2 is longer"):
        csv_lines(["a", "bc"])
