"""The search room: what a reader asks, and what was found."""

from flask import Blueprint, Response, jsonify, render_template, request

from portal.reading.visit import visit
from portal.visitor import libraries, library
from workflow.find import complete
from workflow.reading.search.question import LONGEST, read_question
from workflow.reading.search.results import called, results_of

ROOM = Blueprint("search", __name__)

_KEPT = 60
"""Seconds that a browser keeps completions: a word that is corrected is asked for again."""


@ROOM.get("/search")
def results() -> str:
    """Show what answers the question of the address."""
    asked = read_question(request.args.to_dict(flat=False))
    found = results_of(library(), asked, visit(), libraries().session)
    return render_template("reading/results.html", found=found, asked=asked, called=called)


@ROOM.get("/complete")
def completions() -> Response:
    """Answer with titles, names and subjects that ``q`` may be the beginning of, as JSON."""
    begun = request.args.get("q", "")[:LONGEST]
    found = complete(library(), begun, session=libraries().session)
    response = jsonify([{"text": one.text, "kind": one.kind} for one in found])
    response.headers["Cache-Control"] = f"private, max-age={_KEPT}"
    return response
