"""The room of one page: its picture and its text, its files, and what a reader corrects."""

from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from olketanu.errors import UsageError
from olketanu.messages.translate import explain
from portal.guard.limits import Buckets
from portal.guard.networks import household
from portal.reading.visit import answer_refusals, visit
from portal.visitor import client_address, libraries, library
from workflow.reading.page.file import PAGE_SUFFIXES, page_file
from workflow.reading.page.pictures import read_box
from workflow.reading.page.suggestion import LONGEST, Suggestion, suggest
from workflow.reading.page.text import ShownLine, lines_of
from workflow.reading.page.view import PageView, key_at, open_page, page_view

ROOM = Blueprint("page", __name__)
answer_refusals(ROOM)

_SUFFIX = ", ".join(f'"{suffix}"' for suffix in PAGE_SUFFIXES)
_AT_ONCE, _A_SECOND = 20, 30 / 3600
"""Suggestions that one address may send: so many at once, then thirty an hour."""
_TRAP = "website"
"""A field that people do not see: who fills it in is a program."""


@ROOM.record_once
def _hold_buckets(state: BlueprintSetupState) -> None:
    state.app.extensions["olketanu.suggestions"] = Buckets(_AT_ONCE, _A_SECOND)


@ROOM.get("/d/<string(length=8):document>/p")
def turn_to(document: str) -> ResponseReturnValue:
    """Lead to the page whose scan has the number ``n``, with the question that is carried."""
    key = key_at(library(), document, request.args.get("n", 1, type=int), visit())
    return redirect(url_for("page.page", document=document, page=key, q=_query() or None))


@ROOM.get("/d/<string(length=8):document>/p/<page>")
def page(document: str, page: str) -> str:
    """Show a page; ``q`` is searched in its document, ``line`` is the line to correct."""
    shown = page_view(library(), libraries().session, (document, page), visit(), _query())
    return _shown(shown, request.args.get("line", ""))


@ROOM.get(f"/d/<string(length=8):document>/p/<page>.<any({_SUFFIX}):suffix>")
def file(document: str, page: str, suffix: str) -> ResponseReturnValue:
    """Send the text of a page."""
    made = page_file(library(), (document, page), suffix, visit())
    answer = Response(made.body, content_type=made.media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer.headers["Cache-Control"] = "no-cache" if made.public else "private, no-store"
    answer.set_etag(made.tag)
    return answer.make_conditional(request)


@ROOM.post("/d/<string(length=8):document>/p/<page>/correction")
def correct(document: str, page: str) -> ResponseReturnValue:
    """Take a reader's suggestion, and thank for it; what cannot be taken is shown again."""
    box = read_box(request.form.get("line", ""))
    if box is None:
        abort(HTTPStatus.BAD_REQUEST)
    thanks = redirect(url_for("page.thanks", document=document, page=page, q=_query() or None))
    if request.form.get(_TRAP):
        return thanks
    open_page(library(), document, page, visit())  # whoever may not see it learns nothing here
    if _buckets().take(household(client_address(library().settings.portal))):
        abort(HTTPStatus.TOO_MANY_REQUESTS)
    typed = Suggestion(box, request.form.get("new", ""), request.form.get("note", ""))
    try:
        with libraries().writing() as writable:
            suggest(writable, document, page, visit(), typed)
    except UsageError as error:
        if error.key.startswith("error.unknown-"):
            raise
        shown = page_view(library(), libraries().session, (document, page), visit(), _query())
        return _shown(shown, request.form["line"], typed, error), HTTPStatus.BAD_REQUEST
    return thanks


@ROOM.get("/d/<string(length=8):document>/p/<page>/thanks")
def thanks(document: str, page: str) -> str:
    """Say what becomes of a suggestion."""
    held = open_page(library(), document, page, visit())
    return render_template("reading/thanks.html", document=document, page=held.row.key, q=_query())


def _shown(
    shown: PageView,
    line: str,
    typed: Suggestion | None = None,
    error: UsageError | None = None,
) -> str:
    return render_template(
        "reading/page.html",
        shown=shown,
        q=_query(),
        chosen=_line(shown, line),
        typed=typed,
        trouble=explain(error) if error else None,
        longest=LONGEST,
        trap=_TRAP,
    )


def _line(shown: PageView, name: str) -> ShownLine | None:
    """The line of this name, None where no such line stands there any more."""
    return next((line for line in lines_of(shown.regions) if line.name == name), None)


def _query() -> str:
    return request.args.get("q", "").strip()


def _buckets() -> Buckets:
    held: Buckets = current_app.extensions["olketanu.suggestions"]
    return held
