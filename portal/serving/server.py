"""The server: waitress before the application, until somebody ends it.

SIGTERM or SIGINT ends it gently: what is in hand is finished, new requests are told to come back;
a second signal ends it at once.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from threading import Thread
from types import FrameType
from typing import Any

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

from olketanu.settings import PortalSettings
from portal.guard.turns import SEATS
from portal.serving.channel import Doorman
from portal.serving.log import Application, Environ, Logged

GRACE = 20.0
"""Seconds that requests in hand are given to come to their end."""

CONNECTIONS = 500
"""Open at once: each browser keeps some for a while, and a server that has no more is deaf."""

_PAUSE = 0.05
_CLOSED = (b"The server is being restarted. Please try again in a moment.\n",)


class Server:
    """Answers requests once :meth:`run` is called; OSError at once where the port is taken."""

    def __init__(self, app: Application, settings: PortalSettings) -> None:
        self._ending = False
        self._channels: dict[int, Any] = {}
        self._server = create_server(
            Logged(self._answer, sys.stderr),
            map=self._channels,
            **{"host": settings.address, "port": settings.port},
            threads=settings.threads + SEATS,
            **{"ident": None, "channel_timeout": 60, "max_request_body_size": 1 << 20},
            **{"max_request_header_size": 1 << 16, "clear_untrusted_proxy_headers": False},
            **{"connection_limit": CONNECTIONS, "asyncore_use_poll": True},
        )
        for one in self._channels.values():  # a name may stand for several addresses to listen on
            if isinstance(one, BaseWSGIServer):
                one.channel_class = Doorman(settings, self._channels)
        self._app = app

    def run(self) -> None:
        """Answer until a signal comes; only the main thread may call it."""
        # Four browsers at once are no news; the log of requests tells how long each waited.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        before = {number: signal.signal(number, self._end) for number in _SIGNALS}
        try:
            self._server.run()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _answer(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not self._ending:
            return self._app(environ, start_response)
        start_response(
            "503 Service Unavailable",
            [("Retry-After", "5"), ("Content-Type", "text/plain")],
        )
        return _CLOSED

    def _end(self, number: int, _frame: FrameType | None) -> None:
        if self._ending:
            raise SystemExit
        self._ending = True
        Thread(target=self._drain, args=(number,), daemon=True).start()

    def _drain(self, number: int) -> None:
        """Wait for what is in hand and on its way out, then end the loop by a second signal."""
        until = time.monotonic() + GRACE
        while self._is_busy() and time.monotonic() < until:
            time.sleep(_PAUSE)
        os.kill(os.getpid(), number)

    def _is_busy(self) -> bool:
        channels = [one for one in list(self._channels.values()) if isinstance(one, HTTPChannel)]
        return any(one.request or one.requests or one.total_outbufs_len for one in channels)


_SIGNALS = (signal.SIGTERM, signal.SIGINT)
