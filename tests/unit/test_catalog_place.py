"""Places of a record: written and read, and what stands there."""

import pytest

from catalog.place import Place, field_at, parse_place, text_at
from tests.unit.described import record

RECORD = record(
    "rusmarc",
    "a",
    "a",
    [
        "001 n1",
        "200 $aОдно$aДругое$fАвтор",
        "461 $1001x$1200$aГазета",
        "463 $1200$a№ 1$vС. 5$1200$aвложенное ещё",
        "463 $1200$a№ 2",
    ],
)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("001", "n1"),
        ("200$a", "Одно"),
        ("200$a[2]", "Другое"),
        ("461/001", "x"),
        ("463/200[2]$a", "вложенное ещё"),
        ("463[2]/200$a", "№ 2"),
        ("LDR", "00000naa  22000003  450 "),
        ("200$a[3]", None),
        ("200", None),
        ("200[2]$a", None),
        ("463[3]/200$a", None),
        ("200/200$a", None),
        ("001$a", None),
        ("463", None),
    ],
)
def test_a_place_leads_to_the_text_that_stands_there(place: str, text: str | None) -> None:
    assert text_at(RECORD, parse_place(place)) == text


def test_a_place_leads_to_its_field() -> None:
    assert field_at(RECORD, Place("463", 2)) == RECORD.fields[4]
    assert field_at(RECORD, parse_place("200$f")) == RECORD.fields[1]
    assert field_at(RECORD, Place("463", 3)) is None


@pytest.mark.parametrize("text", ["1119$a", "1119[2]$b", "463[2]/1119$c"])
def test_tags_of_irbis_may_have_more_than_three_figures(text: str) -> None:
    assert str(parse_place(text)) == text
