"""The card of a draft: its pages with what was read where, and the form of its record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from catalog.udc.table import LANGUAGES
from catalog.view import title_of, view
from olketanu.messages.translate import language
from store.catalogue import findings, links, records
from store.catalogue.records import StoredRecord
from store.digitised import documents
from store.digitised.documents import Document
from workflow.editing.evidence import Found, find_evidence
from workflow.editing.proof import Proof, Prover, prover
from workflow.library import Library
from workflow.record.draft import last_draft

SUGGESTED = "udc-suggested"


@dataclass(frozen=True, slots=True)
class ReasonTold:
    """A reason by its message ``reason.<code>``."""

    code: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ClassSuggested:
    """A UDC number for the text, what it means, and why; ``taken``: the record has it."""

    notation: str
    caption: str
    confidence: str
    reasons: tuple[ReasonTold, ...]
    taken: bool


@dataclass(frozen=True, slots=True)
class DraftCard:
    """``documents`` are the digital copies of the record; what was read is of the first."""

    stored: StoredRecord
    title: str
    documents: tuple[Document, ...]
    found: Found
    suggested: tuple[ClassSuggested, ...]
    _prover: Prover = field(repr=False)

    def read(self, typed: Mapping[str, str]) -> Proof:
        """Return the form of the record, with what was typed where anything was."""
        return self._prover.read(typed)

    @property
    def is_draft(self) -> bool:
        """Whether it waits for a person."""
        return self.stored.status == "draft"

    @property
    def is_in_force(self) -> bool:
        """Whether it can be edited."""
        return self.stored.status in ("draft", "active")


def draft_card(library: Library, key: str) -> DraftCard:
    """Return the card of a record, whatever its status.

    Raises:
        UsageError: ``error.unknown-record``.
        SettingsError: the library's rules.
    """
    stored = records.get_record(library.store, key)
    linked = links.list_links(library.store, record=key)
    known = [one for one in linked if one.status == "accepted"] or linked[:1]
    copies = tuple(documents.get_document(library.store, one.document) for one in known)
    found = Found((), ())
    if copies:
        found = find_evidence(library, copies[0].id, last_draft(library, copies[0]))
    return DraftCard(
        stored,
        title_of(stored.record),
        copies,
        found,
        tuple(_suggested(library, stored)),
        prover(library, stored.record, stored.catalogues, found),
    )


def _suggested(library: Library, stored: StoredRecord) -> Iterator[ClassSuggested]:
    """What the program suggested last."""
    told = findings.list_findings(library.store, stored.id, SUGGESTED, None)
    if not told:
        return
    has = view(stored.record).udc
    for one in max(told, key=lambda found: found.time).facts["suggestions"]:
        captions = one["captions"]
        caption = captions.get(language()) or next(
            (captions[code] for code in LANGUAGES.values() if code in captions), ""
        )
        reasons = (ReasonTold(r["code"], r["facts"]) for r in one.get("reasons", ()))
        taken = one["notation"] in has
        yield ClassSuggested(*(one["notation"], caption, one["confidence"], tuple(reasons)), taken)
