"""What is sent to the server byte by byte, as no library would send it, and what comes back."""

import re
import socket
from contextlib import suppress
from urllib.parse import urlsplit

PATIENCE = 60.0
"""Seconds; a limit for a broken build, never waited for by a sound one."""
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


def exchange(url: str, sent: bytes, *, closes: bool = True) -> bytes:
    """Send bytes to the server at ``url`` and return everything that it answers.

    ``closes``: nothing more is sent, so that the server may end the connection as well.
    """
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=PATIENCE) as line:
        with suppress(ConnectionError):
            line.sendall(sent)
            if closes:
                line.shutdown(socket.SHUT_WR)
        return b"".join(_parts(line))


def request(*lines: str, body: bytes = b"") -> bytes:
    """A request of these lines, and after them its body."""
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


def statuses(answered: bytes) -> list[int]:
    """The status of each answer on a connection."""
    return [int(found) for found in _STATUS.findall(answered)]


def _parts(line: socket.socket) -> list[bytes]:
    found = []
    with suppress(ConnectionError, TimeoutError):
        while part := line.recv(1 << 16):
            found.append(part)
    return found
