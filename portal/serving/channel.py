"""A connection to the server: what waitress does, and what one machine may not do to the others.

A request that two servers in a row may take for two different ones is refused (RFC 9112 11.2): the
proxy before us and we must agree where it ends.
"""

from socket import socket
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer

from olketanu.settings import PortalSettings
from portal.guard.networks import household, is_in

OF_ONE = 200
"""Connections of one household that are open at once; listed proxies stand for many."""


class PlainParser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Takes a request only where its lines say in one way how long it is."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers; ParsingError where they are no plain request."""
        first, *lines = header_plus.split(b"\r\n")
        names = [line.partition(b":")[0].strip().lower() for line in lines]
        if any(line.startswith((b" ", b"\t")) for line in lines):
            raise ParsingError("Folded header")
        chunked, is_new = names.count(b"transfer-encoding"), first.endswith(b" HTTP/1.1")
        if chunked and (chunked > 1 or b"content-length" in names or not is_new):
            raise ParsingError("Length told twice")
        super().parse_header(header_plus)


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One connection."""

    parser_class = PlainParser


class Doorman:
    """Opens a channel for each new connection, or shuts it where one household has too many."""

    def __init__(self, settings: PortalSettings, channels: dict[int, Any]) -> None:
        self._proxies = settings.proxies
        self._channels = channels

    def __call__(
        self,
        server: BaseWSGIServer,
        connection: socket,
        address: tuple[Any, ...],
        settings: Adjustments,
        map: dict[int, Any],
    ) -> None:
        """Take a connection over, in the place of the class of its channel."""
        place = str(address[0])
        if is_in(place, self._proxies) or self._held_by(household(place)) < OF_ONE:
            Channel(server, connection, address, settings, map=map)
        else:
            connection.close()

    def _held_by(self, of: str) -> int:
        held = [one for one in list(self._channels.values()) if isinstance(one, HTTPChannel)]
        return sum(household(str(one.addr[0])) == of for one in held)
