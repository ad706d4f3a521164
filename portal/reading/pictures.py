"""Images of pages, and of single lines, by their addresses."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, request

from portal.reading.visit import answer_refusals, visit
from portal.visitor import library
from workflow.reading.page.pictures import Picture, line_picture, page_picture, read_box

ROOM = Blueprint("pictures", __name__)
answer_refusals(ROOM)

_READING = 800
_DIGITS = 4


@ROOM.get("/d/<string(length=8):document>/p/<page>.jpg")
def page(document: str, page: str) -> Response:
    """Send the image of a page: ``?w=`` pixels across, as near as there is."""
    found = page_picture(library(), document, page, visit(), _width())
    return _sent(found)


@ROOM.get("/d/<string(length=8):document>/p/<page>/line/<box>.jpg")
def line(document: str, page: str, box: str) -> Response:
    """Send the piece of a page that shows ``left-top-right-bottom`` (pixels of its frame)."""
    asked = read_box(box)
    if asked is None:
        abort(404)
    return _sent(line_picture(library(), document, page, visit(), asked))


def _width() -> int:
    asked = request.args.get("w", "")
    known = asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS
    return int(asked) if known else _READING


def _sent(picture: Picture) -> Response:
    """The picture, to be asked for again each time: rights may change within a second."""
    answer = Response(mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "no-cache" if picture.public else "private, no-store"
    answer.set_etag(picture.tag)
    answer.make_conditional(request)
    if answer.status_code == HTTPStatus.OK:
        answer.set_data(picture.read())
    return answer
