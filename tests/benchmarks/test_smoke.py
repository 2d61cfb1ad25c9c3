"""Every benchmark runs whole on little data: the figures mean nothing, the paths are the real ones."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def run(name: str, *options: str, cache: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / name), "--smoke", *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONUTF8": "1", "XDG_CACHE_HOME": str(cache)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_speed(tmp_path: Path):
    shown = run("speed.py", cache=tmp_path)
    for stage in ("normalising", "tokenizing", "terms", "scoring", "signals", "decision", "planning"):
        assert f"| {stage}" in shown
    assert shown.count("| naive scikit-learn + jieba |") == 3


def test_planning(tmp_path: Path):
    shown = run("planning.py", cache=tmp_path)
    assert "µs a text" in shown
    assert "| the cells of a scored file | 2,000 |" in shown
    assert "| every step with its words | 200 |" in shown


def test_accuracy(tmp_path: Path):
    labelled = tmp_path / "mine.csv"
    labelled.write_text(
        "text,primary\n系统一直闪退,technical\n客服骂人态度恶劣,attitude\n谢谢，已经好了,none\n", "utf-8"
    )
    shown = run("accuracy.py", "--labelled", str(labelled), "--robust", "--errors", cache=tmp_path)
    assert "## mine.csv: 3 messages" in shown
    for contestant in ("majority", "keyword rules", "jieba words TF-IDF", "triage"):
        assert f"| {contestant}" in shown
    for peer in ("fastText", "multilingual-e5-small"):
        assert peer in shown  # as a row, or as skipped with the line that would install it
    assert "闪退" not in shown, "a tested text was printed"


def test_learning_curve(tmp_path: Path):
    picture = tmp_path / "curve.png"
    shown = run("learning_curve.py", "--picture", str(picture), cache=tmp_path)
    assert "## test part of the corpus: 100 messages" in shown
    assert "| 1/1 |" in shown
    assert "The next doubling" in shown
    assert picture.is_file() or "No picture: not installed: pip install 'triage[bench]'" in shown


def test_own_labels(tmp_path: Path):
    shown = run("own_labels.py", cache=tmp_path)
    assert "| as it was | " in shown
    assert "| **top heads and terms** | " in shown
    assert "| suggested | " in shown
    assert "## Planted errors" in shown


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="processes are watched through /proc")
def test_memory(tmp_path: Path):
    shown = run("memory.py", "--standin", "--jobs", "1", "--to", "ndjson.gz", cache=tmp_path)
    rows, _, peak, *_ = shown.splitlines()[-1].strip("| ").split(" | ")
    assert rows == "400"
    assert float(peak) > 10


def test_pollock(tmp_path: Path):
    shown = run("pollock.py", cache=tmp_path)
    assert "| spoiled how | files | triage | csv.Sniffer |" in shown
    assert "| all files, simple | 40 |" in shown


def test_keywords_are_about_a_hundred_and_distinct():
    listing = tomllib.loads((BENCHMARKS / "keyword_rules.toml").read_text("utf-8"))
    words = [word for rules in listing.values() for word in rules["words"]]
    assert 90 <= len(words) <= 130
    assert len(words) == len(set(words))


def test_noise_is_the_same_every_time_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from noise import NOISES

    texts = ["系统上线三天崩了2次,打电话也没人接!", "好", "", "ok"]
    for name, spoil in NOISES.items():
        assert spoil(texts) == spoil(texts), name
        assert len(spoil(texts)) == len(texts), name
    assert NOISES["traditional characters"](texts[:1]) == ["系統上線三天崩了2次,打電話也沒人接!"]
    assert NOISES["full width"](["a1!"]) == ["ａ１！"]
    assert NOISES["no punctuation"](texts[:1]) == ["系统上线三天崩了2次打电话也没人接"]
