"""Profiles of dialects: those of the program, a library's own, and what is wrong with one."""

import io

import pytest

from catalog.data import text
from catalog.marc.exchange import ReadOrder, open_exchange, write_exchange
from catalog.marc.profile import NAMES, Profile, known_profile, parse_profile
from catalog.marc.reading import ReadRecord
from catalog.marc.tables.columns import Target
from catalog.record import ControlField, DataField, Record, Subfield
from catalog.view import view
from olketanu.errors import InputError, UsageError

LEADER = "00000nam0 2200000   450 "
RECORD = Record(
    "rusmarc",
    LEADER,
    (ControlField("001", "k1"), DataField("856", "4 ", (Subfield("u", "https://example.kz"),))),
)


def read(data: bytes, profile: Profile | str) -> list[ReadRecord]:
    opened = open_exchange(io.BytesIO(data), ReadOrder(profile=profile))
    return [one for one in opened.records if isinstance(one, ReadRecord)]


def write(records: list[Record], container: str, profile: Profile | str | None = None) -> bytes:
    return b"".join(write_exchange(records, container, profile=profile))


@pytest.mark.parametrize("name", NAMES)
def test_the_profiles_of_the_program_are_whole(name: str) -> None:
    profile = known_profile(name)
    assert profile.title
    assert profile.format in ("rusmarc", "marc21", "irbis")
    assert text(f"profiles/{name}.toml").startswith("# ")


@pytest.mark.parametrize("name", ["kabis", "kazmarc"])
def test_profiles_without_a_published_description_say_that_they_are_assumed(name: str) -> None:
    assert "AN ASSUMPTION" in text(f"profiles/{name}.toml")


def test_every_key_of_a_profile() -> None:
    profile = parse_profile(
        """
        title = "Наш КАБИС"
        container = "iso2709"
        format = "rusmarc"
        charset = "KZ1048"
        number = "035 $a"
        plain_source = "300 $a"
        [terminators]
        field = 0x23
        [rename]
        "953" = "856"
        [[local]]
        field = "910 $b"
        meaning = "инвентарный номер"
        """,
        "own.toml",
    )
    assert (profile.title, profile.container, profile.charset) == ("Наш КАБИС", "iso2709", "kz1048")
    assert profile.number == Target("035", "  ", "a")
    assert profile.plain_source == Target("300", "  ", "a")
    assert profile.rename == (("953", "856"),)
    assert (profile.swapped[0x23], profile.swapped[0x1E], profile.swapped[0x1D]) == (
        0x1E,
        0x23,
        0x1D,
    )
    assert profile.local[0].place == Target("910", "  ", "b")
    assert profile.columns is None


WRONG = [
    ('format = "rusmarc"\nchar set = "x"', "error.profile-syntax", 2, None),
    ('format = "rusmarc"\n\ncharsets = "cp1251"', "error.profile-key", 3, "charsets"),
    ('title = "x"\nformat = "usmarc"', "error.profile-value", 2, "format"),
    ('charset = "koi-9"', "error.profile-value", 1, "charset"),
    ('container = "iso"', "error.profile-value", 1, "container"),
    ('number = "1"', "error.profile-value", 1, "number"),
    ('leader = "short"', "error.profile-value", 1, "leader"),
    ('[rename]\n"953" = "856"\n"954" = "856"', "error.profile-value", 2, "953"),
    ('[rename]\n"953" = 856', "error.profile-value", 2, "953"),
    ("[terminators]\nrecord = 300", "error.profile-value", 2, "record"),
    ("[terminators]\nfield = 0x23\nsubfield = 0x23", "error.profile-value", 3, "subfield"),
    ("[terminators]\nend = 1", "error.profile-key", 2, "end"),
    ('local = "x"', "error.profile-value", 1, "local"),
    (
        '[[column]]\nheading = ["a"]\nto = "200 $a"\n[[column]]\nheading = ["b"]\nto = "20"',
        "error.profile-value", 6, "to",
    ),
    ('[[column]]\nheading = []\nto = "200 $a"', "error.profile-value", 2, "heading"),
    ('[[column]]\nheading="a"\nto="200 $a"\naliases="x"', "error.profile-value", 4, "aliases"),
    ('[[constant]]\nto = "801 $a"\nvalue = 7', "error.profile-value", 3, "value"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "key", "line", "name"), WRONG)
