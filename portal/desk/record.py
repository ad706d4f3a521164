"""The past of a record, and giving it back an older version."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from olketanu.errors import LockedError
from portal.desk.card import Refused
from portal.desk.door import require
from portal.desk.walk import done_before, wanted
from portal.failures import words_for
from portal.visitor import libraries, library, visitor
from workflow.desk.acts import perform
from workflow.desk.card import Act
from workflow.editing.drafts import DRAFTS, NAME, RESTORE
from workflow.editing.past import record_past

ROOM = Blueprint("past", __name__, url_prefix="/desk/record")


@ROOM.get("/<key>")
def show(key: str) -> str:
    """Every version of a record, by whom, why, and what changed with it."""
    require(NAME)
    return _page(key, None)


@ROOM.post("/<key>")
def restore(key: str) -> ResponseReturnValue:
    """Let the record say again what it said in an older version."""
    require(NAME)
    number, version = request.form.get("to", ""), request.form.get("version")
    if not number.isdigit() or not version:
        abort(400)
    act = Act(NAME, key, RESTORE, version, visitor().name, {"to": number})
    try:
        with libraries().writing() as opened:
            done = perform(opened, act)
    except LockedError as error:
        return _page(key, Refused(*words_for(error))), 409
    return redirect(url_for("past.show", key=key, done=done), 303)


def _page(key: str, refused: Refused | None) -> str:
    store = library().store
    return render_template(
        "desk/record.html",
        past=record_past(library(), key),
        version=DRAFTS.version(store, key),
        refused=refused,
        wanted=wanted({}),
        done=done_before(request.args),
    )
