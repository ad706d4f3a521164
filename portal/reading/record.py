"""The room of one record: its page, and its files by suffix."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.reading.visit import answer_refusals, send, visit
from portal.visitor import library
from workflow.reading.files import RECORD_SUFFIXES, record_file
from workflow.reading.record import record_page

ROOM = Blueprint("record", __name__)
answer_refusals(ROOM)
_SUFFIX = ", ".join(f'"{suffix}"' for suffix in RECORD_SUFFIXES)


@ROOM.get("/r/<string(length=8):record>")
def page(record: str) -> str:
    """Show a record; ``view`` names the format whose fields are open from the beginning."""
    shown = record_page(library(), record, visit())
    return render_template(
        "reading/record.html",
        shown=shown,
        query=request.args.get("q"),
        unfolded=request.args.get("view"),
    )


@ROOM.get(f"/r/<string(length=8):record>.<any({_SUFFIX}):suffix>")
def file(record: str, suffix: str) -> ResponseReturnValue:
    """Send a record, or a citation made of it."""
    return send(record_file(library(), record, suffix, visit()))
