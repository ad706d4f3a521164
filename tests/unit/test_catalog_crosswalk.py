"""RUSMARC and MARC 21: one table in both directions, and an honest list of losses."""

import datetime

import pytest

from catalog.crosswalk.compare import Loss
from catalog.crosswalk.convert import Conversion, convert
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
