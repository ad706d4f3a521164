"""Readers on slow lines, and many at once, keep nobody else from being answered."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from olketanu.home import Home
from tests.portal.made_portal import ids_of
from tests.portal.test_server import PATIENCE, free_port, get, served

MANY = 150
LARGE = 64 << 20  # more than the server and the two ends of a socket hold in memory
THREADS = 4
"""Of a server that nobody has set up."""


@contextmanager
def waiting(port: int, path: str, **headers: str) -> Iterator[None]:
    """As many readers as there are threads, who have asked for a file and read nothing of it."""
    with ExitStack() as held:
        for _ in range(THREADS):
            one = held.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)))
            one.request("GET", path, headers=headers)
            assert one.getresponse().status in (200, 206)
        yield


def enlarge(path: Path) -> None:
    """Make a file large; all that is added are zeros, which no disk has to hold."""
    os.truncate(path, LARGE)


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-"}, {"Range": "bytes=100-"}])
def test_slow_readers_of_large_files_keep_no_thread(home: Home, headers: dict[str, str]) -> None:
    book, port = ids_of(home)["tarih"], free_port()
    enlarge(home.pdf(book))
    with served(home, port), waiting(port, f"/d/{book}.pdf", **headers):
        assert get(port, "/robots.txt")[0] == 200


def test_a_piece_of_a_file_is_that_piece(home: Home) -> None:
    book, port = ids_of(home)["tarih"], free_port()
    whole = home.pdf(book).read_bytes()
    with served(home, port), closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as one:
        for _ in range(2):  # on one connection: nothing is left over from the first
            one.request("GET", f"/d/{book}.pdf", headers={"Range": "bytes=5-99"})
            with one.getresponse() as answer:
                assert (answer.status, answer.read()) == (206, whole[5:100])


def test_browsers_that_keep_their_connections_leave_room_for_others(home: Home) -> None:
    port = free_port()
    with served(home, port), ExitStack() as held:
        for _ in range(MANY):
            one = held.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)))
            one.connect()
        assert get(port, "/robots.txt")[0] == 200
