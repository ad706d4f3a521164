"""What people at a browser are told when the machine cannot, and who goes on being answered."""

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from olketanu.errors import CannotWriteError, LockedError
from olketanu.home import Home
from portal import libraries
from portal.libraries import WRITERS, Libraries
from store.database import Transaction
from tests.portal.desk_home import Staff
from tests.portal.members import post
from tests.unit.proposed_links import add_proposals
from workflow import catalogue_search


@contextmanager
def another_writes(home: Home) -> Iterator[None]:
    """Another program holds the catalogue."""
    with closing(sqlite3.connect(home.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_readers_are_told_no_place_on_the_server(
    reader: FlaskClient, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    home.database.rename(home.root / "away")
    with caplog.at_level(logging.ERROR):
        answer = reader.get("/en/")
    assert answer.status_code == 503
    assert "Try again in a minute" in answer.text
    assert str(home.root) not in answer.text
    assert str(home.database) in caplog.text


def test_an_act_waits_for_another_program_only_so_long(
    cataloguer: FlaskClient, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "PATIENCE", 0.1)
    with another_writes(home):
        answer = post(cataloguer, "/desk/logout", {})
        assert (answer.status_code, str(home.root) in answer.text) == (409, False)
    assert post(cataloguer, "/desk/logout", {}).status_code == 303


def test_a_full_disk_is_no_fault_of_who_acts(
    app: Flask, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (link,) = add_proposals(home, 1)
    staff = Staff(app)
    monkeypatch.setattr(Transaction, "note", _no_room)
    answer = staff.act("link", link, "accept")
    assert (answer.status_code, "Try again in a minute" in answer.text) == (503, True)
    assert str(home.root) not in answer.text


def _no_room(*_: object) -> None:
    raise CannotWriteError("error.disk-full", path="/srv/library")


def test_those_who_write_leave_threads_to_those_who_read(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: Libraries = app.extensions["olketanu"]
    monkeypatch.setattr(libraries, "TURN", 0.05)
    with ExitStack() as writing:
        for _ in range(WRITERS):
            writing.enter_context(held.writing())
        with pytest.raises(LockedError), held.writing():
            raise AssertionError("one too many")
    with held.writing() as opened:
        assert not opened.store.check()


def test_one_search_without_an_index_leaves_the_threads_to_those_who_read(
    reader: FlaskClient, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(home.index)
    assert reader.get("/en/search?q=School").status_code == 200
    monkeypatch.setattr(catalogue_search, "PATIENCE", 0.01)
    with catalogue_search.TURN:
        answer = reader.get("/en/search?q=School")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "Search is being made ready" in answer.text
        assert reader.get("/en/").status_code == 200
    assert reader.get("/en/search?q=School").status_code == 200
