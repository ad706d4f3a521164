"""Where is everything, and the search by anything."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.bars import stacked
from portal.visitor import library, visitor
from workflow.desk.find import find_anything
from workflow.desk.kinds import kinds_for
from workflow.desk.where import whereabouts

ROOM = Blueprint("where", __name__, url_prefix="/desk")
_LONGEST = 300


@ROOM.get("/where")
def overview() -> str:
    """Counts by state, and what has waited longest."""
    return render_template("desk/where.html", where=whereabouts(library()), stacked=stacked)


@ROOM.get("/find")
def find() -> ResponseReturnValue:
    """Lead to the one thing that is named so, or list what there is."""
    kinds = kinds_for(visitor().actor.role)
    found = find_anything(library(), request.args.get("q", "")[:_LONGEST], kinds)
    if len(found.cards) == 1:
        (card,) = found.cards
        return redirect(url_for("card.show", kind=card.kind, key=card.key), 303)
    if not found.cards and len(found.documents) + len(found.records) == 1:
        addresses = [
            *(url_for("document.page", document=one.id) for one in found.documents),
            *(url_for("record.page", record=one.id) for one in found.records),
        ]
        return redirect(addresses[0], 303)
    return render_template("desk/find.html", found=found)
