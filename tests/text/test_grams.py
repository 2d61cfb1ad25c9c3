"""The table of runs holds what a dictionary would, and nothing else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from triage.text.grams import Grams
from triage.text.trie import code_points

CHARACTERS = "系统崩了𠀀\n "


@given(st.sets(st.text("系统崩了𠀀", min_size=2, max_size=4)), st.text(CHARACTERS, max_size=30))
def test_finds_what_a_dictionary_finds(known: set[str], text: str) -> None:
    runs = {run: 3 * at for at, run in enumerate(sorted(known))}
    sizes, columns = np.array([len(run) for run in runs], dtype=np.int64), np.array([*runs.values()], dtype=np.int64)
    found = Grams.of(code_points("".join(runs)), np.cumsum(sizes) - sizes, sizes, columns).find(code_points(text))
    pieces = [(at, text[at : at + size], size) for size in (2, 3, 4) for at in range(len(text) - size + 1)]
    expected = sorted((at, runs[piece], size) for at, piece, size in pieces if piece in runs)
    assert sorted(zip(*(each.tolist() for each in found), strict=True)) == expected


def test_a_full_table_loses_nothing() -> None:
    every = [first + second for first in map(chr, range(0x4E00, 0x4F00)) for second in map(chr, range(0x5000, 0x5080))]
    columns = np.arange(len(every))
    grams = Grams.of(code_points("".join(every)), 2 * columns, np.full(len(every), 2), columns)
    _, columns, _ = grams.find(code_points("\n".join(every)))
    assert sorted(columns.tolist()) == list(range(len(every)))


@given(st.sets(st.text("系统崩了𠀀", min_size=2, max_size=4), min_size=1), st.text(CHARACTERS, max_size=30))
def test_what_runs_begin_with_is_found_and_has_no_column(known: set[str], text: str) -> None:
    sizes, columns = np.array([len(run) for run in known]), np.arange(len(known))
    grams = Grams.of(code_points("".join(known)), np.cumsum(sizes) - sizes, sizes, columns)
    places, found, lengths = (each.tolist() for each in grams.with_beginnings().find(code_points(text)))
    everything = sorted(zip(places, found, lengths, strict=True))
    plain = sorted(zip(*(each.tolist() for each in grams.find(code_points(text))), strict=True))
    assert [each for each in everything if each[1] >= 0] == plain
    beginnings = {run[:size] for run in known for size in range(2, len(run))} - known
    assert {text[at : at + size] for at, column, size in everything if column < 0} == {
        piece for piece in beginnings if piece in text
    }
