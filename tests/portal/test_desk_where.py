"""Where is everything, the search by anything, and the correction sheet."""

import io
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from flask import Flask
from lxml import html
from openpyxl import load_workbook

from olketanu.home import Home
from olketanu.settings import CataloguesSettings, Settings
from portal.bars import stacked
from store import changes
from store.catalogue import records
from store.digitised import documents
from tests.portal.desk_home import Staff
from tests.unit.made_imports import article, edit, file_of, taken
from tests.unit.proposed_links import add_proposals
from workflow.library import open_library


@pytest.fixture
def staff(app: Flask, home: Home) -> Staff:
    add_proposals(home, 2)
    return Staff(app)


def test_everything_is_counted_by_state(staff: Staff, home: Home) -> None:
    page: Any = html.fromstring(staff.get("/en/desk/where").text)
    shown = {
        section.get("aria-labelledby"): section.xpath(".//p[@class='muted']/text()")
        for section in page.xpath("//section[.//*[name()='svg']]")
    }
    with open_library(home) as library:
        assert shown["documents"] == [str(len(documents.list_documents(library.store)))]
        assert shown["records"] == [str(records.count_records(library.store))]
    assert shown["links"] == ["3"]
    widths = page.xpath("//section[@aria-labelledby='links']//*[name()='rect']/@width")
    assert sum(map(float, widths)) == pytest.approx(100, abs=0.01)


def test_a_bar_leaves_out_nothings_and_fills_its_length() -> None:
    pieces = stacked({"done": 3, "waiting": 0, "failed": 1})
    assert [(one.name, one.start, one.width) for one in pieces] == [
        ("done", 0.0, 75.0),
        ("failed", 75.0, 25.0),
    ]
    assert stacked({"done": 0}) == ()


@pytest.mark.parametrize(
    "asked",
    ["{link}", "посёлок 1", "ШАХТЁРСКИЙ посёлок 1", "{document}", "http://x/kk/d/{document}"],
)
def test_what_names_a_waiting_card_leads_to_it(staff: Staff, home: Home, asked: str) -> None:
    with open_library(home) as library:
        (told,) = (
            one for one in documents.list_titles(library.store) if one.title.endswith("посёлок 1")
        )
        link = library.store.rows("SELECT id FROM link WHERE document = ?", (told.id,))[0]["id"]
    question = asked.format(link=link, document=told.id)
    answer = staff.client.get("/ru/desk/find", query_string={"q": question}, headers=staff.headers)
    assert f"/ru/desk/card/link/{link}" in (answer.location or answer.text)


def test_a_number_of_their_system_leads_to_the_record(staff: Staff, home: Home) -> None:
    with open_library(home) as library:
        (identifier,) = records.find_by_identifier(library.store, "control", "x0")
    answer = staff.client.get("/en/desk/find?q=x0", headers=staff.headers)
    assert answer.location == f"/en/r/{identifier}"


@pytest.mark.parametrize("asked", ["", "  ", "no such thing", "посёлок", "/d/", "/r/.mrc", "\x00"])
def test_other_questions_are_answered_by_a_list(staff: Staff, asked: str) -> None:
    answer = staff.client.get("/en/desk/find", query_string={"q": asked}, headers=staff.headers)
    assert answer.status_code == 200


def test_without_corrections_there_is_no_sheet(staff: Staff) -> None:
    assert "nothing to hand over" in staff.get("/en/desk/corrections/").text
    assert staff.get("/en/desk/corrections/sheet.xlsx").status_code == 404
    assert staff.get("/en/desk/corrections/sheet.exe").status_code == 404


def test_the_sheet_holds_what_was_corrected_and_nothing_is_noted(staff: Staff, home: Home) -> None:
    correct_a_record_of_theirs(home)
    with open_library(home) as library:
        before = changes.last_seq(library.store)
    assert "Шахталар тарихы" in staff.get("/en/desk/corrections/").text
    book = load_workbook(io.BytesIO(staff.get("/en/desk/corrections/sheet.xlsx").data))
    cells = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert any("Шахталар тарихы" in cell for cell in cells)
    word = Document(io.BytesIO(staff.get("/en/desk/corrections/sheet.docx").data))
    assert any("Шахталар тарихы" in cell.text for row in word.tables[0].rows for cell in row.cells)
    printed = staff.get("/en/desk/corrections/sheet.html")
    assert "Шахталар" in printed.text
    assert printed.headers["Content-Disposition"].startswith("attachment")
    with open_library(home) as library:
        assert changes.last_seq(library.store) == before


def correct_a_record_of_theirs(home: Home) -> None:
    """An import of one record, and its title changed by us."""
    folder = home.root.parent / "imports"
    folder.mkdir()
    settings = Settings(catalogues=CataloguesSettings({"articles": "external"}))
    with open_library(home) as opened:
        library = replace(opened, settings=settings)
        taken(library, file_of(folder, [article("7", "Шахталар")]))
        edit(library, "7", article("7", "Шахталар тарихы"))


def test_a_scanner_finds_documents_but_no_cards_of_others_and_no_sheet(
    app: Flask, staff: Staff
) -> None:
    scanner = Staff(app, "marat", "scanner")
    page = scanner.get("/en/desk/find?q=посёлок").text
    assert "/d/" in page
    assert "/desk/card/link/" in staff.get("/en/desk/find?q=посёлок").text
    assert "/desk/card/link/" not in page
    assert scanner.get("/en/desk/corrections/").status_code == 403
    assert scanner.get("/en/desk/corrections/sheet.xlsx").status_code == 403
