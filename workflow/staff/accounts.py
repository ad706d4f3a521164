"""Accounts of staff as the head of the department keeps them, in a browser.

Each change is allowed in the transaction that makes it: to a member who still is a head, and never
of the own account. So there is always one head who may enter, however many act at once.
"""

from dataclasses import dataclass, field

from olketanu.errors import UsageError
from store import acts, changes
from store.database import Reader, Transaction
from store.staff import members
from store.staff.members import ACTIVE, DISABLED, Member, NewMember
from workflow.desk.roles import PEOPLE, can
from workflow.library import Library
from workflow.staff.members import check_new, get_member, login_of
from workflow.staff.passwords import hash_password, is_first, new_password

ADDED = "staff.added"
_KINDS = frozenset({ADDED, "staff.role", "staff.password", "staff.disabled", "staff.enabled"})


@dataclass(frozen=True, slots=True)
class Account:
    """A member as a list shows one.

    ``last`` is when they last did something at the desk (UTC), "" for never; ``has_first``: they
    have not yet chosen a password of their own.
    """

    name: str
    role: str
    is_active: bool
    has_first: bool
    last: str


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to an account, when (UTC) and by whom; ``role`` is the one it gave, or ""."""

    time: str
    actor: str
    kind: str
    role: str


@dataclass(frozen=True, slots=True)
class Given:
    """A first password, to be shown once: nobody can tell it later."""

    name: str
    role: str
    password: str = field(repr=False)


def list_accounts(reader: Reader) -> list[Account]:
    """Return all accounts by name, those that are disabled last."""
    last = acts.last_times(reader)
    found = [_account(member, last) for member in members.list_members(reader)]
    return sorted(found, key=lambda one: not one.is_active)


def get_account(reader: Reader, name: str) -> Account:
    """Return one account; UsageError ``error.unknown-member``."""
    return _account(get_member(reader, name), acts.last_times(reader))


def changes_of(reader: Reader, account: Account) -> list[Change]:
    """Return what was done to an account, the newest first."""
    told = [e for e in changes.events_of(reader, account.name) if e.kind in _KINDS]
    found = [Change(e.time, e.actor, e.kind, e.data.get("role", "")) for e in told]
    return found[::-1]


def open_account(library: Library, name: str, role: str, head: str) -> Given:
    """Enter a member with a first password.

    Raises:
        UsageError: as :func:`check_new`, ``error.not-head``.
    """
    tidy, password = check_new(library.store, name), new_password()
    new = NewMember(tidy, login_of(tidy), role, hash_password(password, first=True))
    with library.store.transaction(head) as tx:
        _require_head(tx)
        members.add_member(tx, new)
    return Given(tidy, role, password)


def give_password(library: Library, name: str, head: str) -> Given:
    """Give a member a first password again, as to one who has forgotten theirs.

    Raises:
        UsageError: ``error.unknown-member``, ``error.not-head``, ``error.own-account``.
    """
    password = new_password()
    hashed = hash_password(password, first=True)  # slow: not while others wait to write
    with library.store.transaction(head) as tx:
        member = _other(tx, name)
        members.set_password(tx, member, hashed)
    return Given(member.name, member.role, password)


def give_role(library: Library, name: str, role: str, head: str) -> None:
    """Give a member another role, who must log in anew; errors as of :func:`give_password`."""
    with library.store.transaction(head) as tx:
        members.set_role(tx, _other(tx, name), role)


def let_in(library: Library, name: str, head: str, *, active: bool) -> None:
    """Let a member in again, or no longer: at once; errors as of :func:`give_password`."""
    with library.store.transaction(head) as tx:
        members.set_state(tx, _other(tx, name), ACTIVE if active else DISABLED)


def _other(tx: Transaction, name: str) -> Member:
    """The member of this name, if whoever acts may change that account."""
    _require_head(tx)
    member = get_member(tx, name)
    if member.name == tx.actor:
        raise UsageError("error.own-account")
    return member


def _require_head(tx: Transaction) -> None:
    """Refuse who was a head when they logged in, and is none any more."""
    found = members.find_member(tx, login_of(tx.actor))
    if found is None or not found.may_enter or not can(found.role, PEOPLE):
        raise UsageError("error.not-head")


def _account(member: Member, last: dict[str, str]) -> Account:
    has_first, time = is_first(member.password), last.get(member.name, "")
    return Account(member.name, member.role, member.may_enter, has_first, time)
