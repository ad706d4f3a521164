"""Links between a document and a record: proposed with evidence, decided once."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from olketanu.errors import UsageError
from store.catalogue.titles import TITLE
from store.changes import is_machine
from store.database import MACHINE, Reader, Transaction, json_text, json_value
from store.identifiers import short_id

_BEST = (
    "SELECT link.id, link.document, link.record, link.score, link.created, batch, "
    "coalesce(language, '') AS language, document.seq, document.title, document.name "
    "FROM link JOIN document ON document.id = link.document WHERE link.status = 'proposed' "
    "AND NOT EXISTS (SELECT 1 FROM link AS other WHERE other.document = link.document "
    "AND (other.status = 'accepted' OR (other.status = 'proposed' "
    "AND (other.score, link.id) > (link.score, other.id))))"
)
# Titles are looked for in those alone that are asked for.
_WAITING = (
    "SELECT best.id, document, batch, language, coalesce(nullif(title, ''), "  # noqa: S608 - constants
    f"({TITLE}), name) AS title, best.created AS since "
    f"FROM (SELECT * FROM ({_BEST}) WHERE ?1 IN ('', batch) AND ?2 IN ('', language) "
    "ORDER BY score DESC, created, seq, id LIMIT ?3) AS best "
    "JOIN record ON record.id = best.record "
    "JOIN version ON version.record = record.id AND version.n = record.version "
    "ORDER BY score DESC, best.created, seq, best.id"
)
_TALLY = f"SELECT batch, language, count(*) AS n FROM ({_BEST}) GROUP BY batch, language"  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to propose; ``evidence`` are plain JSON values, ``score`` is 0.0 to 100.0."""

    document: str
    record: str
    kind: str = "copy-of"
    evidence: Sequence[Mapping[str, Any]] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """``status`` is proposed, accepted or rejected; ``decided_by`` is None while it is proposed.

    A rejected link that the program itself decided is withdrawn: nobody said no to it.
    """

    id: str
    document: str
    record: str
    kind: str
    evidence: list[dict[str, Any]]
    score: float
    status: str
    made_by: str
    decided_by: str | None
    created: str

    @property
    def is_withdrawn(self) -> bool:
        """Whether it is rejected and no person did it: it may be made again."""
        return self.status == "rejected" and is_machine(self.decided_by or "")


@dataclass(frozen=True, slots=True)
class WaitingLink:
    """A proposal that waits for a person.

    ``title`` is the document's own, else that of the record, else the name of its file or folder.
    """

    id: str
    document: str
    batch: str
    language: str
    title: str
    since: str


def propose(tx: Transaction, new: NewLink) -> Link:
    """Propose a link and return it.

    A decided link comes back as it is: what a person rejected is never proposed again. An open
    proposal takes the new evidence; one that was withdrawn is proposed anew.
    """
    found = find_link(tx, new.document, new.record, new.kind)
    evidence = [dict(item) for item in new.evidence]
    if found is not None and found.is_withdrawn:
        found = reopen(tx, found.id)
    if found is not None and (
        found.status != "proposed" or (found.evidence, found.score) == (evidence, new.score)
    ):
        return found
    identifier = found.id if found is not None else _free_id(tx, new)
    tx.change(
        "link.proposed",
        identifier,
        {"document": new.document, "record": new.record, "kind": new.kind},
        "INSERT INTO link (id, document, record, kind, evidence, score, status, made_by, created) "
        "VALUES (?, ?, ?, ?, ?, ?, 'proposed', ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "evidence = excluded.evidence, score = excluded.score",
        (
            *(identifier, new.document, new.record, new.kind),
            *(json_text(evidence), float(new.score), tx.actor, tx.now),
        ),
    )
    return get_link(tx, identifier)


def accept(tx: Transaction, identifier: str) -> Link:
    """Accept a link in the name of the transaction's actor; UsageError for an unknown id."""
    return _decide(tx, identifier, "accepted")


def reject(tx: Transaction, identifier: str) -> Link:
    """Reject a link in the name of the transaction's actor; UsageError for an unknown id."""
    return _decide(tx, identifier, "rejected")


def withdraw(tx: Transaction, identifier: str) -> Link:
    """Take back a link that the program made, as if nobody had decided; return it."""
    link = get_link(tx, identifier)
    if link.is_withdrawn:
        return link
    return _set(tx, link, "link.withdrawn", "rejected", MACHINE)


