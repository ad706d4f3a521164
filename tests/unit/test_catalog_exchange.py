"""The one door of exchange files: what a file is, by its bytes, and what a person says of it."""

import io
from dataclasses import replace

import pytest

from bench.made_records import articles
from catalog.marc import exchange, iso2709, marcxml
from catalog.marc.exchange import ReadOrder, open_exchange, write_exchange
from catalog.marc.reading import CONTAINERS, ReadNote, ReadRecord
from catalog.record import ControlField, DataField, LinkField, Record, Subfield
from olketanu.errors import InputError, UsageError

RUSSIAN = list(articles("rus", 30))
KAZAKH = list(articles("kaz", 30))
BOOK = Record(
    "marc21",
    "00000nam a2200000   4500",
    (
        ControlField("008", "120101s2012    kz            000 0 rus d"),
        DataField("245", "10", (Subfield("a", "Улицы над шахтами"),)),
        DataField("264", " 1", (Subfield("a", "Караганда"),)),
    ),
)


def stream(records: list[Record], charset: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(b"".join(iso2709.write(records, charset)))


@pytest.mark.parametrize("charset", ["utf-8", "kz1048"])
def test_container_format_and_charset_are_found_out(charset: str) -> None:
    opened = open_exchange(stream(KAZAKH, charset), ReadOrder())
    assert (opened.container, opened.format, opened.charset) == ("iso2709", "rusmarc", charset)
    assert opened.margin > 0.99
    found = [one.record.fields for one in opened.records if isinstance(one, ReadRecord)]
    assert found == [record.fields for record in KAZAKH]


def test_records_come_back_as_they_were_in_a_code_page() -> None:
    opened = open_exchange(stream(RUSSIAN, "cp1251"), ReadOrder())
    found = [one for one in opened.records if isinstance(one, ReadRecord)]
    assert [one.record.fields for one in found] == [record.fields for record in RUSSIAN]
    assert {one.charset for one in found} == {"cp1251"}
    assert not any(one.notes for one in found)


def test_a_leader_that_claims_utf8_is_not_believed() -> None:
    data = bytearray(stream(RUSSIAN[:1], "cp1251").getvalue())
    data[9:10] = b"a"
    opened = open_exchange(io.BytesIO(bytes(data)), ReadOrder())
    assert opened.charset == "cp1251"
    (one,) = opened.records
    assert isinstance(one, ReadRecord)
    assert one.record.fields == RUSSIAN[0].fields


def test_a_record_in_another_set_than_its_file_is_read_in_its_own_and_noted() -> None:
    strange = next(iso2709.write(KAZAKH[:1], "utf-8"))
    data = stream(RUSSIAN, "cp1251").getvalue() + strange
    *others, last = open_exchange(io.BytesIO(data), ReadOrder()).records
    assert isinstance(last, ReadRecord)
    assert last.charset == "utf-8"
    assert last.notes == (ReadNote("other-charset", "", "utf-8"),)
    assert last.record.fields == KAZAKH[0].fields
    assert len(others) == len(RUSSIAN)


def test_a_charset_that_is_given_is_not_put_to_the_proof() -> None:
    opened = open_exchange(stream(KAZAKH, "kz1048"), ReadOrder(charset="windows-1251"))
    assert (opened.charset, opened.margin, opened.evidence) == ("cp1251", 1.0, "given")
    assert {one.charset for one in opened.records if isinstance(one, ReadRecord)} == {"cp1251"}


def test_a_font_table_is_used_where_it_is_named() -> None:
    field = DataField("200", "1 ", (Subfield("a", "Ќараѓанды"),))
    data = stream([Record("rusmarc", RUSSIAN[0].leader, (field,))], "cp1251")
    (one,) = open_exchange(data, ReadOrder(charset="font:kaz_serbian")).records
    assert isinstance(one, ReadRecord)
    assert one.record.first("200", "a") == "Қарағанды"


def test_a_kazakh_letter_far_into_a_file_decides_it() -> None:
    data = stream(RUSSIAN * 60, "kz1048").getvalue() + stream(KAZAKH * 60, "kz1048").getvalue()
    assert len(data) > 3 << 20
    assert open_exchange(io.BytesIO(data), ReadOrder()).charset == "kz1048"


@pytest.mark.parametrize("room", [iso2709, marcxml])
def test_the_format_is_told_by_the_fields(room: object) -> None:
    article = replace(RUSSIAN[0], format="unimarc")
    foreign = tuple(
        replace(f, subfields=(Subfield("a", "20120101d2012    km y0fray50      ba"),))
        if isinstance(f, DataField) and f.tag == "100"
        else f
        for f in article.fields
        if f.tag != "801"
    )
    for record, form in (
        (BOOK, "marc21"),
        (RUSSIAN[0], "rusmarc"),
        (replace(article, fields=foreign), "unimarc"),
    ):
        data = io.BytesIO(b"".join(room.write([record])))  # type: ignore[attr-defined] # a module
        opened = open_exchange(data, ReadOrder())
        assert opened.format == form
        (one,) = opened.records
        assert isinstance(one, ReadRecord)
        assert one.record.format == form
        assert one.record.fields == record.fields


def test_what_a_person_says_overrides_what_is_found() -> None:
    opened = open_exchange(stream(RUSSIAN), ReadOrder("iso2709", "marc21", "utf-8"))
    (first, *_) = opened.records
    assert opened.format == "marc21"
    assert isinstance(first, ReadRecord)
    assert not any(isinstance(field, LinkField) for field in first.record.fields)


def test_an_empty_file_has_no_records() -> None:
    assert list(open_exchange(io.BytesIO(b""), ReadOrder()).records) == []


def test_every_container_has_its_room() -> None:
    assert set(exchange._ROOMS) == set(CONTAINERS)


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (ReadOrder(container="floppy"), "error.container"),
        (ReadOrder(charset="cp9999"), "error.charset"),
        (ReadOrder(charset="font:none"), "error.charset-font"),
    ],
)
def test_names_that_are_not_known_are_refused(order: ReadOrder, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_exchange(stream(RUSSIAN[:1]), order)
    assert caught.value.key == key


def test_a_file_in_a_code_page_is_written_with_a_blank_leader_nine() -> None:
    assert b"".join(write_exchange([BOOK], "iso2709"))[9:10] == b"a"
    assert b"".join(write_exchange([BOOK], "iso2709", "kz1048"))[9:10] == b" "
    data = b"".join(write_exchange(KAZAKH, "iso2709", "kz1048"))
    assert "Қарағанды".encode("kz1048") in data


def test_a_letter_that_the_code_page_lacks_is_refused_by_record_and_field() -> None:
    with pytest.raises(InputError) as caught:
        b"".join(write_exchange(KAZAKH, "iso2709", "cp1251"))
    assert caught.value.key == "error.iso2709-letter"
    assert caught.value.facts["record"] == "KZkaz0000000"
    assert caught.value.facts["field"] == "200"
    assert str(caught.value.facts["letter"]) in "әғқңөұүһӘҒҚҢӨҰҮҺ"


@pytest.mark.parametrize(("container", "charset"), [("iso2709", "cp866"), ("marcxml", "cp1251")])
def test_a_set_that_a_container_is_not_written_in_is_refused(container: str, charset: str) -> None:
    with pytest.raises(UsageError) as caught:
        write_exchange([BOOK], container, charset)
    assert caught.value.key == "error.charset-not-written"
