"""Batches at the desk: what lies in the inbox is listed, started once, watched, and stopped."""

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from olketanu.home import Home
from portal.serving.runs import Runs
from store.digitised import batches, documents
from tests.e2e import fake_engine
from tests.portal.made_portal import opened
from tests.portal.members import logged_in, post
from workflow.inbox import list_inbox
from workflow.library import create_library, open_library

WAIT = 180.0
"""Seconds; a limit for a broken build, never waited for by a sound one."""
SLOW = 333


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The portal of an empty library, in which a run has nothing else to do."""
    with opened(create_library(tmp_path / "empty", "kk")) as made:
        yield made


@pytest.fixture
def inbox(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An inbox with a folder of two pages, one of which hangs, and a recogniser that we made."""
    folder = tmp_path / "inbox"
    engine = fake_engine.install(tmp_path / "engine", {SLOW: "sleep"})
    monkeypatch.setenv("PATH", engine.path)
    with home.settings.open("a", encoding="utf-8") as settings:
        settings.write(f'\n[portal]\ninbox = "{folder}"\n\n[run]\nworkers = 1\n')
    fake_engine.set_options(home.root, engine="tesseract")
    fake_engine.page(folder / "2026-03 gazeta" / "001.tif", 600)
    old = time.time() - 3600
    for path in folder.rglob("*"):
        os.utime(path, (old, old))
    return folder


@pytest.fixture
def scanner(inbox: Path, app: Flask) -> FlaskClient:
    return logged_in(app, "scanner")


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)


def runs_of(app: Flask) -> Runs:
    found: Runs = app.extensions["olketanu.runs"]
    return found


def is_working(app: Flask) -> bool:
    run = runs_of(app).current()
    assert run is not None
    return run.is_working


def folder_id(home: Home) -> str:
    with open_library(home) as library:
        (folder,) = list_inbox(library)
        return folder.id


def test_a_folder_is_started_and_becomes_documents(
    app: Flask, home: Home, scanner: FlaskClient, inbox: Path
) -> None:
    page = scanner.get("/en/desk/batches/").text
    assert "2026-03 gazeta" in page
    assert "Start" in page
    with open_library(home) as library:
        assert list_inbox(library)[0].state == "new"
    assert post(scanner, f"/ru/desk/batches/start/{folder_id(home)}", {}).status_code == 303
    until(lambda: not is_working(app))
    ended = runs_of(app).current()
    assert ended is not None
    assert ended.is_well, runs_of(app).log_end()
    assert re.search("[а-я]", " ".join(runs_of(app).log_end()))  # as who started it speaks
    with open_library(home) as library:
        assert list_inbox(library)[0].state == "done"
        (made,) = documents.list_documents(library.store, batch="2026-03 gazeta")
    assert made.id in scanner.get("/en/desk/batches/of/2026-03%20gazeta").text
    (inbox / "2026-03 gazeta").rename(inbox.parent / "put away")
    told = scanner.get("/en/desk/batches/progress.json").get_json()
    assert (told["working"], told["pages"], told["all"]) == (False, 1, 1)


def test_two_starts_make_one_run_and_a_stopped_one_goes_on(
    app: Flask, home: Home, inbox: Path, scanner: FlaskClient
) -> None:
    fake_engine.page(inbox / "2026-03 gazeta" / "002.tif", SLOW)
    start = f"/en/desk/batches/start/{folder_id(home)}"
    assert post(scanner, start, {}).status_code == 303
    assert post(scanner, start, {}).status_code == 409
    assert "Working on" in scanner.get("/en/desk/batches/").text
    until(lambda: scanner.get("/en/desk/batches/progress.json").get_json()["pages"] == 1)
    assert post(scanner, "/en/desk/batches/stop", {}).status_code == 303
    stopping = scanner.get("/en/desk/batches/").text
    assert "Stopping" in stopping or "Stopped" in stopping
    until(lambda: not is_working(app))
    page = scanner.get("/en/desk/batches/").text
    assert "Stopped. What was done is kept" in page
    assert "Go on" in page


def test_a_folder_that_still_arrives_says_so(home: Home, inbox: Path) -> None:
    fake_engine.page(inbox / "2026-03 gazeta" / "002.tif", 601)
    with open_library(home) as library:
        (folder,) = list_inbox(library)
    assert (folder.state, folder.files, folder.may_start) == ("arriving", 2, True)


