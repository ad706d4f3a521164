"""Tables: rows of a library's own columns become records; any record comes back from its row."""

import csv
import io
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.profile import parse_profile
from catalog.marc.reading import BadRecord, ReadRecord
from catalog.marc.tables import separated, workbook
from catalog.marc.tables.columns import Columns, guarded, unguarded
from catalog.record import ControlField, DataField, Record, Subfield
from olketanu.errors import InputError
from tests.property.test_catalog_formats_properties import (
    PLAIN_RECORDS,
    WILD_RECORDS,
    damages,
    hurt,
    numbered,
    others_are_there,
)
from tests.unit.exchanged import read_all, written
from tests.unit.test_catalog_containers import ARTICLE, real_records, with_real_records

ROOMS = (separated, workbook)
either = pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
BOOK = Record(
    "rusmarc",
    "00000nam0 2200000   450 ",
    (
        ControlField("001", "k1"),
        DataField("101", "0 ", (Subfield("a", "kaz"),)),
        DataField("200", "1 ", (Subfield("a", "Өлкетану"), Subfield("f", "А. Б. Ахметов"))),
        DataField("610", "0 ", (Subfield("a", "шахта"),)),
        DataField("610", "0 ", (Subfield("a", "көмір"),)),
        DataField("700", " 1", (Subfield("a", "Ахметов"), Subfield("b", "А. Б."))),
    ),
)
SHEET = """Заглавие;Сведения об ответственности;Автор;Инициалы автора;Язык;Keywords;Номер записи
Өлкетану;А. Б. Ахметов;Ахметов;А. Б.;қаз;"шахта; көмір";k1
"""
OWN = """
leader = "00000naa0 2200000   450 "
[[column]]
heading = ["Название статьи"]
to = "200 1_ $a"
[[column]]
heading = ["Газета"]
to = "463 _0 $t"
[[column]]
heading = ["Стр."]
to = "463 _0 $v"
[[column]]
heading = ["№ п/п"]
to = "-"
[[column]]
heading = "Тілі"
to = "101 0_ $a"
aliases = "тіл"
[[constant]]
to = "801 _0 $a"
value = "KZ"
[aliases."тіл"]
"Қаз" = "kaz"
"""


def own_columns() -> Columns:
    columns = parse_profile(OWN, "own.toml").columns
    assert columns
    return columns


def sheet(*rows: list[str | float | None]) -> bytes:
    book = Workbook()
    for row in rows:
        assert book.active is not None
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_a_sheet_with_the_usual_headings_is_read() -> None:
    data = SHEET.encode()
    assert separated.looks_like(data)
    assert read_all(separated, data) == [BOOK]


def test_a_table_with_a_column_too_many_is_still_a_table() -> None:
    data = "№ п/п;Заглавие;Рубрики;Полка\n1;Көмір;шахта;3\n".encode()
    assert separated.looks_like(data)
    with pytest.raises(InputError, match="columns-unknown") as error:
        list(open_exchange(io.BytesIO(data), ReadOrder()).records)
    assert error.value.facts["columns"] == "Полка"
    assert not separated.looks_like("Уважаемые коллеги, год назад, мы писали Вам".encode())


def test_a_row_with_nothing_but_its_number_is_no_record() -> None:
    data = "№ п/п;Заглавие;Рубрики\n1;Көмір;шахта\n2;;\n"
    (found, bad) = separated.read(io.BytesIO(data.encode()))
    assert isinstance(found, ReadRecord)
    assert [field.tag for field in found.record.fields] == ["200", "606"]
    assert isinstance(bad, BadRecord)
    assert bad.reason == "no-fields"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_with_any_delimiter_and_charset(delimiter: str) -> None:
    text = f"Заглавие{delimiter}Год\r\nПоле{delimiter}1985\r\n"
    (found,) = separated.read(io.BytesIO(text.encode("cp1251")), "rusmarc", "cp1251")
    assert isinstance(found, ReadRecord)
    assert (found.record.first("200", "a"), found.record.first("210", "d")) == ("Поле", "1985")
    assert found.raw == f"Поле{delimiter}1985\r\n".encode("cp1251")


def test_a_workbook_is_read_with_numbers_as_they_look() -> None:
    data = sheet(["Заглавие", "Год", "Номер записи"], ["Поле", 1985, 7.0], [None, None, None])
    (found,) = workbook.read(io.BytesIO(data))
    assert isinstance(found, ReadRecord)
    assert (found.record.first("210", "d"), found.record.control_number) == ("1985", "7")


def test_a_librarys_own_columns_constants_and_words() -> None:
    data = (
        "№ п/п;Название статьи;Газета;Стр.;Тілі\n1;Өлке;Индустриальная Караганда;3;қаз\n".encode()
    )
    (found,) = separated.read(io.BytesIO(data), "rusmarc", "utf-8", own_columns())
    assert isinstance(found, ReadRecord)
    assert found.record.leader == "00000naa0 2200000   450 "
    assert found.record.fields == (
        DataField("101", "0 ", (Subfield("a", "kaz"),)),
        DataField("200", "1 ", (Subfield("a", "Өлке"),)),
        DataField("463", " 0", (Subfield("t", "Индустриальная Караганда"), Subfield("v", "3"))),
        DataField("801", " 0", (Subfield("a", "KZ"),)),
    )


def test_headings_may_be_places_of_marc_themselves() -> None:
    data = "200 1_ $a;700 _1 $a;300\nӨлке;Ахметов;\\\\$aПримечание\n".encode()
    (found,) = read_all(separated, data)
    assert isinstance(found, Record)
    assert [(f.tag, found.first(f.tag, "a")) for f in found.fields] == [
        ("200", "Өлке"),
        ("300", "Примечание"),
        ("700", "Ахметов"),
    ]


