"""What a run has done so far, so that another can go on where it was killed.

The journal stands beside the output while a run goes on. It is replaced, in one step, after every block
that has been handed to the system; what the output holds beyond it is cut off when the run is resumed. It
thus does not matter when a run is killed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

from triage.batch.summary import Tally
from triage.errors import InputError

__all__ = ["Journal", "describe_run"]

#: Raise it when the meaning of a field changes; journals of other versions are refused.
_VERSION = 3


@dataclasses.dataclass(slots=True)
class Journal:
    """The state of a run.

    Parameters
    ----------
    path : Path
        Where the journal stands.
    run : dict
        What makes a run this run and no other: input, columns, settings, model, policy.
    started : datetime
        The clock of the whole run, also after it was resumed.
    tally : Tally
        Counts so far; its rows are those of the input that are done.
    table, problems : tuple of int
        Size and checksum of the two files.
    base : tuple of int
        Size and checksum of the file that is added to, where it is added to in the last step.
    complete : bool
        Whether only the last step is left: putting the files in their places.
    """

    path: Path
    run: dict[str, Any]
    started: dt.datetime
    tally: Tally = dataclasses.field(default_factory=Tally)
    table: tuple[int, int] = (0, 0)
    problems: tuple[int, int] = (0, 0)
    base: tuple[int, int] = (0, 0)
    complete: bool = False

    @staticmethod
    def beside(target: Path) -> Path:
        """Return where the journal of an output stands."""
        return target.with_name(f".{target.name}.journal")

    def save(self) -> None:
        """Replace the journal on disk."""
        state = {
            "version": _VERSION,
            "run": self.run,
            "started": self.started.isoformat(),
            "tally": self.tally.to_dict(),
            "table": self.table,
            "problems": self.problems,
            "base": self.base,
            "complete": self.complete,
        }
        new = self.path.with_name(f"{self.path.name}.new")
        new.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
        new.replace(self.path)

    def remove(self) -> None:
        """Leave no trace."""
        self.path.with_name(f"{self.path.name}.new").unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path, run: dict[str, Any]) -> Journal | None:
        """Return the journal of an earlier run, or None if there was none.

        Raises
        ------
        InputError
            If the earlier run was another one, with what differs.
        """
        try:
            state = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError:
            state = {}
        cure = "Run without resuming to begin anew."
        if state.get("version") != _VERSION:
            raise InputError("the journal of the earlier run cannot be read", value=str(path), cure=cure)
        earlier, now = state["run"], json.loads(json.dumps(run))
        changed = [key for key in now if earlier.get(key) != now[key]]
        if changed:
            what = ", ".join(f"{key} was {earlier.get(key)!r} and is {now[key]!r}" for key in changed)
            raise InputError(f"the earlier run cannot be gone on with: {what}", where=str(path), cure=cure)
        return cls(
            path=path,
            run=run,
            started=dt.datetime.fromisoformat(state["started"]),
            tally=Tally.from_dict(state["tally"]),
            table=tuple(state["table"]),
            problems=tuple(state["problems"]),
            base=tuple(state["base"]),
            complete=state["complete"],
        )


def describe_run(inputs: dict[str, Any], triager: object, settings: dict[str, Any]) -> dict[str, Any]:
    """Collect what makes a run this run and no other."""
    policy = getattr(triager, "policy", None)
    return {
        **inputs,
        "model": getattr(triager, "model", None),
        "policy": f"{policy.name} {policy.version}" if policy is not None else None,
        **getattr(triager, "settings", {}),
        **settings,
    }
