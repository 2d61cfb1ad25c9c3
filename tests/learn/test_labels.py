import json
from pathlib import Path

import pytest

from triage.classify.model import OUTPUTS
from triage.errors import InputError, LabelError
from triage.learn.labels import labels_hash, read_labels, wanted_outputs


def write(folder: Path, content: str, name: str = "mine.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def test_any_subset_of_the_labels_will_do(tmp_path: Path):
    labels = read_labels(write(tmp_path, "text,issue,severity\n闪退,function_failure,\n没人回电话,,high\n还没看,,\n"))
    assert labels[["primary", "issue", "severity", "row"]].values.tolist() == [
        ["technical", "function_failure", None, 2],
        [None, None, "high", 3],
    ]


def test_chinese_names_and_a_chinese_spreadsheet(tmp_path: Path):
    table = "投诉内容,主要类别,涉及类别,严重程度\n打不开没人管,技术类,技术类、沟通类,紧急\n问一下发票,非投诉,,低\n"
    labels = read_labels(write(tmp_path, table, encoding="gb18030"))
    assert labels["primary"].tolist() == ["technical", "none"]
    assert labels["categories"].tolist() == [["technical", "communication"], []]
    assert labels["severity"].tolist() == ["critical", "low"]


def test_json_lines_with_lists(tmp_path: Path):
    rows = [
        {"text": "打不开没人管", "categories": ["technical", "communication"]},
        {"text": "谢谢", "categories": []},
        {"text": "催了三次", "primary": None},
    ]
    path = write(tmp_path, "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "mine.jsonl")
    labels = read_labels(path)
    assert labels["primary"].tolist() == [None, "none"]
    assert labels["categories"].tolist() == [["technical", "communication"], []]


def test_several_files_are_read_together(tmp_path: Path):
    one = write(tmp_path, "text,primary\n打不开,technical\n", "one.csv")
    two = write(tmp_path, "text,severity\n没人理,high\n", "two.csv")
    labels = read_labels([one, two])
    assert labels["file"].tolist() == ["one.csv", "two.csv"]
    assert labels_hash(labels) != labels_hash(read_labels([two, one]))


WRONG = [
    ("text,primary\n打不开,techncal\n", ["'techncal'", "row 2, column primary", "Did you mean 'technical'?"]),
    ("text,severity\n好,low\n打不开,urgent\n", ["'urgent'", "row 3, column severity", "critical"]),
    ("text,主要类别\n打不开,技术问题\n", ["'技术问题'", "技术类", "沟通类"]),
    ("text,categories\n打不开,technical outage\n", ["'outage'", "column categories"]),
    ("text,primary,issue\n打不开,technical,harsh_tone\n", ["belongs to attitude", "'harsh_tone'", "row 2"]),
    ("text,primary,categories\n打不开,technical,process\n", ["not among the categories", "row 2", "process"]),
    ("text,primary,categories\n打不开,none,process\n", ["contradict", "row 2"]),
    ("text,primary\n打不开,technical\n,technical\n", ["no text", "row 3"]),
]


@pytest.mark.parametrize(("table", "said"), WRONG, ids=[said[0] for _, said in WRONG])
def test_a_wrong_label_is_named_with_row_value_and_cure(tmp_path: Path, table: str, said: list[str]):
    with pytest.raises(LabelError) as caught:
        read_labels(write(tmp_path, table))
    for words in ["mine.csv", *said]:
        assert words in str(caught.value)


def test_all_wrong_rows_are_named_at_once(tmp_path: Path):
    rows = "".join(f"打不开{at},wrong{at}\n" for at in range(14))
    with pytest.raises(
        LabelError, match=r"'wrong0'.*row 3, column primary: unknown label: 'wrong1'.*'wrong10' and 3 more\."
    ):
        read_labels(write(tmp_path, "text,primary\n" + rows))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("text,label\n打不开,technical\n", "no column holds labels"),
        ("text,primary\n打不开,\n", "no row has a label"),
    ],
)
def test_a_file_without_labels_is_refused(tmp_path: Path, table: str, said: str):
    with pytest.raises(InputError, match=said):
        read_labels(write(tmp_path, table))


def test_targets_say_nothing_where_labels_do_not(tmp_path: Path):
    table = (
        "text,primary,categories,severity\n"
        "打不开,technical,,\n"
        "打不开没人管,,technical communication,\n"
        "谢谢,none,,\n"
        "没人理,,,high\n"
    )
    wanted = wanted_outputs(read_labels(write(tmp_path, table)))
    said = [{name: int(v) for name, v in zip(OUTPUTS, row, strict=True) if v >= 0} for row in wanted]
    assert said[0]["primary:technical"] == 1
    assert said[0]["categories:technical"] == 1
    assert not any(name.startswith(("severity", "issue")) for name in said[0])
    assert "categories:process" not in said[0]
    assert [said[1][f"categories:{name}"] for name in ("technical", "communication", "process", "attitude")] == [
        1,
        1,
        0,
        0,
    ]
    assert "primary:technical" not in said[1]
    assert sum(said[2].values()) == 1
    assert said[2]["issue:data_loss"] == 0
    assert said[3] == {"severity:normal": 1, "severity:high": 1, "severity:critical": 0}
