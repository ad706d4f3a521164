"""Who searches, on what day, and what of the library they may see."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalog.rights import CLOSED, Actor, may, may_read_record
from search.index.manifest import Mark
from search.results.request import Request
from search.session import Session
from store.catalogue import links, records
from store.digitised import rights
from workflow.library import Library


@dataclass(frozen=True, slots=True)
class Seer:
    """Somebody who searches; terms of rights are reckoned on ``today``."""

    actor: Actor
    today: datetime.date

    @property
    def sees_all(self) -> bool:
        """Whether no text is closed to them."""
        return may(self.actor, "search_text", CLOSED, self.today)

    def may_search(self, library: Library, document: str) -> bool:
        """Return whether the text of a document may be searched and shown."""
        held = rights.get_rights(library.store, document)
        return may(self.actor, "search_text", held, self.today)

    def may_read(self, library: Library, record: str) -> bool:
        """Return whether the description of a record may be shown."""
        return record in self._readable(library, (record,))

    def asked(self, library: Library, request: Request, session: Session) -> Request:
        """Return ``request`` as it may be asked, whatever it says of that itself.

        Readers do not open the index of closed texts: those inside the library neither, who read
        its on-site documents by leafing and by searching within one, since one index holds all
        that is not open. Pages of documents that were closed, or whose term has ended, since they
        were indexed are left out for them, and so are drafts that are theirs no more.
        """
        if self.sees_all:
            return replace(request, restricted=True, closed=(), hidden=())
        parted = session.parted_at()
        touched = self._rights_since(library, parted)
        closed = tuple(sorted(one for one in touched if not self.may_search(library, one)))
        hidden = self._hidden_since(library, parted, touched)
        return replace(request, restricted=False, closed=closed, hidden=hidden)

    def _rights_since(self, library: Library, parted: Mark) -> set[str]:
        """Return the documents that may have other rights than the index was parted by."""
        touched = set(rights.set_since(library.store, parted.high_water))
        if parted.day:
            since = datetime.date.fromisoformat(parted.day)
            touched.update(rights.ended_between(library.store, since, self.today))
        return touched

    def _hidden_since(
        self, library: Library, parted: Mark, touched: Iterable[str]
    ) -> tuple[str, ...]:
        """Return the records that may have been read when they were indexed and may not now."""
        store = library.store
        changed = {
            *records.status_set_since(store, parted.high_water),
            *links.decided_since(store, parted.high_water),
            *links.records_of(store, touched),
        }
        return tuple(sorted(changed - self._readable(library, changed)))

    def _readable(self, library: Library, identifiers: Iterable[str]) -> set[str]:
        statuses = records.statuses_of(library.store, identifiers)
        copies = links.copies_of(library.store, statuses)
        return {
            record
            for record, status in statuses.items()
            if may_read_record(
                self.actor,
                status,
                (rights.get_rights(library.store, copy) for copy in copies.get(record, ())),
                self.today,
            )
        }


def seer_of(actor: Actor) -> Seer:
    """Return who searches, today: the day in UTC."""
    return Seer(actor, _today())


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
