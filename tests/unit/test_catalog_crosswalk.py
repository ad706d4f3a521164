"""RUSMARC and MARC 21: one table in both directions, and an honest list of losses."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.crosswalk.convert import convert
from catalog.digital_copy import with_copy
from catalog.drafting.build import draft_document, to_record
from catalog.drafting.rusmarc import Context
from catalog.marc import marcxml
from catalog.record import ControlField, DataField, LinkField, Record, Subfield
from catalog.view import view
from olketanu.errors import UsageError
from tests.unit.exchanged import read_all
from tests.unit.true_pages import true_pages

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
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


def without_print_run(record: Record) -> Record:
    fields = []
    for field in record.fields:
        if isinstance(field, DataField) and field.tag == "010":
            kept = tuple(s for s in field.subfields if s.code != "9")
            field = replace(field, subfields=kept)
        fields.append(field)
    return replace(record, fields=tuple(fields))


@pytest.mark.parametrize(("kind", "row", "document"), SAMPLES)
def test_a_draft_goes_to_marc21_and_back_without_change(
    kind: str, row: dict[str, object], document: str
) -> None:
    record = sample(kind, row, document)
    there = convert(record, "marc21")
    assert set(there.lost) <= {"010$9"}
    back = convert(there.record, "rusmarc")
    assert back.lost == ()
    assert back.record == without_print_run(record)
    assert convert(back.record, "marc21").record == there.record


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
        DataField("899", "  ", (Subfield("a", "1"),)),
        ControlField("009", "local"),
    )
    assert set(convert(Record("rusmarc", "", fields), "marc21").lost) == {
        *("200$z", "463/606", "899", "009"),
    }


def test_nothing_of_a_real_record_goes_unmentioned() -> None:
    path = DATA / "rusmarc-tpu" / "issue-2012-v320-i1.marcxml"
    if not path.is_file():
        pytest.skip("the shared data are not here")
    for record in read_all(marcxml, path.read_bytes()):
        assert isinstance(record, Record)
        done = convert(record, "marc21")
        assert view(done.record).title == view(record).title
        whole = "\n".join(_texts(done.record))
        for field in record.fields:
            named = any(code.startswith(field.tag) for code in done.lost)
            if isinstance(field, DataField) and not named and field.tag not in _RESHAPED:
                assert all(s.value in whole for s in field.subfields if s.value), field


_RESHAPED = {"100", "101", "700", "701", "702", "801", "463", "461"}


def _texts(record: Record) -> list[str]:
    flat = []
    for field in record.fields:
        if isinstance(field, DataField):
            flat += [s.value for s in field.subfields]
    return flat


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
        convert(Record("irbis", "", ()), "marc21")
    assert caught.value.key == "error.crosswalk-format"
