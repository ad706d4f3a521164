"""Classify: a lexical UDC suggestion, with reasons, where the document prints no number."""

from typing import Any

from catalog.digital_copy import with_class
from catalog.udc.suggest import Suggestion, Texts, suggest
from catalog.view import view
from pages.plain import plain_text
from store import changes
from store.catalogue import findings, links, records
from store.catalogue.records import StoredRecord
from store.changes import Event
from store.database import Transaction
from workflow.document.extract import current_pages, text_files
from workflow.follow import CatalogueStage, Write
from workflow.library import Library

PAGES = 3
SURE = ("high", "medium")
WHOLE_ISSUES = frozenset({"newspaper_issue", "journal_issue"})
"""An issue has no one subject: its articles are classified, not the issue."""


def read(library: Library, event: Event) -> Write | None:
    """Suggest a number for a fresh draft; write it into the draft when the suggestion is sure."""
    stored = records.get_record(library.store, event.subject)
    settled = stored.kind in WHOLE_ISSUES or view(stored.record).udc
    if stored.status != "draft" or settled:
        return None
    suggestions = suggestions_for(library, stored)
    if not suggestions:
        return None
    facts = {"suggestions": [_told(one) for one in suggestions]}
    best = suggestions[0]
    take = best.confidence in SURE and not records.edited_by_people(library.store, stored.id)

    def write(tx: Transaction) -> None:
        findings.add_finding(tx, stored.id, "udc-suggested", facts)
        if take:
            change = changes.new_change_set(tx, "classify")
            record = with_class(stored.record, best.notation)
            records.save_version(tx, stored.id, record, parent=stored.version, change_set=change)

    return write


def suggestions_for(library: Library, stored: StoredRecord) -> tuple[Suggestion, ...]:
    """Return UDC suggestions from title and text of the record's digital copies."""
    body = []
    for link in links.list_links(library.store, record=stored.id, status="accepted"):
        first = text_files(library, link.document)[:PAGES]
        body += [plain_text(text) for _, text in current_pages(first)]
    seen = view(stored.record)
    texts = Texts(title=seen.title or "", headline=seen.other_title or "", body="\n".join(body))
    return suggest(texts, seen.languages)


def _told(one: Suggestion) -> dict[str, Any]:
    return {
        "notation": one.notation,
        "confidence": one.confidence,
        "captions": dict(one.captions),
        "reasons": [{"code": reason.code, "facts": dict(reason.facts)} for reason in one.reasons],
    }


def _is_draft(event: Event) -> bool:
    return bool(event.data.get("status") == "draft")


CLASSIFY = CatalogueStage("classify", frozenset({"record.created"}), read, _is_draft)
