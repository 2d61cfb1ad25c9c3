"""A cleaner that a text does not call for leaves it as it is."""

from hypothesis import given
from hypothesis import strategies as st

from triage.text.called import cleaners_for
from triage.text.cleaners import CLEANERS

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=30) | st.text(
    "htps:/w.ｗ＠@客：:13０年月-日号¥￥＄$元塊块万rRmb回覆系統Ａ\u200b\r\u3000 \n啊😡", max_size=40
)


@given(ANY_TEXT)
def test_all_cleaners_do_what_those_called_for_do(text: str) -> None:
    called = cleaners_for(text)
    for cleaner in CLEANERS:
        after = cleaner(text)
        assert after == text or cleaner in called
        text = after


def test_what_nothing_stands_in_calls_for_nothing() -> None:
    assert cleaners_for("") == ()
    assert [cleaner.name for cleaner in cleaners_for("打不开")] == ["repeats"]
