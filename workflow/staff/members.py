"""Accounts of staff: made and changed by whoever runs the program on the server."""

import re
import unicodedata

from olketanu.errors import UsageError
from store.database import MACHINE, Reader
from store.staff import members
from store.staff.members import ACTIVE, DISABLED, Member, NewMember
from workflow.library import Library
from workflow.staff.passwords import hash_password, refuse_weak

_NAME = re.compile(r"[^\W_](?:[\w.'-]| (?! ))*")
_LONGEST = 60
_TAKEN = frozenset({MACHINE, "staff", "reader"})
"""Names by which events speak of others than members."""


def login_of(name: str) -> str:
    """Return a name as names are compared: in one form of its letters, small, trimmed."""
    return unicodedata.normalize("NFKC", name.strip()).casefold()


def check_name(name: str) -> str:
    """Return the name of a new member, tidied; UsageError ``error.member-name``."""
    tidy = unicodedata.normalize("NFC", name.strip())
    if not _NAME.fullmatch(tidy) or len(tidy) > _LONGEST or login_of(tidy) in _TAKEN:
        raise UsageError("error.member-name", name=name, most=_LONGEST)
    return tidy


def check_new(reader: Reader, name: str) -> str:
    """Return the name of a new member, tidied.

    Raises:
        UsageError: ``error.member-name``; ``error.member-exists``: it, or one like it, is taken.
    """
    tidy = check_name(name)
    found = members.find_member(reader, login_of(tidy))
    if found is not None:
        raise UsageError("error.member-exists", name=found.name)
    return tidy


def add_member(library: Library, name: str, role: str, password: str, actor: str) -> Member:
    """Enter a member with a role and a first password.

    Raises:
        UsageError: as :func:`check_new` and :func:`refuse_weak`.
    """
    tidy = check_new(library.store, name)
    refuse_weak(tidy, password)
    new = NewMember(tidy, login_of(tidy), role, hash_password(password))
    with library.store.transaction(actor) as tx:
        return members.add_member(tx, new)


def get_member(reader: Reader, name: str) -> Member:
    """Return the member of this name; UsageError ``error.unknown-member``."""
    found = members.find_member(reader, login_of(name))
    if found is None:
        raise UsageError("error.unknown-member", name=name)
    return found


def set_role(library: Library, name: str, role: str, actor: str) -> Member:
    """Give a member another role, who must log in anew; UsageError ``error.unknown-member``."""
    with library.store.transaction(actor) as tx:
        members.set_role(tx, get_member(tx, name), role)
        return get_member(tx, name)


def let_in(library: Library, name: str, actor: str, *, active: bool) -> Member:
    """Let a member in again, or no longer: at once. UsageError ``error.unknown-member``."""
    with library.store.transaction(actor) as tx:
        members.set_state(tx, get_member(tx, name), ACTIVE if active else DISABLED)
        return get_member(tx, name)


def set_password(library: Library, name: str, password: str, actor: str) -> Member:
    """Give a member another password; whoever is logged in by that name is no longer.

    Raises:
        UsageError: ``error.unknown-member``, or as :func:`refuse_weak`.
    """
    refuse_weak(get_member(library.store, name).name, password)
    hashed = hash_password(password)  # slow: not while others wait for the write lock
    with library.store.transaction(actor) as tx:
        members.set_password(tx, get_member(tx, name), hashed)
        return get_member(tx, name)
