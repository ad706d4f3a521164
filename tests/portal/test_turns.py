"""Passwords are looked at one at a time; who reads is answered meanwhile."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Lock

import pytest
from flask import Flask
from flask.testing import FlaskClient

from olketanu.errors import LockedError
from portal.guard.turns import AGAIN, SEATS, Turns
from tests.portal.members import PASSWORD, STAFF, enter_members, log_in, logged_in, post
from tests.portal.test_server import asked, free_port
from tests.sample import ROOT

NAME = STAFF["cataloguer"].name


@pytest.fixture
def crowded(app: Flask) -> Iterator[FlaskClient]:
    """A browser before a desk where every seat is taken; the cataloguer exists."""
    enter_members(app.extensions["olketanu"].home, "cataloguer")
    app.extensions["olketanu.turns"] = held = Turns(seats=1)
    with held.turn():
        yield app.test_client()


def test_one_is_at_it_and_those_with_a_seat_wait() -> None:
    held, at_once, most, guard = Turns(seats=4, patience=60), 0, 0, Lock()

    def work(_: int) -> None:
        nonlocal at_once, most
        with held.turn():
            with guard:
                at_once += 1
                most = max(most, at_once)
            time.sleep(0.01)
            with guard:
                at_once -= 1

    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(work, range(4)))) == 4
    assert most == 1


def test_who_finds_no_seat_or_waits_too_long_is_sent_away_and_leaves_nothing_behind() -> None:
    held = Turns(seats=2, patience=0.01)
    for _ in range(3):  # each time alike: seats and turns come back
        with ExitStack() as stack:
            stack.enter_context(held.turn())
            with pytest.raises(LockedError, match="passwords-busy"), held.turn():
                raise AssertionError("two at once")
    lone = Turns(seats=1, patience=60)
    with lone.turn(), pytest.raises(LockedError, match="passwords-busy"), lone.turn():
        raise AssertionError("waited")


def test_a_login_in_a_crowd_is_asked_to_come_again_and_keeps_its_name(crowded: FlaskClient) -> None:
    answer = log_in(crowded, NAME)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(AGAIN))
    assert f'value="{NAME}"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_try_that_was_not_looked_at_is_no_failure(app: Flask, crowded: FlaskClient) -> None:
    assert {log_in(crowded, NAME).status_code for _ in range(8)} == {503}
    app.extensions["olketanu.turns"] = Turns()
    assert log_in(crowded, NAME).status_code == 303


def test_a_new_password_waits_for_its_turn_too(app: Flask) -> None:
    client, new = logged_in(app, "head"), "жаңа құпия сөз тізбегі"
    form = {"password": PASSWORD, "new": new, "again": new}
    app.extensions["olketanu.turns"] = held = Turns(seats=1)
    with held.turn():
        assert post(client, "/desk/password", form).status_code == 503
    assert post(client, "/desk/password", form).status_code == 303


LOGINS = """
import sys
from threading import Event
from olketanu.settings import PortalSettings
from portal.guard.turns import Turns
from portal.serving.server import Server

turns, read = Turns(patience=600), Event()

def answer(environ, start):
    if environ["PATH_INFO"] == "/login":
        with turns.turn():
            read.wait(300)
    else:
        read.set()
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"whole"]

Server(answer, PortalSettings(port=int(sys.argv[1]), threads=1)).run()
"""
"""Each login takes until somebody has read a page."""


def test_who_reads_is_answered_while_every_seat_is_taken() -> None:
    port = free_port()
    command = [sys.executable, "-c", LOGINS, str(port)]
    with subprocess.Popen(command, cwd=ROOT) as process, ExitStack() as stack:
        stack.callback(process.terminate)
        logins = [stack.enter_context(closing(asked(port, "/login"))) for _ in range(SEATS)]
        with closing(asked(port, "/")) as reader, reader.getresponse() as answer:
            assert answer.status == 200
        for one in logins:
            with one.getresponse() as answer:
                assert answer.status == 200