def reopen(tx: Transaction, identifier: str) -> Link:
    """Let a decided link wait again; the event says what it ``was``. Return it."""
    link = get_link(tx, identifier)
    if link.status == "proposed":
        return link
    return _set(tx, link, "link.reopened", "proposed", None)


def get_link(reader: Reader, identifier: str) -> Link:
    """Return the link of this id; UsageError where there is none."""
    rows = reader.rows("SELECT * FROM link WHERE id = ?", (identifier,))
    if not rows:
        raise UsageError("error.unknown-link", id=identifier)
    return _link(rows[0])


def find_link(reader: Reader, document: str, record: str, kind: str = "copy-of") -> Link | None:
    """Return the link of this kind between the two, or None."""
    rows = reader.rows(
        "SELECT * FROM link WHERE document = ? AND record = ? AND kind = ?",
        (document, record, kind),
    )
    return _link(rows[0]) if rows else None


def list_links(
    reader: Reader,
    document: str | None = None,
    record: str | None = None,
    status: str | None = None,
) -> list[Link]:
    """Return links, best score first within a document, narrowed by what is given."""
    rows = reader.rows(
        "SELECT * FROM link WHERE (?1 IS NULL OR document = ?1) AND (?2 IS NULL OR record = ?2) "
        "AND (?3 IS NULL OR status = ?3) ORDER BY document, score DESC, id",
        (document, record, status),
    )
    return [_link(row) for row in rows]


def waiting_links(
    reader: Reader, batch: str = "", language: str = "", most: int | None = None
) -> list[WaitingLink]:
    """Return of each document that has no record yet its best proposal.

    The best score first, then what was proposed first. Of one batch and one language where these
    are given; the first ``most`` of them, None for all.
    """
    limit = -1 if most is None else most
    return [WaitingLink(*row) for row in reader.rows(_WAITING, (batch, language, limit))]


def count_waiting(reader: Reader) -> dict[tuple[str, str], int]:
    """Return how many such proposals there are of each batch and language."""
    return {(row["batch"], row["language"]): row["n"] for row in reader.rows(_TALLY)}


def copies_of(reader: Reader, records: Iterable[str]) -> dict[str, list[str]]:
    """Return for those of the records that have digital copies the ids of these documents."""
    rows = reader.rows(
        "SELECT record, document FROM link WHERE status = 'accepted' "
        "AND record IN (SELECT value FROM json_each(?)) ORDER BY record, document",
        (json_text(sorted(set(records))),),
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["record"], []).append(row["document"])
    return found


def records_of(reader: Reader, documents: Iterable[str]) -> list[str]:
    """Return the records that some of the documents are digital copies of."""
    rows = reader.rows(
        "SELECT DISTINCT record FROM link WHERE status = 'accepted' "
        "AND document IN (SELECT value FROM json_each(?)) ORDER BY record",
        (json_text(sorted(set(documents))),),
    )
    return [row["record"] for row in rows]


def decided_since(reader: Reader, seq: int) -> list[str]:
    """Return the records a link of which somebody decided on after the event ``seq``."""
    rows = reader.rows(
        "SELECT DISTINCT json_extract(data, '$.record') AS record FROM event "
        "WHERE kind IN ('link.accepted', 'link.rejected', 'link.reopened', 'link.withdrawn') "
        "AND seq > ? ORDER BY record",
        (seq,),
    )
    return [row["record"] for row in rows]


def _decide(tx: Transaction, identifier: str, status: str) -> Link:
    link = get_link(tx, identifier)
    if link.status == status and not link.is_withdrawn:
        return link
    return _set(tx, link, f"link.{status}", status, tx.actor)


def _set(tx: Transaction, link: Link, event: str, status: str, decided_by: str | None) -> Link:
    told = {"document": link.document, "record": link.record, "kind": link.kind}
    if event == "link.reopened":
        told["was"] = link.status
    tx.change(
        event,
        link.id,
        told,
        "UPDATE link SET status = ?, decided_by = ? WHERE id = ?",
        (status, decided_by, link.id),
    )
    return get_link(tx, link.id)


def _free_id(tx: Transaction, new: NewLink) -> str:
    attempt = 0
    while True:
        identifier = short_id("link", new.kind, new.document, new.record, attempt=attempt)
        if not tx.rows("SELECT 1 FROM link WHERE id = ?", (identifier,)):
            return identifier
        attempt += 1


def _link(row: sqlite3.Row) -> Link:
    return Link(
        *(row["id"], row["document"], row["record"], row["kind"], json_value(row["evidence"])),
        *(row["score"], row["status"], row["made_by"], row["decided_by"], row["created"]),
    )
