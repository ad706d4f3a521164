"""What is written is read back: ISO 2709 and MARCXML, for every record that they can hold."""

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.marc import iso2709, marcxml
from catalog.marc.reading import BadRecord
from catalog.record import (
    ControlField,
    DataField,
    Field,
    LinkField,
    Record,
    Subfield,
    canonical_json,
    from_json,
)
from tests.unit.exchanged import read_all, written

ALPHABET = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="￾￿")
TEXTS = st.text(ALPHABET, max_size=30)
CODES = st.sampled_from("abcdefghijklmnopqrstuvwxyz023456789")
INDICATORS = st.text("0123456789 |", min_size=2, max_size=2)
SUBFIELDS = st.lists(st.builds(Subfield, CODES, TEXTS), min_size=1, max_size=4).map(tuple)
TAGS = st.integers(10, 999).map("{:03d}".format)
PLAIN = TAGS.filter(lambda tag: tag[0] != "4" and tag != "604")
CONTROL = st.builds(ControlField, st.sampled_from(["001", "003", "005", "008"]), TEXTS)
DATA = st.builds(DataField, PLAIN, INDICATORS, SUBFIELDS)
LINKS = st.builds(
    LinkField,
    st.sampled_from(["410", "461", "463", "604"]),
    INDICATORS,
    st.lists(CONTROL | DATA, min_size=1, max_size=3).map(tuple),
)
LEADERS = st.sampled_from(["00000nam0 2200000   450 ", "00000caa2 22000003  450 "])
LIMIT = settings(max_examples=150, deadline=None)


def records(form: str, fields: st.SearchStrategy[Field]) -> st.SearchStrategy[Record]:
    return st.builds(Record, st.just(form), LEADERS, st.lists(fields, max_size=6).map(tuple))


RUSMARC = records("rusmarc", CONTROL | DATA | LINKS)
MARC21 = records("marc21", CONTROL | DATA).map(
    lambda r: Record(r.format, r.leader[:9] + "a" + r.leader[10:20] + "4500", r.fields)
)
BOTH = RUSMARC | MARC21


@LIMIT
@given(st.lists(BOTH.filter(lambda r: bool(r.fields)), max_size=3))
def test_iso2709_reads_back_what_it_wrote(wanted: list[Record]) -> None:
    for form in ("rusmarc", "marc21"):
        ours = [r for r in wanted if r.format == form]
        back = read_all(iso2709, written(iso2709, ours), form)
        assert [r.fields for r in back if isinstance(r, Record)] == [r.fields for r in ours]
        assert len(back) == len(ours)


@LIMIT
@given(BOTH.filter(lambda r: bool(r.fields)))
def test_writing_iso2709_again_gives_the_same_bytes(record: Record) -> None:
    data = written(iso2709, [record])
    (back,) = read_all(iso2709, data, record.format)
    assert isinstance(back, Record)
    assert written(iso2709, [back]) == data


@LIMIT
@given(st.lists(BOTH, max_size=3))
def test_marcxml_reads_back_what_it_wrote(wanted: list[Record]) -> None:
    for form in ("rusmarc", "marc21"):
        ours = [r for r in wanted if r.format == form]
        assert read_all(marcxml, written(marcxml, ours), form) == ours


@LIMIT
@given(BOTH)
def test_canonical_json_reads_back_what_it_wrote(record: Record) -> None:
    assert from_json(canonical_json(record)) == record


@LIMIT
@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_exception_and_nothing_is_lost(data: bytes) -> None:
    found = read_all(iso2709, data)
    bad = [r for r in found if isinstance(r, BadRecord)]
    assert all(data[r.offset : r.offset + len(r.raw)] == r.raw for r in bad)


@LIMIT
@given(RUSMARC.filter(lambda r: bool(r.fields)), st.data())
def test_one_damaged_byte_never_stops_the_records_behind(
    record: Record, data: st.DataObject
) -> None:
    good = written(iso2709, [record])
    at = data.draw(st.integers(0, len(good) - 2))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b not in (0x1D,)))
    damaged = good[:at] + bytes([byte]) + good[at + 1 :]
    *_, last = read_all(iso2709, damaged + good)
    assert isinstance(last, Record)
    assert last.fields == record.fields
