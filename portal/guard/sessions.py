"""The session of a member of staff as a browser holds it: a cookie, and when it was last used."""

from threading import Lock

from flask import Response, current_app, request

from olketanu.settings import PortalSettings
from portal.guard.networks import is_in
from store.staff.members import Member
from workflow.library import Library
from workflow.staff.login import LASTS, digest_of, who_is

COOKIE = "olketanu"
"""Name of the cookie where it came in the clear; readers have none."""
OVER_TLS = f"__Host-{COOKIE}"
"""Its name over TLS: browsers take it from this very host alone (RFC 6265bis 4.1.3), so that none
that a neighbour's name has laid is ever read."""
IDLE = 8 * 3600.0
"""Seconds without a request after which a session is no longer good."""


class Uses:
    """When each session was last used: in memory, so that looking at a page writes nothing.

    After a restart of the server the first request counts as the last use; a session that lies idle
    then ends ``LASTS`` after its login all the same.
    """

    def __init__(self) -> None:
        self._last: dict[str, float] = {}
        self._lock = Lock()

    def use(self, session: str, now: float) -> bool:
        """Enter a use of a living session and return True; False where it lay idle too long.

        ``now`` is seconds of a steady clock.
        """
        with self._lock:
            if now - self._last.get(session, now) > IDLE:
                return False
            if session not in self._last:  # a login: the time to forget those that have ended
                over = now - LASTS.total_seconds()
                self._last = {one: last for one, last in self._last.items() if last > over}
            self._last[session] = now
            return True


def token(settings: PortalSettings) -> str:
    """Return what the cookie of the request in hand says, "" without one."""
    return request.cookies.get(_name(settings), "")


def member_in(library: Library, now: float) -> Member | None:
    """Return the member of staff whose request is in hand, or None."""
    told = token(library.settings.portal)
    found = who_is(library.store, told) if told else None
    uses: Uses = current_app.extensions["olketanu.uses"]
    return found if found is not None and uses.use(digest_of(told), now) else None


def give(response: Response, session: str, settings: PortalSettings) -> None:
    """Let the browser keep a session's token: for this site alone, out of reach of scripts."""
    response.set_cookie(
        _name(settings),
        session,
        max_age=int(LASTS.total_seconds()),
        secure=is_https(settings),
        httponly=True,
        samesite="Strict",
        path="/",
    )


def take(response: Response, settings: PortalSettings) -> None:
    """Let the browser forget its session."""
    tls = is_https(settings)
    response.delete_cookie(_name(settings), path="/", secure=tls, httponly=True, samesite="Strict")


def _name(settings: PortalSettings) -> str:
    return OVER_TLS if is_https(settings) else COOKIE


def is_https(settings: PortalSettings) -> bool:
    """Return whether the browser asked over TLS; X-Forwarded-Proto of listed proxies counts."""
    told = request.headers.get("X-Forwarded-Proto", "").split(",")[-1].strip().lower()
    behind = is_in(request.remote_addr or "", settings.proxies)
    return request.is_secure or (behind and told == "https")
