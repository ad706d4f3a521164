"""RUSMARC and MARC 21: one table in both directions, and an honest list of losses."""

import datetime

import pytest

from catalog.crosswalk.convert import Conversion, convert
from catalog.crosswalk.loss.differences import Loss
from catalog.digital_copy import with_copy
from catalog.drafting.build import draft_document, to_record
from catalog.drafting.rusmarc import Context
from catalog.record import ControlField, DataField, LinkField, Record, Subfield
from catalog.view import view
from olketanu.errors import UsageError
from tests.unit.true_pages import true_pages

CONTEXT = Context("0abc123", datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC), "Қарағанды ОКЖ")
ROW: dict[str, object] = {
    "source": "Сарыарқа таңы",
    "date": "1999-04-17",
    "number": "15",
    "printed_pages": "3",
}
SAMPLES: list[tuple[str, dict[str, object], str]] = [
    ("book", {"inventory_number": "1"}, "09_komir-olkesi"),
    ("book", {}, "11_ulitsy-nad-shakhtami"),
    ("newspaper_article", ROW, "07_kiyndy"),
    ("newspaper_issue", {}, "03_saryarka-tany_1998-10-10"),
    ("newspaper_issue", {}, "05_nura-tolkyny_2004"),
    ("book_part", ROW, "08_vyrezka"),
]


def sample(kind: str, row: dict[str, object], document: str) -> Record:
    record = to_record(draft_document(kind, row, true_pages(document)).draft, CONTEXT)
    return with_copy(record, "https://x.example/d/1", label="Мәтін", digest="ab")


@pytest.mark.parametrize(("kind", "row", "document"), SAMPLES)
def test_a_draft_goes_to_marc21_and_back_without_change(
    kind: str, row: dict[str, object], document: str
) -> None:
    record = sample(kind, row, document)
    there = convert(record, "marc21")
    assert {str(loss) for loss in there.lost} <= {"010$9", "200$h"}
    back = convert(there.record, "rusmarc")
    assert back == Conversion(record, ())
    assert convert(back.record, "marc21") == there


@pytest.mark.parametrize(("kind", "row", "document"), SAMPLES)
def test_both_formats_say_the_same(kind: str, row: dict[str, object], document: str) -> None:
    record = sample(kind, row, document)
    assert view(convert(record, "marc21").record) == view(record)


def test_the_same_format_gives_the_same_record() -> None:
    record = sample(*SAMPLES[0])
    assert convert(record, "rusmarc").record is record


def test_what_has_no_place_is_listed() -> None:
    fields = (
        DataField("200", "1 ", (Subfield("a", "Х"), Subfield("z", "kaz"))),
        LinkField("463", " 0", (DataField("606", "1 ", (Subfield("a", "Өлке"),)),)),
        DataField("998", "  ", (Subfield("a", "1"),)),
        ControlField("009", "local"),
    )
    lost = convert(Record("rusmarc", "00000nam0 2200000   450 ", fields), "marc21").lost
    assert set(lost) == {
        Loss("200$z", "merged"),
        Loss("463", "merged"),
        Loss("998", "no-place"),
        Loss("009", "no-place"),
    }


def test_isbd_punctuation_of_marc21_is_taken_off() -> None:
    fields = (
        ControlField("008", "850117s1985    kz " + "|" * 17 + "kaz d"),
        DataField("245", "10", (Subfield("a", "Абай жолы :"), Subfield("b", "роман /"))),
        DataField("260", "  ", (Subfield("a", "Алматы :"), Subfield("c", "1985."))),
    )
    done = convert(Record("marc21", "00000nam a2200000   4500", fields), "rusmarc").record
    assert done.first("200", "a") == "Абай жолы"
    assert done.first("210", "a") == "Алматы"
    assert (done.first("101", "a"), done.first("102", "a")) == ("kaz", "KZ")
    assert (done.first("100", "a") or "").startswith("19850117d1985")


