"""The model card: what a model was made from, what it measured, what it is for and not for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.classify.model import Model

__all__ = ["model_card"]

_CARD = """# Model card: {name}

Reads a Chinese complaint about software delivery or support (and consumer services like it) and gives
probabilities for its primary category, the categories it asserts, the issue type and the severity.

- **Made from**: {messages:,} messages and {clauses:,} clauses of the corpus in `data/` (hash `{hash}`), all
  written for this project. No text of a real customer was used for training{but}.
- **How**: {terms:,} terms (jieba words, 2–4 characters) as TF-IDF; linear base heads, taught by messages and
  by their clauses, score both; linear top heads join whole, maximum and mean. `triage train` gives the same
  arrays again.
- **Measured** on {test_messages:,} corpus messages of authors whose texts neither the base nor the top heads
  saw: macro-F1 {test_macro_f1:.3f}, accuracy {test_accuracy:.3f}, expected calibration error
  {test_calibration_error:.3f}. `automate` promises {automate_promised:.0%} on real messages, which are harder:
  on these it kept {automate_precision} at {automate_coverage:.0%} of them. `docs/accuracy.md` has the figures on
  real messages.
- **Meant for**: sorting and first answers with a person in reach; drafts, not verdicts. `review` means read it.
- **Not meant for**: judging the engineer complained of, any decision about a person, languages other than
  Chinese, texts that are no messages of customers.
- **Known limits**: letters of many matters, sarcasm without marks, grievances only implied; hotels and public
  administration are read worse than software and telecommunications.
"""

_EXTRA = """
## Learnt on top: labels of the user's own

- {messages:,} labelled messages (digest `{hash}`, weight {weight:g}) taught the model `{start}`. The model holds no
  text of theirs and no word that it did not know before.
- On {held_out:,} of them held out in turn, primary macro-F1 went from {before} to {after}. All figures above are
  those of the model it started from, and so are the thresholds of `automate`.
"""


def model_card(model: Model) -> str:
    """Return the model card in Markdown, every figure taken from the model's facts."""
    facts, metrics = model.facts, model.facts["metrics"]
    precision = metrics["automate_precision"]
    extra = facts.get("extra")
    card = _CARD.format(
        but=" but those named below" if extra else "",
        name=facts["name"],
        messages=facts["corpus"]["messages"],
        clauses=facts["corpus"]["clauses"],
        hash=facts["corpus"]["hash"][:12],
        terms=len(model.base.idf),
        **{key: metrics[key] for key in metrics if key not in {"automate_precision", "labels"}},
        automate_precision="no threshold" if precision is None else f"{precision:.1%}",
    )
    return card + (_extra(extra) if extra else "")


def _extra(extra: Mapping[str, Any]) -> str:
    before, after = (
        "not labelled" if extra[when]["macro_f1"] is None else f"{extra[when]['macro_f1']:.3f}"
        for when in ("before", "after")
    )
    return _EXTRA.format(
        messages=extra["messages"],
        hash=extra["hash"][:12],
        weight=extra["weight"],
        start=extra["from"],
        held_out=extra["held_out"],
        before=before,
        after=after,
    )
