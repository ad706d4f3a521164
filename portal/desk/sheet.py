"""The correction sheet: what is to be mended in the system that the records belong to."""

from dataclasses import dataclass

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from olketanu.errors import InputError, LockedError, OlketanuError, UsageError
from olketanu.messages.translate import explain
from portal.desk.card import Refused
from portal.desk.door import require
from portal.desk.walk import done_before, undone_before, wanted
from portal.failures import status_of, words_for
from portal.visitor import libraries, library, today, visitor
from workflow.delta.listing import list_corrections
from workflow.delta.marking import SHEETS, problems_told, taking_told, ticks_told, tidy_name
from workflow.delta.taking import look_at
from workflow.delta.upload import MOST_BYTES, read_sent
from workflow.delta.writing import sheet_of_open
from workflow.desk.acts import perform
from workflow.desk.roles import SHEET

ROOM = Blueprint("sheet", __name__, url_prefix="/desk/corrections")
ROOM.before_request(lambda: require(SHEET))
MOST_SHOWN = 200
_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    type: str


FORMS = {
    "xlsx": _Form("sheet-xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    "docx": _Form("sheet-docx", f"{_OFFICE}.wordprocessingml.document"),
    "html": _Form("sheet-html", "text/html; charset=utf-8"),
}
"""Endings of the sheet, as ``workflow.delta`` names the forms."""


@ROOM.get("/")
def overview() -> str:
    """What is open, the sheet to take away, and a place to bring it back."""
    return _page(None)


@ROOM.post("/look")
def look() -> ResponseReturnValue:
    """Show what a ticked sheet would come to; nothing is written."""
    sent = request.files.get("sheet")
    if sent is None or not sent.filename:
        return _page(Refused(*words_for(UsageError("error.no-sheet")))), 400
    try:
        marked = read_sent(sent.stream.read(MOST_BYTES + 1), tidy_name(sent.filename))
        looked = look_at(library(), marked, tidy_name(sent.filename), visitor().name)
    except InputError as error:  # of their own file: its name, its columns
        return _page(Refused(*explain(error))), 400
    except LockedError as error:
        return _page(Refused(*words_for(error))), 409
    taken, act = looked.taken, looked.act
    return render_template(
        "desk/sheet.html", taken=taken, act=act, ticks=ticks_told(act) if act else ""
    )


@ROOM.post("/take")
def mark() -> ResponseReturnValue:
    """Take what was looked at, row by row as it is by now."""
    told, sheet = request.form.get("ticks", ""), request.form.get("sheet", "")
    try:
        with libraries().writing() as opened:
            done = perform(opened, taking_told(told, sheet, visitor().name))
    except OlketanuError as error:
        return _page(Refused(*words_for(error))), status_of(error)
    return redirect(url_for("sheet.overview", done=done), 303)


def _page(refused: Refused | None) -> str:
    found, counts = list_corrections(library())
    done, undone = done_before(request.args), undone_before(request.args)
    ours = done if done is not None and done.act.kind == SHEETS.name else None
    return render_template(
        "desk/corrections.html",
        shown=found[:MOST_SHOWN],
        total=len(found),
        counts=counts,
        forms=tuple(FORMS),
        refused=refused,
        done=ours,
        problems=problems_told(ours.facts) if ours else (),
        undone=undone if undone is not None and undone.act.kind == SHEETS.name else None,
        wanted=wanted({}),
    )


@ROOM.get("/sheet.<ending>")
def take(ending: str) -> Response:
    """The sheet as a file, always to be saved: it brings a style of its own."""
    form = FORMS.get(ending)
    made = sheet_of_open(library(), form.name) if form else None
    if form is None or made is None:
        abort(404)
    answer = make_response(made)
    answer.content_type = form.type
    name = f"corrections-{today().isoformat()}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
