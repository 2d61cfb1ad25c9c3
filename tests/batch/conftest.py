import csv
from pathlib import Path

import pytest

from tests.batch.standin import Keywords


@pytest.fixture
def triager():
    return Keywords()


@pytest.fixture
def table():
    """Read a CSV file as the programs of a user do."""

    def read(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
        with path.open(encoding=encoding, newline="") as stream:
            return list(csv.DictReader(stream))

    return read
