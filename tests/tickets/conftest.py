import pytest


@pytest.fixture
def export(tmp_path):
    """Write an export and return its path."""

    def write(content: str | bytes, name: str = "export.csv", encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write
