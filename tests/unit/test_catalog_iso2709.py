"""ISO 2709: framing that survives bad lengths, and limits that never write an unreadable file."""

import io
import shutil
import subprocess
from pathlib import Path

import pymarc
import pytest

from catalog.marc import iso2709
from catalog.marc.reading import BadRecord, ReadNote, ReadRecord
from catalog.record import ControlField, DataField, LinkField, Record, Subfield
from olketanu.errors import InputError
from tests.unit.exchanged import read_all, written


def read(data: bytes, form: str = "rusmarc") -> list[Record | BadRecord]:
    return read_all(iso2709, data, form)


def write(records: list[Record]) -> bytes:
    return written(iso2709, records)


DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
TITLE = "Әңгіме: Қарағанды, Ғасыр, Ұлы Үңгір, Өлке, Һәм, Ілім, Ңң"
LEADER = "00000nam0 2200000   450 "


def record(number: str = "o1", form: str = "rusmarc", title: str = TITLE) -> Record:
    return Record(
        form,
        LEADER,
        (
            ControlField("001", number),
            DataField("200", "1 ", (Subfield("a", title), Subfield("e", "роман"))),
        ),
    )


def article() -> Record:
    inner = (
        ControlField("001", r"RU\NLR\bibl\5996"),
        DataField("200", "1 ", (Subfield("a", "№ 41"), Subfield("v", "Б. 3"))),
        DataField("210", "  ", (Subfield("d", "1998"),)),
    )
    return Record("rusmarc", LEADER, (ControlField("001", "a"), LinkField("463", " 0", inner)))


def test_the_leader_says_utf8_in_marc21_and_is_blank_in_rusmarc() -> None:
    assert write([record(form="marc21")])[9:10] == b"a"
    assert write([record(form="rusmarc")])[9:10] == b" "


def test_embedded_fields_stand_in_a_file_behind_dollar_one() -> None:
    data = write([article()]).decode()
    assert "\x1f12001 \x1fa№ 41\x1fvБ. 3\x1f1210  \x1fd1998" in data
    assert "\x1f1001RU\\NLR\\bibl\\5996" in data
    (back,) = read(data.encode())
    assert isinstance(back, Record)
    assert back.fields == article().fields


def test_embedded_fields_stay_flat_in_marc21() -> None:
    flat = DataField("440", " 0", (Subfield("1", "2001 "), Subfield("a", "x")))
    data = write([Record("marc21", LEADER, (flat,))])
    (back,) = read(data, "marc21")
    assert isinstance(back, Record)
    assert back.fields == (flat,)


def test_pymarc_reads_what_we_write() -> None:
    data = write([record(form="marc21"), record("o2", "marc21")])
    found = list(pymarc.MARCReader(io.BytesIO(data)))
    assert [r["001"].data for r in found if r] == ["o1", "o2"]
    assert found[0]["200"]["a"] == TITLE