def test_runs_of_two_servers_do_not_write_over_each_other(
    home: Home, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = tmp_path / "go on"
    text = (
        "import pathlib, time\n"
        "print('begun', flush=True)\n"
        f"while not pathlib.Path({str(go_on)!r}).exists():\n"
        "    time.sleep(0.02)\n"
        "print('ended')\n"
    )
    command = (sys.executable, "-c", text)
    monkeypatch.setattr("portal.serving.runs.command_of", lambda *_: command)
    one, other = Runs(home), Runs(home)
    with open_library(home) as library:
        (folder,) = list_inbox(library)
    for server in (one, other):
        server.start(folder, "en")
        until(lambda: one.log_end() == ("begun",))
    go_on.touch()
    until(lambda: one.log_end() == ("begun", "ended", "ended"))
    for server in (one, other):
        server.close()


@pytest.mark.parametrize("name", ["0v55z528", "..%2f..", "2026-03%20gazeta"])
def test_only_a_folder_of_the_listing_is_started(
    app: Flask, scanner: FlaskClient, name: str
) -> None:
    assert post(scanner, f"/en/desk/batches/start/{name}", {}).status_code == 404
    assert runs_of(app).current() is None


def test_readers_see_no_batch(inbox: Path, reader: FlaskClient) -> None:
    assert reader.get("/en/desk/batches/").status_code == 303
    assert reader.post("/en/desk/batches/stop").status_code in (401, 403)


def test_a_folder_that_lacks_rows_of_its_sheet_is_not_started_by_mistake(
    app: Flask, home: Home, inbox: Path, scanner: FlaskClient
) -> None:
    folder = inbox / "2026-03 gazeta"
    sheet = "folder;kind;rights\n001.tif;newspaper_article;open\nzhoq;newspaper_article;open\n"
    (folder / "manifest.csv").write_text(sheet, encoding="utf-8")
    known = folder_id(home)
    assert f"/en/desk/batches/inbox/{known}" in scanner.get("/en/desk/batches/").text
    started = post(scanner, f"/en/desk/batches/start/{known}", {})
    assert started.location.endswith(f"/en/desk/batches/inbox/{known}")
    page = scanner.get(started.location).text
    assert "zhoq" in page
    assert "Start anyway" in page
    assert runs_of(app).current() is None
    assert post(scanner, f"/en/desk/batches/start/{known}", {"anyway": "yes"}).status_code == 303
    until(lambda: not is_working(app))


def test_a_sheet_that_cannot_be_read_is_told_before_the_start(
    app: Flask, home: Home, inbox: Path, scanner: FlaskClient
) -> None:
    (inbox / "2026-03 gazeta" / "manifest.xlsx").write_bytes(b"no workbook")
    known = folder_id(home)
    started = post(scanner, f"/en/desk/batches/start/{known}", {})
    page = scanner.get(started.location).text
    assert "manifest.xlsx" in page
    assert "Start" not in page
    assert runs_of(app).current() is None


def test_what_may_not_be_read_is_told_and_stops_no_listing(
    home: Home, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut = inbox / "a shut folder"
    shut.mkdir()
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != shut and allowed(path, mode))
    with open_library(home) as library:
        assert [one.state for one in list_inbox(library)] == ["new", "unreadable"]


def test_links_in_the_inbox_are_not_followed(home: Home, inbox: Path, tmp_path: Path) -> None:
    fake_engine.page(tmp_path / "elsewhere" / "001.tif", 600)
    (inbox / "link").symlink_to(tmp_path / "elsewhere")
    with open_library(home) as library:
        assert [folder.name for folder in list_inbox(library)] == ["2026-03 gazeta"]


def test_refused_files_are_told_with_what_to_do_and_can_be_tried_again(
    home: Home, scanner: FlaskClient
) -> None:
    with open_library(home) as library, library.store.transaction() as tx:
        batches.add_batch(tx, "b", "/scans/b")
        batches.set_source(
            tx, batches.source("b", "torn.tif", state="quarantined", code="TRUNCATED")
        )
    page = scanner.get("/en/desk/batches/of/b").text
    assert "torn.tif" in page
    answer = post(scanner, "/en/desk/batches/of/b", {})
    assert answer.status_code == 303
    assert "tried again when the folder is started" in scanner.get(answer.location).text
    with open_library(home) as library:
        assert not batches.list_sources(library.store, "b", state="quarantined")
