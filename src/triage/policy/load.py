"""From a folder to a policy, or to the list of everything wrong with it. Nothing falls back."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from triage.errors import PolicyError, TriageError
from triage.policy.build import built
from triage.policy.files import Template, Tree, lay_over, read_folder
from triage.policy.model import Policy
from triage.policy.schema import FORMAT

__all__ = ["check_policy", "in_force", "load_policy", "packaged_folder"]


def load_policy(path: Path | str | None = None) -> Policy:
    """Load the packaged policy, or a folder that overlays it.

    Parameters
    ----------
    path : path, optional
        A folder holding only what differs from the packaged policy, and a ``policy.toml`` with a name and
        version of its own. None for the packaged policy.

    Returns
    -------
    policy : Policy
        Whole and checked.

    Raises
    ------
    PolicyError
        With every problem found: file, key, value and the nearest valid name.

    Examples
    --------
    >>> policy = load_policy()
    >>> policy.roles["tech_lead"].label
    '技术支持主管'
    """
    if path is None:
        return _packaged()
    policy, problems = _loaded(path)
    if policy is None or problems:
        raise PolicyError(problems, where=str(path))
    return policy


def check_policy(path: Path | str | None = None) -> list[str]:
    """Return everything wrong with a policy folder; an empty list when it holds.

    Beside what :func:`load_policy` refuses, every template is rendered for every case it can meet.
    The packaged policy is checked where `path` is None.
    """
    from triage.policy.trial import rendering_problems

    policy, problems = _loaded(path)
    if policy is None or problems:
        return problems
    return rendering_problems(policy)


def in_force(policies: Iterable[Policy], day: dt.date) -> Policy:
    """Return the policy that applied on a day: of those begun by then, the one begun last.

    Keep each version of a policy in a folder of its own, and a past ticket can be planned again as of its day.

    Raises
    ------
    PolicyError
        If none had begun.

    Examples
    --------
    >>> in_force([load_policy()], dt.date(2026, 12, 1)).name
    '通用投诉处理策略'
    """
    known = sorted(policies, key=lambda policy: policy.effective_from)
    begun = [policy for policy in known if policy.effective_from <= day]
    if not begun:
        options = ", ".join(policy.identity for policy in known) or "none"
        raise PolicyError([f"no policy was in force on {day}; there are: {options}."], where="policies given")
    return begun[-1]


def packaged_folder() -> Traversable:
    """Return the folder of the packaged policy."""
    return files("triage.policy") / "conf"


@functools.cache
def _packaged() -> Policy:
    # The packaged policy is proven by the library's own tests, not again at every start.
    policy, problems = _loaded(None, deep=False)
    if policy is None or problems:
        raise PolicyError(problems, where="the packaged policy")
    return policy


def _loaded(path: Path | str | None, *, deep: bool = True) -> tuple[Policy | None, list[str]]:
    problems: list[str] = []
    tree, templates = read_folder(packaged_folder(), "", problems)
    label = ""
    proof: dict[str, Template] = templates if path is None else {}
    if path is not None:
        folder = Path(path)
        if not folder.is_dir():
            kind = "a file; a policy is a folder of TOML files" if folder.exists() else "no such folder"
            return None, [str(TriageError(f"the policy folder cannot be read, it is {kind}", value=str(path)))]
        label = folder.resolve().name or "policy"
        own, proof = read_folder(folder, label, problems)
        problems += _unnamed(own, label)
        lay_over(tree, own)
        templates |= proof
    policy, unfinished = built(tree, templates)
    problems += unfinished
    if policy is not None and deep:
        from triage.policy.consistency import problems_of

        problems += problems_of(policy, proof, label)
    return policy, problems


def _unnamed(own: Tree, label: str) -> list[str]:
    """Refuse an overlay without a name of its own: its plans would tell an untruth about where they come from."""
    head = own.get("policy", {})
    lacking = [key for key in ("name", "version", "effective_from") if key not in head]
    problems = []
    if lacking:
        keys = ", ".join(lacking)
        problems.append(f"a policy of your own needs its own {keys} in policy.toml ({label}/policy.toml).")
    leaf = head.get("format")
    if leaf is not None and leaf.value != FORMAT:
        problems.append(str(TriageError("unknown format", value=leaf.value, where=leaf.origin, options=[str(FORMAT)])))
    return problems
