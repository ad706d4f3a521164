"""What decides how a page is read and when a document's files are made anew."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.rights import Rights
from digitize.recognition import recognise
from digitize.work.planning import assembly_key, description, plan_document, profile_of
from digitize.work.stages import imported_key
from olketanu.settings import OcrSettings, PdfSettings, Settings, SiteSettings
from pages.text import PageFrame
from store import jobs
from store.database import Store
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters
from tests.crash.quick_tasks import ENGINES
from tests.unit.made_library import new_store

SHA = "ab" * 32


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(recognise, "RECOGNISERS", dict(ENGINES))
    with new_store(tmp_path / "home") as opened:
        with opened.transaction() as tx:
            batches.add_batch(tx, "b", "/b")
            masters.add_master(tx, masters.Master(SHA, 1, "png", "2026-01-01T00:00:00Z"))
        yield opened


def add(store: Store, pages: int = 1, **told: object) -> str:
    with store.transaction() as tx:
        name = f"doc-{len(documents.list_documents(tx))}"
        made = documents.add_document(tx, replace(NewDocument("b", name, SHA), **told))  # type: ignore[arg-type]  # the test's own fields
        frames = [PageFrame(SHA, n, None, 0, 9, 9, 300) for n in range(pages)]
        page_rows.add_pages(tx, made.id, [NewPage(frame) for frame in frames])
    return made.id


def profile(store: Store, document: str, settings: Settings | None = None) -> str:
    row = documents.get_document(store, document)
    page = page_rows.get_page(store, document, "p0001")
    return profile_of(settings or Settings(), row, page, 1).name


def test_the_sheet_chooses_how_a_page_is_read(store: Store) -> None:
    latin = add(store, language="kaz", script="Latn")
    old = add(store, language="rus", script="Cyrl", manifest={"date": "3 марта 1908 г."})
    new = add(store, language="rus", script="Cyrl", manifest={"date": "03.03.1998"})
    assert profile(store, latin) == "latin-kk-1929"
    assert profile(store, old) == "ru-petr"
    assert profile(store, new) == "modern"


def test_the_person_overrides_the_sheet_and_the_sheet_the_settings(store: Store) -> None:
    settings = Settings(ocr=OcrSettings(profile="old-soviet"))
    told = add(store, language="kaz", script="Latn", profile={"name": "modern"})
    sheet = add(store, language="kaz", script="Latn")
    assert profile(store, told, settings) == "modern"
    assert profile(store, sheet, settings) == "latin-kk-1929"
    assert profile(store, add(store), settings) == "old-soviet"


def test_a_page_with_imported_text_is_not_read(store: Store) -> None:
    document = add(store, 2)
    frame = page_rows.get_page(store, document, "p0001").frame
    key = imported_key(frame, "0" * 64, document, "p0001")
    with store.transaction() as tx:
        page_rows.set_recognised(tx, document, "p0001", Recognised("text", None, key, "0" * 64))
    plan_document(store, Settings(), documents.get_document(store, document))
    assert [job.page for job in jobs.list_jobs(store, document, "page")] == ["p0002"]


@pytest.mark.parametrize(
    "settings",
    [
        Settings(pdf=PdfSettings(output="mono")),
        Settings(pdf=PdfSettings(master=False)),
        Settings(site=SiteSettings(url="https://elsewhere.example")),
    ],
    ids=["form", "master", "address"],
)
def test_what_the_files_show_is_part_of_their_key(store: Store, settings: Settings) -> None:
    document = documents.get_document(store, add(store))
    rows = page_rows.list_pages(store, document.id)
    before = assembly_key(store, Settings(), document, rows)
    assert assembly_key(store, settings, document, rows) != before
    assert assembly_key(store, Settings(), document, rows) == before


def test_rights_and_sheet_are_described_to_the_files(store: Store) -> None:
    row = {"author": "Ахметов А.", "date": "1998"}
    document = documents.get_document(store, add(store, kind="book", manifest=row))
    with store.transaction() as tx:
        rights.set_rights(tx, document.id, Rights("open"))
    told = description(store, Settings(), document)
    assert (told["kind"], told["authors"], told["date"]) == ("book", ["Ахметов А."], "1998")
    assert (told["rights"], told["pdf"]) == ("open", {"output": "access", "master": True})
    assert told["address"].endswith(f"/d/{document.id}")


def test_planning_a_long_book_anew_after_every_page_costs_little(store: Store) -> None:
    document = documents.get_document(store, add(store, 500, kind="book"))
    plan_document(store, Settings(), document)
    start = time.process_time()
    for _ in range(20):
        plan_document(store, Settings(), document)
    assert time.process_time() - start < 4.0, "0.2 s a page is a tenth of its recognition"
