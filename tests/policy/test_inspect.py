"""What a manager sees of a policy: show, diff, simulate, init, schema."""

import datetime as dt
import json
import tomllib

import pytest

from tests.policy.test_plan import NOW, POLICY, assessed, overlay
from triage.errors import InputError, OutputError
from triage.policy.inspect import differences, shown_case, shown_changes, simulated
from triage.policy.json_schema import json_schema, write_schemas
from triage.policy.load import check_policy, load_policy, packaged_folder
from triage.policy.schema import FILES
from triage.policy.start import begin_policy
from triage.records import Category, IssueType, Severity, Ticket


def test_show_names_step_owner_time_and_source():
    text = shown_case(POLICY, Category.TECHNICAL, IssueType.DATA_LOSS, Severity.CRITICAL, ["outage"])
    assert text.startswith("技术类 · 数据丢失 · 紧急 · 大面积中断：负责 技术支持主管，优先级 P1")
    assert "初步评审｜preserve｜停写保全：先备份现场，再动手恢复｜运维负责人｜受理起 1小时" in text
    assert "    due: issues/technical.toml: data_loss.steps.preserve.due" in text
    assert (
        "升级｜investigate_80｜调查临近超期：增派专家｜研发负责人｜“调查：还原事实、调取记录、访谈”时限的 80%" in text
    )


def test_diff_says_what_changes_in_plain_words(tmp_path):
    new = overlay(
        tmp_path / "own",
        categories='[attitude]\nowner = "account_manager"\n[technical.steps.investigate]\nowner = "rd_lead"\n',
        severities='[critical.steps.acknowledge]\nwithin = "15min"\n',
        defaults='[facts]\nsignature = "客服部"\n[steps.visit]\nstage = "repair"\ntitle = "上门拜访"\n'
        'due = "5 workdays"\nmessage = "上门。"\n[steps.survey]\nactive = false\n',
    )
    text = "\n".join(differences(POLICY, new))
    assert "策略：通用投诉处理策略 1.0 (2026-01-01) → own 2 (2026-06-01)" in text
    assert "负责人：服务质量经理 → 客户成功经理" in text
    assert "“调查：还原事实、调取记录、访谈”（investigate）由谁做：技术支持主管 → 研发负责人" in text
    assert "“首次回复客户：告知已受理与承诺时间”（acknowledge）期限：受理起 30分钟 → 受理起 15分钟" in text
    assert "新增“上门拜访”（visit）" in text
    assert "不再做“发送满意度问卷（CSAT、NPS、CES）”（survey）" in text
    assert differences(POLICY, POLICY) == []


def test_simulate_shows_who_would_get_what_and_when(tmp_path):
    new = overlay(tmp_path / "own", defaults='[steps.short_term]\ndue = "2 workdays"\n')
    pairs = [
        (Ticket("报表导不出来", "T1", NOW), assessed()),
        (Ticket("全厂停产", "T2", NOW), assessed(severity=Severity.CRITICAL)),
        (Ticket("语气很冲", "T3", NOW), assessed(IssueType.HARSH_TONE)),
    ]
    changes = list(simulated(iter(pairs), POLICY, new, NOW))
    assert [change.ticket.id for change in changes] == ["T1", "T3"]
    assert "“短期措施：修复并验证”到期：2026-11-13 18:00 → 2026-11-12 18:00" in changes[0].lines
    text = shown_changes(changes, limit=1)
    assert text.startswith("2 条工单的处理会改变：")
    assert "……另有 1 条" in text
    assert "\n  2 次 “短期措施：修复并验证”到期" not in text
    assert "\n  1 次 “短期措施：修复并验证”到期\n" in text
    assert shown_changes([]) == "没有任何工单的处理会改变。"
    assert not list(simulated(iter(pairs), POLICY, POLICY, NOW))


