"""The log of the server: one line of JSON a request.

What a reader searches for is nobody's business: queries are left out, addresses are cut to their
network. A file that the server sends by itself is told when it begins.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_address, ip_network
from threading import Lock
from time import perf_counter
from typing import Any, TextIO

from flask import Response, g, request

from store.clock import utc_now

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]

NAME = "olketanu.name"
"""Key of the environment under which the application tells the member of staff."""

_BITS = {4: 24, 6: 48}


class Logged:
    """WSGI middleware: writes a line to ``stream`` when an answer is at its end."""

    def __init__(self, application: Application, stream: TextIO) -> None:
        self._application = application
        self._stream = stream
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        began, told = perf_counter(), {"status": 0, "length": 0}

        def start(status: str, headers: Headers, *rest: Any) -> Any:  # noqa: ANN401 - PEP 3333
            told["status"], told["length"] = int(status[:3]), _length(headers)
            return start_response(status, headers, *rest)

        path = environ.get("PATH_INFO", "")
        body: Iterable[bytes] = self._application(environ, start)
        wrapper: type | None = environ.get("wsgi.file_wrapper")
        if wrapper is not None and isinstance(body, wrapper):
            # Wrapped once more it would be read by this thread, at the pace of a slow reader.
            self._write(_line(environ, path, told, began, told["length"]))
            return body
        return _Told(body, lambda size: self._write(_line(environ, path, told, began, size)))

    def _write(self, line: dict[str, object]) -> None:
        with self._lock:
            self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._stream.flush()


class _Told:
    """The body of an answer, that says at its end how long it was."""

    def __init__(self, body: Iterable[bytes], tell: Callable[[int], None]) -> None:
        self._body, self._tell, self._size = body, tell, 0

    def __iter__(self) -> Iterator[bytes]:
        for part in self._body:
            self._size += len(part)
            yield part

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
        self._tell(self._size)


def _length(headers: Headers) -> int:
    return next((int(told) for name, told in headers if name.lower() == "content-length"), 0)


def _line(
    environ: Environ, path: str, told: dict[str, int], began: float, size: int
) -> dict[str, object]:
    return {
        "time": utc_now(),
        "method": environ.get("REQUEST_METHOD", ""),
        "path": path.encode("latin-1", "replace").decode("utf-8", "replace"),
        "status": told["status"],
        "ms": round((perf_counter() - began) * 1000, 1),
        "bytes": size,
        "from": network_of(environ.get("REMOTE_ADDR", "")),
        "name": environ.get(NAME, ""),
    }


def tell_name(response: Response) -> Response:
    """Leave the name of the member of staff, where one was asked for, to the log."""
    if "visitor" in g:
        request.environ[NAME] = g.visitor.name
    return response


def network_of(address: str) -> str:
    """Return the network of an address, in which a person is one of many; "" for what is none."""
    try:
        place = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network(f"{place}/{_BITS[place.version]}", strict=False))
