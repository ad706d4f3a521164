"""What the rooms for readers share: who visits, how a refusal is answered, how a file is sent."""

from http.client import FORBIDDEN, NOT_ACCEPTABLE, NOT_MODIFIED
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Gone, HTTPException, RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response as Answer

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
    try:
        answer = send_file(
            made.path or BytesIO(made.body),
            mimetype=made.media,
            etag=made.tag,
            last_modified=made.modified,
        )
    except RequestedRangeNotSatisfiable as error:
        return error.get_response()
    answer.headers["Content-Type"] = made.media
    answer.headers["Content-Disposition"] = _saved_as(made)
    answer.headers["Cache-Control"] = "no-cache" if made.public else "private, no-store"
    if made.path is not None and answer.content_range.start is not None:
        _leave_to_server(answer, made.path, answer.content_range.start)
    if request.method == "HEAD" or answer.status_code == NOT_MODIFIED:
        answer.close()  # nothing is read of the file, so nobody else would close it
    return answer


def _asks_for_one_piece() -> bool:
    """Whether the range asked for is one that is sent; others are ignored (RFC 9110 14.2)."""
    asked = request.range
    known = asked is not None and asked.units == "bytes" and len(asked.ranges) == 1
    return known and request.method == "GET"


def _leave_to_server(answer: Response, path: Path, start: int) -> None:
    """Let the server itself send a piece of a file, as it sends a whole one (PEP 3333).

    It stops where Content-Length says. Otherwise each slow reader would keep a thread.
    """
    wrapped = request.environ.get("wsgi.file_wrapper")
    if wrapped is None:
        return
    answer.close()
    file = path.open("rb")
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


def _not_for_them(_error: NotForThemError) -> tuple[str, int]:
    what, hint = translate("reading.not-taken"), translate("reading.not-taken.hint")
    return render_template("failure.html", what=what, hint=hint), FORBIDDEN


def _unfit(error: UnfitError) -> tuple[str, int]:
    what, hint = explain(error.reason)
    return render_template("failure.html", what=what, hint=hint), NOT_ACCEPTABLE


def _told(error: HTTPException) -> ResponseReturnValue:
    return current_app.handle_user_exception(error)
