"""What the pages of the desk share: what somebody wants to see, and what they did last."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, url_for

from portal.desk.claims import Claims
from portal.visitor import library, visitor
from workflow.desk.acts import Done, get_done
from workflow.desk.card import EVERYTHING, Wanted
from workflow.desk.kinds import KINDS, kinds_for
from workflow.desk.queue import Counts, Key, Queue, count_cards, count_left, waiting_cards
from workflow.desk.roles import PEOPLE, can

_ROOMS = {"sheet": "sheet.overview"}
"""Pages of what is decided upon without a card."""
_WITH_CARD = frozenset(kind.name for kind in KINDS)
_DIGITS = 18
"""Of a number that SQLite can hold; acts are numbered from 1."""


def claims() -> Claims:
    """Who is at which card."""
    held: Claims = current_app.extensions.setdefault("olketanu.claims", Claims())
    return held


def wanted(told: Mapping[str, str]) -> Wanted:
    """Return the filter that an address or a form tells: ``only``, ``batch``, ``language``."""
    return Wanted(told.get("only", ""), told.get("batch", ""), told.get("language", ""))


def my_queue(asked: Wanted) -> Queue:
    """Return the cards that wait for a member of the visitor's role."""
    return waiting_cards(library().store, asked, kinds_for(visitor().actor.role))


def my_left(asked: Wanted) -> int:
    """Return how many of the wanted cards wait for a member of the visitor's role."""
    return count_left(library().store, asked, kinds_for(visitor().actor.role))


def my_counts(asked: Wanted) -> Counts:
    """Return how much waits for a member of the visitor's role."""
    return count_cards(library().store, asked, kinds_for(visitor().actor.role))


def done_before(told: Mapping[str, str]) -> Done | None:
    """Return the act whose number the address tells as ``done``, None where it tells none."""
    return _act_told(told, "done")


def undone_before(told: Mapping[str, str]) -> Done | None:
    """Return the act that was taken back just now, which the address tells as ``undone``."""
    return _act_told(told, "undone")


def number_in(told: Mapping[str, str], name: str) -> int | None:
    """Return the number of an act that an address tells, None where it tells none."""
    text = told.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return int(text) if is_number else None


def _act_told(told: Mapping[str, str], name: str) -> Done | None:
    """The act that the address tells, where the visitor may know of it."""
    number = number_in(told, name)
    done = None if number is None else get_done(library().store, number)
    me = visitor()
    known = done is not None and (done.act.actor == me.name or can(me.actor.role, PEOPLE))
    return done if known else None


def queue_address(asked: Wanted, done: int | None = None) -> str:
    """Return the address of the queue; ``done`` is the act to tell of."""
    return url_for("queue.overview", **_told(asked, done))


def card_address(
    card: Key,
    asked: Wanted,
    done: int | None = None,
    *,
    part: str = "",
    undone: int | None = None,
) -> str:
    """Return the address of a card, or of a ``part`` of it.

    ``done`` is the act to tell of, ``undone`` one that was taken back.
    """
    kind, key = card
    more = {"part": part or None, "undone": undone}
    told = _told(asked, done) | {name: one for name, one in more.items() if one is not None}
    return url_for("card.show", kind=kind, key=key, **told)


def act_address(done: Done) -> str:
    """Return where what an act was about is to be seen; "" where the desk has no page for it."""
    kind, _ = done.card
    if kind in _ROOMS:
        return url_for(_ROOMS[kind])
    return card_address(done.card, EVERYTHING) if kind in _WITH_CARD else ""


def undone_address(done: Done, asked: Wanted) -> str:
    """Return the page that tells of an act that was taken back."""
    kind, _ = done.card
    if kind in _WITH_CARD:
        return card_address(done.card, asked, undone=done.number)
    return url_for(_ROOMS.get(kind, "acts.overview"), undone=done.number)


def _told(asked: Wanted, done: int | None) -> dict[str, Any]:
    return {**asked.told(), **({} if done is None else {"done": done})}
