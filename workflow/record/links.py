"""Proposals at the console: an accepted one gives the record its 856, a rejected one stays out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from catalog.view import view
from store.catalogue import links, records
from store.catalogue.links import Link
from store.digitised import documents
from workflow.desk.acts import perform
from workflow.desk.card import Act
from workflow.library import Library
from workflow.linking.links import LINKS

Words = Callable[..., str]
_DECIDED = {"accept": "accepted", "reject": "rejected"}


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link with what a person needs to decide."""

    link: Link
    document_name: str
    record_title: str

    @property
    def document(self) -> str:
        """Document id."""
        return self.link.document

    @property
    def record(self) -> str:
        """Record id."""
        return self.link.record

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "link": self.link.id,
            "document": self.link.document,
            "record": self.link.record,
            "status": self.link.status,
            "score": self.link.score,
            "reasons": list(self.link.evidence),
        }

    def words(self, words: Words) -> list[str]:
        """Lines for a person: who, what, why."""
        head = (
            f"{self.link.id}  {words(f'link-status.{self.link.status}')}  "
            f"{self.document} ({self.document_name}) → {self.record} «{self.record_title}»"
        )
        return [head, *(f"    {_reason(words, reason)}" for reason in self.link.evidence)]


def link_lines(library: Library, *, every: bool) -> list[LinkLine]:
    """Return proposals, or with ``every`` all links."""
    found = links.list_links(library.store, status=None if every else "proposed")
    return [_line(library, link) for link in found]


def decide(
    library: Library, link_id: str, decision: str, *, reason: str, actor: str, dry_run: bool
) -> tuple[LinkLine, int | None]:
    """Accept or reject a proposal as ``actor``, as the desk does; the same again does nothing.

    Returned are the link and the number of the act, None where nothing was done. UsageError where
    there is no such link.
    """
    link, number = links.get_link(library.store, link_id), None
    if not dry_run and link.status != _DECIDED[decision]:
        act = Act(LINKS.name, link_id, decision, None, actor, {"reason": reason})
        number = perform(library, act)
        link = links.get_link(library.store, link_id)
    return _line(library, link), number


def _line(library: Library, link: Link) -> LinkLine:
    document = documents.get_document(library.store, link.document)
    record = records.get_record(library.store, link.record)
    return LinkLine(link, document.name, view(record.record).title or "")


def _reason(words: Words, reason: Mapping[str, object]) -> str:
    facts = reason.get("facts")
    return words(f"reason.{reason.get('code')}", facts if isinstance(facts, dict) else {})
