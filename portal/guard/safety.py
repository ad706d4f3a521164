"""What every answer carries and every request must hold to, whatever its page."""

from urllib.parse import quote, urlsplit

from flask import Flask, Response, abort, g, request

from portal.guard.tokens import FIELD, FORM, check
from portal.visitor import visitor
from workflow.delta.upload import MOST_BYTES

MAX_FORM = 64 * 1024
"""Bytes of a form."""
LARGER = {"sheet.look": (MOST_BYTES + MAX_FORM, MAX_FORM), "sheet.mark": (1 << 18, 1 << 18)}
"""What staff may send to an endpoint: bytes of all, and of what is no file."""
MAX_ADDRESS = 8 * 1024
"""Bytes of a path with its query, as they were sent; no page of ours has one near to it."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        *("script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"),
        *("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"),
    )
)
"""Content Security Policy Level 3: nothing but our own files, no script or style within a page."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


_WITH_FILES = "multipart/form-data"
"""The other way of sending a form is parsed only when all of it is in memory."""
_READING = ("GET", "HEAD", "OPTIONS")
_OWN_SITE = ("same-origin", "none")


def guard(app: Flask) -> None:
    """Bound what ``app`` takes in, refuse forged forms, and give its answers their headers."""
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM
    app.before_request(_refuse_long)
    app.before_request(_take_files_of_staff)
    app.before_request(_refuse_forged)
    app.after_request(_stay_here)
    app.after_request(_with_headers)


def _refuse_long() -> None:
    """Answer 414 to an address that nobody has typed."""
    if len(quote(request.path)) + len(request.query_string) > MAX_ADDRESS:
        abort(414)


def _take_files_of_staff() -> None:
    """Let members send a larger form where there is one, before anything has read it."""
    more = LARGER.get(request.endpoint or "")
    if more is not None and request.mimetype == _WITH_FILES and visitor().name:
        request.max_content_length, request.max_form_memory_size = more


def _refuse_forged() -> None:
    """Answer 403 to what would change something and does not come from a page of ours."""
    if request.method in _READING or request.routing_exception is not None:
        return
    if not _is_from_us() or not check(FORM, request.form.get(FIELD, "")):
        abort(403)


def _is_from_us() -> bool:
    """Whether the headers by which a browser tells where a form stood name this site, if there.

    The scheme of Origin is not compared: behind a proxy that is not listed it cannot be known.
    """
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    return (origin is None or _host(origin) == request.host) and (site is None or site in _OWN_SITE)


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # "http://[": no address at all
        return ""


def _stay_here(response: Response) -> Response:
    """Lead to pages of ours by their path: behind a proxy nobody here knows the scheme for sure."""
    location = response.headers.get("Location", "")
    if location.startswith(request.host_url):
        response.headers["Location"] = "/" + location.removeprefix(request.host_url).lstrip("/")
    return response


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    for_few = request.path.startswith("/desk") or _sees_more_than_others()
    response.headers.setdefault("Cache-Control", "no-store" if for_few else "private, no-cache")
    return response


def _sees_more_than_others() -> bool:
    """Whether the page was made for staff, or for the library's rooms: no browser may keep it.

    Who sits there next could lead it back to what was shown before.
    """
    asked = g.get("visitor")
    return asked is not None and bool(asked.name or asked.actor.on_site)
