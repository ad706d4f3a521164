"""What tests of the reading room put on the shelves: records of any state, rights, long books."""

import datetime
from dataclasses import replace
from typing import Any

from lxml import html

from catalog.record import ControlField, Field, Record
from catalog.rights import Rights
from olketanu.home import Home
from store import changes
from store.catalogue import links, records
from store.catalogue.links import NewLink
from store.catalogue.records import NewRecord
from store.database import Transaction
from store.digitised import documents, rights
from store.digitised import pages as page_rows
from store.digitised.pages import NewPage
from tests.unit.made_entries import LEADER, field
from workflow.library import open_library

PAST, FUTURE = datetime.date(2020, 1, 1), datetime.date(2999, 1, 1)


def a_record(number: str, title: str, *more: str) -> Record:
    """A book in RUSMARC; ``more`` are addresses of copies."""
    fields: list[Field] = [ControlField("001", number), field("200", f"a{title}", indicators="1 ")]
    fields += [field("856", f"u{address}", indicators="4 ") for address in more]
    return Record("rusmarc", LEADER, tuple(fields))


def enter(home: Home, record: Record, status: str, document: str = "") -> str:
    """Enter a record of this status, linked to ``document`` if given; return its id."""
    with open_library(home) as library, library.store.transaction("staff") as tx:
        change = changes.new_change_set(tx, "test")
        key = record.control_number or ""
        made = records.create_record(tx, NewRecord(record, "books", key, "book", status), change)
        if document:
            link = links.propose(tx, NewLink(document, made.id, evidence=(), score=1.0))
            links.accept(tx, link.id)
        return made.id


def set_status(home: Home, record: str, status: str, merged_into: str | None = None) -> None:
    with open_library(home) as library, library.store.transaction("staff") as tx:
        records.set_status(tx, record, status, merged_into=merged_into)


def set_rights(home: Home, document: str, held: Rights) -> None:
    with open_library(home) as library, library.store.transaction("staff") as tx:
        rights.set_rights(tx, document, held)


def sit_in_the_library(home: Home) -> None:
    """Let whoever asks from this machine be in the library's own network."""
    text = home.settings.read_text(encoding="utf-8")
    home.settings.write_text(f'{text}\n[portal]\non_site = ["127.0.0.0/8"]\n', encoding="utf-8")


def lengthen(home: Home, document: str, count: int) -> None:
    """Give a document ``count`` more pages, as a long book has them."""
    with open_library(home) as library, library.store.transaction("staff") as tx:
        _lengthen(tx, document, count)


def _lengthen(tx: Transaction, document: str, count: int) -> None:
    first = page_rows.list_pages(tx, document)[0]
    frames = [replace(first.frame, frame=number) for number in range(10, 10 + count)]
    added = page_rows.add_pages(tx, document, [NewPage(frame) for frame in frames])
    known = documents.get_document(tx, document)
    files = dict(known.files)
    for page in added:
        page_rows.set_recognised(tx, document, page.key, first.recognised)
        for name in (f"alto/{page.key}.xml", f"words/{page.key}.json"):
            files[name] = "0" * 64
        files |= {f"web/{page.key}-{width}.jpg": "0" * 64 for width in (200, 800, 1600)}
    documents.finish_document(
        tx, document, state="done", assembled_key=known.assembled_key or "", files=files
    )


def found(text: str, path: str) -> list[Any]:
    """What the XPath finds on a page."""
    answer = html.fromstring(text).xpath(path)
    assert isinstance(answer, list)
    return answer
