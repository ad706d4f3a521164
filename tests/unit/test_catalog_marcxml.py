"""MARCXML: what pymarc reads, what others write, and what is refused."""

import io
from pathlib import Path

import pymarc
import pytest

from catalog.marc import marcxml
from catalog.marc.reading import BadRecord
from catalog.record import ControlField, DataField, LinkField, Record, Subfield
from olketanu.errors import InputError
from tests.unit.exchanged import read_all, written


def read(data: bytes) -> list[Record | BadRecord]:
    return read_all(marcxml, data)


def write(records: list[Record]) -> bytes:
    return written(marcxml, records)


DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
LEADER = "00000naa2 2200000   450 "
HOST = LinkField("463", " 0", (DataField("200", "1 ", (Subfield("a", "№ 3 <«Өлке» & К°>"),)),))
RECORD = Record("rusmarc", LEADER, (ControlField("001", "a\\1"), HOST))


def test_a_record_comes_back_with_its_embedded_fields() -> None:
    assert read(write([RECORD, RECORD])) == [RECORD, RECORD]


def test_pymarc_reads_what_we_write() -> None:
    (found,) = pymarc.parse_xml_to_array(io.BytesIO(write([RECORD])))  # type: ignore[no-untyped-call]  # pymarc has no hints here
    assert found["463"].get_subfields("1", "a") == ["2001 ", "№ 3 <«Өлке» & К°>"]


def test_a_file_without_namespace_and_with_a_lone_record_is_read() -> None:
    text = "<record><leader>x</leader><controlfield tag='001'>7</controlfield></record>"
    (found,) = read(text.encode())
    assert isinstance(found, Record)
    assert (found.control_number, len(found.leader)) == ("7", 24)


def test_a_bad_field_makes_a_bad_record_and_the_next_is_read() -> None:
    bad = "<record><datafield tag='2' ind1='' ind2=''/></record>"
    found = read(f"<collection>{bad}<record/></collection>".encode())
    assert isinstance(found[0], BadRecord)
    assert isinstance(found[1], Record)


def test_a_document_type_is_refused() -> None:
    with pytest.raises(InputError):
        read(b'<!DOCTYPE r [<!ENTITY e "x">]><record>&e;</record>')


def test_text_that_is_no_xml_is_refused() -> None:
    with pytest.raises(InputError):
        read(b"00562nam2 2200217")


def test_characters_that_xml_has_not_are_refused_by_record_and_field() -> None:
    field = DataField("300", "  ", (Subfield("a", "a\x0bb"),))
    with pytest.raises(InputError) as caught:
        write([Record("rusmarc", LEADER, (ControlField("001", "q"), field))])
    assert caught.value.facts == {"record": "q", "field": "300"}


def test_real_records_with_embedded_fields_are_read() -> None:
    path = DATA / "rusmarc-tpu" / "issue-2012-v320-i1.marcxml"
    if not path.is_file():
        pytest.skip("the shared data are not here")
    found = [r for r in read(path.read_bytes()) if isinstance(r, Record)]
    links = [f for r in found for f in r.all("461")]
    assert found
    assert all(isinstance(f, LinkField) for f in links)
    first = links[0]
    assert isinstance(first, LinkField)
    inner = first.embedded("200")
    assert isinstance(inner, DataField)
    assert (inner.first("a") or "").startswith("Известия")
    assert read(write(found)) == [
        Record(r.format, r.leader[:9] + " " + r.leader[10:], r.fields) for r in found
    ]