def test_roles_and_direct_names_go_across() -> None:
    fields = (
        DataField("700", " 0", (Subfield("a", "Абай"), Subfield("4", "070"))),
        DataField(
            "702", " 1", (Subfield("a", "Сәтпаев"), Subfield("b", "Қ."), Subfield("4", "340"))
        ),
    )
    there = convert(Record("rusmarc", "", fields), "marc21").record
    assert [
        (f.tag, f.indicators, f.first("a"), f.first("4")) for f in there.data("100", "700")
    ] == [
        ("100", "0 ", "Абай", "aut"),
        ("700", "1 ", "Сәтпаев, Қ.", "edt"),
    ]
    back = convert(there, "rusmarc").record
    assert tuple(back.data("700", "702")) == fields


def test_another_format_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        convert(Record("marc21", "", ()), "irbis")
    assert caught.value.key == "error.crosswalk-format"


def edited(record: Record, tag: str, code: str, value: str) -> Record:
    """The record with one value changed, as a person does it in another program."""
    fields = []
    for field in record.fields:
        if isinstance(field, DataField) and field.tag == tag and field.first(code) is not None:
            changed = (Subfield(code, value) if s.code == code else s for s in field.subfields)
            field = DataField(tag, field.indicators, tuple(changed))
        fields.append(field)
    return Record(record.format, record.leader, tuple(fields))


LEADER = "00000nam0 2200000   450 "
PRINT_RUN = DataField("010", "  ", (Subfield("a", "978-601-99-9101-0"), Subfield("9", "500 дана")))
TITLE = DataField("200", "1 ", (Subfield("a", "Нұра"), Subfield("z", "kaz"), Subfield("f", "А.")))
SHELF = DataField("998", "  ", (Subfield("a", "жергілікті"),))


def test_an_edit_wins_and_the_carrier_gives_the_rest() -> None:
    there = convert(Record("rusmarc", LEADER, (PRINT_RUN, TITLE, SHELF)), "marc21").record
    back = convert(edited(there, "020", "a", "978-601-99-9202-4"), "rusmarc")
    assert back.record.fields == (
        DataField("010", "  ", (Subfield("a", "978-601-99-9202-4"), Subfield("9", "500 дана"))),
        TITLE,
        SHELF,
    )


def test_an_edit_of_one_subfield_leaves_its_neighbours() -> None:
    there = convert(Record("rusmarc", LEADER, (TITLE,)), "marc21").record
    back = convert(edited(there, "245", "a", "Нұра толқыны"), "rusmarc").record
    subfields = (Subfield("a", "Нұра толқыны"), Subfield("z", "kaz"), Subfield("f", "А."))
    assert back.fields == (DataField("200", "1 ", subfields),)


def test_what_was_deleted_stays_deleted() -> None:
    there = convert(Record("rusmarc", LEADER, (PRINT_RUN, TITLE, SHELF)), "marc21").record
    kept = tuple(field for field in there.fields if field.tag != "020")
    back = convert(Record("marc21", there.leader, kept), "rusmarc").record
    assert back.fields == (TITLE, SHELF)


def test_an_edit_of_the_host_keeps_what_marc21_could_not_hold() -> None:
    inner = (
        DataField("200", "1 ", (Subfield("a", "№ 15"), Subfield("v", "Б. 3"))),
        DataField("606", "1 ", (Subfield("a", "Өлке"),)),
    )
    top = LinkField("461", " 0", (DataField("200", "1 ", (Subfield("a", "Сарыарқа таңы"),)),))
    unit = LinkField("463", " 0", inner)
    there = convert(Record("rusmarc", "00000naa2 2200000   450 ", (top, unit)), "marc21").record
    fields = []
    for field in there.fields:
        if isinstance(field, DataField) and field.tag == "773":
            pages = (Subfield("g", "Б. 4") if s.value == "Б. 3" else s for s in field.subfields)
            field = DataField("773", field.indicators, tuple(pages))
        fields.append(field)
    back = convert(Record("marc21", there.leader, tuple(fields)), "rusmarc").record
    title = DataField("200", "1 ", (Subfield("a", "№ 15"), Subfield("v", "Б. 4")))
    assert back.fields == (top, LinkField("463", " 0", (title, inner[1])))


