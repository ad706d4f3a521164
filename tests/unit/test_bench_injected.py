"""A small draw of the bench of injected errors: what it says of the checks, honestly."""

import random

import pytest

from bench import injected
from bench.faults import KINDS, WHOLE_KINDS
from bench.made_catalogue import catalogue, isbn, issn
from catalog.quality.rules import Ruleset, own_rules
from catalog.quality.subject import Surroundings
from catalog.quality.validate import Context, validate
from language.standard_numbers import is_isbn, is_issn


@pytest.fixture(scope="module")
def tables() -> dict[str, dict[str, dict[str, float]]]:
    made = injected.ground("made", tuple(catalogue(500)))
    return {"made": injected.measure(made, 6, 5)}


def test_made_up_records_are_right_and_the_same_every_time() -> None:
    context = Context(own_rules(), Surroundings(2026))
    records = list(catalogue(150))
    assert records == list(catalogue(150))
    assert [found for record in records for found in validate(record, context)] == []
    draw = random.Random(1)
    assert all(is_isbn(isbn(draw)) and is_issn(issn(draw)) for _ in range(50))


def test_every_kind_of_error_is_found(tables: dict[str, dict[str, dict[str, float]]]) -> None:
    kinds = {name: row for name, row in tables["made"].items() if "recall" in row}
    assert kinds.keys() == KINDS.keys() | WHOLE_KINDS.keys()
    assert {row["injected"] for row in kinds.values()} == {6}
    missed = {name for name, row in kinds.items() if row["recall"] < 1}
    assert not missed & KINDS.keys() - {"the other language's code"}  # a short title may not tell


def test_look_alikes_and_isbn_are_named_where_they_are_and_nowhere_else(
    tables: dict[str, dict[str, dict[str, float]]],
) -> None:
    result = injected.totals(tables)
    assert result["recall"] >= injected.RECALL
    assert result["precision"] >= injected.PRECISION


def test_an_error_that_nobody_finds_lowers_the_recall() -> None:
    blind = injected.ground("made", tuple(catalogue(60)))
    none = Ruleset(())
    deaf = injected.Ground(
        blind.name, blind.records, Context(none, blind.context.around), blind.whole
    )
    table = injected.measure(deaf, 2, 5)
    assert injected.totals({"made": table | {"rule isbn-wrong": {"precision": 1.0}}})["recall"] == 0
