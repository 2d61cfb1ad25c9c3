"""Where the complaint stands, in every format known, and what is said when it cannot be told."""

import pytest

from triage.errors import ColumnError
from triage.tickets.columns import find_columns
from triage.tickets.known import FIELDS, load_formats, recognise
from triage.tickets.names import bare_key, key

LONG = "系统升级以后一直打不开，打电话也没有人接"

# header, format, text columns, some of the facts
KNOWN = [
    (
        "Summation column,Id,Requester,Requester id,Assignee,Status,Via,Subject,Created at,Organization",
        "zendesk",
        ["Subject"],
        {"id": "Id", "created_at": "Created at", "customer": "Organization", "channel": "Via", "engineer": "Assignee"},
    ),
    (
        "id,subject,description,status,priority,created_at,tags",
        "zendesk-json",
        ["subject", "description"],
        {"id": "id", "created_at": "created_at"},
    ),
    (
        "Ticket ID,Subject,Description,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Product",
        "freshdesk",
        ["Subject", "Description"],
        {"created_at": "Created time", "product": "Product", "engineer": "Agent"},
    ),
    (
        "Summary,Issue key,Issue id,Issue Type,Status,Reporter,Created,Description,Labels,Labels,Comment,Comment",
        "jira",
        ["Summary", "Description"],
        {"id": "Issue key", "created_at": "Created"},
    ),
    ("概要,问题关键字,问题类型,状态,报告人,创建日期,描述", "jira", ["概要", "描述"], {"id": "问题关键字"}),
    (
        "#,Title,State,Priority,Group,Owner,Customer,Organization,Create Channel,Created At,Article Count",
        "zammad",
        ["Title"],
        {"id": "#", "channel": "Create Channel", "engineer": "Owner"},
    ),
    (
        "Ticket Number,Date Created,Subject,From,Priority,Help Topic,Source,Current Status,Issue Details",
        "osticket",
        ["Subject", "Issue Details"],
        {"id": "Ticket Number", "created_at": "Date Created"},
    ),
    (
        "Bug编号,所属产品,所属模块,所属项目,Bug标题,严重程度,重现步骤,Bug状态,由谁创建,创建日期,指派给",
        "zentao-bug",
        ["Bug标题", "重现步骤"],
        {"product": "所属产品", "project": "所属项目", "engineer": "指派给"},
    ),
    (
        "id,module,product,title,desc,status,pri,source,feedbackBy,openedBy,openedDate,assignedTo",
        "zentao-feedback",
        ["title", "desc"],
        {"created_at": "openedDate", "customer": "feedbackBy"},
    ),
    ("编号;所属产品;标题;描述;状态;优先级;由谁创建;创建日期", "zentao-feedback", ["标题", "描述"], {"id": "编号"}),
    (
        "id,project,tracker,status,priority,subject,author,assigned_to,created_on,description",
        "redmine",
        ["subject", "description"],
        {"project": "project", "created_at": "created_on"},
    ),
    ("#,项目,跟踪,状态,优先级,主题,作者,指派给,创建于,描述", "redmine", ["主题", "描述"], {"customer": "作者"}),
    (
        "number,short_description,description,opened_at,assigned_to,contact_type,state",
        "servicenow",
        ["short_description", "description"],
        {"id": "number", "channel": "contact_type"},
    ),
    ("工单号,客户单位,投诉时间,投诉内容,联系电话,项目,处理状态", "sheet", ["投诉内容"], {"customer": "客户单位"}),
    ("序号,日期,标题,问题描述（必填）,处理结果,备注", "sheet", ["标题", "问题描述（必填）"], {"id": "序号"}),
    ("Ticket_ID,Complaint Text,Date", "sheet", ["Complaint Text"], {"created_at": "Date"}),
    ("工單號,投訴時間,投訴內容", "sheet", ["投訴內容"], {"created_at": "投訴時間"}),
    ("标题,状态", "sheet", ["标题"], {}),
]


