"""One card: the page to decide on, and what is decided."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from olketanu.errors import LockedError, OlketanuError, UsageError
from olketanu.messages.translate import explain
from portal.desk.door import require
from portal.desk.walk import card_address, claims, done_before, my_queue, queue_address, wanted
from portal.visitor import libraries, library, visitor
from workflow.desk.acts import acts_on, perform
from workflow.desk.card import Act
from workflow.desk.kinds import kind_of
from workflow.desk.queue import Wanted

ROOM = Blueprint("card", __name__, url_prefix="/desk/card")
_OURS = frozenset({"token", "act", "version", "only", "batch", "language"})
"""Fields of a form that are not the card's own."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An act that could not be done: why, what to do, and what was typed."""

    what: str
    hint: str
    typed: dict[str, str]


@ROOM.get("/<kind>/<path:key>")
def show(kind: str, key: str) -> str:
    """The card, also when it is decided already."""
    return _page(kind, key, wanted(request.args), None)


@ROOM.post("/<kind>/<path:key>")
def act(kind: str, key: str) -> ResponseReturnValue:
    """Do what was decided and lead to the next card; tell why where it cannot be done."""
    asked, name, version = (
        wanted(request.form),
        request.form.get("act"),
        request.form.get("version"),
    )
    require(kind_of(kind).name)
    if not name or not version:
        abort(400)
    typed = {k: v for k, v in request.form.items() if k not in _OURS}
    following = my_queue(asked).next_of((kind, key), claims().others(visitor().name))
    try:
        with libraries().writing() as opened:
            number = perform(opened, Act(kind, key, name, version, visitor().name, typed))
    except OlketanuError as error:
        if isinstance(error, UsageError) and error.key.startswith("error.unknown-"):
            raise
        refused = Refused(*explain(error), typed)
        code = 409 if isinstance(error, LockedError) else 400
        return _page(kind, key, asked, refused), code
    address = queue_address(asked, number)
    return redirect(card_address(following, asked, number) if following else address, 303)


def _page(kind: str, key: str, asked: Wanted, refused: Refused | None) -> str:
    cards, me = kind_of(kind), visitor().name
    require(cards.name)
    shown = cards.shown(library(), key)
    store = library().store
    claims().take((kind, key), me)
    return render_template(
        "desk/card.html",
        kind=kind,
        key=key,
        card=shown,
        version=cards.version(store, key),
        queue=my_queue(asked),
        wanted=asked,
        refused=refused,
        typed=refused.typed if refused else {},
        other=claims().others(me).get((kind, key)),
        acts=acts_on(store, kind, key),
        done=done_before(request.args),
    )