def test_what_is_wrong_in_a_profile_is_named_by_line_and_key(
    content: str, key: str, line: int, name: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        parse_profile(content, "own.toml")
    facts = caught.value.facts
    assert (caught.value.key, facts["file"], int(str(facts["line"]))) == (key, "own.toml", line)
    assert facts.get("name") == name


def test_an_unknown_profile_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        known_profile("koha")
    assert "kabis" in str(caught.value.facts["known"])


def test_tags_of_a_dialect_become_ours_and_theirs_again() -> None:
    profile = parse_profile('[rename]\n"953" = "856"', "own.toml")
    data = write([RECORD], "iso2709", profile)
    assert b"953" in data
    assert b"856" not in data
    (found,) = read(data, profile)
    assert found.record.fields == RECORD.fields
    assert found.raw == data


def test_other_signs_at_the_ends_of_fields_are_read_and_written_and_the_raw_bytes_stay() -> None:
    profile = parse_profile(
        "[terminators]\nrecord = 0x7E\nfield = 0x23\nsubfield = 0x24", "own.toml"
    )
    data = write([RECORD, RECORD], "iso2709", profile)
    assert data.count(b"~") == 2
    assert b"$uhttps" in data
    found = read(data, profile)
    assert [one.record.fields for one in found] == [RECORD.fields] * 2
    assert b"".join(one.raw for one in found) == data


def test_what_the_person_says_comes_before_the_profile() -> None:
    data = write([RECORD], "iso2709")
    opened = open_exchange(
        io.BytesIO(data), ReadOrder(format="unimarc", charset="cp1251", profile="marc21")
    )
    assert (opened.format, opened.charset, opened.evidence) == ("unimarc", "cp1251", "given")


def test_columns_of_a_profile_are_those_of_its_tables() -> None:
    profile = parse_profile('[[column]]\nheading = ["Аты"]\nto = "856 4_ $u"', "own.toml")
    data = write([RECORD], "csv", profile)
    assert data.decode("utf-8-sig").splitlines()[0] == "Аты;LDR;*;order rusmarc"
    opened = open_exchange(io.BytesIO(data), ReadOrder(container="csv", profile=profile))
    assert [one.record.fields for one in opened.records if isinstance(one, ReadRecord)] == [
        RECORD.fields
    ]


SOURCE = "Индустриальная Караганда. – 1998. – 10 окт. – С. 3"


def in_947(*texts: str, form: str = "rusmarc") -> Record:
    fields = [DataField("947", "0 ", (Subfield("a", text),)) for text in texts]
    leader = "00000naa0 2200000   450 "
    return Record(form, leader, (ControlField("001", "k1"), *fields))


@pytest.mark.parametrize(("form", "tag"), [("rusmarc", "300"), ("marc21", "500")])
def test_a_source_in_their_field_is_seen_and_finds_back(form: str, tag: str) -> None:
    profile = parse_profile(f'format = "{form}"\nplain_source = "947 $a"', "own.toml")
    data = write([in_947(SOURCE, "Шахта туралы ескерту", form=form)], "iso2709")
    (found,) = read(data, profile)
    assert [field.tag for field in found.record.fields] == ["001", tag, "947"]
    seen = view(found.record)
    assert (seen.source_text, seen.host_title) == (SOURCE, "Индустриальная Караганда")
    assert write([found.record], "iso2709", profile) == data == found.raw


def test_a_source_that_is_seen_where_it_stands_stays_there() -> None:
    profile = parse_profile('format = "rusmarc"\nplain_source = "300 $a"', "own.toml")
    note = DataField("300", "  ", (Subfield("a", SOURCE),))
    record = Record("rusmarc", LEADER, (note,))
    (found,) = read(write([record], "iso2709"), profile)
    assert found.record.fields == (note,)


def test_a_source_of_irbis_is_a_field_without_subfields() -> None:
    profile = parse_profile('format = "irbis"\nplain_source = "947"', "own.toml")
    data = f"#920: ASP\n#947: {SOURCE}\n*****\n".encode()
    (found,) = read(data, profile)
    assert found.record.fields[1] == ControlField("300", SOURCE)
    assert view(found.record).source_text == SOURCE
    assert write([found.record], "irbis-text", profile) == data
