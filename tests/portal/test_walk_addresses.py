"""Addresses that people make up lead nowhere, however long they are, and never to a defect."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from olketanu.home import Home
from portal.guard.safety import MAX_ADDRESS
from tests.portal.addresses import addresses, samples_of
from tests.portal.made_portal import opened
from tests.portal.test_walk_writes import everything, home_of
from tests.portal.visitors import Visitor, visitor

STEPS = (
    *("..%2f..%2fcatalog.sqlite3", "..%252f..%252fcatalog.sqlite3"),
    *("%252e%252e%252folketanu.toml", "..%5c..%5colketanu.toml", "..\\..\\form.key"),
    *("%2e%2e%2f%2e%2e%2fform.key", "....//form.key", "%00", "p0001%00.jpg", "olketanu.css%00"),
    *("%2fetc%2fpasswd", "/etc/passwd", "//etc/passwd", "..", "../..", ".%2e/.%2e/form.key"),
    *("~root", "C:%5cwindows", "%ff%fe", "%c0%ae%c0%ae%2fform.key", "%e2%80%ae", "*", " ", "."),
    *("'%20OR%201=1--", "%7b%7b7*7%7d%7d", "%0d%0aSet-Cookie:%20a=b", "-1", "9" * 400),
    *("file:%2f%2f%2fetc%2fpasswd", "http:%2f%2fevil.example", "%F0%9F%92%A9"),
)
"""What stands for an argument of a route, as it is written in an address."""
TREASURES = (b"SQLite format 3", b"[library]", b"root:", b"$scrypt$")
"""What lies in files that no address leads to."""
NAMES = (
    *("q", "only", "batch", "language", "lang", "kind", "year", "after", "before", "done", "from"),
    *("who", "view", "page", "sort", "next", "w", "line", "in"),
)
"""What pages may be asked for."""
NUMBERS = st.integers(-(10**30), 10**30).map(str)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.fixture
def people(guarded: Flask) -> tuple[Visitor, Visitor]:
    return visitor(guarded, "outside"), visitor(guarded, "head")


def with_step(rule: Rule, name: str, step: str, values: dict[str, object]) -> str:
    """The path of a rule in which ``step`` stands for one argument and samples for the others."""
    path = ""
    for is_dynamic, data in rule._trace:
        part = quote(str(values[data])) if is_dynamic and data != name else data
        path += step if is_dynamic and data == name else part
    return path.removeprefix("|")


def test_no_step_leads_out_of_the_portal(guarded: Flask, people: tuple[Visitor, Visitor]) -> None:
    samples = samples_of(home_of(guarded))
    before = everything(home_of(guarded))
    paths = [
        with_step(rule, name, step, next(samples.fill(rule)))
        for rule in guarded.url_map.iter_rules()
        for name in sorted(rule.arguments)
        for step in STEPS
    ]
    for person, path in product(people, paths):
        with person.client.get(path, environ_overrides=dict(person.environ)) as answer:
            assert answer.status_code < 500, path
            assert "Set-Cookie" not in answer.headers, path
            assert not [one for one in TREASURES if one in answer.get_data()], path
    assert len(paths) > 250
    assert everything(home_of(guarded)) == before


@pytest.fixture(scope="module")
def desk(guarded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """The head at a portal that only answers questions."""
    root = shutil.copytree(guarded_home, tmp_path_factory.mktemp("asked") / "home")
    with opened(Home(root)) as app:
        yield visitor(app, "head")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.lists(WORDS, min_size=1, max_size=4))
def test_a_path_of_any_words_is_answered(desk: Visitor, words: list[str]) -> None:
    path = "/" + "/".join(words)
    for place in (path, f"/d{path}", f"/ru{path}", f"/desk{path}"):
        # As a server hands it over (PEP 3333): the test client would take "//a" for a host.
        sent = {"PATH_INFO": place.encode().decode("latin-1")}
        with desk.client.get("/", environ_overrides=sent) as answer:
            assert answer.status_code < 500, place


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), WORDS | NUMBERS, min_size=1, max_size=5))
def test_a_question_of_any_words_is_answered(desk: Visitor, question: dict[str, str]) -> None:
    for path in ("/", "/search", "/complete", "/desk/", "/desk/acts", "/desk/next", "/desk/login"):
        with desk.client.get(path, query_string=question) as answer:
            assert answer.status_code < 500, path


def test_a_long_question_is_cut_or_refused_everywhere(guarded: Flask) -> None:
    reader, samples = visitor(guarded, "outside"), samples_of(home_of(guarded))
    first = {one.endpoint: one for one in reversed(addresses(guarded, samples))}
    for one in first.values():
        for q in ("я" * 1300, "а* " * 2600, "(" * 7900, '"' * 2600):
            answer = reader.ask(replace(one, question={"q": q}))
            assert answer.status < 500, str(one)
        assert reader.ask(replace(one, question={"q": "x" * MAX_ADDRESS})).status == 414


def test_a_long_path_is_refused(guarded: Flask) -> None:
    reader = guarded.test_client()
    for path in ("/" + "a" * MAX_ADDRESS, "/d/" + "я" * 3000, "/ru/" + "a/" * 5000):
        answer = reader.get(path, follow_redirects=False)
        assert answer.status_code in (404, 414), path[:20]


@pytest.mark.parametrize("name", ["Cookie", "Accept", "Range", "If-None-Match", "User-Agent"])
def test_odd_headers_are_answered(guarded: Flask, name: str) -> None:
    reader, samples = visitor(guarded, "outside"), samples_of(home_of(guarded))
    first = {one.endpoint: one for one in reversed(addresses(guarded, samples))}
    for value in ("x" * 60_000, "olketanu=" + "9" * 5000, "bytes=9-1", 'W/"\xff', ";;;=,", ""):
        for one in first.values():
            headers = {name: value}
            with reader.client.get(one.path, headers=headers) as answer:
                assert answer.status_code < 500, f"{one.path} {value[:20]}"
