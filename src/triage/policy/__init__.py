"""What a complaint sets in motion: the policy a service manager edits, and the plan it makes.

``conf/`` is the packaged policy in TOML and templates; :mod:`~triage.policy.load` reads and checks it,
:mod:`~triage.policy.plan` turns a ticket and its assessment into a dated plan.
"""

from __future__ import annotations

from triage.policy.load import check_policy, load_policy
from triage.policy.model import Policy

__all__ = ["Policy", "check_policy", "load_policy"]
