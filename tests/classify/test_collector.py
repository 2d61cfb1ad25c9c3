"""A collector at rest still finds what is young, and now and then everything."""

import gc
import weakref

import pytest

from triage.classify.collector import _WHOLE, collect_young, collector_paused


class Cycle:
    def __init__(self):
        self.itself = self


@pytest.mark.parametrize(("turn", "old", "stays"), [(1, False, False), (1, True, True), (_WHOLE, True, False)])
def test_cycles_are_found(turn, old, stays):
    with collector_paused():
        cycle = Cycle()
        if old:
            gc.collect()
        left = weakref.ref(cycle)
        del cycle
        assert left() is not None
        collect_young(turn)
        assert (left() is not None) is stays
