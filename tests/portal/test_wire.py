"""What strangers send byte by byte: requests that could be read as others, and too many lines."""

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from olketanu.home import Home
from portal.serving.channel import OF_ONE
from portal.serving.server import CONNECTIONS
from tests.portal.browser import serving
from tests.portal.made_portal import ids_of
from tests.portal.wire import PATIENCE, exchange, request, statuses

POST, HERE = "POST /en/help HTTP/1.1", "Host: localhost"
HIDDEN = request("GET /hidden HTTP/1.1", HERE)
"""A request that must not be answered: it lies in what may be the body of another."""
END = b"0\r\n\r\n"


@pytest.fixture(scope="module")
def here(guarded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(shutil.copytree(guarded_home, tmp_path_factory.mktemp("wire") / "home")) as url:
        yield url


AMBIGUOUS = {
    "both lengths": request(
        POST, HERE, "Content-Length: 5", "Transfer-Encoding: chunked", body=END + HIDDEN
    ),
    "no length and chunks": request(
        POST, HERE, "Transfer-Encoding: chunked", "Content-Length: 0", body=END + HIDDEN
    ),
    "chunks twice": request(POST, HERE, *["Transfer-Encoding: chunked"] * 2, body=END + HIDDEN),
    "chunks by another name": request(POST, HERE, "Transfer-Encoding: xchunked", body=END + HIDDEN),
    "chunks of the old version": request(
        POST.replace("1.1", "1.0"),
        *(HERE, "Connection: keep-alive", "Content-Length: 0", "Transfer-Encoding: chunked"),
        body=HIDDEN,
    ),
    "chunks of no version": request(
        POST.replace("1.1", "1.2"), HERE, "Transfer-Encoding: chunked", body=END + HIDDEN
    ),
    "chunks in a folded line": request(
        POST, HERE, "Transfer-Encoding:", " chunked", body=END + HIDDEN
    ),
    "chunks behind a space": request(POST, HERE, "Transfer-Encoding : chunked", body=END + HIDDEN),
    "chunks behind a strange space": request(
        POST, HERE, "Transfer-Encoding: \x0bchunked", body=END + HIDDEN
    ),
    "a line of a chunk that ends early": request(
        POST, HERE, "Transfer-Encoding: chunked", body=b"0\n\n" + HIDDEN
    ),
    "an extension that ends early": request(
        POST, HERE, "Transfer-Encoding: chunked", body=b"0;\n\r\n\r\n" + HIDDEN
    ),
    "a chunk below nothing": request(
        POST, HERE, "Transfer-Encoding: chunked", body=b"-1\r\n" + END + HIDDEN
    ),
    "a chunk that is longer than told": request(
        POST, HERE, "Transfer-Encoding: chunked", body=b"1\r\nxx\r\n" + END + HIDDEN
    ),
    "lengths that differ": request(
        POST, HERE, "Content-Length: 0", f"Content-Length: {len(HIDDEN)}", body=HIDDEN
    ),
    "a list of lengths": request(POST, HERE, f"Content-Length: 0, {len(HIDDEN)}", body=HIDDEN),
    "lines that end early": b"GET /en/help HTTP/1.1\nHost: localhost\n\n" + HIDDEN,
    "half an end of a line": b"GET /en/help HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n"
    + HIDDEN,
    "no name of a header": b"GET /en/help HTTP/1.1\r\nHost: localhost\r\nhidden\r\n\r\n" + HIDDEN,
    **{
        f"the length {length!r}": request(POST, HERE, f"Content-Length: {length}", body=HIDDEN)
        for length in ("+0", "-1", "0x0", "1_0", "", "\xb2", "0 0")
    },
}


@pytest.mark.parametrize("what", AMBIGUOUS)
def test_a_request_that_could_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_read(
    here: str, what: str
) -> None:
    answered = exchange(here, AMBIGUOUS[what])
    assert statuses(answered) in ([400], [501])
    assert b"hidden" not in answered


def test_requests_one_behind_the_other_are_answered_in_their_order(here: str) -> None:
    chunks = request(POST, HERE, "Transfer-Encoding: chunked", body=END)
    body = request("GET /en/help HTTP/1.1", HERE, f"Content-Length: {len(HIDDEN)}", body=HIDDEN)
    last = request("GET /robots.txt HTTP/1.1", HERE, "Connection: close")
    assert statuses(exchange(here, chunks + body + last)) == [405, 200, 200]


SHAPES: dict[str, tuple[bytes, int]] = {
    "headers that never end": (request("GET / HTTP/1.1", HERE, "X: " + "a" * 70_000), 431),
    "a body that is too large": (request(POST, HERE, "Content-Length: 9999999999"), 413),
    "a long address": (request(f"GET /{'a' * 9000} HTTP/1.1", HERE), 414),
    "nothing in a name": (request("GET /en/help%00 HTTP/1.1", HERE), 404),
    "a tunnel": (request("CONNECT localhost:22 HTTP/1.1", HERE), 404),
    "an echo": (request("TRACE /en/help HTTP/1.1", HERE, "Cookie: olketanu=secret"), 405),
    "another protocol": (request("GET /en/help HTTP/1.1", HERE, "Upgrade: h2c"), 200),
    "the beginning of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "a method of small letters": (request("get /en/help HTTP/1.1", HERE), 400),
    "bytes that are no text": (b"GET /en/\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
}


@pytest.mark.parametrize("what", SHAPES)
def test_what_no_browser_sends_is_told_so(here: str, what: str) -> None:
    sent, status = SHAPES[what]
    answered = exchange(here, sent)
    assert statuses(answered) == [status]
    assert b"secret" not in answered


WAYS_TO_THE_DESK = (
    *("/desk/people/", "/%64esk/people/", "//desk//people/", "/en%2fdesk%2fpeople%2f"),
    *("/en/desk/people/", "///en///desk/people/", "/DESK/people/", "/desk;a=b/people/"),
    *("/en/help/../desk/people/", "/en/%2e%2e/desk/people/", "/kk/ru/desk/people/"),
    *("/en/%c0%ae%c0%ae/desk/people/", "/desk/people/%2e%2e/people/", "/desk/people%2f%2e"),
    *("/\\evil.example/desk/people/", "/desk%0d%0aX-Y: 1", "//evil.example/desk/people/"),
    *("/desk/people/?next=//evil.example", "/desk/./people/", "/desk%20/people/"),
)


@pytest.mark.parametrize("path", WAYS_TO_THE_DESK)
def test_no_way_of_writing_an_address_leads_past_the_door(here: str, path: str) -> None:
    answered = exchange(here, request(f"GET {path} HTTP/1.1", HERE))
    (status,) = statuses(answered)
    assert status in (303, 308, 400, 404)
    head = answered.partition(b"\r\n\r\n")[0].lower()
    assert b"x-y" not in head
    if status in (303, 308):
        (place,) = [line for line in head.split(b"\r\n") if line.startswith(b"location:")]
        assert place.startswith(b"location: /")
        assert not place.startswith((b"location: //", b"location: /\\"))


RANGES = (
    *("bytes=0-", "bytes=-1", "bytes=-0", "bytes=5-2", "bytes=--1", "bytes=abc", "items=0-1"),
    *("bytes=9999999999-", f"bytes=0-{'9' * 500}", "bytes=" + "0-0," * 5000 + "0-0", "bytes="),
    *("bytes=0-0;", "bytes=0-,-1", "bytes=\xb2-"),
)


@pytest.mark.parametrize("told", RANGES)
def test_no_range_makes_more_of_a_file_than_there_is(
    here: str, guarded_home: Path, told: str
) -> None:
    home = Home(guarded_home)
    book = ids_of(home)["tarih"]
    whole = home.pdf(book).read_bytes()
    answered = exchange(here, request(f"GET /d/{book}.pdf HTTP/1.1", HERE, f"Range: {told}"))
    (status,) = statuses(answered)
    body = answered.partition(b"\r\n\r\n")[2]
    assert status in (200, 206, 416)
    assert status == 416 or (body in whole and len(body) <= len(whole))
    assert b"multipart" not in answered


def test_one_machine_leaves_connections_for_others(here: str) -> None:
    place = urlsplit(here)
    assert OF_ONE * 2 <= CONNECTIONS
    with ExitStack() as held:
        lines = [
            held.enter_context(socket.create_connection((place.hostname, place.port), PATIENCE))
            for _ in range(OF_ONE + 5)
        ]
        for line in lines[OF_ONE:]:
            assert _is_shut(line)
        there = ("127.0.0.2", 0)
        another = socket.create_connection(
            (place.hostname, place.port), PATIENCE, source_address=there
        )
        with held.enter_context(another):
            another.sendall(request("GET /robots.txt HTTP/1.0", HERE))
            assert statuses(another.recv(1 << 16)) == [200]
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:  # it takes the server a moment to see that they have gone
        answered = exchange(here, request("GET /robots.txt HTTP/1.0", HERE))
        if statuses(answered) == [200]:
            return
        time.sleep(0.05)
    raise AssertionError("nobody of that machine is let in any more")


def _is_shut(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


def test_forms_that_are_sent_slowly_keep_no_thread(here: str) -> None:
    """More of them than there are threads, each with a byte of its body still to come."""
    place = urlsplit(here)
    begun = request("POST /en/desk/login HTTP/1.1", HERE, "Content-Length: 9", body=b"token=12")
    with ExitStack() as held:
        for _ in range(40):
            line = socket.create_connection((place.hostname, place.port), 5)
            held.enter_context(line).sendall(begun)
        assert statuses(exchange(here, request("GET /robots.txt HTTP/1.0", HERE))) == [200]
