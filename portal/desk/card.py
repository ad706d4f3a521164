"""One card: the page to decide on, and what is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from olketanu.errors import OlketanuError
from portal.desk.door import require
from portal.desk.walk import (
    card_address,
    claims,
    done_before,
    my_left,
    my_queue,
    queue_address,
    undone_before,
    wanted,
)
from portal.failures import status_of, words_for
from portal.visitor import libraries, library, visitor
from workflow.desk.acts import LATER, Done, acts_on, perform
from workflow.desk.card import Act, Wanted
from workflow.desk.kinds import kind_of
from workflow.desk.queue import Key, key_of

ROOM = Blueprint("card", __name__, url_prefix="/desk/card")
_OURS = frozenset({"token", "act", "version", "only", "batch", "language", "then"})
"""Fields of a form that are not the card's own."""
EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Refused:
    """An act that could not be done: why, and what to do."""

    what: str
    hint: str


@ROOM.get("/<kind>/<path:key>")
def show(kind: str, key: str) -> str:
    """The card, also when it is decided already."""
    return card_page(kind, key, wanted(request.args))


@ROOM.post("/<kind>/<path:key>")
def act(kind: str, key: str) -> ResponseReturnValue:
    """Do what was decided and lead to the next card; tell why where it cannot be done."""
    require(kind_of(kind).name)
    kind_of(kind).version(library().store, key)  # unknown: no page for it
    name, version = request.form.get("act"), request.form.get("version")
    if not name or not version:
        abort(400)
    asked, typed, me = wanted(request.form), typed_form(), visitor().name
    queue = my_queue(asked)
    following = queue.next_of((kind, key), claims().others(me))
    try:
        with libraries().writing() as opened:
            number = perform(opened, Act(kind, key, name, version, me, typed))
    except OlketanuError as error:
        refused = Refused(*words_for(error))
        return card_page(kind, key, asked, refused=refused, typed=typed), status_of(error)
    # Saved and not decided, or not come to by the queue: the person stays.
    if name != LATER and (not queue.holds((kind, key)) or my_queue(asked).holds((kind, key))):
        part = request.form.get("then", "")
        return redirect(card_address((kind, key), asked, number, part=part), 303)
    address = queue_address(asked, number)
    if following is not None:
        address = card_address(key_of(following), asked, number)
    return redirect(address, 303)


def typed_form() -> dict[str, str]:
    """Return what was typed into the card's own fields."""
    return {name: text for name, text in request.form.items() if name not in _OURS}


def card_page(
    kind: str,
    key: str,
    asked: Wanted,
    *,
    refused: Refused | None = None,
    typed: Mapping[str, str] = EMPTY,
) -> str:
    """Return the page of a card, with what was ``typed`` where nothing was done with it."""
    cards, me, store = kind_of(kind), visitor().name, library().store
    require(cards.name)
    shown = cards.shown(library(), key)
    claims().take((kind, key), me)
    acts = acts_on(store, kind, key)
    return render_template(
        "desk/card.html",
        kind=kind,
        key=key,
        card=shown,
        version=cards.version(store, key),
        left=my_left(asked),
        wanted=asked,
        refused=refused,
        typed=typed,
        other=claims().others(me).get((kind, key)),
        acts=acts,
        is_decided=_is_decided(acts, (kind, key), asked),
        done=done_before(request.args),
        undone=undone_before(request.args),
    )


def _is_decided(acts: list[Done], card: Key, asked: Wanted) -> bool:
    """Whether somebody has decided, so that there is nothing to put off."""
    return bool(acts) and acts[-1].act.name != LATER and not my_queue(asked).holds(card)
