"""Values of a record found by the specs of the tables, each with its place."""

import pytest

from catalog.data import rows
from catalog.locate import Fields, Located
from catalog.record import ControlField, DataField, Record, Subfield
from tests.unit.described import record

RECORD = record(
    "rusmarc",
    "a",
    "a",
    [
        "001 n1",
        "200 $aОдно$aДругое$f ",
        "461 $1001x$1200$aГазета",
        "463 $1200$a№ 1$vС. 5$1200$aвложенное ещё",
        "463 $1200$a№ 2",
        "686 $a63.3$2rubbk",
        "686 $a03.29$2rugasnti",
    ],
)


def found(spec: str, of: Record = RECORD) -> list[tuple[str, str]]:
    return [(one.place, one.value) for one in Fields(of).values(spec)]


def test_a_value_knows_its_field_its_number_and_its_subfield() -> None:
    assert found("200$a") == [("200$a", "Одно"), ("200$a[2]", "Другое")]
    assert found("463/200$av") == [
        ("463/200$a", "№ 1"),
        ("463/200$v", "С. 5"),
        ("463/200[2]$a", "вложенное ещё"),
        ("463[2]/200$a", "№ 2"),
    ]


def test_blank_values_are_not_found() -> None:
    assert found("200$f") == []


def test_a_condition_chooses_fields_by_another_subfield() -> None:
    assert found("686$a?2=rubbk") == [("686$a", "63.3")]


def test_the_first_alternative_that_gives_anything_wins() -> None:
    assert found("205$a|200$a 686$a|001$a") == [
        ("200$a", "Одно"),
        ("200$a[2]", "Другое"),
        ("686$a", "63.3"),
        ("686[2]$a", "03.29"),
    ]


def test_what_is_no_spec_is_refused() -> None:
    with pytest.raises(ValueError, match="20x"):
        found("20x$a")


def test_irbis_codes_are_read_in_both_cases_and_text_without_a_code_as_a() -> None:
    fields = (
        ControlField("101", "rus"),
        DataField("200", "  ", (Subfield("A", "Заглавие"), Subfield("e", "очерк"))),
        DataField("621", "  ", (Subfield(" ", "63.3"),)),
    )
    made = Record("irbis", "", fields)
    assert found("101$a 200$ae 621$a", made) == [
        ("101$a", "rus"),
        ("200$a", "Заглавие"),
        ("200$e", "очерк"),
        ("621$a", "63.3"),
    ]


def test_every_spec_of_the_tables_can_be_read() -> None:
    fields = Fields(RECORD)
    for table in ("isbd/view.tsv", "isbd/notes.tsv"):
        for row in rows(table):
            for form in ("rusmarc", "marc21", "irbis"):
                assert all(isinstance(one, Located) for one in fields.values(row[form])), row
