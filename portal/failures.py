"""What people see when a page cannot be had: in their language, with what to do."""

import logging
from collections.abc import Callable

from flask import Flask, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from olketanu.errors import LockedError, OlketanuError, UsageError
from olketanu.messages.translate import explain, translate
from portal.desk.door import DESK
from portal.visitor import visitor

_KNOWN = (400, 401, 403, 404, 405, 409, 410, 413, 414, 429)
_SHUT = (401, 403)
_KEPT = ("Allow", "Retry-After")
"""Headers of an error that belong to its page, too (RFC 9110 10.2)."""
_AGAIN = "5"
"""Seconds after which one who only reads may try again what others keep."""
_OF_THE_MACHINE = "path"
"""Fact of an error that names a place on the server; who can mend it reads it in the log."""
_LOG = logging.getLogger(__name__)
Answer = tuple[str, int]


def explain_failures(app: Flask) -> None:
    """Let ``app`` answer errors with a page; a defect is told as one, its trace goes to the log."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OlketanuError, _ours)
    app.register_error_handler(Exception, _defect(app))


def words_for(error: OlketanuError) -> tuple[str, str]:
    """Return what a person at a browser is told of an error, and what to do.

    What they did, or others, is told in full; of the machine only that it cannot, and the rest goes
    to the log: its hints are for whoever sits at its console.
    """
    if isinstance(error, UsageError | LockedError) and _OF_THE_MACHINE not in error.facts:
        return explain(error)
    _LOG.error("%s", error)
    return translate("failure.503"), translate("failure.503.hint")


def status_of(error: OlketanuError) -> int:
    """Return the status of an answer that tells of an error: whether they, others or we are why."""
    if isinstance(error, UsageError):
        return 400
    return 409 if isinstance(error, LockedError) and request.method == "POST" else 503


def _http(error: HTTPException) -> tuple[str, int, dict[str, str]] | HTTPException:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    key = f"failure.{code}" if code in _KNOWN else "failure.500"
    if code in _SHUT and _is_session_over():
        key = "failure.session"
    told = {name: value for name, value in error.get_headers() if name in _KEPT}
    way_in = _way_in() if key == "failure.session" else ""
    return (*_page(translate(key), translate(f"{key}.hint"), code, way_in), told)


def _is_session_over() -> bool:
    """Whether a form of the desk came from somebody who is not, or no longer, logged in."""
    under = request.path.startswith(f"{DESK}/")
    return request.method == "POST" and under and not visitor().name


def _way_in() -> str:
    """The address of the login that leads back to the card in hand."""
    back = f"{request.script_root}{request.path}"
    onward = back if request.endpoint == "card.act" else url_for("queue.overview")
    return url_for("login.form", next=onward)


def _ours(error: OlketanuError) -> Answer | tuple[str, int, dict[str, str]]:
    if isinstance(error, UsageError) and error.key.startswith("error.unknown-"):
        return _page(translate("failure.404"), translate("failure.404.hint"), 404)
    status = status_of(error)
    return (*_page(*words_for(error), status), {"Retry-After": _AGAIN} if status == 503 else {})


def _defect(app: Flask) -> Callable[[Exception], Answer]:
    def answer(error: Exception) -> Answer:
        app.logger.exception("defect", exc_info=error)
        return _page(translate("failure.500"), translate("failure.500.hint"), 500)

    return answer


def _page(what: str, hint: str, code: int, way_in: str = "") -> Answer:
    return render_template("failure.html", what=what, hint=hint, way_in=way_in), code
