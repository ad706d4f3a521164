"""Repairs are pure edits; places are written and read back."""

import pytest

from catalog.place import Place, cells, parse_place
from catalog.quality.example import example_record
from catalog.quality.repair import Edit, apply, edit_from_json, flat

RECORD = example_record(
    [
        "001 KR-1",
        "010 __ $a5-02-02740$d5 т.",
        "461 _0 $1001KR-9$12001_$aОрталық$eгазет",
        "606 __ $aКөмір$xтарих",
        "606 __ $aКөмір$xтарих",
        "701 _1 $aОмаров$aОмарова",
    ],
    "rusmarc",
)


@pytest.mark.parametrize(
    "text", ["LDR", "001", "701[2]$a", "461/200$a", "463[2]/200[3]$v[4]", "606"]
)
def test_a_place_is_read_as_it_is_written(text: str) -> None:
    assert str(parse_place(text)) == text


@pytest.mark.parametrize("text", ["", "20", "200$", "200$a[b]", "a/b/c"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="bad place"):
        parse_place(text)


def test_every_text_has_its_place() -> None:
    found = {str(cell.place): cell.value for cell in cells(RECORD)}
    assert found["001"] == "KR-1"
    assert found["461/001"] == "KR-9"
    assert found["461/200$e"] == "газет"
    assert found["606[2]$x"] == "тарих"
    assert found["701$a[2]"] == "Омарова"


def value(place: str, *edits: Edit) -> str | None:
    done = apply(RECORD, edits)
    return {str(c.place): c.value for c in cells(done.record)}.get(place)


def test_words_of_one_text_change_together() -> None:
    place = parse_place("461/200$a")
    edits = (Edit(place, "Ор", "ОР", 0), Edit(place, "лық", "ЛЫҚ", 4))
    assert value("461/200$a", *edits) == "ОРтаЛЫҚ"


def test_a_number_moves_to_another_subfield() -> None:
    place = parse_place("010$a")
    done = apply(RECORD, [Edit(place, "5-02-02740", "5-02-02740", 0, "z")])
    assert flat(done.record.fields[1]) == "$z5-02-02740$d5 т."
    assert not done.missed


def test_a_subfield_goes_and_the_field_with_its_last_one() -> None:
    assert value("606$x", Edit(parse_place("606$x"), "тарих", None)) is None
    both = [
        Edit(parse_place("701$a"), "Омаров", None),
        Edit(parse_place("701$a[2]"), "Омарова", None),
    ]
    assert not list(apply(RECORD, both).record.all("701"))
    assert len(list(apply(RECORD, both[:1]).record.all("701"))) == 1


def test_the_second_of_two_equal_fields_goes() -> None:
    done = apply(RECORD, [Edit(Place("606", 2), "$aКөмір$xтарих", None)])
    assert len(list(done.record.all("606"))) == 1
    assert len(done.record.fields) == len(RECORD.fields) - 1


def test_control_fields_and_the_leader_change_by_characters() -> None:
    assert value("001", Edit(Place("001"), "1", "2", 3)) == "KR-2"
    done = apply(RECORD, [Edit(Place("LDR"), "n", "c", 5)])
    assert done.record.leader == "00000cam0 2200000   450 "


def test_an_edit_whose_text_has_moved_still_fits_when_it_is_the_only_one() -> None:
    assert value("461/200$e", Edit(parse_place("461/200$e"), "азе", "АЗЕ", 0)) == "гАЗЕт"


@pytest.mark.parametrize(
    "edit",
    [
        Edit(parse_place("461/200$e"), "журнал", "газет"),
        Edit(parse_place("999$a"), "x", "y"),
        Edit(parse_place("606[3]"), "$aКөмір$xтарих", None),
        Edit(parse_place("606"), "$aШахта", None),
        Edit(parse_place("461/200$e"), "", None),
        Edit(parse_place("461/200$e"), "газ", None),
        Edit(parse_place("461/200$e"), "газ", "газ", 0, "z"),
    ],
)
def test_an_edit_that_does_not_fit_changes_nothing_and_is_told(edit: Edit) -> None:
    done = apply(RECORD, [edit])
    assert done.record == RECORD
    assert done.missed == (edit,)


def test_of_edits_that_overlap_one_is_missed() -> None:
    place = parse_place("461/200$a")
    first, second = Edit(place, "Орта", "орта", 0), Edit(place, "талық", "ТАЛЫҚ", 2)
    done = apply(RECORD, [first, second])
    assert done.missed == (first,)
    assert len(done.record.fields) == len(RECORD.fields)


@pytest.mark.parametrize(
    "edit",
    [
        Edit(parse_place("200$a"), "x", "y"),
        Edit(parse_place("200$a"), "x", None),
        Edit(parse_place("461[2]/200$a[3]"), "x", "x", 7, "z"),
    ],
)
def test_an_edit_comes_back_from_json(edit: Edit) -> None:
    assert edit_from_json(edit.as_json()) == edit


def test_a_link_field_goes_as_a_whole() -> None:
    text = "$1001KR-9$12001 $aОрталық$eгазет"
    done = apply(RECORD, [Edit(Place("461"), text, None)])
    assert not done.missed
    assert not list(done.record.all("461"))


def test_a_link_field_goes_with_its_last_embedded_text() -> None:
    edits = [
        Edit(parse_place("461/001"), "KR-9", None),
        Edit(parse_place("461/200$a"), "Орталық", None),
        Edit(parse_place("461/200$e"), "газет", None),
    ]
    assert not list(apply(RECORD, edits).record.all("461"))
    assert len(list(apply(RECORD, edits[:2]).record.all("461"))) == 1
