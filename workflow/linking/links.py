"""Cards of proposed links: is this scan a copy of that record?"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from catalog.record import record_hash
from olketanu.errors import LockedError, UsageError
from store.catalogue import links, records
from store.catalogue.links import Link, NewLink
from store.database import Reader, Transaction
from store.digitised import documents
from workflow.desk.card import EVERYTHING, Act, Doing, Facts, Place, Waiting, Wanted
from workflow.library import Library
from workflow.linking.link_card import LinkCard, link_card
from workflow.record.draft import is_drafted, withdraw_draft
from workflow.record.show import record_id

BY_HAND = "chosen-by-hand"
"""Evidence of a link that a person made without a proposal."""

_COPY = "856"
_IN_FORCE = ("draft", "active")


@dataclass(frozen=True, slots=True)
class LinkCards:
    """The kind ``link``; the key of a card is the id of the link.

    ``accept``: the record gets its 856 from the stage that follows. ``reject``: this pair is never
    proposed again; another record is, or a draft is made. Both may say why (``reason``). ``other``:
    the scan is a copy of another record, which a person names (``record``: its id or number).
    """

    name: str = "link"

    @property
    def acts(self) -> Mapping[str, Doing]:
        """What can be done."""
        return {"accept": _accept, "reject": _reject, "other": _other}

    def waiting(
        self, reader: Reader, wanted: Wanted = EVERYTHING, most: int | None = None
    ) -> Iterator[Waiting]:
        """Of each document without a record the best proposal: the best score first."""
        for one in links.waiting_links(reader, wanted.batch, wanted.language, most):
            scan = (one.batch, one.language, one.document)
            yield Waiting(self.name, one.id, one.since, one.title, *scan)

    def tally(self, reader: Reader) -> Mapping[Place, int]:
        """How many documents have a proposal."""
        return links.count_waiting(reader)

    def version(self, reader: Reader, key: str) -> str:
        """What changes with the links of the document, and with what the record says.

        Not with its 856: the stages put that in and take it out while somebody looks at the card.
        """
        link = links.get_link(reader, key)
        record = records.get_record(reader, link.record)
        of_document = links.list_links(reader, document=link.document)
        rivals = [(one.id, one.status, one.score) for one in of_document]
        said = tuple(field for field in record.record.fields if field.tag != _COPY)
        told = [rivals, record.status, record_hash(replace(record.record, fields=said))]
        return sha256(json.dumps(told).encode()).hexdigest()[:16]

    def title(self, reader: Reader, key: str) -> str:
        """The title of the scan, or its name."""
        scan = documents.get_document(reader, links.get_link(reader, key).document)
        return scan.title or scan.name

    def shown(self, library: Library, key: str) -> LinkCard:
        """What a person needs to decide."""
        return link_card(library, links.get_link(library.store, key))

    def undo(self, _library: Library, tx: Transaction, act: Act, facts: Facts) -> None:
        """Let the link be what it was before; a draft made of the document since is taken back.

        Raises:
            LockedError: ``error.draft-edited``: somebody has edited that draft;
                ``error.document-linked``: the document has got another record since.
            UsageError: ``error.not-in-force``: the record has gone since.
        """
        if act.name == "reject" and facts["was"] in ("proposed", "accepted"):
            withdraw_draft(tx, links.get_link(tx, act.key).document)
        if facts["was"] == "accepted":
            _refuse_gone(tx, links.get_link(tx, act.key))
        _put_back(tx, str(facts.get("link", act.key)), str(facts["was"]))


LINKS = LinkCards()


def _accept(_library: Library, tx: Transaction, act: Act) -> Facts:
    link = links.get_link(tx, act.key)
    _refuse_second(tx, link)
    _refuse_gone(tx, link)
    return _decided(tx, act, links.accept)


def _other(library: Library, tx: Transaction, act: Act) -> Facts:
    """Link the scan to the record that was named; the proposal stays as it is, behind that."""
    document = links.get_link(tx, act.key).document
    record = records.get_record(tx, record_id(library, act.form.get("record", "").strip()))
    if record.status not in _IN_FORCE:
        raise UsageError("error.unknown-record", id=record.id)
    known = links.find_link(tx, document, record.id)
    new = NewLink(document, record.id, evidence=({"code": BY_HAND, "facts": {}},), score=100.0)
    link = links.propose(tx, new) if known is None or known.is_withdrawn else known
    _refuse_second(tx, link)
    links.accept(tx, link.id)
    was = "withdrawn" if known is None or known.is_withdrawn else known.status
    return {"was": was, "link": link.id, "document": document, "record": record.id}


def _refuse_second(tx: Transaction, link: Link) -> None:
    """A scan is a copy of one record."""
    for one in links.list_links(tx, document=link.document, status="accepted"):
        if one.id != link.id:
            raise LockedError("error.document-linked", document=one.document, record=one.record)


def _refuse_gone(tx: Transaction, link: Link) -> None:
    """Nothing is a copy of a record that was deleted, or merged into another one."""
    if records.get_record(tx, link.record).status not in _IN_FORCE:
        raise UsageError("error.not-in-force", id=link.record)


def _reject(_library: Library, tx: Transaction, act: Act) -> Facts:
    """A draft made of the scan is refused as a draft: it has no other reason to be there."""
    link = links.get_link(tx, act.key)
    if is_drafted(link) and records.get_record(tx, link.record).status == "draft":
        raise UsageError("error.link-of-draft", record=link.record)
    return _decided(tx, act, links.reject)


def _decided(tx: Transaction, act: Act, decide: Callable[[Transaction, str], Link]) -> Facts:
    before = links.get_link(tx, act.key)
    decide(tx, act.key)
    if reason := act.form.get("reason", "").strip():
        tx.note("link.reason", act.key, {"reason": reason})
    return {"was": before.status, "document": before.document, "record": before.record}


def _put_back(tx: Transaction, key: str, was: str) -> None:
    """``withdrawn`` is what was not there: its record must lose the 856 all the same."""
    if was == "withdrawn":
        links.reopen(tx, key)
        links.withdraw(tx, key)
        return
    {"proposed": links.reopen, "accepted": links.accept, "rejected": links.reject}[was](tx, key)
