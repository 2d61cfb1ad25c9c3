"""An outcome as a self-contained piece of HTML, for notebooks and reports."""

from __future__ import annotations

import functools
import importlib.resources
from typing import TYPE_CHECKING

from triage.report.highlight import segments

if TYPE_CHECKING:
    from jinja2 import Template

    from triage.records import Outcome

__all__ = ["outcome_html"]


@functools.cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    # A complaint is untrusted text: everything is escaped.
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = importlib.resources.files("triage.report").joinpath("outcome.html.jinja").read_text("utf-8")
    return environment.from_string(source)


def outcome_html(outcome: Outcome) -> str:
    """Return an outcome as HTML without scripts or outside resources.

    Parameters
    ----------
    outcome : Outcome
        What to show.

    Returns
    -------
    str
        A ``<div>``; all text in it is escaped.
    """
    strongest = max((abs(span.weight) for span in outcome.evidence), default=1.0)
    stretches = [
        (text, weight, abs(weight) / strongest) for text, weight in segments(outcome.ticket.text, outcome.evidence)
    ]
    return _template().render(outcome=outcome, plan=outcome.plan, stretches=stretches)
