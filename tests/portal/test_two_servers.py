"""Two servers over one home are one portal: whichever answers, forms, logins and acts hold."""

import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.cookiejar import CookieJar
from subprocess import Popen
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from olketanu.home import Home
from tests.portal.members import PASSWORD, STAFF, enter_members
from tests.portal.test_server import PATIENCE, free_port, served
from workflow.desk.behind import behind
from workflow.library import open_library

HEAD = {"name": STAFF["head"].name, "password": PASSWORD}


@pytest.fixture
def servers(home: Home) -> Iterator[dict[str, Popen[str]]]:
    """Two servers by their addresses, begun over a home that none has served before."""
    enter_members(home, "head")
    home.form_key.unlink()
    with ExitStack() as both:
        ports = [free_port() for _ in range(2)]
        yield {f"http://127.0.0.1:{port}": both.enter_context(served(home, port)) for port in ports}


def settle(home: Home) -> None:
    """Wait until nothing is behind."""
    end = time.monotonic() + PATIENCE * 2
    with open_library(home, reading=True) as library:
        while left := behind(library):
            assert time.monotonic() < end, left
            time.sleep(0.1)


def test_what_one_server_gave_the_other_takes(home: Home, servers: dict[str, Popen[str]]) -> None:
    one, other = servers
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{one}/en/desk/login", timeout=PATIENCE).read().decode()
    (token,) = set(re.findall(r'name="token" value="(\w+)"', page))
    form = urlencode({**HEAD, "token": token}).encode()
    with browser.open(f"{other}/en/desk/login", form, timeout=PATIENCE) as entered:
        assert entered.url == f"{other}/en/desk/"
    with browser.open(f"{one}/en/desk/", timeout=PATIENCE) as inside:
        assert inside.url == f"{one}/en/desk/"
    settle(home)
    for process in servers.values():
        process.send_signal(signal.SIGTERM)
    for process in servers.values():
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert "Traceback" not in errors, errors
        assert "exit code" not in errors, errors
    assert list(home.runs.iterdir()) == []
