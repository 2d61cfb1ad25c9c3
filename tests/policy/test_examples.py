# ruff: noqa: DTZ001 - naive times are what exports hold
"""The plans shown in docs/playbook-examples.md are the ones the policy makes.

Write the page anew after a change: ``python -m tests.policy.test_examples``.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from triage.policy.inspect import shown_changes, simulated
from triage.policy.load import check_policy, load_policy
from triage.policy.plan import plan
from triage.policy.showing import shown_plan
from triage.records import (
    Assessment,
    Audience,
    Decision,
    Evidence,
    IssueType,
    Plan,
    Severity,
    Signal,
    Stage,
    Ticket,
)  # fmt: skip

PAGE = Path(__file__).parents[2] / "docs" / "playbook-examples.md"
BROKEN = Path(__file__).parent / "broken" / "everything_at_once"
CHANGED = """\
# own/severities.toml
[high.steps.acknowledge]
within = "2h"
"""
HEAD = """\
# 处理方案示例 · What the playbook does

Made by `python -m tests.policy.test_examples` from the packaged policy; a test fails where they differ. The
complaints are made up, their assessments given, so that only the policy speaks here. Steps for people inside
are shown with their notes; what a customer may read is marked 客户用语.
"""


def complaint(
    ticket: Ticket, issue: IssueType, severity: Severity, quote: str, **signals: str
) -> tuple[Ticket, Assessment]:
    """Return a made-up complaint with its assessment."""

    def at(words: str) -> tuple[int, int, str]:
        start = ticket.text.index(words)
        return start, start + len(words), words

    return ticket, Assessment(
        issue.category, {issue.category: 0.96}, {}, issue, severity, 0.96, Decision.AUTOMATE,
        signals=tuple(Signal(name, *at(words), rule=name) for name, words in signals.items()),
        evidence=(Evidence(*at(quote), weight=2.0, category=issue.category),),
    )  # fmt: skip


DATA_LOSS = complaint(
    Ticket(
        "下午结账时发现9月的入库单全部不见了，3200多条，备份也恢复不出来，月底对不了账，整个仓库停着等你们。",
        "20261009-031", dt.datetime(2026, 10, 9, 17, 30), "宏达制造", "仓储管理系统", "二期上线", "电话",
    ),
    IssueType.DATA_LOSS, Severity.CRITICAL, "入库单全部不见了", data_incident="备份也恢复不出来",
)  # fmt: skip
RUDE = complaint(
    Ticket(
        "你们派来的王工说话太冲了，我多问了一句报表怎么导，他当着科室的人说“这都不会还用什么系统”。",
        "20261110-007", dt.datetime(2026, 11, 10, 10, 0), "市二院信息科", "门诊系统", None, "微信", "王工",
    ),
    IssueType.HARSH_TONE, Severity.NORMAL, "说话太冲了", person_named="王工",
)  # fmt: skip
THIRD = complaint(
    Ticket(
        "这是第三次投诉同一件事了，每次都说“已反馈”然后就关单。三天之内再不解决，我就打12315。",
        "20261116-012", dt.datetime(2026, 11, 16, 9, 20), "李女士", "会员小程序", None, "邮件",
    ),
    IssueType.PERFUNCTORY, Severity.HIGH, "每次都说“已反馈”然后就关单",
    deadline="三天之内", repeated="第三次投诉", regulator_threat="打12315",
)  # fmt: skip


def made(pair: tuple[Ticket, Assessment]) -> Plan:
    policy = load_policy()
    return plan(*pair, policy, dt.datetime(2026, 12, 1, tzinfo=policy.zone))


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for title, note, pair in (
        ("一、紧急的数据丢失，周五 17:30，次日（2026年10月10日）周六调休上班",
         "自然时间照走；“工作日”与“工作小时”从调休的周六数起。", DATA_LOSS),
        ("二、工程师言语失当", "被投诉人退出处理链条；独立调查；对他的支持只给上级看。", RUDE),
        ("三、第三次投诉，扬言拨打 12315", "重开前案，上一级督办；备齐材料；不劝阻。", THIRD),
    ):  # fmt: skip
        ticket, assessment = pair
        named = "、".join([assessment.category.label, assessment.issue.label, assessment.severity.label])
        shown = shown_plan(made(pair))
        parts.append(f"## {title}\n\n> {ticket.text}\n\n判断：{named}。{note}\n\n```text\n{shown}\n```\n")
    parts += [broken(), tried()]
    return "\n".join(parts)


def broken() -> str:
    """Return the section about a folder that does not hold."""
    files = [f"# {path.name}\n{path.read_text('utf-8').strip()}" for path in sorted(BROKEN.glob("*.toml"))]
    problems = check_policy(BROKEN)
    shown = "\n".join([*problems, f"{BROKEN.name}: {len(problems)} problems"])
    return (
        "## 四、`triage policy check` 查出一个写错的文件夹\n\n```toml\n" + "\n\n".join(files)
        + f"\n```\n\n```text\n$ triage policy check {BROKEN.name}\n{shown}\n```\n"
    )  # fmt: skip


def tried() -> str:
    """Return the section about one changed deadline."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "own"
        own.mkdir()
        (own / "policy.toml").write_text('name = "试行"\nversion = "2"\neffective_from = 2026-12-01\n', "utf-8")
        (own / "severities.toml").write_text(CHANGED, "utf-8")
        new = load_policy(own)
    old = load_policy()
    calm = complaint(
        Ticket("导出的报表格式不对，麻烦看看。", "20261117-002", dt.datetime(2026, 11, 17, 14, 0)),
        IssueType.FUNCTION_FAILURE, Severity.NORMAL, "格式不对",
    )  # fmt: skip
    late = complaint(
        Ticket("项目拖了两个月还没验收，到底什么时候能好？", "20261118-005", dt.datetime(2026, 11, 18, 16, 0)),
        IssueType.SCHEDULE_DELAY, Severity.HIGH, "拖了两个月",
    )  # fmt: skip
    changes = simulated([DATA_LOSS, RUDE, THIRD, calm, late], old, new, dt.datetime(2026, 12, 1, tzinfo=old.zone))
    run = f"$ triage policy simulate --policy own tickets.csv\n{shown_changes(changes)}"
    return f"## 五、改一个期限，先在五条历史工单上试算\n\n```toml\n{CHANGED}```\n\n```text\n{run}\n```\n"


