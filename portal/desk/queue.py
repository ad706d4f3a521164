"""The queue of the desk: what waits, and the way to the next card."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.desk.walk import (
    card_address,
    claims,
    done_before,
    my_counts,
    my_queue,
    queue_address,
    wanted,
)
from portal.visitor import libraries, library, visitor
from workflow.desk.behind import behind
from workflow.desk.queue import key_of

ROOM = Blueprint("queue", __name__, url_prefix="/desk")
MOST_SHOWN = 50
"""Cards that are listed; the others are counted."""


@ROOM.get("/")
def overview() -> str:
    """How many cards of each kind wait, and the first of them."""
    asked = wanted(request.args)
    queue = my_queue(asked)
    claims().leave(visitor().name)
    return render_template(
        "desk/queue.html",
        shown=queue.cards[:MOST_SHOWN],
        put_off=queue.put_off,
        counts=my_counts(asked),
        wanted=asked,
        taken=claims().others(visitor().name),
        done=done_before(request.args),
        behind=behind(library()),
        failure=libraries().follower.failure,
    )


@ROOM.get("/next")
def following() -> ResponseReturnValue:
    """Lead to the card behind the one that is told (``after``), or to the first."""
    asked = wanted(request.args)
    kind, _, key = request.args.get("after", "").partition("/")
    queue = my_queue(asked)
    card = queue.next_of((kind, key), claims().others(visitor().name))
    address = queue_address(asked) if card is None else card_address(key_of(card), asked)
    return redirect(address, 303)
