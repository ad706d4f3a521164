"""The correction sheet: what is to be mended in the system that the records belong to."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template

from portal.desk.door import require
from portal.visitor import library, today
from workflow.delta.listing import list_corrections
from workflow.delta.writing import sheet_of_open
from workflow.desk.roles import CORRECTION

ROOM = Blueprint("sheet", __name__, url_prefix="/desk/corrections")
ROOM.before_request(lambda: require(CORRECTION))
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
    """What is open, and the sheet to take away."""
    found, counts = list_corrections(library())
    return render_template(
        "desk/corrections.html",
        shown=found[:MOST_SHOWN],
        total=len(found),
        counts=counts,
        forms=tuple(FORMS),
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
