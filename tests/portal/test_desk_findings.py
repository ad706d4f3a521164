"""What was found in the library, told by name at the desk."""

import re

import pytest
from flask import Flask

from catalog.quality.rules import own_rules
from digitize.scan.codes import WARNINGS
from digitize.work.twins import SAME_PICTURE
from olketanu.home import Home
from olketanu.messages.translate import speaking
from store.catalogue.findings import add_finding
from store.digitised.amendments import UNAPPLIED
from store.digitised.proofreading import DAMAGED
from store.imports.conflicts import CONFLICT
from store.imports.landing import REPEATED
from tests.portal.desk_home import Staff
from tests.portal.made_portal import ids_of
from tests.portal.markup import texts, values
from workflow.checking.check import RECORD, WHOLE
from workflow.desk.findings import counted_findings
from workflow.editing.draft_card import SUGGESTED as CLASS
from workflow.exchange.importing import MISSING
from workflow.library import open_library
from workflow.reading.page.suggestion import SUGGESTED as CORRECTION

CODES = (
    *(SAME_PICTURE, UNAPPLIED, DAMAGED, CONFLICT, REPEATED, CLASS, MISSING, CORRECTION),
    *("draft-differs", *WARNINGS),
    *(f"{family}/{rule.id}" for rule in own_rules().rules for family in (RECORD, WHOLE)),
)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_kind_of_finding_has_a_name(home: Home, language: str) -> None:
    with open_library(home) as library, speaking(language):
        told = counted_findings(library, dict.fromkeys(CODES, 1))
    assert not [one.code for one in told if one.name == one.code or re.search("[{}]", one.name)]
    assert [one.code for one in told] == list(CODES)


def test_a_code_that_nobody_knows_names_itself(home: Home) -> None:
    with open_library(home) as library:
        (rule, plain) = counted_findings(library, {"rule/gone": 2, "gone": 1})
    assert (rule.name, plain.name, plain.todo) == ("rule/gone", "gone", "")


def test_findings_are_named_and_lead_to_the_cards_of_whoever_may_decide(
    app: Flask, home: Home
) -> None:
    document = ids_of(home)["tarih"]
    with open_library(home) as library, library.store.transaction("staff") as tx:
        add_finding(tx, f"{document}/p0001", CORRECTION, {})
        add_finding(tx, document, SAME_PICTURE, {"document": document})
    for role, cards in (("cataloguer", ["/ru/desk/?only=correction"]), ("scanner", [])):
        page = Staff(app, "marat", role).get("/ru/desk/where").text
        rows = " ".join(texts(page, "//tbody//th[.//code]"))
        assert "Исправление, предложенное читателем" in rows
        assert "Изображения те же, что в другом документе" in rows
        assert "Сравните оба документа" in rows
        assert {SAME_PICTURE, CORRECTION} <= set(texts(page, "//tbody//th//code"))
        assert values(page, "//tbody//th[.//code]//a/@href") == cards
