"""The front page: a box to search, what is new, what there is."""

from flask import Blueprint, render_template

from portal.reading.visit import visit
from portal.visitor import libraries, library
from workflow.reading.front import OTHER

ROOM = Blueprint("home", __name__)


@ROOM.get("/")
def front() -> str:
    """Show the front page."""
    shown = libraries().fronts.front(library(), visit())
    return render_template("reading/home.html", shown=shown, other=OTHER)
