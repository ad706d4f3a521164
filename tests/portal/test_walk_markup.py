"""What people, scanners and other systems put in comes out as text, at every address.

The tags and attributes that a page may have are those that stand in the templates: whatever else is
met came out of a text.
"""

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from lxml import etree, html
from playwright.sync_api import Browser

from olketanu.home import Home
from olketanu.settings import SiteSettings
from portal.guard.tokens import FIELD
from tests.house import ROOT
from tests.portal.addresses import Address, addresses, samples_of
from tests.portal.browser import browsing, serving
from tests.portal.hostile_home import make_hostile_home
from tests.portal.made_portal import opened
from tests.portal.members import enter_members, token_of
from tests.portal.payloads import INERT, PAYLOADS
from tests.portal.visitors import Answer, visitor
from workflow.desk.kinds import KINDS

ROUND = 5
"""How far the payloads move on from one form to the next."""
URLS = ("href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcset", "ping")
SCHEMES = ("", "http", "https", "mailto")
FOREIGN = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg")
OWN_HOSTS = ("", urlsplit(SiteSettings().url).netloc)
READ_AS_PAGES = ("text/html", "application/xhtml+xml", "image/svg+xml")


@pytest.fixture(scope="module")
def hostile_root(made_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_hostile_home(made_home, tmp_path_factory.mktemp("hostile") / "home").root


@pytest.fixture(scope="module")
def hostile(hostile_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    root = shutil.copytree(hostile_root, tmp_path_factory.mktemp("walked") / "home")
    with opened(Home(root)) as app:
        yield app


@cache
def written() -> tuple[frozenset[str], frozenset[str]]:
    """The tags and the attributes that stand in the templates."""
    text = "".join(p.read_text("utf-8") for p in (ROOT / "portal/templates").rglob("*.html"))
    tags = frozenset(re.findall(r"<([a-z][a-z0-9]*)", text))
    attributes = frozenset(re.findall(r"[\s}]([a-z][a-z-]*)(?==\")", text, re.IGNORECASE))
    bare = frozenset(re.findall(r"[\s}](data-[a-z-]+|required|open|hidden|checked)\b", text))
    more = frozenset(re.findall(r"[\s}](selected|disabled|multiple|readonly|reversed)\b", text))
    return tags | {"html", "head", "body", "tbody"}, attributes | bare | more


def strange(page: str) -> list[str]:
    """What in a page was not written by a template, or would run or load something."""
    tags, attributes = written()
    low = {name.lower() for name in attributes}
    found = []
    for element in html.document_fromstring(page).iter():
        tag, given = str(element.tag), {str(n): str(v) for n, v in element.attrib.items()}
        if tag.lower() not in tags:  # a comment is none either
            found.append(f"<{tag}>")
        found += [f"<{tag} {name}>" for name in given if _is_strange(name, low)]
        found += [f"<{tag} {n}={v}>" for n, v in given.items() if _leads_out(tag, n, v)]
        if tag == "script" and not _is_data(element) and (element.text or "src" not in given):
            found.append("a script within the page")
    return found


def _is_strange(name: str, written_names: set[str]) -> bool:
    return name.startswith("on") or name == "style" or name.lower() not in written_names


def _is_data(element: html.HtmlElement) -> bool:
    """Whether a script element holds data that search engines read; it must be whole."""
    if element.get("type") != "application/ld+json":
        return False
    json.loads(element.text or "")
    return True


def _leads_out(tag: str, name: str, value: str) -> bool:
    """Whether an address is one of a script, or of another host and yet not a link to click on."""
    if name not in URLS:
        return False
    tidy = re.sub(r"[\x00-\x20]", "", value).lower()
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", tidy)
    if (scheme[1] if scheme else "") not in SCHEMES:
        return True
    return (tag, name) != ("a", "href") and urlsplit(tidy).netloc not in OWN_HOSTS


@pytest.mark.parametrize("number", [n for n in range(len(PAYLOADS)) if n not in INERT])
def test_the_check_sees_every_payload_that_is_not_escaped(number: int) -> None:
    payload = PAYLOADS[number]
    pages = (
        f"<html><body><p>{payload}</p></body></html>",
        f'<html><body><p title="{payload}">x</p></body></html>',
        f"<html><body><p title='{payload}'>x</p></body></html>",
        f"<html><body><p title=`{payload}`>x</p></body></html>",
        f'<html><body><a href="{payload}">x</a></body></html>',
    )
    assert any(strange(page) for page in pages)


def test_there_are_enough_payloads() -> None:
    assert len(set(PAYLOADS)) >= 40
    assert all(re.search(r"zq|evil\.example|PHNj", payload) for payload in PAYLOADS)


def faults(answer: Answer) -> list[str]:
    """What is wrong with one answer."""
    if answer.media in READ_AS_PAGES:
        if "static" in answer.address.endpoint or answer.address.path.startswith("/static/"):
            return []
        return strange(answer.text) if answer.body else []
    if answer.media == "application/json":
        json.loads(answer.body)
    if answer.media.endswith("xml"):
        tree = etree.fromstring(answer.body)
        return [f"<{one.tag}>" for one in tree.iter("{*}*") if _is_foreign(one)]
    return []


def _is_foreign(element: etree._Element) -> bool:
    return etree.QName(element).namespace in FOREIGN


@pytest.mark.parametrize("kind", ["outside", "head"])
def test_no_text_becomes_markup_at_any_address(hostile: Flask, kind: str) -> None:
    home = hostile.extensions["olketanu"].home
    met, wrong = set(), []
    for answer in visitor(hostile, kind).walk(addresses(hostile, samples_of(home))):
        assert answer.status < 500, str(answer)
        wrong += [f"{answer} {fault}" for fault in faults(answer)]
        if "zq" in answer.text:
            met.add(answer.address.endpoint)
    assert not wrong
    assert len(met) >= (6 if kind == "outside" else 10), met


def one_each(found: Sequence[Address]) -> list[Address]:
    """The first address of each route, and of each kind of card."""
    kinds = {kind.name for kind in KINDS}
    seen = {(one.endpoint, *kinds & set(one.path.split("/"))): one for one in reversed(found)}
    return list(seen.values())


def spread(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Fields by name with payloads, all of them at some name, another one at each."""
    for at in range(0, len(PAYLOADS), ROUND):
        yield {name: PAYLOADS[(at + n) % len(PAYLOADS)] for n, name in enumerate(names)}


@pytest.mark.parametrize("kind", ["outside", "head"])
def test_no_question_becomes_markup(hostile: Flask, kind: str) -> None:
    home, person = hostile.extensions["olketanu"].home, visitor(hostile, kind)
    names = ("q", "next", "only", "batch", "language", "lang", "year", "after", "line", "view")
    once = one_each(addresses(hostile, samples_of(home)))
    for one in once:
        for question in spread(names):
            answer = person.ask(replace(one, question=question))
            assert answer.status < 500, str(answer)
            assert not faults(answer), str(answer)
            assert "\r" not in answer.headers.get("Location", ""), str(answer)


@pytest.mark.parametrize("kind", ["outside", "head"])
def test_nothing_that_is_typed_becomes_markup(hostile: Flask, kind: str) -> None:
    home, person = hostile.extensions["olketanu"].home, visitor(hostile, kind)
    names = ("name", "next", "note", "new", "text", "reason", "act", "version", "line", "title")
    once = one_each(addresses(hostile, samples_of(home), "POST"))
    token = token_of(person.client)
    for one in (one for one in once if one.endpoint != "login.leave"):
        for typed in spread(names):
            form = {**typed, FIELD: token}
            sent = person.client.post(one.path, data=form, environ_overrides=dict(person.environ))
            answer = Answer(one, sent.status_code, sent.get_data(), sent.headers)
            assert answer.status < 500, f"{answer} {typed}"
            assert not faults(answer), f"{answer} {typed}"


def test_a_browser_runs_none_of_it(chromium: Browser, hostile_root: Path, tmp_path: Path) -> None:
    """A page of each route in Chromium: no script of a text runs, no report, no other host."""
    home = Home(shutil.copytree(hostile_root, tmp_path / "home"))
    enter_members(home, "head")
    with opened(home) as app:
        everywhere = [one for one in addresses(app, samples_of(home)) if not one.question]
        walked = [one for one in visitor(app, "head").walk(everywhere) if one.status == 200]
    pages = one_each([one.address for one in walked if one.media == "text/html"])
    assert len(pages) > 15
    with serving(home.root) as url, browsing(chromium, url) as tab:
        tab.page.context.add_init_script("window.zq = () => console.error('a payload ran')")
        tab.log_in("head")
        for page in pages:
            tab.open(page.path)
            tab.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
