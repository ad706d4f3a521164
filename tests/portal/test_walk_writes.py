"""Looking changes nothing, and nothing is changed but by a form that we gave out."""

import hashlib
import sqlite3
from contextlib import closing

import pytest
from flask import Flask

from olketanu.home import Home
from portal.guard.safety import HEADERS
from portal.guard.tokens import FIELD
from search.index.integrity import CHECKED
from tests.portal.addresses import Address, addresses, samples_of
from tests.portal.members import token_of
from tests.portal.visitors import READERS, STAFF, visitor

TYPED = {
    "act": "later",
    "version": "1",
    "line": "100-100-900-140",
    "new": "жаңа сөз",
    "name": "Айгүл",
    "password": "төрт кездейсоқ сөз",
    "again": "жаңа сөз",
}
"""Fields of forms, so that a forged one would do something if it were taken."""


def home_of(app: Flask) -> Home:
    found: Home = app.extensions["olketanu"].home
    return found


def posts(app: Flask) -> list[Address]:
    return addresses(app, samples_of(home_of(app)), "POST")


def everything(home: Home) -> dict[str, str]:
    """Every row of the catalogue, and the hash of every other file.

    The notes of which bytes of the index were read lately are no statement about the library: a
    copy of a home has none that hold, and the first search makes them.
    """
    names = {home.database.with_name(f"{home.database.name}{end}") for end in ("", "-wal", "-shm")}
    found = {
        path.relative_to(home.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.root.rglob("*"))
        if path.is_file() and path not in {*names, home.index / CHECKED}
    }
    address = f"file:{home.database}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        return found | {"rows": "\n".join(connection.iterdump())}


def test_looking_at_every_page_changes_nothing(guarded: Flask) -> None:
    home = home_of(guarded)
    everywhere = addresses(guarded, samples_of(home))
    people = [visitor(guarded, kind) for kind in (*READERS, *STAFF)]
    before = everything(home)
    statuses = {one.status for person in people for one in person.walk(everywhere)}
    assert {200, 303, 404} <= statuses
    assert everything(home) == before


def test_every_answer_carries_the_headers(guarded: Flask) -> None:
    everywhere = addresses(guarded, samples_of(home_of(guarded)))
    wrong = []
    for kind in ("outside", "head"):
        for answer in visitor(guarded, kind).walk(everywhere):
            wrong += [f"{answer} {n}" for n, v in HEADERS.items() if answer.headers.get(n) != v]
            kind_told = answer.headers.get("Content-Type", "")
            if answer.body and (not kind_told or kind_told == "text/html"):
                wrong.append(f"{answer} type {kind_told!r}")
            if "Cache-Control" not in answer.headers:
                wrong.append(f"{answer} may be kept by anybody")
    assert not wrong


def test_what_staff_see_is_kept_by_no_browser(guarded: Flask) -> None:
    everywhere = addresses(guarded, samples_of(home_of(guarded)))
    at_desk = [one for one in everywhere if one.path.startswith("/desk")]
    assert not [
        str(answer)
        for answer in visitor(guarded, "head").walk(at_desk)
        if "no-store" not in answer.headers["Cache-Control"]
    ]


def test_every_route_that_takes_forms_is_walked(guarded: Flask) -> None:
    taking = {r.endpoint for r in guarded.url_map.iter_rules() if "POST" in (r.methods or ())}
    assert {one.endpoint for one in posts(guarded)} == taking
    others = [
        rule.rule
        for rule in guarded.url_map.iter_rules()
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS", "POST"}
    ]
    assert not others


FORGERIES: dict[str, tuple[bool | str, dict[str, str]]] = {
    "without a token": (False, {}),
    "with an empty token": ("", {}),
    "with a wrong token": ("0" * 64, {}),
    "from another site": (True, {"Origin": "http://evil.example"}),
    "from a page of no site": (True, {"Origin": "null"}),
    "across sites": (True, {"Sec-Fetch-Site": "cross-site"}),
    "from a sister site": (True, {"Sec-Fetch-Site": "same-site"}),
}
"""What is wrong with a form: its token (True: the right one), and headers."""


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_form_is_refused_everywhere_and_changes_nothing(
    guarded: Flask, forgery: str
) -> None:
    given, headers = FORGERIES[forgery]
    head = visitor(guarded, "head")
    token = token_of(head.client) if given is True else given
    typed = TYPED if token is False else {**TYPED, FIELD: str(token)}
    before = everything(home_of(guarded))
    taken = [
        f"{one.path}: {answer.status_code}"
        for one in posts(guarded)
        if (answer := head.client.post(one.path, data=typed, headers=headers)).status_code != 403
    ]
    assert not taken
    assert everything(home_of(guarded)) == before


def test_the_right_form_of_a_reader_changes_nothing_at_the_desk(guarded: Flask) -> None:
    reader = visitor(guarded, "outside")
    typed = {**TYPED, FIELD: token_of(reader.client)}
    before = everything(home_of(guarded))
    at_desk = [one for one in posts(guarded) if one.path.startswith("/desk")]
    inside = [one for one in at_desk if one.endpoint != "login.enter"]
    assert len(inside) > 3
    statuses = {one.path: reader.client.post(one.path, data=typed).status_code for one in inside}
    assert set(statuses.values()) == {401}
    assert everything(home_of(guarded)) == before


def test_a_token_of_another_member_is_refused(guarded: Flask) -> None:
    head, scanner = visitor(guarded, "head"), visitor(guarded, "scanner")
    typed = {**TYPED, FIELD: token_of(scanner.client)}
    answers = {head.client.post(one.path, data=typed).status_code for one in posts(guarded)}
    assert answers == {403}


def test_a_form_that_is_too_large_is_refused(guarded: Flask) -> None:
    head = visitor(guarded, "head")
    typed = {**TYPED, FIELD: token_of(head.client), "note": "я" * 70_000}
    for one in posts(guarded):
        assert head.client.post(one.path, data=typed).status_code == 413, one.path
