"""Logging in and out: a session is a random token, of which the store knows the hash."""

import datetime
import hashlib
import secrets

from store.clock import utc_now
from store.database import Reader
from store.staff import members, sessions
from store.staff.members import Member
from workflow.library import Library
from workflow.staff.members import login_of
from workflow.staff.passwords import hash_password, matches

LASTS = datetime.timedelta(hours=12)
"""A session ends after it, used or not."""

_TOKEN_BYTES = 32


def begin_session(library: Library, member: Member, *, instead_of: str = "") -> str | None:
    """Begin a session of a member whose password was right and return its token.

    None: the account was changed since. The session with the token ``instead_of`` ends.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with library.store.transaction(member.name) as tx:
        if members.find_member(tx, member.login) != member:
            return None
        if instead_of:
            sessions.end_session(tx, digest_of(instead_of))
        sessions.begin_session(tx, digest_of(token), member, _after(tx.now))
    return token


def check_password(reader: Reader, name: str, password: str) -> Member | None:
    """Return the member who may enter by this name and password, or None.

    An unknown name, a disabled member and a wrong password take the same time: a good part of a
    second, in which nobody should be kept from writing.
    """
    member = members.find_member(reader, login_of(name))
    if member is None:
        hash_password(password)  # so that a name cannot be guessed by the clock
        return None
    right = matches(password, member.password)
    return member if right and member.may_enter else None


def log_out(library: Library, token: str) -> None:
    """End the session with this token; an unknown one has ended already."""
    with library.store.transaction("staff") as tx:
        sessions.end_session(tx, digest_of(token))


def who_is(reader: Reader, token: str) -> Member | None:
    """Return who is logged in by this token now, or None."""
    return sessions.member_in(reader, digest_of(token), utc_now())


def digest_of(token: str) -> str:
    """Return what the store knows of a token: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _after(now: str) -> str:
    end = datetime.datetime.fromisoformat(now) + LASTS
    return end.strftime("%Y-%m-%dT%H:%M:%SZ")
