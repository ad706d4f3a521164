"""A library in which a scanned issue has become a draft, as the catalogue stages make it."""

from pathlib import Path

from catalog.drafting.draft import Draft, Element, Evidence, to_dict
from olketanu.home import Home
from pages.text import Box
from pipeline import catch_up
from store.catalogue import links, records
from store.catalogue.records import StoredRecord
from store.digitised import documents
from tests.unit.found_library import make_home
from workflow.library import Library, open_library

TITLE_BOX = Box(200, 100, 1500, 260)
DATE_BOX = Box(800, 400, 1500, 500)
DRAFT = Draft(
    "newspaper_issue",
    (
        Element(
            "title",
            "Сарыарқа таңы",
            "kaz",
            (Evidence("p0001", TITLE_BOX, 0.93, "masthead-title", "САРЫАРҚА ТАҢЫ"),),
        ),
        Element(
            "host_date",
            "1998-10-10",
            None,
            (
                Evidence("p0001", DATE_BOX, 0.88, "masthead-date-weekday", "Сенбі, 10 қазан 1998"),
                Evidence(None, None, None, "sheet", "10.10.1998"),
            ),
        ),
        Element("host_number", "40", None, (Evidence(None, None, None, "sheet", "40"),)),
        Element("script", "Cyrl", None, (Evidence(None, None, None, "sheet", "кирил"),)),
        Element("language", "kaz", None, (Evidence(None, None, None, "page-languages", "kaz 9"),)),
    ),
)


def make_drafted(root: Path) -> Home:
    """The home of ``found_library`` with a draft for its issue."""
    home = make_home(root)
    extract(home, "issue", DRAFT)
    return home


def extract(home: Home, name: str, draft: Draft) -> None:
    """Let a document have been read, and everything that follows from it happen."""
    with open_library(home) as library:
        with library.store.transaction("olketanu:extract") as tx:
            document = document_of(library, name)
            tx.note("document.extracted", document, {"draft": to_dict(draft), "conflicts": []})
        catch_up(library)


def document_of(library: Library, name: str) -> str:
    return next(one.id for one in documents.list_documents(library.store) if one.name == name)


def draft_of(library: Library, name: str = "issue") -> StoredRecord:
    """The record that was made of a document, whatever became of it."""
    linked = links.list_links(library.store, document=document_of(library, name))
    made = [one.record for one in linked if any(e["code"] == "drafted-from" for e in one.evidence)]
    return records.get_record(library.store, made[0])


def book_draft(title: str) -> Draft:
    """A draft that is like no record there is."""
    sheet = (Evidence(None, None, None, "sheet", title),)
    return Draft("book", (Element("title", title, "rus", sheet),))
