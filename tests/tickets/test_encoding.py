"""Which encoding: told from strict decoding of the whole file and from what the characters say."""

import codecs

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.errors import EncodingError
from triage.tickets.encoding import detect_encoding
from triage.tickets.source import open_source

SIMPLIFIED = "工单号,投诉内容\n1,系统一直登录不上，打了三次电话都没人管\n2,说好周五上线，又往后拖了\n"
TRADITIONAL = "工單號,投訴內容\n1,系統一直登錄不上，打了三次電話都沒人管\n2,說好週五上線，又往後拖了\n"

CASES = [
    ("utf-8", SIMPLIFIED, "UTF-8"),
    ("utf-8-sig", SIMPLIFIED, "UTF-8 with BOM"),
    ("utf-16", SIMPLIFIED, "UTF-16"),
    ("utf-16-le", SIMPLIFIED, "UTF-16-LE"),
    ("utf-16-be", TRADITIONAL, "UTF-16-BE"),
    ("utf-32", SIMPLIFIED, "UTF-32"),
    ("gbk", SIMPLIFIED, "GB18030"),
    ("gb18030", SIMPLIFIED + "3,𠮷祥 系统𠀀出错了\n", "GB18030"),
    ("gb18030", TRADITIONAL, "GB18030"),
    ("big5", TRADITIONAL, "Big5"),
    ("big5hkscs", TRADITIONAL + "3,佢哋啲嘢成日壞㗎，系統又係咁，冇人理\n", "Big5-HKSCS"),
    ("ascii", "id,text\n1,it broke again\n", "UTF-8"),
    ("utf-8", "id,text\n1,café — déjà vu\n", "UTF-8"),
    ("gbk", "内容\n联通\n", "GB18030"),
    ("utf-8", "内容\n慢\n", "UTF-8"),
    ("utf-8", SIMPLIFIED.replace("系", "\x00系"), "UTF-8"),
]


@pytest.mark.parametrize(("codec", "text", "label"), CASES, ids=[f"{c}-{n}" for n, (c, _, _) in enumerate(CASES)])
def test_found(codec, text, label, export):
    path = export(text.encode(codec))
    found = detect_encoding(open_source(path))
    assert found.label == label
    assert path.read_bytes().decode(found.codec) == text
    assert found.how in str(found)


def test_non_ascii_only_at_the_end_of_a_large_file(export):
    path = export(b"id,text\n" + b"1,all quiet here\n" * 200_000 + "2,系统又崩了，没人管\n".encode("gbk"))
    assert detect_encoding(open_source(path)).label == "GB18030"


def test_a_character_cut_by_the_border_of_two_pieces(export):
    for shift in range(4):
        path = export("x" * shift + "系统又崩了" * 200_000, encoding="gb18030")
        assert detect_encoding(open_source(path)).label == "GB18030"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_a_late_bad_byte_is_named_with_its_place(codec, export):
    text = TRADITIONAL * 2000
    good = text.encode(codec)
    bad = b"\xff" if codec != "utf-16" else "\udc00".encode("utf-16-le", "surrogatepass")
    with pytest.raises(EncodingError) as caught:
        detect_encoding(open_source(export(good + bad)))
    message = str(caught.value)
    assert f"byte {len(good)}" in message
    assert "line 6001" in message or codec == "utf-16"
    assert "--encoding" in message
    assert "tried" in message


def test_a_character_cut_at_the_end_is_no_text(export):
    with pytest.raises(EncodingError, match="line 3"):
        detect_encoding(open_source(export((SIMPLIFIED.rstrip() + "了").encode()[:-1])))


def test_a_damaged_character_in_the_middle_of_a_gbk_sheet(export):
    content = (SIMPLIFIED * 50).encode("gbk").replace("登录".encode("gbk"), b"\xb5\xff\xc7", 1)
    with pytest.raises(EncodingError, match=r"GB18030 fails at byte \d+ \(line 2\).*looks like GB18030"):
        detect_encoding(open_source(export(content)))


@pytest.mark.parametrize("name", ["gb2312", "GBK", "cp936", "UTF-8", "utf_8_sig"])
def test_given(name, export):
    codec = codecs.lookup(name).name
    found = detect_encoding(open_source(export(SIMPLIFIED, encoding=codec)), name)
    assert (found.label, found.how) == (name, "as given")


def test_given_utf8_leaves_the_mark_out_of_the_first_column(export):
    path = export(SIMPLIFIED, encoding="utf-8-sig")
    assert path.read_bytes().decode(detect_encoding(open_source(path), "utf8").codec) == SIMPLIFIED


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gbk2", "unknown encoding: 'gbk2'.*Did you mean 'gbk'"),
        ("hex", "unknown encoding"),
        ("big5", "is not big5: byte"),
    ],
)
def test_given_and_wrong(name, message, export):
    with pytest.raises(EncodingError, match=message):
        detect_encoding(open_source(export(SIMPLIFIED)), name)


@pytest.mark.parametrize("latin", ["naïve façade, très déçu".encode("latin-1"), bytes(range(1, 256)) * 3])
def test_what_is_not_chinese_is_not_guessed_at(latin, export):
    with pytest.raises(EncodingError, match=r"tried UTF-8 .*GB18030 .*Big5 .*--encoding"):
        detect_encoding(open_source(export(b"id,text\n" + latin)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    text=st.text(st.sampled_from(SIMPLIFIED + "的了是不我们在服务,;\n\"'　！？"), min_size=1),
    codec=st.sampled_from(["utf-8", "gbk", "utf-16"]),
)
def test_whatever_is_found_gives_the_text_back(text, codec, tmp_path):
    path = tmp_path / "any.csv"
    path.write_bytes(("投诉内容\n" + text).encode(codec))
    found = detect_encoding(open_source(path))
    assert path.read_bytes().decode(found.codec) == "投诉内容\n" + text