@pytest.mark.parametrize(("header", "form", "text", "facts"), KNOWN, ids=lambda value: str(value)[:18])
def test_known(header, form, text, facts):
    names = header.split(";" if ";" in header else ",")
    found = find_columns(names, [[LONG] * len(names)])
    assert found.format.name == form
    assert list(found.text_names) == text
    for field, name in facts.items():
        assert names[found.fields[field]] == name
    assert not set(found.text) & set(found.fields.values())
    assert form in str(found)


def test_every_format_has_its_source_and_needs_a_name():
    for name, form in load_formats().items():
        assert form.name == name
        assert form.title
        assert form.source
        assert form.recognise or name == "sheet"
        assert form.subject or form.body
        assert set(form.fields) <= set(FIELDS)


def test_every_format_recognises_a_header_of_its_own_names():
    for name, form in load_formats().items():
        header = list(
            dict.fromkeys(names[0] for names in [*form.recognise, form.subject, *form.fields.values()] if names)
        )
        assert recognise(header).name == name or name == "sheet"


def test_a_guess_is_said():
    header = ["单号", "客户补充说明及问题描述情况", "处理结果描述"]
    found = find_columns(header, [["1", LONG, "已处理完毕，客户满意，关闭工单"]])
    assert found.text_names == ("客户补充说明及问题描述情况",)
    assert "guessed" in str(found)


AMBIGUOUS = [
    (["投诉内容", "投诉描述"], [[LONG, "短的一句"]], "'投诉内容'"),
    (["问题描述", "故障描述", "状态"], [["慢", LONG, "开"]], "'故障描述'"),
    (["甲方问题描述栏", "乙方问题描述栏"], [[LONG, LONG + "了"]], "'乙方问题描述栏'"),
]


@pytest.mark.parametrize(("header", "rows", "likeliest"), AMBIGUOUS)
def test_ambiguous(header, rows, likeliest):
    with pytest.raises(ColumnError) as caught:
        find_columns(header, rows)
    message = str(caught.value)
    assert f"likeliest is {likeliest}" in message
    assert "--text-column" in message
    assert all(name in message for name in header)


def test_an_empty_rival_is_no_rival():
    assert find_columns(["投诉内容", "投诉描述"], [["", LONG], ["", LONG]]).text_names == ("投诉描述",)


@pytest.mark.parametrize(
    ("header", "rows", "likeliest"),
    [
        (["客户", "说法"], [["甲公司", LONG]], "说法"),
        (["标题", "经过"], [["慢", LONG]], "经过"),
        (["甲", ""], [["1", LONG]], "2"),
    ],
)
def test_missing(header, rows, likeliest):
    with pytest.raises(ColumnError, match=f"no column is known.*likeliest is '{likeliest}'"):
        find_columns(header, rows)


def test_the_wrong_file_is_said_to_be_one():
    with pytest.raises(ColumnError, match="None of them holds sentences: is it the right file"):
        find_columns(["商品", "数量", "金额"], [["苹果", "3", "12"]])
    with pytest.raises(ColumnError, match=r"without a header.*--no-header"):
        find_columns(["系统崩了"], [["没人管"], ["态度很差"]])


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (["说法"], (1,)),
        ([" 说 法 "], (1,)),
        (["2"], (1,)),
        ([2], (1,)),
        (["备注", "说法"], (2, 1)),
        (["评论"], (3, 4)),
        (["说法", "2"], (1,)),
    ],
)
def test_given(given, text):
    assert find_columns(["编号", "说法", "备注", "评论", "评论"], [], text_columns=given).text == text


@pytest.mark.parametrize(("given", "nearest"), [("说法儿", "说法"), (7, None), ("0", None), ("triage_reply", None)])
def test_given_and_missing(given, nearest):
    with pytest.raises(ColumnError, match="no such column") as caught:
        find_columns(["编号", "说法"], [], text_columns=[given])
    assert caught.value.nearest == nearest
    assert caught.value.options == ("编号", "说法")


def test_names():
    assert key("Ｃｒｅａｔｅｄ＿At") == "createdat"
    assert key("\ufeff工单号 ") == "工单号"
    assert bare_key("描述【必填】") == "描述"
