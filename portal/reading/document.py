"""The room of one document: its page, and its files by suffix."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.reading.visit import answer_refusals, send, visit
from portal.visitor import libraries, library
from workflow.reading.document import document_page
from workflow.reading.files import DOCUMENT_SUFFIXES, document_file

ROOM = Blueprint("document", __name__)
answer_refusals(ROOM)
_SUFFIX = ", ".join(f'"{suffix}"' for suffix in DOCUMENT_SUFFIXES)


@ROOM.get("/d/<string(length=8):document>")
def page(document: str) -> str:
    """Show a document; ``from`` is the scan at which the strip begins, ``q`` is searched in it."""
    start, query = request.args.get("from", 1, type=int), request.args.get("q", "").strip()
    session = libraries().session
    shown = document_page(library(), session, document, visit(), start, query)
    return render_template("reading/document.html", shown=shown, query=query)


@ROOM.get(f"/d/<string(length=8):document>.<any({_SUFFIX}):suffix>")
def file(document: str, suffix: str) -> ResponseReturnValue:
    """Send a document, its text, its record or a citation."""
    return send(document_file(library(), document, suffix, visit()))
