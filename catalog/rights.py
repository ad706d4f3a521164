"""Who may do what with a document: the one answer that every exit asks for.

Rights belong to a document, never to its record: the description of a closed document may be read
by everybody, its text and its images may not. A draft is no description yet: it is made of the
text. What is not known is closed.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CODES = ("open", "on_site", "closed", "until")
ROLES = ("reader", "scanner", "cataloguer", "head", "staff")
ACTIONS = ("view_record", "view_text", "view_image", "search_text", "download", "edit")
_EDITORS = frozenset({"cataloguer", "head", "staff"})
_ON_SITE_ACTIONS = frozenset({"view_text", "view_image", "search_text"})


@dataclass(frozen=True, slots=True)
class Rights:
    """Rights of one document.

    ``code`` is one of ``CODES``, any other counts as closed. ``until`` is the last day on which a
    document with the code ``until`` is open; ``contract`` is the number of the contract that says
    so.
    """

    code: str = "closed"
    until: datetime.date | None = None
    contract: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: ``role`` is one of ``ROLES``; ``on_site`` is true inside the library's network."""

    role: str
    on_site: bool = False


READER = Actor("reader")
STAFF = Actor("staff", on_site=True)
CLOSED = Rights()


def is_open(rights: Rights | None, date: datetime.date) -> bool:
    """Return whether everybody may read the document on ``date``; None is closed."""
    if rights is None:
        return False
    if rights.code == "until":
        return rights.until is not None and date <= rights.until
    return rights.code == "open"


def may(actor: Actor, action: str, rights: Rights | None, date: datetime.date) -> bool:
    """Return whether ``actor`` may do ``action`` with a document of these rights on ``date``.

    Deny by default: an unknown role or action is refused, unknown rights count as closed. A
    document of the code ``on_site`` may be read inside the library but not taken away.
    """
    if action not in ACTIONS or actor.role not in ROLES:
        return False
    if action == "edit":
        return actor.role in _EDITORS
    if actor.role != "reader" or action == "view_record" or is_open(rights, date):
        return True
    on_site = rights is not None and rights.code == "on_site" and actor.on_site
    return on_site and action in _ON_SITE_ACTIONS


def may_read_record(
    actor: Actor, status: str, copies: Iterable[Rights | None], date: datetime.date
) -> bool:
    """Return whether ``actor`` may read a record of this status, and know that it is there.

    Everybody may read an active one. A draft, which nobody has confirmed yet, is written from the
    text of its digital copies: readers see it who may see the text of one of ``copies``.
    """
    if actor.role not in ROLES:
        return False
    if status == "active" or actor.role != "reader":
        return True
    return status == "draft" and any(may(actor, "view_text", one, date) for one in copies)


def to_dict(rights: Rights) -> dict[str, str]:
    """Return the rights as plain values: ``code``; ``until`` (ISO) and ``contract`` when known."""
    data = {"code": rights.code}
    if rights.until is not None:
        data["until"] = rights.until.isoformat()
    if rights.contract is not None:
        data["contract"] = rights.contract
    return data


def from_dict(data: Mapping[str, str]) -> Rights:
    """Return the rights that :func:`to_dict` wrote; an unknown code becomes ``closed``.

    ValueError where ``until`` is not an ISO date.
    """
    until = data.get("until")
    code = data.get("code", "closed")
    return Rights(
        code if code in CODES else "closed",
        datetime.date.fromisoformat(until) if until else None,
        data.get("contract"),
    )
