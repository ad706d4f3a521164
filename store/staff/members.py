"""Members of staff: each change is an event, and none of the events holds a password's hash."""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from olketanu.errors import UsageError
from store.database import Reader, Transaction

ACTIVE, DISABLED = "active", "disabled"


@dataclass(frozen=True, slots=True)
class Member:
    """``login`` is the name as it is compared; ``password`` the hash with all that checks it."""

    name: str
    login: str
    role: str
    password: str = field(repr=False)
    state: str
    created: str

    @property
    def may_enter(self) -> bool:
        """Whether the member may log in."""
        return self.state == ACTIVE


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member to enter, active from then on; fields as in :class:`Member`."""

    name: str
    login: str
    role: str
    password: str = field(repr=False)


def add_member(tx: Transaction, new: NewMember) -> Member:
    """Enter a member; UsageError ``error.member-exists``: the name, or one like it, is taken."""
    found = find_member(tx, new.login)
    if found is not None:
        raise UsageError("error.member-exists", name=found.name)
    tx.change(
        "staff.added",
        new.name,
        {"role": new.role},
        "INSERT INTO member (name, login, role, password, state, created) "
        "VALUES (?, ?, ?, ?, 'active', ?)",
        (new.name, new.login, new.role, new.password, tx.now),
    )
    return get_member(tx, new.login)


def get_member(reader: Reader, login: str) -> Member:
    """Return a member; UsageError ``error.unknown-member``."""
    found = find_member(reader, login)
    if found is None:
        raise UsageError("error.unknown-member", name=login)
    return found


def find_member(reader: Reader, login: str) -> Member | None:
    """Return the member of this login, or None."""
    rows = reader.rows("SELECT * FROM member WHERE login = ?", (login,))
    return member_of(rows[0]) if rows else None


def list_members(reader: Reader) -> list[Member]:
    """Return all members by name, disabled ones too."""
    return [member_of(row) for row in reader.rows("SELECT * FROM member ORDER BY name")]


def has_members(reader: Reader) -> bool:
    """Return whether anybody may log in."""
    return bool(reader.rows("SELECT 1 FROM member WHERE state = 'active' LIMIT 1"))


def set_role(tx: Transaction, member: Member, role: str) -> None:
    """Give a member another role; their sessions end."""
    if role == member.role:
        return
    told = {"role": role, "before": member.role}
    sql = "UPDATE member SET role = ? WHERE name = ?"
    tx.change("staff.role", member.name, told, sql, (role, member.name))
    _end_sessions(tx, member)


def set_state(tx: Transaction, member: Member, state: str) -> None:
    """Let a member in, or no longer (``ACTIVE``, ``DISABLED``); their sessions end."""
    if state == member.state:
        return
    kind = "staff.enabled" if state == ACTIVE else "staff.disabled"
    sql = "UPDATE member SET state = ? WHERE name = ?"
    tx.change(kind, member.name, {}, sql, (state, member.name))
    _end_sessions(tx, member)


def set_password(tx: Transaction, member: Member, password: str) -> None:
    """Give a member another password (its hash); their sessions end."""
    sql = "UPDATE member SET password = ? WHERE name = ?"
    tx.change("staff.password", member.name, {}, sql, (password, member.name))
    _end_sessions(tx, member)


def member_of(row: sqlite3.Row) -> Member:
    """Return a row of the table, or of a join that begins with its columns, as a member."""
    names = ("name", "login", "role", "password", "state", "created")
    told: dict[str, Any] = {name: row[name] for name in names}
    return Member(**told)


def _end_sessions(tx: Transaction, member: Member) -> None:
    tx.keep_books("DELETE FROM session WHERE member = ?", (member.name,))
