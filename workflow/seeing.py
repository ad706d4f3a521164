"""Who searches, on what day, and what of the texts they may see."""

import datetime
from dataclasses import dataclass, replace

from catalog.rights import CLOSED, READER, STAFF, Actor, may
from search.results.request import Request
from search.session import Session
from store.digitised import rights
from workflow.library import Library


@dataclass(frozen=True, slots=True)
class Seer:
    """Somebody who searches; terms of rights are reckoned on ``today``."""

    actor: Actor
    today: datetime.date

    def may_search(self, library: Library, document: str) -> bool:
        """Return whether the text of a document may be searched and shown."""
        held = rights.get_rights(library.store, document)
        return may(self.actor, "search_text", held, self.today)

    def asked(self, library: Library, request: Request, session: Session) -> Request:
        """Return ``request`` as it may be asked, whatever it says of that itself.

        Readers do not open the index of closed texts; pages of documents that were closed, or whose
        term has ended, since they were indexed are left out for them.
        """
        if may(self.actor, "search_text", CLOSED, self.today):
            return replace(request, restricted=True, closed=())
        return replace(request, restricted=False, closed=self._closed_since(library, session))

    def _closed_since(self, library: Library, session: Session) -> tuple[str, ...]:
        parted = session.parted_at()
        touched = set(rights.set_since(library.store, parted.high_water))
        if parted.day:
            since = datetime.date.fromisoformat(parted.day)
            touched.update(rights.ended_between(library.store, since, self.today))
        return tuple(sorted(one for one in touched if not self.may_search(library, one)))


def seer_of(role: str) -> Seer:
    """Return who searches as ``role``: ``staff``, else a reader; today is the day in UTC."""
    return Seer(STAFF if role == "staff" else READER, _today())


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