def test_an_edit_of_a_coded_position_leaves_the_others() -> None:
    common = DataField("100", "  ", (Subfield("a", "19980716d1997    u  y0rusy0189    ca"),))
    title = DataField("200", "1 ", (Subfield("a", "Задачи"),))
    there = convert(Record("rusmarc", LEADER, (common, title)), "marc21").record
    fields = tuple(
        ControlField("008", f.data.replace("1997", "1996")) if isinstance(f, ControlField) else f
        for f in there.fields
    )
    back = convert(Record("marc21", there.leader, fields), "rusmarc").record
    assert back.first("100", "a") == "19980716d1996    u  y0rusy0189    ca"


def test_a_field_886_of_its_own_survives_both_ways() -> None:
    own = DataField(
        "886", "2 ", (Subfield("2", "ukmarc"), Subfield("a", "083"), Subfield("b", "0"))
    )
    record = Record("rusmarc", LEADER, (TITLE, own))
    there = convert(record, "marc21").record
    assert own in there.fields
    assert convert(there, "rusmarc").record == record


def test_a_long_field_is_parted_and_joined_again() -> None:
    long = DataField("998", "  ", (Subfield("a", "өлке " * 3_000),))
    there = convert(Record("rusmarc", LEADER, (long,)), "marc21").record
    carried = list(there.data("886"))
    assert len(carried) > 1
    assert all(sum(len(s.value.encode()) + 2 for s in f.subfields) < 9_900 for f in carried)
    assert convert(there, "rusmarc").record.fields == (long,)


def test_isbd_punctuation_comes_back_as_it_was() -> None:
    fields = (
        DataField("245", "00", (Subfield("a", "Абай жолы :"), Subfield("b", "роман /"))),
        DataField("300", "  ", (Subfield("a", "320 бет :"), Subfield("c", "21 см."))),
    )
    record = Record("marc21", "00000nam a2200000ia 4500", fields)
    there = convert(record, "rusmarc")
    assert there.record.first("200", "a") == "Абай жолы"
    assert there.record.first("200", "e") == "роман"
    assert convert(there.record, "marc21").record == record


def test_usual_isbd_punctuation_needs_no_carrier() -> None:
    fields = (
        DataField(
            "245",
            "00",
            (Subfield("a", "Абай жолы :"), Subfield("b", "роман /"), Subfield("c", "М. Әуезов.")),
        ),
        DataField(
            "264",
            " 1",
            (Subfield("a", "Алматы :"), Subfield("b", "Жазушы,"), Subfield("c", "1985.")),
        ),
    )
    record = Record("marc21", "00000nam a2200000 a 4500", fields)
    assert convert(record, "rusmarc").lost == (Loss("LDR", "coded-lost"),)


def test_irbis_goes_to_rusmarc_and_leaves_nothing_behind() -> None:
    fields = (
        ControlField("920", "ASP"),
        ControlField("101", "rus"),
        ControlField("621", "63.3(2)622"),
        DataField(
            "200", "  ", (Subfield("A", "Передовые охотники"), Subfield("F", "И. Ведерников"))
        ),
        DataField(
            "463",
            "  ",
            (
                *(Subfield("S", "2"), Subfield("J", "1942"), Subfield("H", "№ 14 (17 янв.)")),
                *(Subfield("C", "Восточно-Сибирская правда"), Subfield("7", "Вост.-Сиб. правда")),
            ),
        ),
    )
    done = convert(Record("irbis", "", fields), "rusmarc")
    found = view(done.record)
    assert (found.title, found.host_title) == ("Передовые охотники", "Восточно-Сибирская правда")
    assert (found.host_number, found.host_date, found.pages) == ("14", "1942-01-17", "2")
    assert found.bbk == ("63.3(2)622",)
    assert set(done.lost) == {Loss("920", "no-place"), Loss("463$7", "no-place")}
    kept = [f for f in done.record.data("886") if f.first("2") == "irbis"]
    assert [f.all("a")[0] for f in kept] == ["920", "463"]
    assert kept[1].subfields[4:] == fields[4].subfields


def test_unimarc_and_rusmarc_share_their_fields() -> None:
    record = Record("unimarc", LEADER, (TITLE, SHELF))
    assert convert(record, "rusmarc").record == Record("rusmarc", LEADER, (TITLE, SHELF))
