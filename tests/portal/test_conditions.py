"""Conditions of a request tell nobody that there is something which they may not see."""

from collections.abc import Iterator

import pytest
from flask import Flask

from catalog.rights import Rights
from olketanu.home import Home
from tests.portal.addresses import Address, addresses, samples_of
from tests.portal.guarded_home import HIDDEN
from tests.portal.made_portal import ids_of
from tests.portal.shelves import set_rights
from tests.portal.visitors import Visitor, visitor

CONDITIONS = (
    {"If-None-Match": "*"},
    {"If-Match": '"anything"'},
    {"If-Modified-Since": "Fri, 01 Jan 2999 00:00:00 GMT"},
    {"If-Unmodified-Since": "Mon, 01 Jan 1990 00:00:00 GMT"},
    {"Range": "bytes=0-0"},
    {"Range": "bytes=0-0", "If-Range": '"anything"'},
)


@pytest.fixture
def outside(guarded: Flask) -> Visitor:
    return visitor(guarded, "outside")


def status(person: Visitor, path: str, headers: dict[str, str] | None = None) -> int:
    environ = dict(person.environ)
    with person.client.get(path, headers=headers, environ_overrides=environ) as answer:
        return answer.status_code


def of_documents(app: Flask, home: Home, names: tuple[str, ...]) -> Iterator[Address]:
    """Every address that is about one of these documents."""
    wanted = [ids_of(home)[name] for name in names]
    for one in addresses(app, samples_of(home)):
        if one.path.startswith("/d/") and any(document in one.path for document in wanted):
            yield one


def test_what_is_hidden_is_hidden_whatever_is_asked_of_it(guarded: Flask, outside: Visitor) -> None:
    home = guarded.extensions["olketanu"].home
    shapes = {
        (one.endpoint, one.path[-8:]): one.path for one in of_documents(guarded, home, HIDDEN)
    }
    paths = set(shapes.values())
    assert len(paths) > 20
    told = [(p, c) for p in sorted(paths) for c in CONDITIONS if status(outside, p, c) != 404]
    assert not told


def test_who_has_kept_a_file_is_told_nothing_new_of_it_once_it_is_closed(
    guarded: Flask, outside: Visitor
) -> None:
    home = guarded.extensions["olketanu"].home
    kept, book = {}, ids_of(home)["tarih"]
    for one in of_documents(guarded, home, ("tarih",)):
        with outside.client.get(one.path, environ_overrides=dict(outside.environ)) as answer:
            if "ETag" in answer.headers:
                kept[one.path] = answer.headers["ETag"]
    assert {f"/d/{book}.pdf", f"/d/{book}.txt", f"/d/{book}/p/p0001.jpg"} <= kept.keys()
    asked = {path: {"If-None-Match": tag} for path, tag in kept.items()}
    assert {status(outside, path, asked[path]) for path in kept} == {304}
    set_rights(home, book, Rights("closed"))
    now = {path: status(outside, path) for path in kept}
    assert {now[f"/d/{book}.pdf"], now[f"/d/{book}/p/p0001.jpg"]} <= {403, 404}
    for path, plain in now.items():
        assert status(outside, path, asked[path]) == (304 if plain == 200 else plain), path


def test_nothing_of_the_desk_can_be_asked_for_by_its_age(guarded: Flask) -> None:
    head = visitor(guarded, "head")
    for path in ("/desk/", "/desk/where", "/desk/acts", "/desk/people/", "/desk/batches/"):
        assert {status(head, path, one) for one in CONDITIONS} == {200}