def test_the_page_is_what_the_policy_does() -> None:
    assert PAGE.read_text("utf-8") == page()


def test_a_critical_data_loss_before_a_make_up_saturday() -> None:
    at = load_policy().zone
    plan_made = made(DATA_LOSS)
    friday = dt.datetime(2026, 10, 9, 17, 30, tzinfo=at)
    assert plan_made.due_of("preserve") == friday + dt.timedelta(hours=1)
    assert plan_made.due_of("acknowledge") == friday + dt.timedelta(minutes=30)
    assert plan_made.due_of("support_talk") == friday.replace(day=10, hour=18, minute=0)  # the make-up Saturday


def test_the_person_complained_of_is_kept_out_and_unnamed_to_the_customer() -> None:
    for step in made(RUDE).steps:
        assert step.assignee != "王工"
        if step.audience is Audience.CUSTOMER:
            assert "王工" not in step.message
            assert step.stage is not Stage.SUPPORT
    record = next(step for step in made(RUDE).steps if step.key == "assess")
    assert "王工为被投诉人，不得担任本案的调查、回复、审核" in record.message


def test_a_third_complaint_with_a_threat_is_reopened_and_nobody_is_talked_out_of_it() -> None:
    plan_made = made(THIRD)
    steps = {step.key: step for step in plan_made.steps}
    assert {"reopen", "regulator_file", "report_up", "call", "confirm_deadline", "apology_letter"} <= set(steps)
    assert steps["acknowledge"].due == dt.datetime(2026, 11, 16, 11, 20, tzinfo=load_policy().zone)
    assert "您有权通过任何渠道反映" in plan_made.reply
    assert plan_made.reply.startswith("主题：")
    assert "不劝阻" in steps["assess"].message


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