def test_a_heading_without_a_column_is_named() -> None:
    with pytest.raises(InputError) as caught:
        read_all(separated, "Заглавие;Полка;Шкаф\nx;y;z\n".encode())
    assert (caught.value.key, caught.value.facts) == (
        "error.columns-unknown",
        {"columns": "Полка, Шкаф"},
    )


def test_a_row_that_cannot_be_a_record_is_bad_with_its_cells_and_the_next_is_read() -> None:
    rows = "Заглавие;Год\na;1;лишнее\nb;2\n".encode()
    bad, good = read_all(separated, rows)
    assert bad == BadRecord(2, "bad-row", "a;1;лишнее\n".encode())
    assert isinstance(good, Record)
    strange = "Заглавие;*\na;что-то\nb;=300  \\\\$ac\n".encode()
    bad, good = read_all(separated, strange)
    assert (bad, isinstance(good, Record)) == (
        BadRecord(2, "bad-row", "a;что-то\n".encode()), True
    )  # fmt: skip


def test_a_quotation_mark_without_its_twin_costs_one_row() -> None:
    data = 'Заглавие;Год\n"a;1\nb;2\n"c";3\n'.encode()
    bad, *good = read_all(separated, data)
    assert bad == BadRecord(2, "bad-row", b'"a;1\n')
    assert [one.first("200", "a") for one in good if isinstance(one, Record)] == ["b", "c"]


@either
def test_what_a_person_looks_for_stands_in_columns_of_its_own(room: ModuleType) -> None:
    data = written(room, [BOOK])
    if room is separated:
        assert data.startswith(b"\xef\xbb\xbf")
        head, row = csv.reader(data.decode("utf-8-sig").splitlines(), delimiter=";")
    else:
        found = load_workbook(io.BytesIO(data)).active
        assert found is not None
        head, row = ([str(c or "") for c in line] for line in found.iter_rows(values_only=True))
    cells = dict(zip(head, row, strict=False))
    assert (cells["Заглавие"], cells["Автор"], cells["*"]) == ("Өлкетану", "Ахметов", "")


@either
def test_the_same_records_are_the_same_bytes(
    room: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = written(room, [BOOK, ARTICLE])
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 0, 0, 0, 0, 0, 0))
    assert written(room, [BOOK, ARTICLE]) == first


@either
@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+7", "-1", "@SUM(A1)", "'=x", "''+"])
def test_no_cell_is_a_formula_and_its_text_comes_back(room: ModuleType, text: str) -> None:
    record = Record("rusmarc", BOOK.leader, (DataField("200", "1 ", (Subfield("a", text),)),))
    data = written(room, [record])
    assert read_all(room, data) == [record]
    if room is workbook:
        cells = [c for line in load_workbook(io.BytesIO(data)).worksheets[0] for c in line]
        assert not [c for c in cells if c.data_type == "f"]
    else:
        assert text not in data.decode().replace('""', '"').split(";")


@given(text=st.text("'=+-@\t\rab", max_size=6))
def test_the_guard_against_formulas_is_undone_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r")


@either
@settings(max_examples=40, deadline=None)
@given(wanted=st.lists(WILD_RECORDS, min_size=1, max_size=3))
def test_any_record_comes_back_from_its_row_or_is_refused(
    room: ModuleType, wanted: list[Record]
) -> None:
    form = wanted[0].format
    ours = [record for record in wanted if record.format == form]
    try:
        assert read_all(room, written(room, ours), form) == ours
    except InputError as error:
        refused = error.key
    else:
        return
    assert refused in {"error.tag", "error.link-nested", "error.marcxml-control"}


@either
@settings(max_examples=40, deadline=None)
@given(wanted=st.lists(PLAIN_RECORDS, max_size=3))
def test_ordinary_records_are_never_refused(room: ModuleType, wanted: list[Record]) -> None:
    assert read_all(room, written(room, wanted), "rusmarc") == wanted


@either
@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_bytes_that_are_no_table_raise_nothing_but_an_input_error(
    room: ModuleType, data: bytes
) -> None:
    try:
        read_all(room, data)
    except InputError as error:
        refused = error.key
    else:
        return
    assert refused in {"error.columns-unknown", "error.columns-none", "error.table-unreadable"}


@settings(max_examples=120, deadline=None)
@given(which=st.integers(0, 3), damage=damages())
def test_damage_to_a_row_costs_no_other(which: int, damage: tuple[float, int, bytes]) -> None:
    wanted = numbered()
    head, *rows = separated.write(wanted)
    # The line end separates two rows and belongs to both.
    data = head + hurt(rows, which, damage, len("\r\n"))
    found = read_all(separated, data, "rusmarc")
    assert others_are_there(found, wanted[:which] + wanted[which + 1 :])


@either
@with_real_records
def test_real_records_come_back_from_tables(room: ModuleType, name: str, count: int) -> None:
    wanted = real_records(name)
    if name.endswith("bad_hathi_records.mrc"):
        with pytest.raises(InputError):
            written(room, wanted)
        return
    found = read_all(room, written(room, wanted), wanted[0].format)
    assert tuple(found) == wanted
    assert len(found) == count


@either
def test_the_headings_say_the_record_format(room: ModuleType) -> None:
    for record in (BOOK, Record("marc21", BOOK.leader, BOOK.fields[:1])):
        opened = open_exchange(io.BytesIO(written(room, [record])), ReadOrder())
        assert (opened.format, [type(one) for one in opened.records]) == (
            record.format, [ReadRecord]
        )  # fmt: skip


def test_a_link_stands_in_the_column_of_the_rest() -> None:
    assert read_all(separated, written(separated, [ARTICLE])) == [ARTICLE]
