"""A scan that nobody has described: readers meet a title, never the name of its folder."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask

from catalog.record import ControlField, Record
from catalog.rights import Rights
from catalog.supplied_title import untitled
from digitize.work.payloads import assembly_payload
from olketanu.home import Home
from olketanu.messages.translate import speaking
from search.results.request import Request
from store import changes
from store.catalogue import links, records
from store.catalogue.links import NewLink
from store.catalogue.records import NewRecord
from store.database import Transaction
from store.digitised import rights
from store.digitised.documents import NewDocument
from tests.portal.addresses import Address, addresses, samples_of
from tests.portal.made_portal import add_pictures
from tests.portal.markup import texts, values
from tests.portal.members import logged_in
from tests.portal.visitors import visitor
from tests.unit.found_library import add_document, record_of
from tests.unit.made_entries import LEADER, field
from workflow.find import find
from workflow.hits.export import FORMS, HitsExport, export_hits
from workflow.hits.works import leads_of
from workflow.index import rebuild_index
from workflow.library import open_library

ASKED, CANARY = "kanareika", "skan-kanareika"
"""A word in the name of every folder, which a search asks for, and how the name begins."""
PAGE = ((("rus", "Терриконы и заводы над степной рекой"),),)
YEAR = NewDocument("b", f"{CANARY}_god", "", "newspaper_issue", "rus", manifest={"date": "1937"})
SOURCE = NewDocument(
    *("b", f"{CANARY}_istochnik", "", "newspaper_article", "kaz"),
    manifest={"source": "«Советтік Қарағанды»", "number": "7", "date": "1961-04-12"},
)
NOTHING = NewDocument("b", f"{CANARY}.tif", "", "other")
WAITING = NewDocument("b", f"{CANARY}_zhdet", "", "book", "rus")
DRAFTED = NewDocument("b", f"{CANARY}_nobai", "", "book", "kaz", manifest={"date": "1950"})
HALL = NewDocument("b", f"{CANARY}_zal", "", "book", "rus", manifest={"date": "1950"})


@pytest.fixture
def ids(app: Flask, home: Home) -> dict[str, str]:
    """Scans without titles, one of which waits to be linked; the index knows them."""
    with open_library(home) as library:
        with library.store.transaction("staff") as tx:
            made = {new.name: add_document(tx, new, PAGE) for new in (YEAR, SOURCE, NOTHING)}
            made[WAITING.name] = add_document(tx, WAITING, PAGE)
            made[HALL.name] = add_document(tx, HALL, PAGE)
            made[DRAFTED.name] = add_document(tx, DRAFTED, PAGE)
            _draft(tx, made[DRAFTED.name])
            rights.set_rights(tx, made[HALL.name], Rights("on_site"))
            links.propose(tx, NewLink(made[WAITING.name], record_of(tx, "n1"), score=50.0))
        rebuild_index(library)
    add_pictures(home)
    return made


def _draft(tx: Transaction, document: str) -> None:
    """A draft that the program made of a scan in which it found no title."""
    told = field("200", f"a{untitled('kaz')}", indicators="1 ")
    made = Record("rusmarc", LEADER, (ControlField("001", document), told))
    new = NewRecord(made, "local_history", document, "book", "draft")
    record = records.create_record(tx, new, changes.new_change_set(tx, "draft"))
    link = links.propose(tx, NewLink(document, record.id, evidence=(), score=1.0))
    links.accept(tx, link.id)


def addresses_of(app: Flask, home: Home, ids: dict[str, str]) -> list[Address]:
    """Every address of a reader that names none of the other documents."""
    samples = samples_of(home)
    shown = {**samples.single, "document": tuple(ids.values())}
    found = addresses(app, replace(samples, single=shown))
    asked = ({"q": ASKED}, {"q": "терриконы", "in": "text"})
    hits = [Address("search.results", "GET", "/search", question) for question in asked]
    return [*hits, *(one for one in found if not one.path.startswith(("/desk", "/static")))]


def test_no_reader_is_told_the_folder_of_a_scan(
    app: Flask, home: Home, ids: dict[str, str]
) -> None:
    every = addresses_of(app, home, ids)
    assert len({one.endpoint for one in every}) > 12
    told = [
        str(answer)
        for kind in ("outside", "inside")
        for answer in visitor(app, kind).walk(every)
        if CANARY in answer.text or CANARY in unquote(str(answer.headers))
    ]
    assert not told


def test_staff_is_told_the_folder_beside_the_title(app: Flask, ids: dict[str, str]) -> None:
    staff = logged_in(app, "cataloguer")
    page = staff.get(f"/ru/d/{ids[YEAR.name]}").text
    assert texts(page, "//h1") == ["Газета, 1937 г."]
    assert YEAR.name in page
    assert f"папка: {YEAR.name}" in staff.get("/ru/search?q=терриконы&in=text").text


@pytest.mark.parametrize(
    ("new", "language", "title"),
    [
        (YEAR, "kk", "Газет, 1937 ж."),
        (YEAR, "ru", "Газета, 1937 г."),
        (YEAR, "en", "Newspaper, 1937"),
        (SOURCE, "kk", "Газет мақаласы: Советтік Қарағанды, № 7, 12.04.1961"),
        (SOURCE, "ru", "Газетная статья: Советтік Қарағанды, № 7, 12.04.1961"),
        (SOURCE, "en", "Newspaper article: Советтік Қарағанды, № 7, 1961-04-12"),
        (DRAFTED, "kk", "Кітап, 1950 ж."),
        (DRAFTED, "ru", "Книга, 1950 г."),
        (NOTHING, "kk", "Атауы жоқ құжат {id}"),
        (NOTHING, "ru", "Документ без заглавия {id}"),
        (NOTHING, "en", "Untitled document {id}"),
    ],
)
def test_a_title_is_made_of_what_is_known(
    app: Flask, ids: dict[str, str], new: NewDocument, language: str, title: str
) -> None:
    known = ids[new.name]
    reader, told = app.test_client(), title.format(id=known)
    page = reader.get(f"/{language}/d/{known}").text
    assert texts(page, "//h1") == [told]
    assert values(page, "//h1/@lang") == []  # it is in the language of the page
    assert texts(page, "//title")[0].startswith(f"{told} – ")
    assert told in reader.get(f"/{language}/d/{known}/p/p0001").text
    assert told in reader.get(f"/{language}/").text
    assert told in reader.get(f"/{language}/search?q=терриконы&in=text").text


def test_a_citation_has_the_title_in_brackets_in_the_language_of_the_description(
    app: Flask, ids: dict[str, str]
) -> None:
    reader = app.test_client()
    for suffix in ("gost.txt", "bib", "ris"):
        assert "[Газета, 1937 г.]" in reader.get(f"/en/d/{ids[YEAR.name]}.{suffix}").text


def test_the_files_of_a_document_bear_the_title_in_the_librarys_language(
    home: Home, ids: dict[str, str], tmp_path: Path
) -> None:
    with open_library(home) as library:
        payload = assembly_payload(library.store, ids[YEAR.name], tmp_path, library.settings)
    assert payload["title"] == "Газет, 1937 ж."
    assert CANARY not in str(payload)


@pytest.mark.parametrize("form", FORMS)
def test_an_export_of_hits_holds_no_folder(
    home: Home, ids: dict[str, str], tmp_path: Path, form: str
) -> None:
    target = tmp_path / ("hits.mrc" if form in ("rusmarc", "marc21") else "hits.txt")
    with open_library(home) as library, speaking("ru"):
        leads = leads_of(one.hit for one in find(library, Request("терриконы")).hits)
        assert len(leads) >= len(ids)
        done = export_hits(library, leads, HitsExport(target, form, "Терриконы"), dry_run=False)
    text = done.target.read_bytes().decode()
    assert CANARY not in text
    assert "Газета, 1937 г." in text
