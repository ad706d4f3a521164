"""Batches at the desk: what lies in the inbox, what the program makes of it, what went wrong."""

import time

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from olketanu.messages.translate import plural, translate
from portal.desk.door import require
from portal.languages import spoken
from portal.serving.runs import Run, Runs
from portal.visitor import libraries, library
from portal.words import number
from workflow.batches import retry_batch
from workflow.desk.batch import batch_shown, batches_shown
from workflow.desk.roles import BATCH
from workflow.inbox import Pages, inbox_of, list_inbox, open_folder, pages_of

ROOM = Blueprint("batches", __name__, url_prefix="/desk/batches")

_MINUTE = 60.0


@ROOM.before_request
def _let_in() -> None:
    require(BATCH)


def runs() -> Runs:
    """The runs of the application in hand."""
    held: Runs = current_app.extensions["olketanu.runs"]
    return held


@ROOM.get("/")
def overview() -> str:
    """Show the inbox and the batches that were taken in."""
    folders, run = list_inbox(library()), runs().current()
    return render_template(
        "desk/batches.html",
        inbox=inbox_of(library()),
        folders=folders,
        batches=batches_shown(library()),
        run=run,
        told=_sentence(run, pages_of(library(), run.batches)) if run else "",
        log=runs().log_end(),
    )


@ROOM.get("/inbox/<folder>")
def inside(folder: str) -> str:
    """Show a folder of the inbox: what it holds, and what speaks against starting it."""
    run = runs().current()
    return render_template(
        "desk/folder.html",
        opened=open_folder(library(), folder),
        is_working=run is not None and run.is_working,
    )


@ROOM.post("/start/<folder>")
def start(folder: str) -> ResponseReturnValue:
    """Start the run of a folder; where something speaks against it, that is told before."""
    opened = open_folder(library(), folder)
    if not opened.is_ready and "anyway" not in request.form:
        return redirect(url_for("batches.inside", folder=folder), 303)
    runs().start(opened.folder, spoken())
    return redirect(url_for("batches.overview"), 303)


@ROOM.post("/stop")
def stop() -> ResponseReturnValue:
    """Ask the run to end."""
    runs().stop()
    return redirect(url_for("batches.overview"), 303)


@ROOM.get("/progress.json")
def progress() -> Response:
    """Tell how far the run is, for the script that looks every other second."""
    run = runs().current()
    response = jsonify(_told(run) if run is not None else {"working": False})
    response.headers["Cache-Control"] = "no-store"
    return response


@ROOM.get("/of/<path:name>")
def one(name: str) -> str:
    """Show one batch: its documents, its refused files, its pages to be tried again."""
    shown = batch_shown(library(), name)
    return render_template("desk/batch.html", batch=shown, again="again" in request.args)


@ROOM.post("/of/<path:name>")
def retry(name: str) -> ResponseReturnValue:
    """Set failed pages and refused files to be tried again by the next run."""
    with libraries().writing() as held:
        retry_batch(held, name, dry_run=False)
    return redirect(url_for("batches.one", name=name, again="yes"), 303)


def _told(run: Run) -> dict[str, object]:
    """By rows alone: a look into a folder of thousands of files takes too long for that."""
    pages = pages_of(library(), run.batches)
    return {
        "working": run.is_working,
        "folder": run.id,
        "pages": pages.done,
        "all": pages.all,
        "told": _sentence(run, pages),
    }


def _sentence(run: Run, pages: Pages) -> str:
    """How far a run is, how fast, and when it may be done."""
    facts = {"pages": number(pages.done), "all": number(pages.all)}
    told = translate("batches.done-of", facts)
    minutes = max(1e-9, (time.monotonic() - run.began) / _MINUTE)
    speed = (pages.done - run.first_pages) / minutes
    if speed <= 0:
        return told
    left = (pages.all - pages.done) / speed
    pace = translate("batches.pace", {"speed": number(max(1, round(speed)))})
    when = plural("batches.left", round(left), {"count": number(round(left))})
    return " · ".join((told, pace, when if left >= 1 else translate("batches.left-soon")))
