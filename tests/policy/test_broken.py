"""Deliberately broken policies, one for each kind of error, each with what must be said about it."""

from pathlib import Path

import pytest

from triage.errors import PolicyError
from triage.policy.load import check_policy, load_policy

BROKEN = sorted(folder for folder in (Path(__file__).parent / "broken").iterdir() if folder.is_dir())


@pytest.mark.parametrize("folder", BROKEN, ids=lambda folder: folder.name)
def test_a_broken_policy_is_refused_with_the_reason(folder):
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    message = str(caught.value)
    for expected in (folder / "expected.md").read_text("utf-8").splitlines():
        assert expected in message
    assert list(caught.value.problems) == check_policy(folder)


def test_everything_wrong_is_said_at_once():
    problems = check_policy(Path(__file__).parent / "broken" / "everything_at_once")
    assert len(problems) == 4


@pytest.mark.parametrize("path", ["/no/such/folder", __file__])
def test_what_is_no_folder_is_refused(path):
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(path)


def test_the_packaged_policy_holds():
    assert check_policy() == []
