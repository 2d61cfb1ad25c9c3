"""The accessor does what the engine does."""

from typing import Any

import pandas as pd

import triage.pandas  # noqa: F401 - registers the accessor
from triage import Triager


def test_the_accessor() -> None:
    frame = pd.DataFrame({"说法": ["系统一打开就闪退，单子都做不了", None], "数量": [1, 2]}, index=[5, 3])
    scored = frame.triage.score(text_column="说法")
    assert scored.index.tolist() == [5, 3]
    pd.testing.assert_frame_equal(scored[["说法", "数量"]], frame)
    assert scored["triage_category"].tolist()[0] == "technical"


def test_a_triager_of_ones_own() -> None:
    class Own(Triager):
        asked = 0

        def triage_many(self, texts: Any, *, text_column: str | None = None) -> Any:
            self.asked += 1
            return super().triage_many(texts, text_column=text_column)

    own = Own(evidence=0)
    assert pd.DataFrame({"描述": ["系统崩了"]}).triage.score(own)["triage_evidence"].isna().all()
    assert own.asked == 1