@pytest.mark.skipif(shutil.which("yaz-marcdump") is None, reason="yaz is not installed")
def test_yaz_reads_kazakh_letters(tmp_path: Path) -> None:
    path = tmp_path / "records.iso"
    path.write_bytes(write([record(), article()]))
    command = ["yaz-marcdump", "-f", "utf-8", "-t", "utf-8", str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    text = done.stdout.decode()
    assert f"200 1  $a {TITLE} $e роман" in text
    assert not done.stderr


def test_blanks_line_ends_and_a_byte_order_mark_between_records_are_skipped() -> None:
    one, two = write([record("1")]), write([record("2")])
    found = read(b"\xef\xbb\xbf" + one + b"\r\n\r\n" + two + b"\x1a\r\n")
    assert [r.control_number for r in found if isinstance(r, Record)] == ["1", "2"]
    assert len(found) == 2


@pytest.mark.parametrize("length", [b"00003", b"99999", b"abcde", b"     "])
def test_a_wrong_length_costs_no_record(length: bytes) -> None:
    one, two = write([record("1")]), write([record("2")])
    found = read(length + one[5:] + two)
    assert [r.control_number for r in found if isinstance(r, Record)] == ["1", "2"]


@pytest.mark.parametrize("base", [b"00000", b"99999", b"0004x"])
def test_a_wrong_base_address_is_repaired(base: bytes) -> None:
    data = write([record()])
    (found,) = read(data[:12] + base + data[17:])
    assert isinstance(found, Record)
    assert found.fields == record().fields


def test_a_wrong_directory_entry_is_repaired_from_the_terminators() -> None:
    data = write([record()])
    broken = data.replace(b"2000", b"2000", 1)
    at = broken.index(b"200", 24)
    broken = broken[: at + 3] + b"0003" + broken[at + 7 :]
    (found,) = read(broken)
    assert isinstance(found, Record)
    assert found.fields == record().fields


def test_bytes_that_are_no_utf8_cost_no_field_and_are_noted() -> None:
    bad = write([record(title="xxxx")]).replace(b"xxxx", b"\xca\xe0\xe7\xe0")
    one, two = iso2709.read(io.BytesIO(bad + write([record("2")])))
    assert isinstance(one, ReadRecord)
    assert one.raw == bad
    assert one.record.first("200", "a") == "\ufffd\ufffd\ufffd\ufffd"
    assert one.record.first("200", "e") == "роман"
    assert one.notes == (ReadNote("bad-byte", "200", "ca e0 e7 e0"),)
    assert isinstance(two, ReadRecord)
    assert two.notes == ()


def test_a_torn_end_is_a_bad_record_with_its_place() -> None:
    one, two = write([record("1")]), write([record("2")])
    found = read(one + two[:-20])
    assert isinstance(found[0], Record)
    assert found[1] == BadRecord(len(one), "no-terminator", two[:-20])


def raw_record(*fields: tuple[str, bytes]) -> bytes:
    """A record of these tags and contents, whatever they hold; the figures are right."""
    directory, start = b"", 0
    for tag, content in fields:
        directory += f"{tag}{len(content) + 1:04d}{start:05d}".encode()
        start += len(content) + 1
    body = b"".join(content + b"\x1e" for _, content in fields)
    base = 25 + len(directory)
    head = f"{base + len(body) + 1:05d}nam0 22{base:05d}   450 ".encode()
    return head + directory + b"\x1e" + body + b"\x1d"


def one(data: bytes) -> ReadRecord:
    (found,) = iso2709.read(io.BytesIO(data))
    assert isinstance(found, ReadRecord)
    assert found.raw == data
    return found


def test_a_stray_field_terminator_stays_in_its_field_where_the_lengths_say_so() -> None:
    found = one(raw_record(("001", b"1"), ("200", b"1 \x1faA\x1eB\x1fcC"), ("300", b"  \x1fax")))
    assert found.record.first("200", "a") == "A\ufffdB"
    assert found.record.first("200", "c") == "C"
    assert found.record.first("300", "a") == "x"
    assert found.notes == (ReadNote("stray-terminator", "200"),)


def test_a_stray_field_terminator_is_told_by_the_length_where_other_figures_are_wrong() -> None:
    good = raw_record(("001", b"1"), ("200", b"1 \x1faA\x1eB"), ("300", b"  \x1fax"))
    at = good.index(b"300")
    found = one(good[: at + 7] + b"xxxxx" + good[at + 12 :])
    assert found.record.first("200", "a") == "A\ufffdB"
    assert found.record.first("300", "a") == "x"
    assert found.notes == (ReadNote("directory"), ReadNote("stray-terminator", "200"))


@pytest.mark.parametrize("end", [b"", b"#"])
def test_a_lost_field_terminator_joins_no_fields(end: bytes) -> None:
    good = raw_record(
        ("001", b"1"), ("200", b"1 \x1faA"), ("300", b"  \x1fax"), ("610", b"0 \x1fay")
    )
    found = one(good.replace(b"\x1faA\x1e", b"\x1faA" + end))
    assert [field.tag for field in found.record.fields] == ["001", "200", "300", "610"]
    assert found.record.first("300", "a") == "x"
    assert found.record.first("200", "a") == "A" + end.decode()


def test_a_field_that_the_directory_alone_knows_is_noted() -> None:
    good = raw_record(("001", b"1"), ("200", b"1 \x1faA"))
    found = one(good.replace(b"2000006", b"3000009000022000006"))
    assert [field.tag for field in found.record.fields] == ["001", "200"]
    assert found.record.first("200", "a") == "A"
    assert {note.code for note in found.notes} == {"length", "directory", "missing-field"}
    assert ReadNote("missing-field", "300") in found.notes


@pytest.mark.parametrize(
    ("content", "indicators", "subfields", "note"),
    [
        (b"1 0\x1faA", "1 ", [("a", "A")], ReadNote("indicators", "200", "1 0")),
        (b"1\x1faA", "1 ", [("a", "A")], ReadNote("indicators", "200", "1")),
        ("1ә\x1faA".encode(), "1 ", [("a", "A")], ReadNote("indicators", "200", "1ә")),
        (
            b"1 Title\x1feB",
            "1 ",
            [(" ", "Title"), ("e", "B")],
            ReadNote("leading-data", "200", "Title"),
        ),
        (b"1 Title", "1 ", [(" ", "Title")], ReadNote("leading-data", "200", "Title")),
        (b"1 ", "1 ", [], ReadNote("empty-field", "200")),
        (b"1 \x1f", "1 ", [], ReadNote("empty-field", "200")),
        (b"1 \x1faA\x1f\x1fbB", "1 ", [("a", "A"), ("b", "B")], ReadNote("empty-subfield", "200")),
        (b"1 \x1f\x01A", "1 ", [("\x01", "A")], ReadNote("bad-code", "200")),
    ],
)
def test_a_field_with_odd_indicators_or_subfields_is_kept_and_noted(
    content: bytes, indicators: str, subfields: list[tuple[str, str]], note: ReadNote
) -> None:
    found = one(raw_record(("001", b"1"), ("200", content), ("300", b"  \x1fax")))
    (field,) = found.record.data("200")
    assert field.indicators == indicators
    assert [(s.code, s.value) for s in field.subfields] == subfields
    assert found.notes == (note,)
    assert found.record.first("300", "a") == "x"


def test_figures_of_more_places_than_there_are_cost_nothing() -> None:
    long = b"  \x1fa" + b"x" * 120_000
    data = raw_record(("001", b"1"), ("300", long), ("610", b"0 \x1fay"))
    assert data[:6].isdigit()
    found = one(data)
    assert found.record.leader[5:9] == "nam0"
    assert [field.tag for field in found.record.fields] == ["001", "300", "610"]
    assert found.record.first("610", "a") == "y"
    assert {note.code for note in found.notes} == {"directory", "length"}


@pytest.mark.parametrize("end", [b"", b"#"])
def test_a_lost_terminator_behind_the_directory_costs_no_field(end: bytes) -> None:
    good = raw_record(("001", b"77"), ("200", b"1 \x1faA"))
    found = one(good.replace(b"\x1e77", end + b"77"))
    assert found.record.control_number == "77"
    assert found.record.first("200", "a") == "A"


@pytest.mark.parametrize("at", [24, 30, 35, 47])
def test_a_stray_terminator_in_the_directory_costs_no_field(at: int) -> None:
    good = raw_record(("001", b"77"), ("200", b"1 \x1faA"))
    found = one(good[:at] + b"\x1e" + good[at + 1 :])
    assert [field.tag for field in found.record.fields][-1] == "200"
    assert found.record.first("200", "a") == "A"
    assert len(found.record.fields) == 2


def test_text_with_separators_is_no_record() -> None:
    data = b"Dear library, here is the file you asked for\x1eYours\x1e\x1d"
    good = write([record()])
    bad, following = iso2709.read(io.BytesIO(data + good))
    assert bad == BadRecord(0, "bad-record", data)
    assert isinstance(following, ReadRecord)


def test_a_charset_by_another_name_is_no_other_charset() -> None:
    data = write([record(title="Караганда")]).decode().encode("cp1251")
    (found,) = iso2709.read(io.BytesIO(data), "rusmarc", "Windows-1251")
    assert isinstance(found, ReadRecord)
    assert "other-charset" not in {note.code for note in found.notes}


def test_a_record_without_its_terminator_is_read_when_it_is_whole() -> None:
    good = raw_record(("001", b"1"), ("200", b"1 \x1faA"))
    found = one(good[:-1])
    assert found.record.first("200", "a") == "A"
    assert "no-terminator" in {note.code for note in found.notes}


def test_a_field_too_long_is_refused_by_record_and_field() -> None:
    with pytest.raises(InputError) as caught:
        write([record(title="ә" * 5000)])
    assert caught.value.key == "error.iso2709-too-long"
    assert (caught.value.facts["record"], caught.value.facts["field"]) == ("o1", "200")


def test_the_longest_field_that_fits_is_written_and_read() -> None:
    fits = record(title="x" * (9_999 - 2 - 2 - 7 - 1 - 5))
    (back,) = read(write([fits]))
    assert isinstance(back, Record)
    assert back.fields == fits.fields


def test_a_record_too_long_is_refused() -> None:
    note = DataField("300", "  ", (Subfield("a", "x" * 9_000),))
    with pytest.raises(InputError) as caught:
        write([Record("rusmarc", LEADER, (ControlField("001", "big"), *(note,) * 12))])
    assert caught.value.facts["record"] == "big"
    assert caught.value.facts["limit"] == 99_999


@pytest.mark.parametrize("sign", ["\x1d", "\x1e", "\x1f"])
def test_separators_inside_data_are_refused(sign: str) -> None:
    with pytest.raises(InputError) as caught:
        write([record(title=f"a{sign}b")])
    assert caught.value.key == "error.iso2709-control"


@pytest.mark.parametrize(
    ("name", "form", "count"),
    [
        ("loge-rusmarc/TEST1.ISO", "rusmarc", 81),
        ("pymarc-suite/testunimarc.dat", "unimarc", 1),
        ("pymarc-suite/marc.dat", "marc21", 20),
    ],
)
def test_real_files_are_framed_whole(name: str, form: str, count: int) -> None:
    path = DATA / name
    if not path.is_file():
        pytest.skip("the shared data are not here")
    data = path.read_bytes()
    found = read(data, form)
    assert len(found) == count
    assert all(isinstance(r, Record) or r.raw in data for r in found)
