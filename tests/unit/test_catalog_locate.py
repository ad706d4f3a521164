"""Places in a record: written, read, and found by the specs of the tables."""

import pytest

from catalog.data import rows
from catalog.locate import Fields, Located, values_at
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
    assert found("200$a") == [("200#0$a", "Одно"), ("200#0$a", "Другое")]
    assert found("463/200$av") == [
        ("463#0/200#0$a", "№ 1"),
        ("463#0/200#0$v", "С. 5"),
        ("463#0/200#1$a", "вложенное ещё"),
        ("463#1/200#0$a", "№ 2"),
    ]


def test_blank_values_are_not_found() -> None:
    assert found("200$f") == []


def test_a_condition_chooses_fields_by_another_subfield() -> None:
    assert found("686$a?2=rubbk") == [("686#0$a", "63.3")]


def test_the_first_alternative_that_gives_anything_wins() -> None:
    assert found("205$a|200$a 686$a|001$a") == [
        ("200#0$a", "Одно"),
        ("200#0$a", "Другое"),
        ("686#0$a", "63.3"),
        ("686#1$a", "03.29"),
    ]


def test_what_is_no_spec_is_refused() -> None:
    with pytest.raises(ValueError, match="20x"):
        found("20x$a")


@pytest.mark.parametrize(
    ("place", "values"),
    [
        ("200#0$a", ("Одно", "Другое")),
        ("463#0/200#1$a", ("вложенное ещё",)),
        ("463#1/200#0$a", ("№ 2",)),
        ("463#1/200#0", ("№ 2",)),
        ("461#0/001#0", ("x",)),
        ("001#0", ("n1",)),
        ("463#2/200#0$a", ()),
        ("200#0/200#0$a", ()),
        ("200#1$a", ()),
        ("nowhere", ()),
    ],
)
def test_a_place_leads_to_what_stands_there(place: str, values: tuple[str, ...]) -> None:
    assert values_at(RECORD, place) == values


def test_irbis_codes_are_read_in_both_cases_and_text_without_a_code_as_a() -> None:
    fields = (
        ControlField("101", "rus"),
        DataField("200", "  ", (Subfield("A", "Заглавие"), Subfield("e", "очерк"))),
        DataField("621", "  ", (Subfield(" ", "63.3"),)),
    )
    made = Record("irbis", "", fields)
    assert found("101$a 200$ae 621$a", made) == [
        ("101#0$a", "rus"),
        ("200#0$a", "Заглавие"),
        ("200#0$e", "очерк"),
        ("621#0$a", "63.3"),
    ]
    assert values_at(made, "200#0$a") == ("Заглавие",)
    assert values_at(made, "101#0$a") == ("rus",)


def test_every_spec_of_the_tables_can_be_read() -> None:
    fields = Fields(RECORD)
    for table in ("isbd/view.tsv", "isbd/notes.tsv"):
        for row in rows(table):
            for form in ("rusmarc", "marc21", "irbis"):
                assert all(isinstance(one, Located) for one in fields.values(row[form])), row
