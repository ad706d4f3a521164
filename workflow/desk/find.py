"""Find by anything: an id, an address, a number of their system, words of a title."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from catalog.view import view
from language.fold import fold
from store.catalogue import records
from store.digitised import documents
from store.identifiers import is_valid
from workflow.desk.card import EVERYTHING, CardKind, Waiting
from workflow.desk.kinds import KINDS
from workflow.desk.queue import waiting_cards
from workflow.library import Library

MOST = 50
"""Cards and documents that are shown of each."""


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document by its id, title (or name) and batch."""

    id: str
    title: str
    batch: str


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record by its id, its number in its own system, title and status."""

    id: str
    number: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Found:
    """What answers, ``text`` as it was looked for: the last part of an address."""

    text: str
    cards: tuple[Waiting, ...]
    documents: tuple[FoundDocument, ...]
    records: tuple[FoundRecord, ...]


def find_anything(library: Library, asked: str, kinds: Collection[CardKind] = KINDS) -> Found:
    """Return waiting cards of these kinds, documents and records that are named so.

    All empty for no text.
    """
    text = _bare(asked)
    if not text:
        return Found("", (), (), ())
    found = tuple(_documents(library, text))
    return Found(
        text, tuple(_cards(library, text, kinds))[:MOST], found[:MOST], _records(library, text)
    )


def _bare(asked: str) -> str:
    """The identifier that an address, or the subject of a page, begins with; other text as is."""
    text = asked.strip()
    for mark in ("/d/", "/r/"):
        if mark in text:
            text = text.partition(mark)[2].split(".")[0].split("?")[0]
    head = text.split("/")[0]
    return head if is_valid(head) else text


def _cards(library: Library, text: str, kinds: Collection[CardKind]) -> Iterator[Waiting]:
    """Cards by their key, by their document, or by words of their title, the first to be done."""
    wanted = fold(text)
    for card in waiting_cards(library.store, EVERYTHING, kinds).cards:
        if text in (card.key, card.document) or wanted in fold(card.title):
            yield card


def _documents(library: Library, text: str) -> Iterator[FoundDocument]:
    wanted = fold(text)
    for one in documents.list_titles(library.store):
        if text in (one.id, one.name) or wanted in fold(one.title):
            yield FoundDocument(one.id, one.title or one.name, one.batch)


def _records(library: Library, text: str) -> tuple[FoundRecord, ...]:
    """Records of this id or number; words are what the search of the catalogue is for."""
    names = {text, *records.find_by_identifier(library.store, "control", text)}
    return tuple(
        FoundRecord(one.id, one.record.control_number or one.id, view(one.record).title, one.status)
        for one in records.get_records(library.store, names)
    )
