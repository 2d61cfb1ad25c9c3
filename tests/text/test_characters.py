"""The tables say of each character what the cleaners make of it."""

from triage.text.characters import CONTEXT, FIRST_EMOJI, FORM, FORM_CLEANERS, OTHER, PICTURE, STOP, characters
from triage.text.cleaners import CLEANER_OF, Cleaner

LAST_OF_PLANE, FIRST_BEYOND = 0xFFFF, 0x1F000


def known() -> list[int]:
    calls = characters().calls
    return [code for code in range(len(calls)) if calls[code] != OTHER]


def cleaned(text: str, *cleaners: Cleaner) -> str:
    for cleaner in cleaners:
        text = cleaner(text)
    return text


def test_the_first_plane_and_emoji_are_known() -> None:
    codes = known()
    assert codes[0] == 0
    assert [code for code in codes if code > LAST_OF_PLANE] == list(range(FIRST_BEYOND, len(characters().calls) - 1))


def test_every_character_becomes_what_cleaners_make_of_it() -> None:
    tables = characters()
    wrong = []
    for code in known():
        form = cleaned(chr(code), *FORM_CLEANERS)
        if tables.calls[code] & FORM:
            kept = len(form) != 1 or form == "\n"
        else:
            after = cleaned(form, CLEANER_OF["simplified"], CLEANER_OF["lower case"])
            kept = ord(form) == tables.forms[code] and ord(after) == tables.plain[code]
        if not kept:
            wrong.append(chr(code))
    assert wrong == []


def test_a_form_that_needs_its_context_says_so() -> None:
    tables = characters()
    calling = {code for code in known() if tables.calls[code] & CONTEXT}
    for code in known():
        for char in cleaned(chr(code), *FORM_CLEANERS):
            assert ord(char) not in calling or code in calling


def test_every_character_that_ends_a_name_is_known() -> None:
    tables, mentions = characters(), CLEANER_OF["mentions"]
    for code in range(LAST_OF_PLANE + 1):
        assert bool(tables.calls[code] & STOP) is (mentions(f"@{chr(code)}") != "Ｍ")


def test_every_picture_is_known() -> None:
    tables, emoji = characters(), CLEANER_OF["emoji"]
    found = [code for code in known() if tables.calls[code] & PICTURE]
    assert found == [code for code in known() if emoji(chr(code)) != chr(code)]
    assert found[0] == FIRST_EMOJI
