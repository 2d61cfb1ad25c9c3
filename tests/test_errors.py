import pytest

from triage.errors import ColumnError, InputError, OutputError, PolicyError, TriageError


def test_a_message_names_value_place_options_and_cure() -> None:
    error = InputError(
        "unknown unit", value="werktag", where="owners.toml, key due", options=["workday", "hour"], cure="See docs."
    )
    assert str(error) == "unknown unit: 'werktag' (owners.toml, key due). Valid: workday, hour. See docs."


def test_the_nearest_option_is_offered() -> None:
    error = TriageError("unknown severity", value="hihg", options=["low", "high"])
    assert error.nearest == "high"
    assert "Did you mean 'high'?" in str(error)


def test_nothing_alike_is_not_offered() -> None:
    assert TriageError("unknown", value="zzz", options=["low"]).nearest is None


@pytest.mark.parametrize("value", ["x" * 1000, b"\xff" * 500, "\ud800"])
def test_any_value_is_shown_short_and_printable(value: object) -> None:
    message = str(TriageError("bad", value=value))
    assert len(message) < 120
    message.encode("utf-8")


def test_a_policy_error_lists_every_problem() -> None:
    error = PolicyError(["a.toml: x", "b.toml: y"], where="conf")
    assert error.problems == ("a.toml: x", "b.toml: y")
    assert "a.toml: x" in str(error)
    assert "b.toml: y" in str(error)


@pytest.mark.parametrize(("child", "builtin"), [(ColumnError, ValueError), (OutputError, OSError)])
def test_errors_are_also_what_python_calls_them(child: type[Exception], builtin: type[Exception]) -> None:
    assert issubclass(child, builtin)
    assert issubclass(child, TriageError)
