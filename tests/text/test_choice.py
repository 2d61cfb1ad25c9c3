import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from triage.text.choice import WORTH, Choice, can_compile, kernel


@pytest.fixture
def undecided() -> Iterator[Choice]:
    can_compile.cache_clear()
    yield Choice()
    can_compile.cache_clear()


def test_without_numba_arrays_do_it(undecided: Choice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    undecided.count(1_000_000)
    assert not undecided.takes_compiled()


def test_few_texts_are_not_worth_it(undecided: Choice) -> None:
    pytest.importorskip("numba")
    undecided.count(WORTH - 1)
    assert not undecided.takes_compiled()
    undecided.count(1)
    assert undecided.takes_compiled()


def test_many_that_are_foreseen_are_worth_it_at_once(undecided: Choice) -> None:
    pytest.importorskip("numba")
    undecided.expect(WORTH - 1)
    assert not undecided.takes_compiled()
    undecided.expect(WORTH)
    assert undecided.takes_compiled()


def test_one_way_for_good(undecided: Choice) -> None:
    undecided.compiled = False
    undecided.count(1_000_000)
    assert not undecided.takes_compiled()


def test_without_a_folder_to_keep_it_in_arrays_do_it(undecided: Choice, monkeypatch: pytest.MonkeyPatch) -> None:
    caching = pytest.importorskip("numba.core.caching")
    monkeypatch.setattr(caching.CompileResultCacheImpl, "_locator_classes", [])
    monkeypatch.setattr(importlib, "import_module", lambda _: kernel(test_one_way_for_good))
    undecided.count(1_000_000)
    with pytest.warns(RuntimeWarning, match="fast.* is not used: cannot cache .* NUMBA_CACHE_DIR"):
        assert not undecided.takes_compiled()


def test_what_is_kept_is_stale_when_a_file_it_takes_functions_from_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    package = ModuleType("triage.text.of_this_test")
    monkeypatch.setitem(sys.modules, "triage.text.of_this_test", package)
    package.__file__ = str(tmp_path / "of_this_test.py")
    constants = ModuleType("triage.text.constants_of_this_test")
    monkeypatch.setitem(sys.modules, constants.__name__, constants)
    constants.__file__ = str(tmp_path / "constants.py")
    (tmp_path / "of_this_test.py").write_text(f"from {constants.__name__} import TWO\n", encoding="utf-8")

    def name(source: str) -> str:
        (tmp_path / "constants.py").write_text(source, encoding="utf-8")

        def double(number: int) -> int:
            return 2 * number

        double.__module__ = package.__name__
        return kernel(double).__qualname__

    assert name("TWO = 2\n") == name("TWO = 2\n") != name("TWO = 3\n")
