"""The portal answers to its own names alone: a stranger's name that leads here shows nothing."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from olketanu.errors import SettingsError
from olketanu.home import Home
from olketanu.hosts import host_in, host_of
from olketanu.settings import LANGUAGES, parse_settings
from portal.guard.hosts import names_of
from portal.guard.safety import HEADERS
from tests.portal.addresses import addresses, samples_of
from tests.portal.browser import serving
from tests.portal.guarded_home import ON_SITE
from tests.portal.made_portal import ids_of
from tests.portal.visitors import INSIDE, visitor
from tests.portal.wire import exchange, request, statuses

STRANGER = "rebound.example.net"


@pytest.fixture(scope="module")
def inside(guarded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server for a machine of the library's rooms, with two names of its own."""
    root = shutil.copytree(guarded_home, tmp_path_factory.mktemp("named") / "home")
    settings = root / "olketanu.toml"
    told = settings.read_text("utf-8").replace("https://library.example", "https://ҚАЛА.қаз/kk")
    settings.write_text(f'{told}\nhosts = ["catalogue.library.kz"]\n', "utf-8")  # of [portal]
    with serving(root) as url:
        yield url


@pytest.fixture
def told_in_the_rooms(guarded_home: Path) -> str:
    """The address of a page that may be read in the library alone."""
    return f"/d/{ids_of(Home(guarded_home))['hall']}/p/p0001"


def test_a_page_of_the_rooms_is_told_under_our_name_and_not_under_a_strangers(
    inside: str, told_in_the_rooms: str
) -> None:
    ours = exchange(inside, request(f"GET {told_in_the_rooms} HTTP/1.0", "Host: localhost"))
    assert ON_SITE.word in ours.decode("utf-8", "replace")
    theirs = exchange(inside, request(f"GET {told_in_the_rooms} HTTP/1.0", f"Host: {STRANGER}"))
    assert statuses(theirs) == [421]
    assert ON_SITE.word not in theirs.decode("utf-8", "replace")


def test_a_stranger_is_answered_alike_everywhere(guarded: Flask) -> None:
    asked = addresses(guarded, samples_of(guarded.extensions["olketanu"].home))
    client, bodies = visitor(guarded, "head").client, set()
    for one in {one.endpoint: one for one in asked}.values():
        if one.endpoint == "health.health":
            continue
        for method in ("GET", "POST", "OPTIONS"):
            answer = client.open(one.path, method=method, headers={"Host": STRANGER})
            assert (answer.status_code, answer.headers["Cache-Control"]) == (421, "no-store")
            assert not [n for n, told in HEADERS.items() if answer.headers.get(n) != told]
            assert "Set-Cookie" not in answer.headers
            bodies.add(answer.text)
    (page,) = bodies
    assert [one for one in LANGUAGES if f'<section lang="{one}">' in page] == list(LANGUAGES)


OUR_NAMES = (
    *("localhost", "LocalHost:8613", "localhost.", "localhost.:80", "localhost:"),
    *("127.0.0.1", "192.168.1.7:8080", "[::1]", "[::1]:8080", "[2001:DB8::1]"),
    *("xn--80aa6a83a.xn--80ao21a", "XN--80AA6A83A.xn--80ao21a:443"),
    *("catalogue.library.kz", "Catalogue.Library.KZ:8443", socket.gethostname()),
)
STRANGE_NAMES = (
    *(STRANGER, "localhost.example.net", "notlocalhost", "127.0.0.1.nip.io", "library.kz"),
    *("a.catalogue.library.kz", "127.1", "2130706433", "0x7f.0.0.1", "localhost.evil", "local"),
)
NO_NAMES = (
    *("", " ", "a..kz", "localhost..", "localhost,evil", "localhost evil", "user@localhost"),
    *("localhost/", "localhost:80a", "localhost:808080", "[::1", "::1", "[localhost]", "[]"),
    *("a" * 64 + ".kz", "a." * 200 + "kz", "қала.қаз".encode().decode("latin-1"), "\xff"),
)


@pytest.mark.parametrize("host", OUR_NAMES)
def test_the_names_of_the_library_are_answered(inside: str, host: str) -> None:
    assert statuses(exchange(inside, request("GET /en/help HTTP/1.1", f"Host: {host}"))) == [200]


@pytest.mark.parametrize("host", STRANGE_NAMES)
def test_other_names_are_told_that_it_is_not_here(inside: str, host: str) -> None:
    assert statuses(exchange(inside, request("GET /en/help HTTP/1.1", f"Host: {host}"))) == [421]


