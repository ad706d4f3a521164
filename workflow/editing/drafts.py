"""The draft record: a person edits it, takes it into the catalogue, or wants none of it.

Drafts wait in the order in which their documents came in: those of one batch, issue or folder lie
together, and who has the papers at hand goes through them one by one. What the checks say and how
sure the recognition was is shown on the card; it does not tear neighbours apart.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from catalog.digital_copy import copies, without_copy
from catalog.record import Field, Record
from catalog.view import title_of
from olketanu.errors import LockedError, UsageError
from store import changes
from store.catalogue import drafts, links, records
from store.catalogue.records import StoredRecord
from store.database import Reader, Transaction
from workflow.desk.card import EVERYTHING, Act, Doing, Facts, Place, Waiting, Wanted
from workflow.editing.draft_card import DraftCard, draft_card
from workflow.editing.form import read_form
from workflow.library import Library
from workflow.record.save import save_record, save_typed

NAME = "draft"
RESTORE = "restore"
"""The act that gives a record in force back what the version ``to`` said."""
_COPY = "856"
_LEVEL = 17
_NOT_COMPLETE = {"rusmarc": "3", "unimarc": "3", "marc21": "5"}
"""Encoding level (leader 17) that drafts are made with."""


class DraftCards:
    """The kind of cards ``draft``."""

    @property
    def name(self) -> str:
        """``draft``."""
        return NAME

    @property
    def acts(self) -> Mapping[str, Doing]:
        """Accept into the catalogue, keep what was typed, refuse."""
        return {"accept": _accept, "edit": _edit, "reject": _reject, RESTORE: _restore}

    def waiting(
        self, reader: Reader, wanted: Wanted = EVERYTHING, most: int | None = None
    ) -> Iterator[Waiting]:
        """Yield the drafts."""
        found = drafts.waiting_drafts(reader, wanted.batch, wanted.language, most)
        for one in found:
            yield Waiting(NAME, one.record, one.since, one.title, one.batch, one.language)

    def tally(self, reader: Reader) -> Mapping[Place, int]:
        """How many drafts there are."""
        return drafts.count_drafts(reader)

    def version(self, reader: Reader, key: str) -> str:
        """Return number of version and status; UsageError ``error.unknown-card``."""
        stored = records.find_record(reader, key)
        if stored is None:
            raise UsageError("error.unknown-card", card=key)
        return f"{stored.version}.{stored.status}"

    def title(self, reader: Reader, key: str) -> str:
        """The title of the record."""
        return title_of(records.get_record(reader, key).record)

    def shown(self, library: Library, key: str) -> DraftCard:
        """The card: pages, what was read on them, and the form."""
        return draft_card(library, key)

    def undo(self, library: Library, tx: Transaction, act: Act, facts: Facts) -> None:
        """Take an act back; LockedError where the record was changed since, or its document."""
        stored = records.get_record(tx, act.key)
        if act.name == "accept":
            _refuse_unlinked(tx, act.key)
        record = _said_before(library, tx, stored, facts)
        restored = stored
        if record != stored.record:
            change = changes.new_change_set(tx, f"undo: {act.name}")
            restored = save_record(tx, stored, record, change)
        if act.name in ("accept", "reject"):
            records.set_status(tx, restored.id, "draft")
        if act.name == "reject":
            _relink(tx, _statuses(facts["links"]))


DRAFTS = DraftCards()


def _accept(_library: Library, tx: Transaction, act: Act) -> Facts:
    before = _draft(tx, act.key)
    record = _complete(_typed(before, act))
    saved = save_typed(tx, before, record, "accepted")
    return _facts(before, records.set_status(tx, saved.id, "active"))


def _edit(_library: Library, tx: Transaction, act: Act) -> Facts:
    before = _in_force(tx, act.key)
    return _facts(before, save_typed(tx, before, _typed(before, act), "edited"))


def _restore(library: Library, tx: Transaction, act: Act) -> Facts:
    """Say again what an older version said, but for the copies: those are for links to decide."""
    before, number = _in_force(tx, act.key), act.form.get("to", "")
    versions = {str(one.n): one.record for one in records.list_versions(tx, act.key)}
    if number not in versions:
        newest = before.version
        raise UsageError("error.unknown-version", id=act.key, number=number, newest=newest)
    record = _with_copies_of(library, tx, before, versions[number])
    return _facts(before, save_typed(tx, before, record, f"restored {number}"))


def _with_copies_of(
    library: Library, tx: Transaction, stored: StoredRecord, record: Record
) -> Record:
    """The record with the addresses of linked documents that ``stored`` has, and no others."""
    addresses = {library.address(one.document) for one in links.list_links(tx, record=stored.id)}
    held = {url: f for f in stored.record.data(_COPY) for url in f.all("u") if url in addresses}
    for url in sorted(addresses - held.keys()):
        record = without_copy(record, url)
    for url in sorted(held.keys() - set(copies(record))):
        record = record.with_field(held[url])
    return record


def _reject(_library: Library, tx: Transaction, act: Act) -> Facts:
    """The record is deleted and no document is linked to it; its draft is never made again."""
    before = _draft(tx, act.key)
    linked = [one for one in links.list_links(tx, record=act.key) if one.status != "rejected"]
    for one in linked:
        links.reject(tx, one.id)
    was = {one.id: one.status for one in linked}
    return {**_facts(before, records.set_status(tx, act.key, "deleted")), "links": was}


def _relink(tx: Transaction, was: Mapping[str, str]) -> None:
    """Let the links of a rejected draft be what they were; what was proposed since is withdrawn.

    A document that waited for a decision, and has got another record meanwhile, keeps that.
    """
    for key, status in was.items():
        document = links.get_link(tx, key).document
        others = links.list_links(tx, document=document)
        taken = [one.record for one in others if one.status == "accepted"]
        if taken and status == "accepted":
            raise LockedError("error.document-linked", document=document, record=taken[0])
        if taken:
            continue
        for one in others:
            if one.status == "proposed":
                links.withdraw(tx, one.id)
        (links.accept if status == "accepted" else links.reopen)(tx, key)


def _said_before(library: Library, tx: Transaction, stored: StoredRecord, facts: Facts) -> Record:
    """What the record said before an act, if it says now what the act has left.

    Its newest version may be another one: later acts were taken back, or links have changed its
    copies, which stay as they are then.

    Raises:
        LockedError: ``error.record-changed``.
    """
    versions = {one.n: one.record for one in records.list_versions(tx, stored.id)}
    left, before = versions[_number(facts["version"])], versions[_number(facts["before"])]
    if stored.status == facts["status"] and stored.record == left:
        return before
    moved = _with_copies_of(library, tx, stored, left)
    if stored.status != facts["status"] or _fields(moved) != _fields(stored.record):
        raise LockedError("error.record-changed", id=stored.id, version=stored.version)
    return _with_copies_of(library, tx, stored, before)


def _fields(record: Record) -> tuple[str, list[Field]]:
    """Leader and fields, the links to copies behind all others: their order says nothing."""
    links_last = sorted(record.fields, key=lambda field: field.tag == _COPY)
    return record.leader, links_last


def _refuse_unlinked(tx: Transaction, key: str) -> None:
    """A draft without the scan that it was made of would wait for nobody."""
    linked = links.list_links(tx, record=key)
    if linked and not any(one.status == "accepted" for one in linked):
        raise LockedError("error.draft-unlinked", record=key)


def _in_force(tx: Transaction, key: str) -> StoredRecord:
    stored = records.get_record(tx, key)
    if stored.status not in ("draft", "active"):
        raise UsageError("error.not-in-force", id=key)
    return stored


def _draft(tx: Transaction, key: str) -> StoredRecord:
    stored = records.get_record(tx, key)
    if stored.status != "draft":
        raise UsageError("error.not-a-draft", id=key)
    return stored


def _typed(before: StoredRecord, act: Act) -> Record:
    """The record as typed; UsageError ``error.field-text`` names the first row that is none."""
    form = read_form(before.record, act.form)
    if form.record is None:
        bad = next(row for row in form.rows if row.problem)
        raise UsageError("error.field-text", field=bad.typed.tag)
    return form.record


def _complete(record: Record) -> Record:
    """The record at full level, unless somebody has named another one."""
    if record.leader[_LEVEL : _LEVEL + 1] != _NOT_COMPLETE.get(record.format):
        return record
    return replace(record, leader=f"{record.leader[:_LEVEL]} {record.leader[_LEVEL + 1 :]}")


def _facts(before: StoredRecord, after: StoredRecord) -> Facts:
    return {"before": before.version, "version": after.version, "status": after.status}


def _number(fact: object) -> int:
    return fact if isinstance(fact, int) else int(str(fact))


def _statuses(fact: object) -> Mapping[str, str]:
    return fact if isinstance(fact, dict) else {}
