"""Packed files come back as they were; one that is damaged or cut short is never taken for a shorter one."""

import gzip
import io
import sys

import pytest

from triage.errors import InputError, MissingExtraError
from triage.tickets import read_tickets
from triage.tickets.packing import packing_writer, unpacked

PLAIN = ("工单号,描述\n" + "".join(f"{n},第{n}次崩了，没人管{n * n}\n" for n in range(30_000))).encode()


def packed(packing, content=PLAIN):
    raw = io.BytesIO()
    with packing_writer(raw, packing, "a") as stream:
        stream.write(content)
    return raw.getvalue()


def plain(content, packing):
    with unpacked(io.BytesIO(content), packing, "a") as stream:
        return stream.read()


@pytest.fixture(params=["gzip", "zstd"])
def packing(request):
    if request.param == "zstd":
        pytest.importorskip("zstandard")
    return request.param


def test_there_and_back(packing):
    assert plain(packed(packing), packing) == PLAIN
    assert packed(packing) == packed(packing)
    assert plain(packed(packing) + packed(packing, b"more"), packing) == PLAIN + b"more"
    assert plain(packed(packing, b""), packing) == b""


@pytest.mark.parametrize("cut", [1, 5, 11, 4000])
def test_cut_short(cut, packing):
    with pytest.raises(InputError, match=f"the {packing} file is damaged or cut short.*Fetch it again"):
        plain(packed(packing)[:-cut], packing)


def test_damaged(packing):
    content = bytearray(packed(packing))
    content[len(content) // 2] ^= 0xFF
    with pytest.raises(InputError, match=f"the {packing} file is damaged"):
        plain(bytes(content), packing)


def test_what_other_programs_pack(export):
    zstandard = pytest.importorskip("zstandard")
    for content, name in [(gzip.compress(PLAIN), "a.csv.gz"), (zstandard.compress(PLAIN), "a.csv.zst")]:
        reader = read_tickets(export(content, name=name))
        assert sum(len(block) for block in reader) == 30_000
        assert reader.source.fraction == 1


def test_zstd_that_is_not_installed(export, monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(MissingExtraError, match=r'pip install "triage\[zstd\]"'):
        read_tickets(export(b"\x28\xb5\x2f\xfd....", name="a.csv.zst"))
