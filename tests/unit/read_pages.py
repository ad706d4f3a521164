"""A page that was recognised badly, in a document whose files are ready."""

from hashlib import sha256
from pathlib import Path

from pages.alto import write_alto
from pages.text import PageText
from store.database import Store
from store.digitised import documents
from store.digitised import pages as page_rows
from store.digitised.pages import Recognised
from tests.property.test_pages_retype import page_of
from tests.unit.made_library import new_store, take_in
from workflow.document.current_text import current_page
from workflow.library import Library

PRINTED = [["Карагапда", "облысы"], ["жаңа", "мсктеп", "салынды"], ["1962", "жыл"]]


def make_page(root: Path) -> tuple[Store, str]:
    """A store with one document of one page, and the page's subject."""
    store = new_store(root)
    document = take_in(store, "box-1", "doc-1", 1)
    recognise(store, document, page_of(PRINTED))
    with store.transaction() as tx:
        documents.finish_document(tx, document, state="done", assembled_key="k", files={})
    return store, f"{document}/p0001"


def recognise(store: Store, document: str, page: PageText, key: str = "a" * 64) -> None:
    """The first page of a document, as a page job leaves it."""
    alto = write_alto(page, page_id="p0001", source="x", time="2026-01-01T00:00:00Z")
    path = store.home.recognised(document, "p0001", key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(alto)
    with store.transaction() as tx:
        told = Recognised("text", None, key, sha256(alto).hexdigest(), 0.7, ("kaz",), 7)
        page_rows.set_recognised(tx, document, "p0001", told)


def read(library: Library, subject: str) -> list[str]:
    """The lines of a page as they are now."""
    document, _, key = subject.partition("/")
    row = page_rows.get_page(library.store, document, key)
    return [line.text for line in current_page(library.store, row).lines()]
