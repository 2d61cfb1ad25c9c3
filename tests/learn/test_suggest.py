import csv
from pathlib import Path

import pandas as pd
import pytest

from triage.classify.model import Model
from triage.errors import InputError, LabelError
from triage.learn.labels import LABEL_COLUMNS, read_labels
from triage.learn.suggest import suggest, write_suggestions
from triage.records import Ticket


@pytest.fixture(scope="module")
def tickets(corpus: pd.DataFrame) -> list[tuple[int, Ticket]]:
    texts = corpus[corpus["severity"].notna()].sample(600, random_state=1)["text"]
    return [(row, Ticket(text)) for row, text in enumerate(texts, 2)]


def test_the_chosen_are_uncertain_and_the_same_every_time(small_model: Model, tickets: list[tuple[int, Ticket]]):
    chosen = suggest(tickets, small_model, 30)
    assert [s.row for s in chosen] == [s.row for s in suggest(tickets, small_model, 30)]
    everyone = suggest(tickets, small_model, 600)
    usual = sum(s.margin for s in everyone) / len(everyone)
    assert sum(s.margin for s in chosen) / 30 < usual / 2


def test_no_two_alike(small_model: Model, tickets: list[tuple[int, Ticket]]):
    # One outage reported a hundred times, each with another number, is one question.
    unsure = suggest(tickets, small_model, 1)[0].ticket.text
    flood = [(row, Ticket(f"{unsure}，工单{row}")) for row in range(1000, 1100)]
    chosen = suggest([*tickets, *flood], small_model, 20)
    assert sum(s.row >= 1000 for s in chosen) <= 2


def test_a_text_is_asked_once_and_an_empty_one_never(small_model: Model):
    texts = ["打不开了怎么办", "打不开了怎么办 ", "啊", "……", "没人理我"]
    chosen = suggest(enumerate(map(Ticket, texts), 2), small_model, 10)
    assert sorted(s.row for s in chosen) == [2, 6]


def test_none_wanted_is_refused(small_model: Model):
    with pytest.raises(InputError, match="at least one"):
        suggest([], small_model, 0)


def test_the_table_is_ready_to_be_filled_and_read_back(small_model: Model, tmp_path: Path):
    export = tmp_path / "tickets.csv"
    export.write_bytes(
        "工单号,投诉内容\r\nT1,=打不开了，没人管\r\nT2,\r\nT3,@客服 催了三次还没修好\r\n".encode("gb18030")
    )
    target = tmp_path / "label.csv"
    written, problems = write_suggestions(export, target, small_model, 5)
    assert written == 2
    assert [problem.code for problem in problems] == ["empty_text"]
    rows = list(csv.DictReader(target.read_text("utf-8-sig").splitlines()))
    assert {row["triage_ticket"] for row in rows} == {"T1", "T3"}
    assert all(row[name] == "" for row in rows for name in LABEL_COLUMNS)
    assert all(row["triage_guess"] for row in rows)
    with pytest.raises(InputError, match="no row has a label"):
        read_labels(target)
    filled = target.read_text("utf-8-sig").splitlines()
    place = filled[1].index(",,,,")
    filled[1] = filled[1][:place] + ",technical,,," + filled[1][place + 4 :]
    target.write_text("\n".join(filled), "utf-8-sig")
    labels = read_labels(target)
    assert labels["primary"].tolist() == ["technical"]
    assert labels["text"][0] in {"=打不开了，没人管", "@客服 催了三次还没修好"}


def test_the_export_is_not_written_over(small_model: Model, tmp_path: Path):
    export = tmp_path / "tickets.csv"
    export.write_text("投诉内容\n打不开了，没人管\n", "utf-8")
    with pytest.raises(InputError, match="the output is the input"):
        write_suggestions(export, export, small_model)
    assert export.read_text("utf-8") == "投诉内容\n打不开了，没人管\n"


def test_a_guess_is_not_taken_for_a_label(tmp_path: Path):
    path = tmp_path / "mine.csv"
    path.write_text("text,primary,triage_guess\n打不开,tecnical,technical\n", "utf-8")
    with pytest.raises(LabelError, match="tecnical"):
        read_labels(path)
