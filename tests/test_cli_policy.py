import json
import tomllib
from pathlib import Path

import pytest

from tests.test_cli import run
from triage.policy.load import load_policy

TICKETS = """工单号,投诉时间,投诉内容
1,2026-11-20 17:30,系统一打开就闪退，单子都做不了
2,2026-11-20 18:00,你们的工程师太没有礼貌了，直接挂我电话
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    assert run("policy", "init", str(folder), "--name", "试验", "--from", "2026-12-01").exit_code == 0
    return folder


def test_init_writes_a_folder_that_holds_and_is_not_written_twice(own: Path) -> None:
    assert load_policy(own).identity == "试验 1 (2026-12-01)"
    assert run("policy", "check", str(own)).output.endswith("own: holds\n")
    assert run("policy", "diff", "packaged", str(own)).output == "no difference\n"
    again = run("policy", "init", str(own))
    assert again.exit_code == 3
    assert "not empty" in again.output
    assert run("policy", "init", str(own), "--from", "soon").exit_code == 2


def test_check_says_everything_at_once(tmp_path: Path) -> None:
    assert run("policy", "check").output == "the packaged policy: holds\n"
    (tmp_path / "policy.toml").write_text('format = 1\nname = "x"\nversoin = "1"\n', "utf-8")
    (tmp_path / "severities.toml").write_text('[critcal.steps.acknowledge]\nwithin = "1h"\n', "utf-8")
    result = run("policy", "check", str(tmp_path))
    assert result.exit_code == 1
    assert "Did you mean 'version'?" in result.output
    assert "Did you mean 'critical'?" in result.output


def test_show_prints_the_case_or_a_dated_plan_with_sources() -> None:
    case = run("policy", "show", "technical", "data_loss", "--severity", "critical", "--signal", "outage")
    assert case.output.startswith("技术类 · 数据丢失 · 紧急 · 大面积中断：负责 技术支持主管，优先级 P1\n")
    assert "due: severities.toml: critical.steps.acknowledge.within" in case.output
    dated = run("policy", "show", "attitude", "harsh_tone", "--at", "2026-10-09T17:30")
    assert "  服务质量经理，2026-10-10（周六）17:30 前" in dated.output
    assert "due ← defaults.toml: steps.acknowledge.due" in dated.output
    assert "尊敬的客户" not in dated.output
    worded = run("policy", "show", "attitude", "harsh_tone", "--at", "2026-10-09T17:30", "--words")
    assert "    尊敬的客户，您好！" in worded.output


def test_show_refuses_what_does_not_exist() -> None:
    assert run("policy", "show", "technical", "data_los").exit_code == 2
    unknown = run("policy", "show", "technical", "--signal", "outages")
    assert unknown.exit_code == 3
    assert "Did you mean 'outage'?" in unknown.output
    assert run("policy", "show", "attitude", "data_loss").exit_code == 3


def test_schema_is_printed_or_written(tmp_path: Path) -> None:
    assert json.loads(run("policy", "schema", "signals.toml").output)["title"] == "signals.toml"
    assert "signals.toml" in json.loads(run("policy", "schema").output)["$defs"]
    assert run("policy", "schema", "signal.toml").exit_code == 3
    result = run("policy", "schema", "-o", str(tmp_path / "schemas"))
    assert len(result.output.splitlines()) == len(list((tmp_path / "schemas").iterdir()))


def test_diff_and_simulate_say_what_one_changed_deadline_does(own: Path, tmp_path: Path) -> None:
    path = own / "categories.toml"
    path.write_text('[attitude.steps.call]\nwithin = "1h"\n', "utf-8")
    assert tomllib.loads(path.read_text("utf-8"))
    told = run("policy", "diff", "packaged", str(own)).output
    assert "（call）期限：受理起 24小时 → 受理起 1小时" in told
    tickets = tmp_path / "tickets.csv"
    tickets.write_text(TICKETS, "utf-8")
    tried = run("policy", "simulate", "--policy", str(own), str(tickets))
    assert tried.exit_code == 0, tried.output
    assert tried.output.startswith("1 条工单的处理会改变：\n")
    assert "→ 2026-11-20 19:00" in tried.output
    assert "系统一打开就闪退" not in tried.output
    same = run("policy", "simulate", "--policy", str(own), "--against", str(own), str(tickets))
    assert same.output == "没有任何工单的处理会改变。\n"
    assert run("policy", "simulate", str(tickets)).exit_code == 2
