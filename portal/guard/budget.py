"""How often one household may ask for what costs the server most; staff and the library's own may.

Generous for people, also where many share an address. A robot that follows every count and every
hit meets 429 with the seconds to wait, and everybody else is answered as before.
"""

from flask import Flask, current_app, request
from werkzeug.exceptions import TooManyRequests

from portal.guard.limits import Buckets
from portal.guard.networks import household
from portal.visitor import client_address, library, visitor

COSTLY = frozenset(
    {
        *("search.results", "search.completions", "pictures.line", "page.page"),
        *("document.page", "sitemap.index", "sitemap.portion"),
    }
)
"""Endpoints whose answers are made anew for each question."""

AT_ONCE, A_SECOND = 240.0, 10.0
"""Questions of one household: so many at once, then so many a second."""


def keep_budget(app: Flask) -> None:
    """Let ``app`` ask each household to wait that has asked too much."""
    app.extensions["olketanu.budget"] = Buckets(AT_ONCE, A_SECOND)
    app.before_request(_wait)


def _wait() -> None:
    if request.endpoint not in COSTLY or visitor().name or visitor().actor.on_site:
        return
    buckets: Buckets = current_app.extensions["olketanu.budget"]
    wait = buckets.take(household(client_address(library().settings.portal)))
    if wait:
        raise TooManyRequests(retry_after=int(wait) + 1)
