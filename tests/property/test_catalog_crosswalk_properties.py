"""There and back is the same record: for arbitrary records, and for every real one."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.crosswalk.convert import Conversion, convert
from catalog.crosswalk.loss.carrier import TAG
from catalog.marc import iso2709, marcxml
from catalog.record import ControlField, DataField, LinkField, Record, Subfield
from tests.unit.exchanged import read_all, written

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
REAL = (
    ("loge-rusmarc/TEST1.ISO", "rusmarc", "cp1251"),
    ("rusmarc-tpu/issue-2012-v320-i1.marcxml", "rusmarc", "utf-8"),
    ("pymarc-suite/testunimarc.dat", "unimarc", "utf-8"),
    ("pymarc-suite/marc.dat", "marc21", "utf-8"),
    ("pymarc-suite/bad_records.mrc", "marc21", "utf-8"),
    ("pymarc-suite/utf8.xml", "marc21", "utf-8"),
    ("marc4j/pride-and-prejudice-with-many-errors.mrc", "marc21", "utf-8"),
    ("marc4j/bad_hathi_records.mrc", "marc21", "utf-8"),
    ("marc4j/unordered-directory-entries.mrc", "marc21", "utf-8"),
)
OTHER = {"rusmarc": "marc21", "unimarc": "marc21", "marc21": "rusmarc"}

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12) | st.sampled_from(
    ["Абай жолы", "Алматы :", "С. 3", "№ 15 (17 сәуір)", "aut", "070", "rubbk", "KZ", "Иванов, И."]
)
CODES = st.sampled_from("abcdefghipqtuvwxyz0123456789")
INDICATORS = st.text("0123478 |", min_size=2, max_size=2)
SUBFIELDS = st.lists(st.builds(Subfield, CODES, TEXTS), max_size=4).map(tuple)
KNOWN = st.sampled_from(
    [
        *(
            "010",
            "020",
            "040",
            "100",
            "101",
            "102",
            "105",
            "110",
            "200",
            "210",
            "245",
            "260",
            "264",
        ),
        *(
            "300",
            "410",
            "461",
            "463",
            "604",
            "606",
            "650",
            "700",
            "702",
            "710",
            "773",
            "801",
            "830",
        ),
        *("852", "856", "886", "899"),
    ]
)
TAGS = KNOWN | st.integers(10, 999).map("{:03d}".format)
CODED = st.text("abdrs ukzru0129|", min_size=0, max_size=40)
CONTROL = st.builds(ControlField, st.sampled_from(["001", "005", "006", "007", "008"]), CODED)
DATA_FIELDS = st.builds(DataField, TAGS, INDICATORS, SUBFIELDS)
LINKS = st.builds(
    LinkField,
    st.sampled_from(["410", "423", "461", "462", "463", "464", "604", "700"]),
    INDICATORS,
    st.lists(CONTROL | DATA_FIELDS, max_size=3).map(tuple),
)
LEADERS = st.sampled_from(
    [
        *("00000nam0 2200000   450 ", "00714naa2 2200241 i 450 ", "00000nla2a2200409 i 450 "),
        *("00665nam a2200217 a 4500", "00000cas a2200000   4500", "00000nab a2200000ic 4500"),
    ]
) | st.text("nams02ai 45", max_size=26)
RECORDS = st.builds(
    Record,
    st.sampled_from(["rusmarc", "marc21", "unimarc"]),
    LEADERS,
    st.lists(CONTROL | DATA_FIELDS | LINKS, max_size=8).map(tuple),
)


def real(name: str, form: str, charset: str) -> list[Record]:
    path = DATA / name
    if not path.is_file():
        pytest.skip("the shared data are not here")
    # The directory of the file counts other bytes then; the terminators are right in any charset.
    data = path.read_bytes().decode(charset).encode() if charset != "utf-8" else path.read_bytes()
    found = read_all(marcxml if name.endswith("xml") else iso2709, data, form)
    return [record for record in found if isinstance(record, Record)]


@settings(max_examples=600, deadline=None)
@given(RECORDS)
def test_any_record_comes_back_as_it_was(record: Record) -> None:
    there = convert(record, OTHER[record.format])
    assert convert(there.record, record.format) == Conversion(record, ())


@settings(max_examples=200, deadline=None)
@given(RECORDS)
def test_losses_are_reported_where_something_is_carried_and_nowhere_else(record: Record) -> None:
    there = convert(record, OTHER[record.format])
    carried = len(list(there.record.all(TAG))) > len(list(record.all(TAG)))
    assert carried == bool(there.lost)


@settings(max_examples=150, deadline=None)
@given(RECORDS, st.data())
def test_an_edit_is_never_undone(record: Record, data: st.DataObject) -> None:
    there = convert(record, "marc21" if record.format != "marc21" else "rusmarc").record
    words = DataField("300" if there.format == "rusmarc" else "500", "  ", (Subfield("a", "жаңа"),))
    at = data.draw(st.integers(0, len(there.fields)))
    edited = Record(there.format, there.leader, (*there.fields[:at], words, *there.fields[at:]))
    back = convert(edited, record.format).record
    assert ("жаңа",) in [tuple(s.value for s in f.subfields) for f in back.data("300", "500")]
    assert convert(back, there.format).record.first(words.tag, "a") is not None


@pytest.mark.parametrize(("name", "form", "charset"), REAL)
def test_every_real_record_comes_back_as_it_was(name: str, form: str, charset: str) -> None:
    records = real(name, form, charset)
    assert records
    for record in records:
        there = convert(record, OTHER[form])
        assert convert(there.record, form) == Conversion(record, ())
        assert bool(there.lost) == (len([*there.record.all(TAG)]) > len([*record.all(TAG)]))


@pytest.mark.parametrize(("name", "form", "charset"), REAL[:6])
def test_a_file_in_between_changes_nothing(name: str, form: str, charset: str) -> None:
    for record in real(name, form, charset):
        there = convert(record, OTHER[form]).record
        (read,) = read_all(iso2709, written(iso2709, [there]), there.format)
        assert isinstance(read, Record)
        assert convert(read, form).record.fields == record.fields
