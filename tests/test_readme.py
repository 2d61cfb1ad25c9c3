"""The READMEs are true: their table is what the sample gives, their twins agree, their commands are CI's.

``python -m tests.test_readme`` writes the table anew after a change of model or policy.
"""

import csv
import doctest
import re
from pathlib import Path

import pytest

from triage.batch.score import score_file
from triage.engine import Triager

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
COLUMNS = ["category", "issue", "severity", "decision", "owner", "priority", "first_response_due"]
_TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- /table -->)", re.DOTALL)


def table(folder: Path) -> str:
    """Score the sample and return the README's columns as a Markdown table."""
    output = folder / "scored.csv"
    score_file(ROOT / "examples" / "tickets.csv", output, Triager())
    lines = [f"| 投诉内容 | {' | '.join(COLUMNS)} |", "|---" * (len(COLUMNS) + 1) + "|"]
    for row in list(csv.DictReader(output.read_text("utf-8-sig").splitlines(keepends=True)))[:7]:
        text = row["投诉内容"] if len(row["投诉内容"]) <= 32 else f"{row['投诉内容'][:31]}…"
        lines.append(f"| {text} | {' | '.join(row[f'triage_{name}'] for name in COLUMNS)} |")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("readme", READMES, ids=[path.name for path in READMES])
def test_the_table_is_what_the_sample_gives(readme: Path, tmp_path: Path) -> None:
    found = _TABLE.search(readme.read_text("utf-8"))
    assert found is not None
    assert found[0] == table(tmp_path)


@pytest.mark.parametrize("readme", READMES, ids=[path.name for path in READMES])
def test_the_python_example_runs(readme: Path) -> None:
    assert doctest.testfile(str(readme), module_relative=False, encoding="utf-8").failed == 0


def test_the_twins_agree() -> None:
    english, chinese = (path.read_text("utf-8") for path in READMES)
    for pattern in (r"```.*?```", r"^#+ ", r"^\| `triage [^|]*\|", r"\]\([^)]*\)", r"^- "):
        ours, theirs = (re.findall(pattern, text, re.DOTALL | re.MULTILINE) for text in (english, chinese))
        assert ours == theirs, pattern


def test_links_lead_somewhere() -> None:
    for readme in READMES:
        for target in re.findall(r"\]\(([^)#]*)\)", readme.read_text("utf-8")):
            assert (ROOT / target).exists(), target


def test_ci_runs_the_test_command_of_the_readme() -> None:
    command = re.findall(r"```sh\n(.*?)\n```", READMES[0].read_text("utf-8"))[1]
    assert command in (ROOT / ".ci" / "run").read_text("utf-8")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        new = table(Path(folder))
    for readme in READMES:
        readme.write_text(_TABLE.sub(lambda _: new, readme.read_text("utf-8")), "utf-8")
