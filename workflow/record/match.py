"""Match: is what was found on the page in the catalogue already? A likely record is proposed."""

from typing import Any

from catalog.dedup.match import Comparison, Description, block_keys, compare, describe
from catalog.drafting import draft as drafts
from catalog.drafting.draft import Draft
from catalog.reason import Reason
from catalog.view import view
from store.catalogue import links, records
from store.catalogue.links import NewLink
from store.catalogue.records import StoredRecord
from store.changes import Event
from store.database import Transaction
from workflow.follow import CatalogueStage, Write
from workflow.library import Library


def read(library: Library, event: Event) -> Write | None:
    """Propose a link to the best likely record, else say that the document is unmatched."""
    document = event.subject
    draft = drafts.from_dict(event.data["draft"])
    if links.list_links(library.store, document=document, status="accepted"):
        return lambda tx: _note(tx, "document.reextracted", document, event.data)
    waiting = links.list_links(library.store, document=document, status="proposed")
    if waiting:
        return None
    best = best_match(library, document, draft)
    if best is None:
        return lambda tx: _note(tx, "document.unmatched", document, event.data)
    record, comparison = best
    evidence = tuple({"code": r.code, "facts": dict(r.facts)} for r in comparison.reasons)
    new = NewLink(document, record.id, evidence=evidence, score=float(comparison.score))

    def write(tx: Transaction) -> None:
        links.propose(tx, new)

    return write


def best_match(
    library: Library, document: str, draft: Draft
) -> tuple[StoredRecord, Comparison] | None:
    """Return the likeliest record for the draft, with the reasons, or None."""
    wanted = describe(draft)
    numbered = _by_number(library, draft)
    decided = links.list_links(library.store, document=document, status="rejected")
    rejected = {link.record for link in decided if not link.is_withdrawn}
    found: list[tuple[StoredRecord, Comparison]] = []
    if numbered and numbered[0].id not in rejected:
        return numbered
    for identifier in sorted(candidates(library, wanted) - rejected):
        record = records.get_record(library.store, identifier)
        if record.status in ("draft", "active"):
            comparison = compare(wanted, describe(view(record.record)))
            if comparison.verdict in ("same", "likely"):
                found.append((record, comparison))
    return max(found, key=lambda pair: (pair[1].score, pair[0].id), default=None)


def _by_number(library: Library, draft: Draft) -> tuple[StoredRecord, Comparison] | None:
    """The record whose number the librarian wrote into the sheet: nothing is likelier."""
    number = draft.first("record_number")
    if not number:
        return None
    found = records.find_by_identifier(library.store, "control", number)
    if not found:
        return None
    reason = Reason("record-number", {"number": number})
    return records.get_record(library.store, found[0]), Comparison(100, "same", (reason,), ())


def candidates(library: Library, description: Description) -> set[str]:
    """Return ids of the records that share a block key with the description."""
    return {
        record
        for scheme, value in block_keys(description)
        for record in records.find_by_identifier(library.store, scheme, value)
    }


def _note(tx: Transaction, kind: str, document: str, data: dict[str, Any]) -> None:
    tx.note(kind, document, data)


MATCH = CatalogueStage("match", frozenset({"document.extracted"}), read, singly=True)
"""One after the other: a document may be a copy of the one that was just described."""
