"""What was done at the desk, and taking it back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from olketanu.errors import LockedError
from olketanu.messages.translate import explain
from portal.visitor import libraries, library, visitor
from workflow.desk.acts import recent, take_back

ROOM = Blueprint("acts", __name__, url_prefix="/desk")
_SHOWN = 100


@ROOM.get("/acts")
def overview() -> str:
    """The visitor's own acts, the newest first; everybody's with ``who=all``."""
    return _page(None)


@ROOM.post("/undo/<int:number>")
def undo(number: int) -> ResponseReturnValue:
    """Take an act back and lead to its card."""
    try:
        with libraries().writing() as opened:
            done = take_back(opened, number, visitor().name)
    except LockedError as error:
        return _page(explain(error)), 409
    return redirect(url_for("card.show", kind=done.act.kind, key=done.act.key), 303)


def _page(refused: tuple[str, str] | None) -> str:
    everybody = request.args.get("who") == "all"
    before = request.args.get("before", "")
    found = recent(
        library().store,
        actor=None if everybody else visitor().name,
        before=int(before) if before.isascii() and before.isdigit() else None,
        limit=_SHOWN,
    )
    return render_template(
        "desk/acts.html",
        acts=found,
        everybody=everybody,
        refused=refused,
        older=found[-1][0].number if len(found) == _SHOWN else None,
    )
