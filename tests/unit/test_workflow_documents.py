"""``document show``: what is told of a document and of every page."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from digitize.scan.pdf_input import REFUSED, STEP
from digitize.work.twins import SAME_PICTURE
from pages.alto import write_alto
from pages.text import PageText, ProcessingStep
from store.catalogue import findings
from store.database import Store
from store.digitised import pages as page_rows
from store.digitised.pages import Recognised
from tests.unit.made_library import library_of, new_store, take_in
from workflow.document.show import ShownDocument, describe_document

KEY = "0123456789abcdef" * 4
READ = ProcessingStep("recognise", "3", (("engine", "tesseract 5.3.0"), ("languages", "kaz+rus")))
JUDGED = (("letters", "900"), ("reason", "CODE_PAGE"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "home") as opened:
        yield opened


def show(store: Store, document: str) -> ShownDocument:
    return describe_document(library_of(store), document, with_text=False)


def read_as(store: Store, document: str, *steps: ProcessingStep) -> None:
    """The first page as if it had been read in these steps."""
    page = page_rows.list_pages(store, document)[0]
    text = PageText(replace(page.frame), (), "engine", (), steps)
    path = store.home.recognised(document, page.key, KEY)
    path.parent.mkdir(parents=True)
    alto = write_alto(text, page_id=page.key, source="scan", time="2026-01-01T00:00:00Z")
    path.write_bytes(alto)
    with store.transaction() as tx:
        page_rows.set_recognised(tx, document, page.key, Recognised("text", None, KEY, "0" * 64))


@pytest.mark.parametrize(
    ("steps", "engine", "layer"),
    [
        ((READ,), "tesseract 5.3.0", None),
        ((ProcessingStep(STEP, "1", (("letters", "900"),)),), "embedded", "kept"),
        ((ProcessingStep(REFUSED, "1", JUDGED), READ), "tesseract 5.3.0", "CODE_PAGE"),
    ],
)
def test_it_is_told_what_read_a_page_and_what_became_of_its_text_layer(
    store: Store, steps: tuple[ProcessingStep, ...], engine: str, layer: str | None
) -> None:
    document = take_in(store, "box-1", "doc-1", 2)
    read_as(store, document, *steps)
    first, second = show(store, document).pages
    assert (first.engine, first.text_layer) == (engine, layer)
    assert (second.engine, second.text_layer) == (None, None), "nobody has read it"


def test_a_lost_file_is_no_obstacle(store: Store) -> None:
    document = take_in(store, "box-1", "doc-1", 1)
    read_as(store, document, READ)
    store.home.recognised(document, "p0001", KEY).unlink()
    assert show(store, document).pages[0].engine is None


def test_documents_with_the_same_pictures_are_named(store: Store) -> None:
    first = take_in(store, "box-1", "doc-1", 1)
    second = take_in(store, "box-1", "doc-2", 1, bytes_=b"other")
    with store.transaction() as tx:
        findings.add_finding(tx, second, SAME_PICTURE, {"document": first, "pages": 1})
    shown = show(store, second)
    assert shown.same_pictures == (first,)
    assert shown.as_json()["same_pictures"] == [first]
    assert ("same-pictures", first) in shown.rows(str)
    assert show(store, first).same_pictures == ()
    assert "same-pictures" not in dict(show(store, first).rows(str))
