"""Why results were found: the keys of their pages and records that answer the query."""

from dataclasses import dataclass

from catalog.rights import Actor
from search.engine.wanted import Wanted
from search.query.explain import Matched, explain_hit
from search.schema import Entry, analyse
from store.catalogue import records
from workflow.entries import page_entries, record_entries
from workflow.find import FoundHit, FoundHits
from workflow.library import Library
from workflow.seeing import Seer, seer_of


@dataclass(frozen=True, slots=True)
class ExplainedHit:
    """What of the page and of the record of a result answers; either may be empty."""

    page: tuple[Matched, ...]
    record: tuple[Matched, ...]


def explain_found(library: Library, found: FoundHits, *, actor: Actor) -> tuple[ExplainedHit, ...]:
    """Return the reasons of every result, in order; nothing of a text that ``actor`` may not see.

    Pages and records are analysed anew, as they stand in the home now.
    """
    if found.asked is None:
        return tuple(ExplainedHit((), ()) for _ in found.hits)
    asked, seer = found.asked, seer_of(actor)
    return tuple(
        ExplainedHit(
            _matched(_page(library, one, seer), asked),
            _matched(_record(library, one, seer), asked),
        )
        for one in found.hits
    )


def _matched(entry: Entry | None, asked: Wanted) -> tuple[Matched, ...]:
    return () if entry is None else explain_hit(asked, analyse(entry).fields)


def _page(library: Library, found: FoundHit, seer: Seer) -> Entry | None:
    hit = found.hit
    if not hit.page or not seer.may_search(library, hit.document):
        return None
    return next(page_entries(library, hit.document, seer.today, {hit.page}), None)


def _record(library: Library, found: FoundHit, seer: Seer) -> Entry | None:
    """The record, where it is a result itself and not only what a page belongs to."""
    if not found.hit.record or (found.hit.page and not found.elements):
        return None
    stored = records.find_record(library.store, found.hit.record)
    return None if stored is None else next(record_entries(library, [stored], seer.today), None)
