"""A run that is killed at a chosen change of a file."""

import contextlib
from pathlib import Path

__all__ = ["Killed", "killed_after"]


class Killed(BaseException):
    pass


def _close(files):
    """Let go of the files of a run, as the system does of those of a killed process."""
    files._table.close()
    files._problems.close()


@contextlib.contextmanager
def killed_after(steps, folder, monkeypatch):
    """Let so many files of a folder be moved or removed; at the next one the run is killed."""
    real = {name: getattr(Path, name) for name in ("replace", "unlink")}
    budget = [None] * steps

    def stopping(name):
        def step(self, *arguments, **options):
            if self.parent == folder and "probe" not in self.name:
                if not budget:
                    raise Killed
                budget.pop()
            return real[name](self, *arguments, **options)

        return step

    with monkeypatch.context() as patch:
        for name in real:
            patch.setattr(Path, name, stopping(name))
        # An error handler would tidy up; a killed process has none.
        patch.setattr("triage.batch.output.RunOutput.abandon", lambda self, _: _close(self))
        yield
