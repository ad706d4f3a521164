"""Amendments: what people corrected in the text of a page, kept through every new recognition."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from olketanu.errors import UsageError
from pages.amend import Amendment
from pages.text import Box
from store.catalogue.findings import add_finding, close_finding, list_findings
from store.database import Reader, Transaction, json_text, json_value
from store.digitised.pages import get_page, page_subject

UNAPPLIED = "amendment-unapplied"


@dataclass(frozen=True, slots=True)
class NewAmendment:
    """A correction, anchored by ``box`` (pixels of the frame) and the ``old`` value found there."""

    document: str
    page: str
    kind: str
    box: Box
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class StoredAmendment:
    """``id`` grows in order of making; ``applied`` is False once its anchor was not found again."""

    id: int
    document: str
    page: str
    kind: str
    box: Box
    old: str
    new: str
    applied: bool
    change_set: int

    @property
    def amendment(self) -> Amendment:
        """As pages know it."""
        return Amendment(self.page, self.kind, self.box, self.old, self.new)


def add_amendment(tx: Transaction, new: NewAmendment, change_set: int) -> StoredAmendment:
    """Keep a correction; UsageError for an unknown page."""
    get_page(tx, new.document, new.page)
    tx.change(
        "page.amended",
        page_subject(new.document, new.page),
        {"kind": new.kind, "old": new.old, "new": new.new},
        "INSERT INTO amendment (document, page, kind, box, old, new, applied, change_set) "
        "VALUES (?, ?, ?, ?, ?, ?, 1, ?)",
        (
            *(new.document, new.page, new.kind, json_text(new.box)),
            *(new.old, new.new, change_set),
        ),
    )
    return list_amendments(tx, new.document, new.page)[-1]


def list_amendments(
    reader: Reader, document: str, page: str | None = None
) -> list[StoredAmendment]:
    """Return the corrections of a document, or of one page, in order of making."""
    rows = reader.rows(
        "SELECT * FROM amendment WHERE document = ?1 AND (?2 IS NULL OR page = ?2) ORDER BY id",
        (document, page),
    )
    return [_amendment(row) for row in rows]


def withdraw_amendment(tx: Transaction, gone: NewAmendment) -> None:
    """Take a correction back, the newest of this content: it is as if it had not been made.

    The journal keeps both. UsageError ``error.unknown-amendment``: there is none any more.
    """
    known = list_amendments(tx, gone.document, gone.page)
    wanted = (gone.kind, gone.box, gone.old, gone.new)
    places = [n for n, a in enumerate(known) if (a.kind, a.box, a.old, a.new) == wanted]
    if not places:
        subject = page_subject(gone.document, gone.page)
        raise UsageError("error.unknown-amendment", text=gone.new, page=subject)
    found = known[places[-1]]
    tx.change(
        "page.amendment-withdrawn",
        page_subject(gone.document, gone.page),
        {"kind": gone.kind, "old": gone.old, "new": gone.new, "n": places[-1] + 1},
        "DELETE FROM amendment WHERE id = ?",
        (found.id,),
    )
    if not found.applied:
        _keep_finding(tx, found, applied=True)


def mark_applied(tx: Transaction, document: str, page: str, unapplied_ids: Collection[int]) -> None:
    """Note which corrections of a page found no anchor; all others are applied.

    One that was not applied leaves a finding, which closes once the correction fits again.
    """
    for amendment in list_amendments(tx, document, page):
        applied = amendment.id not in unapplied_ids
        if applied == amendment.applied:
            continue
        tx.change(
            "page.amendment-applied" if applied else "page.amendment-unapplied",
            page_subject(document, page),
            {"old": amendment.old, "new": amendment.new},
            "UPDATE amendment SET applied = ? WHERE id = ?",
            (int(applied), amendment.id),
        )
        _keep_finding(tx, amendment, applied=applied)


def _keep_finding(tx: Transaction, amendment: StoredAmendment, *, applied: bool) -> None:
    subject = page_subject(amendment.document, amendment.page)
    facts = {
        "kind": amendment.kind,
        "box": list(amendment.box),
        "old": amendment.old,
        "new": amendment.new,
    }
    if not applied:
        add_finding(tx, subject, UNAPPLIED, facts, reopen=True)
        return
    for finding in list_findings(tx, subject, UNAPPLIED):
        if finding.facts == facts:
            close_finding(tx, finding.id)


def _amendment(row: sqlite3.Row) -> StoredAmendment:
    return StoredAmendment(
        *(row["id"], row["document"], row["page"], row["kind"], Box(*json_value(row["box"]))),
        *(row["old"], row["new"], bool(row["applied"]), row["change_set"]),
    )
