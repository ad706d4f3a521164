"""Real ISO 2709 files, whole and broken: each record is in, or bad with its bytes."""

import io
from collections import Counter
from pathlib import Path

import pytest

from catalog.marc.exchange import Opened, ReadOrder, open_exchange
from catalog.marc.reading import BadRecord, ReadNote, ReadRecord
from catalog.record import ControlField, DataField

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
PRIDE = "marc4j/pride-and-prejudice-with-many-errors.mrc"


def opened(name: str) -> tuple[Opened, list[ReadRecord], list[BadRecord]]:
    path = DATA / name
    if not path.is_file():
        pytest.skip("the shared data are not here")
    data = path.read_bytes()
    file = open_exchange(io.BytesIO(data), ReadOrder())
    found = list(file.records)
    assert b"".join(one.raw for one in found) == data.strip(b"\n")
    good = [one for one in found if isinstance(one, ReadRecord)]
    return file, good, [one for one in found if isinstance(one, BadRecord)]


@pytest.mark.parametrize(
    ("name", "form", "charset", "good", "bad"),
    [
        ("loge-rusmarc/TEST1.ISO", "rusmarc", "cp1251", 81, 0),
        ("marc4j/bad_hathi_records.mrc", "marc21", "utf-8", 5, 0),
        ("marc4j/bad_leaders_10_11.mrc", "marc21", "marc-8", 1, 0),
        ("marc4j/cyrillic_capital_e.mrc", "marc21", "marc-8", 2, 0),
        (PRIDE, "marc21", "marc-8", 383, 0),
        ("marc4j/unordered-directory-entries.mrc", "marc21", "utf-8", 1, 0),
        ("pymarc-suite/bad_records.mrc", "marc21", "utf-8", 7, 1),
        ("pymarc-suite/marc.dat", "marc21", "utf-8", 20, 0),
        ("pymarc-suite/marc8.dat", "marc21", "marc-8", 1, 0),
        ("pymarc-suite/testunimarc.dat", "unimarc", "utf-8", 1, 0),
        ("pymarc-suite/utf8_invalid.mrc", "marc21", "utf-8", 1, 0),
    ],
)
def test_every_record_is_in_or_bad_with_its_bytes(
    name: str, form: str, charset: str, good: int, bad: int
) -> None:
    file, records, refused = opened(name)
    assert (file.container, file.format, file.charset) == ("iso2709", form, charset)
    assert (len(records), len(refused)) == (good, bad)
    assert all(one.record.fields for one in records)


def test_a_leader_that_lacks_a_byte_is_repaired_by_what_follows() -> None:
    _, records, _ = opened(PRIDE)
    torn = [one for one in records if ReadNote("directory") in one.notes]
    assert len(torn) == 16
    complete = torn[0].record
    assert complete.control_number == "BTJ11184529X"
    assert complete.first("245", "a") == "The complete novels of Jane Austen"
    assert [field.tag for field in complete.fields] == [
        *("001", "008", "020", "028", "084", "100", "245", "260", "852", "852")
    ]


def test_records_of_one_file_are_each_read_in_their_own_set() -> None:
    _, records, _ = opened(PRIDE)
    beyond_ascii = [one for one in records if not one.raw.isascii()]
    sets = Counter(one.charset for one in beyond_ascii)
    assert sets == {"marc-8": 63, "utf-8": 8, "iso5426": 7, "cp1252": 4}
    assert "bad-byte" not in {note.code for one in records for note in one.notes}
    titles = {one.charset: set[str]() for one in records}
    for one in records:
        texts = [
            s.value for f in one.record.fields if isinstance(f, DataField) for s in f.subfields
        ]
        titles[one.charset].update(text for text in texts if not text.isascii())
    assert "Świat Książki - Bertelsmann Media," in titles["utf-8"]
    assert "£0.75" in titles["marc-8"]
    assert "Union générale d&apos;éditions," in titles["iso5426"]
    assert "Gènes [Italie] :" in titles["iso5426"]
    assert "Östersund" in titles["cp1252"]


def test_a_record_of_a_megabyte_with_overflowing_figures_keeps_all_its_fields() -> None:
    _, records, _ = opened("marc4j/bad_hathi_records.mrc")
    long = max(records, key=lambda one: len(one.raw))
    assert len(long.raw) == 1_096_887
    assert len(long.record.fields) == 12_654
    assert {note.code for note in long.notes} == {"length", "directory"}


def test_an_unordered_directory_gives_the_order_of_the_record() -> None:
    _, (one,), _ = opened("marc4j/unordered-directory-entries.mrc")
    assert not one.notes
    tags = [field.tag for field in one.record.fields]
    assert tags[:3] == ["001", "005", "008"]
    title = one.record.first("245", "a")
    assert title is not None
    assert title.isascii()


def test_damaged_leaders_and_directories_are_read_and_noted() -> None:
    _, records, (bad,) = opened("pymarc-suite/bad_records.mrc")
    assert bad == BadRecord(bad.offset, "no-fields", b"00026     2200025   4500\x1e\x1d")
    assert {one.record.first("245", "a") for one in records} == {"The pragmatic programmer : "}
    codes = Counter(note.code for one in records for note in one.notes)
    assert codes == {"length": 3, "directory": 2}


def test_a_subfield_code_that_is_no_sign_is_kept_and_noted() -> None:
    _, (one,), _ = opened("pymarc-suite/utf8_invalid.mrc")
    assert one.notes == (ReadNote("bad-code", "260"),)
    (imprint,) = one.record.data("260")
    assert [s.code for s in imprint.subfields] == ["a", "\ufffd", "c"]


def test_the_records_of_the_national_library_have_nothing_to_mend() -> None:
    _, records, _ = opened("loge-rusmarc/TEST1.ISO")
    assert not [note for one in records for note in one.notes]
    first = records[0].record
    assert first.fields[0] == ControlField("001", r"RU\NLR\bibl\3415")