def test_init_writes_a_starting_point_that_holds_and_can_be_uncommented(tmp_path):
    files = begin_policy(tmp_path / "own", name='我们的"策略', day=dt.date(2026, 12, 1))
    assert {path.name for path in files} > {"policy.toml", "owners.toml", "severities.toml"}
    assert check_policy(tmp_path / "own") == []
    assert load_policy(tmp_path / "own").identity == '我们的"策略 1 (2026-12-01)'
    path = tmp_path / "own" / "severities.toml"
    lines = path.read_text("utf-8").splitlines()
    wanted = {"# [high.steps.acknowledge]", '# within = "4h"'}
    start = lines.index("# [high.steps.acknowledge]")
    lines[start : start + 2] = ["[high.steps.acknowledge]", 'within = "3h"']
    assert wanted <= set(path.read_text("utf-8").splitlines())
    path.write_text("\n".join(lines), "utf-8")
    assert check_policy(tmp_path / "own") == []
    with pytest.raises(OutputError, match="not empty"):
        begin_policy(tmp_path / "own", name="x", day=dt.date(2026, 12, 1))
    assert [entry.name for entry in tmp_path.iterdir()] == ["own"]


def test_init_covers_every_file_and_points_editors_to_its_schema(tmp_path):
    (tmp_path / "own").mkdir()
    files = begin_policy(tmp_path / "own", name="x\n\\", day=dt.date(2026, 12, 1))
    folder = packaged_folder()
    packaged = {entry.name for entry in folder.iterdir() if entry.name.endswith(".toml")}
    assert {str(path.relative_to(tmp_path / "own").as_posix()) for path in files} == packaged | {
        f"issues/{entry.name}" for entry in (folder / "issues").iterdir()
    }
    for path in files:
        directive = path.read_text("utf-8").splitlines()[0].removeprefix("#:schema ")
        schema = json.loads((path.parent / directive).read_text("utf-8"))
        assert fits(tomllib.loads(path.read_text("utf-8")), schema)
        assert not fits({"no_such_key": 1}, schema)


def test_schemas_are_written_for_every_file_and_replaced(tmp_path):
    for _ in range(2):
        written = write_schemas(tmp_path / "schemas")
        assert [path.name for path in written] == [f"{name.removesuffix('.toml')}.schema.json" for name in FILES]
        assert sorted((tmp_path / "schemas").iterdir()) == sorted(written)
    (tmp_path / "file").write_text("", "utf-8")
    for write in (write_schemas, lambda folder: begin_policy(folder, name="x", day=dt.date(2026, 12, 1))):
        with pytest.raises(OutputError, match="cannot be written"):
            write(tmp_path / "file" / "below")
    with pytest.raises(InputError, match=r"Did you mean 'signals\.toml'"):
        json_schema("signal.toml")


def fits(value, schema):
    """Whether a value fits the part of JSON Schema that the policy's schema uses."""
    if "properties" in schema or schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        if not isinstance(value, dict):
            return False
        for key, item in value.items():
            part = schema.get("properties", {}).get(key, inner)
            if not isinstance(part, dict) or not fits(item, part):
                return False
        return True
    kinds = {"string": str, "integer": int, "boolean": bool, "array": list}
    if "enum" in schema:
        return value in schema["enum"]
    return schema.get("format") == "date" or isinstance(value, kinds[schema["type"]])


@pytest.mark.parametrize("file", [name for name in FILES if name != "issues"])
def test_the_packaged_files_fit_the_json_schema(file):
    assert fits(tomllib.loads((packaged_folder() / file).read_text("utf-8")), json_schema(file))
    assert not fits({"no_such_key": 1}, json_schema(file))


def test_every_entry_of_the_packaged_policy_has_its_source():
    groups = ("categories", "issues", "severities", "signals", "decisions")
    assert all(len(getattr(POLICY, group)) for group in groups)
    for file in ("categories", "severities", "signals", "decisions", "issues/technical", "issues/communication",
                 "issues/process", "issues/attitude"):  # fmt: skip
        for name, table in tomllib.loads((packaged_folder() / f"{file}.toml").read_text("utf-8")).items():
            assert table["source"], f"{file}: {name}"
    for key, step in POLICY.defaults.steps.items():
        assert step["source"].value, key
