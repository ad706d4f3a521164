"""Files made to stall a reader: the time to read them grows as they do, and nothing is lost.

None of these is timed. A reader that looks again and again at what it has seen would need minutes
for one of them.
"""

import io
import struct

import pytest

from catalog.charset.decoding import decode
from catalog.marc.embedding import unflatten
from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.reading import BadRecord, ReadRecord
from catalog.record import DataField, LinkField, Subfield

_SIZE = 400_000
_LEADER = b"00060nam a2200049   4500"
_HEADINGS = b"001;200 1_ $a\r\n"


def _read(container: str, data: bytes, charset: str | None = None) -> list[ReadRecord | BadRecord]:
    form = "irbis" if container.startswith("irbis") else "rusmarc"
    return list(open_exchange(io.BytesIO(data), ReadOrder(container, form, charset)).records)


def _iso(directory: bytes, fields: bytes) -> bytes:
    return _LEADER + directory + b"\x1e" + fields + b"\x1e\x1d"


ISO2709 = {
    "more fields than the directory has": _iso(b"001000100000" * 9000, b"\x1e" * _SIZE),
    "entries of no length": _iso(b"001000000000" * 9000, b"a\x1e" * (_SIZE // 2)),
    "a field that is all embedded": _iso(
        b"461000100000", b"  \x1f12001 " + b"\x1fa" * (_SIZE // 2)
    ),
    "leaders without a record": (_LEADER + b"001000000000\x1eab\x1e") * (_SIZE // 40),
    "delimiters alone": _iso(b"200000100000", b"\x1f" * _SIZE),
}


@pytest.mark.parametrize("data", ISO2709.values(), ids=ISO2709)
def test_hostile_iso2709_is_read_to_its_last_byte(data: bytes) -> None:
    found = _read("iso2709", data)
    assert b"".join(one.raw for one in found) == data


def test_a_field_of_wrong_bytes_is_one_note_that_names_the_first() -> None:
    [found] = _read("iso2709", _iso(b"200000100000", b"  \x1fa" + b"\xff" * _SIZE), "utf-8")
    assert isinstance(found, ReadRecord)
    [note] = [one for one in found.notes if one.code == "bad-byte"]
    assert note.detail == "ff " * 64 + "…"
    assert found.record.first("200", "a") == "\ufffd" * _SIZE


TEXTS = {
    "a line of blanks": ("irbis-text", b" " * _SIZE + b"x", BadRecord),
    "lines without a sign": ("irbis-text", b"200 ^a\n" * (_SIZE // 7) + b"*****\n", ReadRecord),
    "delimiters": ("irbis-text", b"#200: " + b"^" * _SIZE + b"\n*****\n", ReadRecord),
    "blank lines": ("mrk", b"=LDR  00000nam\n" + b"\n" * _SIZE, ReadRecord),
    "subfields without a code": ("mrk", b"=LDR  0\n=200  1 " + b"$" * _SIZE, ReadRecord),
    "blanks before no JSON": ("marcjson", b" " * _SIZE + b"x", BadRecord),
    "brackets": ("marcjson", b'{"leader":' + b"[" * _SIZE, BadRecord),
    "objects in objects": ("jsonl", b'{"leader":' + b'{"a":' * (_SIZE // 5), BadRecord),
    "a number": ("jsonl", b'{"leader":' + b"1" * _SIZE + b',"fields":[]}', BadRecord),
}


@pytest.mark.parametrize(("container", "data", "kind"), TEXTS.values(), ids=TEXTS)
def test_hostile_text_is_one_record(
    container: str, data: bytes, kind: type[ReadRecord | BadRecord]
) -> None:
    [found] = _read(container, data)
    assert isinstance(found, kind)


XML = {
    "records that only begin": b"<c>" + b"<record>" * (_SIZE // 8),
    "records that only end": b"<c>" + b"</record>" * (_SIZE // 9),
    "records in records": b"<c>" + b"<record><leader>x</leader>" * (_SIZE // 26),
    "a quotation mark too many": b"<c>" + b'<record a="></record>' * (_SIZE // 21),
    "elements in elements": b"<c><record><leader/>" + b"<a>" * (_SIZE // 3),
    "blanks": b"<c>" + b" " * _SIZE + b"<record>",
}


@pytest.mark.parametrize("data", XML.values(), ids=XML)
def test_hostile_xml_is_bad_records_that_hold_no_byte_twice(data: bytes) -> None:
    found = _read("marcxml", data)
    assert found
    assert {type(one) for one in found} == {BadRecord}
    assert sum(len(one.raw) for one in found) <= len(data)


def test_blanks_alone_are_no_xml() -> None:
    with pytest.raises(Exception, match="xml-unreadable"):
        _read("marcxml", b" " * _SIZE + b"x")


def test_a_record_whose_namespace_is_no_uri_is_read() -> None:
    data = b'<c><record xmlns:a="u"><controlfield tag="001">1</controlfield></record></c>'
    [found] = _read("marcxml", data)
    assert isinstance(found, ReadRecord)
    assert found.record.control_number == "1"


@pytest.mark.parametrize("row", [b'a";"\r\n', b'"a\r\n'])
def test_rows_whose_quotes_never_close_are_bad_rows(row: bytes) -> None:
    found = _read("csv", _HEADINGS + row * (_SIZE // len(row)))
    assert {type(one) for one in found} == {BadRecord}


def test_a_master_file_of_wrong_bytes_notes_each_field() -> None:
    count = 30_000
    leader = struct.pack(">8I", 1, 32 + 13 * count, 0, 0, 32 + 12 * count, count, 0, 0)
    entries = b"".join(struct.pack(">3I", 200, at, 1) for at in range(count))
    [found] = _read("irbis-mst", bytes(36) + leader + entries + b"\xff" * count)
    assert isinstance(found, ReadRecord)
    assert len(found.notes) == count


def test_marks_without_a_letter_are_kept() -> None:
    assert decode(b"\xc2" * _SIZE, "iso5426") == "\N{COMBINING ACUTE ACCENT}" * _SIZE


def test_many_embedded_subfields_stay_in_their_field() -> None:
    held = (Subfield("a", "x"),) * 100_000
    flat = DataField("461", "  ", (Subfield("1", "2001 "), *held))
    assert unflatten(flat, "rusmarc") == LinkField("461", "  ", (DataField("200", "1 ", held),))
