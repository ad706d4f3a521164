"""What was done at the desk, and taking it back."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from olketanu.errors import LockedError
from portal.desk.door import require
from portal.desk.walk import act_address, number_in, undone_address, wanted
from portal.failures import words_for
from portal.visitor import libraries, library, visitor
from workflow.desk.acts import Done, get_done, recent, take_back, title_of
from workflow.desk.roles import PEOPLE, can

ROOM = Blueprint("acts", __name__, url_prefix="/desk")
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ToldAct:
    """An act, whether it stands, what it was about, and where that is to be seen, or ""."""

    done: Done
    stands: bool
    title: str
    address: str


@ROOM.get("/acts")
def overview() -> str:
    """The visitor's own acts, the newest first; everybody's with ``who=all``, for the head."""
    return _page(None)


@ROOM.post("/undo/<int:number>")
def undo(number: int) -> ResponseReturnValue:
    """Take an act back and lead to its card; acts of others are for the head."""
    told = get_done(library().store, number)
    require(told.act.kind if told.act.actor == visitor().name else PEOPLE)
    try:
        with libraries().writing() as opened:
            done = take_back(opened, number, visitor().name)
    except LockedError as error:
        return _page(words_for(error)), 409
    return redirect(undone_address(done, wanted(request.form)), 303)


def _page(refused: tuple[str, str] | None) -> str:
    everybody = request.args.get("who") == "all"
    if everybody:
        require(PEOPLE)
    found = recent(
        library().store,
        actor=None if everybody else visitor().name,
        before=number_in(request.args, "before"),
        limit=_SHOWN,
    )
    return render_template(
        "desk/acts.html",
        acts=[_told(done, stands=stands) for done, stands in found],
        everybody=everybody,
        may_see_all=can(visitor().actor.role, PEOPLE),
        refused=refused,
        older=found[-1][0].number if len(found) == _SHOWN else None,
    )


def _told(done: Done, *, stands: bool) -> ToldAct:
    return ToldAct(done, stands, title_of(library().store, done), act_address(done))