@pytest.mark.parametrize("host", NO_NAMES)
def test_what_is_no_name_is_a_bad_request(inside: str, host: str) -> None:
    assert statuses(exchange(inside, request("GET /en/help HTTP/1.1", f"Host: {host}"))) == [400]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("GET / HTTP/1.1",), 400),
        (("GET / HTTP/1.0",), 400),
        (("GET / HTTP/1.1", "Host: localhost", f"Host: {STRANGER}"), 400),
        (("GET / HTTP/1.1", f"Host: {STRANGER}", "Host: localhost"), 400),
        (("GET / HTTP/1.1", "Host: localhost", "Host: localhost"), 400),
        (("GET / HTTP/1.1", "Host: localhost", f" {STRANGER}"), 400),
        (("GET / HTTP/1.1", "hOsT:localhost"), 200),
        (("GET / HTTP/1.1", "Host : localhost"), 400),
        (("GET / HTTP/1.1", f"Host: {STRANGER}", "X-Forwarded-Host: localhost"), 421),
        (("GET / HTTP/1.1", f"Host: {STRANGER}", "Forwarded: host=localhost"), 421),
        (("GET / HTTP/1.1", "Host: localhost", f"X-Forwarded-Host: {STRANGER}"), 200),
        (("GET http://localhost/ HTTP/1.1", "Host: localhost"), 200),
        ((f"GET http://{STRANGER}/ HTTP/1.1", f"Host: {STRANGER}"), 421),
        ((f"GET http://{STRANGER}/ HTTP/1.1", "Host: localhost"), 400),
        (("GET http://localhost/ HTTP/1.1", f"Host: {STRANGER}"), 400),
        (("GET http://localhost/ HTTP/1.1",), 400),
        (("GET http:///en/ HTTP/1.1", "Host: localhost"), 400),
        ((f"GET //{STRANGER}/ HTTP/1.1", "Host: localhost"), 404),
        (("GET /", "Host: localhost"), 200),
    ],
)
def test_a_request_tells_one_host(inside: str, lines: tuple[str, ...], status: int) -> None:
    assert statuses(exchange(inside, request(*lines))) == [status]


def test_the_health_of_the_server_is_told_on_the_server_under_any_name(inside: str) -> None:
    assert statuses(exchange(inside, request("GET /health HTTP/1.0"))) == [200]
    assert statuses(exchange(inside, request("GET /health HTTP/1.1", f"Host: {STRANGER}"))) == [200]
    forwarded = ("GET /health HTTP/1.1", f"Host: {STRANGER}", "X-Forwarded-For: 203.0.113.7")
    assert statuses(exchange(inside, request(*forwarded))) == [421]


def test_elsewhere_health_is_told_under_our_names_alone(reader: FlaskClient) -> None:
    from_a_room = {"REMOTE_ADDR": "192.168.1.20"}
    answer = reader.get("/health", headers={"Host": STRANGER}, environ_overrides=from_a_room)
    assert answer.status_code == 421
    assert reader.get("/health", environ_overrides={"REMOTE_ADDR": INSIDE}).status_code == 200


def test_a_stranger_asks_for_nothing_but_the_head(reader: FlaskClient) -> None:
    answer = reader.head("/", headers={"Host": STRANGER})
    assert (answer.status_code, answer.data) == (421, b"")


NAMES = st.text(st.sampled_from("abzАқ09-._:[]@/ \x00"), max_size=20) | st.text(max_size=300)


@given(NAMES)
def test_a_host_has_one_form(text: str) -> None:
    host = host_in(text)
    if host is not None:
        assert host.isascii()
        assert host == host.lower()
        assert host_in(f"[{host}]" if ":" in host else host) == host


@given(NAMES)
def test_what_an_address_of_the_web_names_is_a_host_or_nothing(text: str) -> None:
    host = host_of(f"http://{text}/d/1")
    assert host is None or host_in(f"[{host}]" if ":" in host else host) == host


@pytest.mark.parametrize("url", ["", "library.example", "http://", "http://[", "mailto:a@b"])
def test_an_address_without_a_host_adds_no_name(url: str) -> None:
    plain = names_of(parse_settings({"site": {"url": "http://localhost/"}}))
    assert names_of(parse_settings({"site": {"url": url}})) == plain


@pytest.mark.parametrize("name", ["catalogue.library.kz", "КІТАПХАНА.қаз", "olketanu", "10.0.0.5"])
def test_a_name_of_the_server_can_be_set(name: str) -> None:
    settings = parse_settings({"portal": {"hosts": [name]}})
    assert host_in(name) in names_of(settings)


@pytest.mark.parametrize(
    "name", ["", "https://library.kz", "library.kz:8080", "library.kz/kk", "*.kz", "a b"]
)
def test_what_is_no_name_cannot_be_set(name: str) -> None:
    with pytest.raises(SettingsError) as told:
        parse_settings({"portal": {"hosts": [name]}})
    assert (told.value.key, told.value.facts["key"]) == ("error.settings-value", "portal.hosts")
