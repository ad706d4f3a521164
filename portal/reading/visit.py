"""What the rooms for readers share: who visits, how a refusal is answered, how a file is sent."""

import os
from http.client import FORBIDDEN, NOT_ACCEPTABLE, NOT_MODIFIED
from io import BytesIO
from typing import BinaryIO
from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Gone, HTTPException, RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response as Answer
from werkzeug.wsgi import wrap_file

from olketanu.messages.translate import explain, translate
from portal.visitor import today, visitor
from workflow.reading.access import Visit
from workflow.reading.files import Download
from workflow.reading.refusals import MovedError, NotForThemError, UnfitError, WithdrawnError


def visit() -> Visit:
    """Who asks, and on what day."""
    return Visit(visitor().actor, today())


def answer_refusals(room: Blueprint) -> None:
    """Let a room answer what :mod:`workflow.reading.refusals` tells: 308, 410, 403, 406."""
    room.register_error_handler(MovedError, _moved)
    room.register_error_handler(WithdrawnError, lambda _: _told(Gone()))
    room.register_error_handler(NotForThemError, _not_for_them)
    room.register_error_handler(UnfitError, _unfit)


def send(made: Download) -> ResponseReturnValue:
    """Send a file to be saved, whole or in ranges, or say that the visitor has it already.

    What is not for everybody is kept nowhere; the rest is asked for anew each time, since rights
    change.
    """
    if not _asks_for_one_piece():
        request.environ.pop("HTTP_RANGE", None)
    file = made.path.open("rb") if made.path else BytesIO(made.body)
    answer = Response(wrap_file(request.environ, file), direct_passthrough=True)
    answer.headers["Content-Type"] = made.media
    answer.headers["Content-Disposition"] = _saved_as(made)
    answer.headers["Cache-Control"] = "no-cache" if made.public else "private, no-store"
    answer.last_modified = made.modified
    size = _measure(answer, file, made.tag)
    try:
        answer.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable as error:
        answer.close()
        return error.get_response()
    if made.path is not None and answer.content_range.start is not None:
        _leave_to_server(answer, file, answer.content_range.start)
    if request.method == "HEAD" or answer.status_code == NOT_MODIFIED:
        answer.close()  # nothing is read of the file, so nobody else would close it
    return answer


def _measure(answer: Response, file: BinaryIO, tag: str) -> int:
    """Set length and tag by the very file that is sent, and return its length.

    The files of a document are replaced one by one before the catalogue tells of the new ones. With
    the catalogue's tag alone a reader who fetches a PDF in pieces would get pieces of two.
    """
    if isinstance(file, BytesIO):
        size = file.getbuffer().nbytes
    else:
        told = os.fstat(file.fileno())
        size, tag = told.st_size, f"{tag}-{told.st_mtime_ns:x}"
    answer.content_length = size
    answer.set_etag(tag)
    return size


def _asks_for_one_piece() -> bool:
    """Whether the range asked for is one that is sent; others are ignored (RFC 9110 14.2)."""
    asked = request.range
    known = asked is not None and asked.units == "bytes" and len(asked.ranges) == 1
    return known and request.method == "GET"


def _leave_to_server(answer: Response, file: BinaryIO, start: int) -> None:
    """Let the server itself send a piece of a file, as it sends a whole one (PEP 3333).

    It stops where Content-Length says. Otherwise each slow reader would keep a thread.
    """
    wrapped = request.environ.get("wsgi.file_wrapper")
    if wrapped is None:
        return
    file.seek(start)
    answer.response = wrapped(file)


def _saved_as(made: Download) -> str:
    """The name in all its letters, and a plain one for what does not know them (RFC 6266)."""
    name = quote(made.name, safe="")
    return f"attachment; filename=\"{made.plain_name}\"; filename*=UTF-8''{name}"


def _moved(error: MovedError) -> Answer:
    """The same page of the record that holds what was asked for, with the same question."""
    address = url_for(
        request.endpoint or "", **{**(request.view_args or {}), "record": error.survivor}
    )
    query = request.query_string.decode("ascii", "ignore")
    return redirect(f"{address}?{query}" if query else address, 308, Response)


def _not_for_them(error: NotForThemError) -> tuple[str, int]:
    what, hint = translate("reading.not-taken"), translate("reading.not-taken.hint")
    told = url_for("document.page", document=error.identifier)
    return render_template("failure.html", what=what, hint=hint, told=told), FORBIDDEN


def _unfit(error: UnfitError) -> tuple[str, int]:
    what, hint = explain(error.reason)
    return render_template("failure.html", what=what, hint=hint), NOT_ACCEPTABLE


def _told(error: HTTPException) -> ResponseReturnValue:
    return current_app.handle_user_exception(error)
