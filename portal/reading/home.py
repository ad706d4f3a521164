"""The front page: a box to search, what is new, what there is."""

from flask import Blueprint, render_template

from portal.visitor import library

ROOM = Blueprint("home", __name__)


@ROOM.get("/")
def front() -> str:
    """Show the front page."""
    return render_template("reading/home.html", name=library().settings.library.name)
