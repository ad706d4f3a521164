"""Scans that may be copies of records of the catalogue, each with a proposed link."""

from catalog.drafting import draft as drafts
from catalog.drafting.draft import Draft, Element, Evidence
from catalog.record import ControlField, Record
from olketanu.home import Home
from pages.text import Box
from store import changes
from store.catalogue import links, records
from store.catalogue.links import NewLink
from store.catalogue.records import NewRecord
from store.digitised.documents import NewDocument
from tests.unit.found_library import STREETS, add_document
from tests.unit.made_entries import LEADER, field
from workflow.library import open_library
from workflow.record.draft import identifiers

TITLE = "Шахтёрский посёлок"


def add_proposals(home: Home, count: int) -> list[str]:
    """So many scans, each with a likely record; return the ids of the links, best score first."""
    made = []
    with open_library(home) as library, library.store.transaction("olketanu:match") as tx:
        change = changes.new_change_set(tx, "import")
        for number in range(count):
            title = f"{TITLE} {number}"
            told = NewDocument("b", f"scan-{number:02}", "", "book", "rus", title=title)
            document = add_document(tx, told, (STREETS,))
            record = record_of(f"x{number}", title)
            new = NewRecord(
                record, "books", f"x{number}", "book", "active", identifiers=identifiers(record)
            )
            stored = records.create_record(tx, new, change)
            tx.note("document.extracted", document, {"draft": drafts.to_dict(draft_of(title))})
            reason = {"code": "title-equal", "facts": {"title": title}}
            score = 90.0 - number
            found = links.propose(tx, NewLink(document, stored.id, evidence=[reason], score=score))
            made.append(found.id)
        # What was written is as the stages left it: they begin behind it.
        for stage in ("extract", "match", "draft", "classify"):
            changes.set_cursor(tx, stage, changes.last_seq(tx))
    return made


def record_of(number: str, title: str) -> Record:
    fields = (
        ControlField("001", number),
        field("101", "arus", indicators="0 "),
        field("200", f"a{title}", "fА. Ким", indicators="1 "),
        field("210", "aКараганда", "cБолашак", "d2004"),
        field("700", "aКим", "bА.", indicators=" 1"),
    )
    return Record("rusmarc", LEADER, fields)


def draft_of(title: str) -> Draft:
    def element(name: str, value: str, top: int) -> Element:
        box = Box(100, top, 900, top + 60)
        return Element(name, value, "rus", (Evidence("p0001", box, 0.9, name, value),))

    told = {"title": title, "author": "Ким, А.", "year": "2004"}
    found = (element(name, value, 100 + 80 * n) for n, (name, value) in enumerate(told.items()))
    return Draft("book", tuple(found))
