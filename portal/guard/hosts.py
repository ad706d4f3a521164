"""The names to which the portal answers: a page of a stranger's name is never shown.

A stranger may let a name of their own lead to an address within the library (DNS rebinding). To a
reader's browser the portal is then a part of that stranger's site, whose scripts could read what is
open in the library's rooms only. A browser says in ``Host`` which name it asked for.
"""

import socket
from collections.abc import Callable, Collection, Iterable, Iterator

from jinja2 import Environment

from olketanu.hosts import host_in, host_of, is_address
from olketanu.messages.translate import speaking, translate
from olketanu.settings import LANGUAGES, Settings
from portal.guard.networks import is_in
from portal.guard.safety import HEADERS
from portal.languages import Application, Environ

_LOOPBACK = ("127.0.0.0/8", "::1/128")
_HEALTH = "/health"
_LINK_LOCAL = "local"  # RFC 6762: what a network without name servers calls its machines
_MISDIRECTED, _BAD = "421 Misdirected Request", "400 Bad Request"


class KnownHosts:
    """WSGI middleware: whatever is asked of another host is answered by one page, the same always.

    421 (RFC 9110 15.5.20) for a name that is not among ``names``, 400 where ``Host`` is none
    (RFC 9112 3.2). A program on the server itself may ask for its health under any name.
    """

    def __init__(
        self, application: Application, names: Collection[str], templates: Environment
    ) -> None:
        self._application = application
        self._names = frozenset(names)
        self._page = _page(templates)

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        """Answer one request."""
        host = host_asked(environ)
        if _asks_for_health(environ) or (host and (is_address(host) or host in self._names)):
            return self._application(environ, start_response)
        told = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(self._page)),
            "Cache-Control": "no-store",
        }
        start_response(_MISDIRECTED if host else _BAD, [*HEADERS.items(), *told.items()])
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self._page,)


def names_of(settings: Settings) -> frozenset[str]:
    """Return the names to which the portal of this library answers, on this machine."""
    return frozenset(
        host
        for host in (
            *("localhost", *_own_names()),
            *(host_of(settings.site.url), *map(host_in, settings.portal.hosts)),
        )
        if host
    )


def host_asked(environ: Environ) -> str | None:
    """Return the host that a request is for, in the form of ``host_in``.

    None where it tells none, and where the first line, if it holds the whole address (RFC 9112
    3.2.2), tells another than ``Host``.
    """
    told = str(environ.get("HTTP_HOST", ""))
    host = host_in(told) if told.isascii() else None
    line = str(environ.get("REQUEST_URI", ""))
    is_whole = "://" in line and not line.startswith("/")
    return None if is_whole and host_of(line) != host else host


def _own_names() -> Iterator[str | None]:
    """What this machine calls itself; no name server is asked."""
    name = socket.gethostname()
    first = name.partition(".")[0]
    yield from map(host_in, (name, first, f"{first}.{_LINK_LOCAL}"))


def _asks_for_health(environ: Environ) -> bool:
    near = is_in(environ.get("REMOTE_ADDR", ""), _LOOPBACK)
    return near and environ["PATH_INFO"] == _HEALTH and "HTTP_X_FORWARDED_FOR" not in environ


def _page(templates: Environment) -> bytes:
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append((language, translate("failure.421"), translate("failure.421.hint")))
    return templates.get_template("elsewhere.html").render(said=said).encode()
