"""Findings that rules leave on records: kept in step with what the rules say now.

Their code is ``<family>/<rule>``; ``facts`` hold at least ``place`` and ``key``, which say what the
finding is about: the same rule, place and key is the same finding, whatever else it tells.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from store.catalogue.findings import Finding, add_finding, get_finding
from store.database import Reader, Transaction, json_text, json_value

REJECTED = "rejected"
"""The fact that marks a finding which a person has refused: it does not come again."""

_AFTER_SLASH = "0"  # the sign behind the slash: everything of a family sorts before it
_Identity = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What a rule says now about a record. ``certainty`` is 0 to 1."""

    code: str
    place: str
    key: str
    certainty: float
    facts: Mapping[str, Any]

    @property
    def stored(self) -> dict[str, Any]:
        """The facts as they are kept."""
        own = {"place": self.place, "key": self.key, "certainty": self.certainty}
        return {**self.facts, **own}


@dataclass(frozen=True, slots=True)
class Synced:
    """How many findings were opened and closed; ``open``: the code of every one that waits now."""

    opened: int = 0
    closed: int = 0
    open: tuple[str, ...] = ()


def sync_findings(
    tx: Transaction, record: str, family: str, found: Iterable[RuleFinding]
) -> Synced:
    """Make the open findings of a family on a record those that were found.

    New ones are opened, ones whose cause has come back are opened again, ones whose cause is gone
    are done; what a person has rejected stays away, wherever in the record it has moved. The same
    again writes nothing.
    """
    wanted = {(one.code, one.place, one.key): one for one in found}
    kept = {_identity(f): f for f in _of_record(tx, record, family)}
    refused = {_loose(i) for i, f in kept.items() if is_refused(f)}
    opened = closed = 0
    for identity, finding in kept.items():
        if finding.status == "open" and identity not in wanted:
            closed += _set(tx, finding, "done", finding.facts)
    for identity, one in wanted.items():
        if _loose(identity) in refused:
            continue
        before = kept.get(identity)
        if before is None:
            add_finding(tx, record, one.code, one.stored)
            opened += 1
        elif before.status == "done":
            opened += _set(tx, before, "open", one.stored)
        elif one.certainty > before.facts["certainty"]:
            _set(tx, before, "open", one.stored)
    waiting = tuple(one.code for i, one in wanted.items() if _loose(i) not in refused)
    return Synced(opened, closed, waiting)


def open_findings(
    reader: Reader, family: str, *, code: str | None = None, record: str | None = None
) -> Iterator[Finding]:
    """Yield the open findings of a family, of one code or one record when these are given."""
    rows = reader.rows(
        "SELECT * FROM finding WHERE status = 'open' AND code >= ?1 || '/' AND code < ?1 || ?2 "
        "AND (?3 IS NULL OR code = ?3) AND (?4 IS NULL OR subject = ?4) ORDER BY subject, id",
        (family, _AFTER_SLASH, code, record),
    )
    return map(_finding, rows)


def reject_finding(tx: Transaction, identifier: str) -> Finding:
    """Note that a person refuses the finding: it is done and does not come again."""
    finding = get_finding(tx, identifier)
    _set(tx, finding, "done", {**finding.facts, REJECTED: True})
    return get_finding(tx, identifier)


def is_refused(finding: Finding) -> bool:
    """Return whether a person has refused the finding."""
    return bool(finding.facts.get(REJECTED))


def allow_finding(tx: Transaction, identifier: str) -> Finding:
    """Take a refusal back: the finding waits again, and comes again."""
    finding = get_finding(tx, identifier)
    facts = {name: told for name, told in finding.facts.items() if name != REJECTED}
    _set(tx, finding, "open", facts)
    return get_finding(tx, identifier)


def _of_record(reader: Reader, record: str, family: str) -> Iterator[Finding]:
    rows = reader.rows(
        "SELECT * FROM finding WHERE subject = ?1 AND code >= ?2 || '/' AND code < ?2 || ?3",
        (record, family, _AFTER_SLASH),
    )
    return map(_finding, rows)


def _identity(finding: Finding) -> _Identity:
    return finding.code, finding.facts["place"], finding.facts["key"]


def _loose(identity: _Identity) -> _Identity:
    """Without the counting of fields, which moves when a field is added before."""
    code, place, key = identity
    return code, "".join(part.partition("[")[0] for part in place.split("]")), key


def _set(tx: Transaction, finding: Finding, status: str, facts: Mapping[str, Any]) -> int:
    return tx.change(
        "finding.closed" if status == "done" else "finding.opened",
        finding.subject,
        {"code": finding.code},
        "UPDATE finding SET status = ?, facts = ? WHERE id = ?",
        (status, json_text(dict(facts)), finding.id),
    )


def _finding(row: sqlite3.Row) -> Finding:
    facts = json_value(row["facts"])
    return Finding(row["id"], row["subject"], row["code"], facts, row["status"], row["time"])
