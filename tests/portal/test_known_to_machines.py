"""How machines find the pages: a map of the site, an address for each language, what links show."""

from collections.abc import Iterable
from itertools import product
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree, html

from catalog.rights import Rights
from olketanu.home import Home
from store.catalogue import records
from store.digitised import documents
from tests.portal.made_portal import ids_of
from tests.portal.markup import texts, values
from tests.portal.shelves import a_record, enter, set_rights
from workflow.library import open_library
from workflow.reading import sitemap

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def listed(client: FlaskClient, path: str = "/sitemap.xml") -> list[str]:
    """The paths that a file of the map lists."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml"), path
    return [urlsplit(str(one.text)).path for one in etree.fromstring(answer.data).iter(LOC)]


def mapped(client: FlaskClient) -> list[str]:
    return [one for file in listed(client) for one in listed(client, file)]


def head(client: FlaskClient, path: str) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.fromstring(answer.text).find("head")


def of_site(addresses: Iterable[object]) -> list[str]:
    return [urlsplit(str(one)).path for one in addresses]


def test_the_map_lists_what_anybody_may_open_and_nothing_else(guarded: Flask) -> None:
    home: Home = guarded.extensions["olketanu"].home
    reader = guarded.test_client()
    found = mapped(reader)
    assert [reader.get(one).status_code for one in found] == [200] * len(found)
    with open_library(home) as library:
        held = [f"/d/{one.id}" for one in documents.list_documents(library.store)]
        held += [f"/r/{one.id}" for one in records.iterate_records(library.store)]
        drafts = {
            f"/r/{one.id}"
            for one in records.iterate_records(library.store)
            if one.status != "active"
        }
    assert not drafts & {*found}
    readable = {
        one for one in held if one.startswith("/d/") and reader.get(f"{one}.txt").status_code == 200
    }
    assert {one for one in found if one.startswith("/d/")} <= readable
    assert {one for one in held if one.startswith("/r/")} - drafts <= {*found}


def test_the_map_is_cut_into_files_that_hold_each_address_once(
    reader: FlaskClient, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = mapped(reader)
    assert len(whole) == len({*whole}) > 2
    monkeypatch.setattr(sitemap, "PORTION", 1)
    assert mapped(reader) == whole
    assert len(listed(reader)) == len(whole)
    for kind, number in product(sitemap.LISTED, (0, len(whole) + 1, 10**30)):
        assert reader.get(f"/sitemap/{kind}-{number}.xml").status_code == 404


def test_a_document_that_is_closed_leaves_the_map_at_once(reader: FlaskClient, home: Home) -> None:
    document = ids_of(home)["tarih"]
    assert f"/d/{document}" in mapped(reader)
    set_rights(home, document, Rights("closed"))
    assert f"/d/{document}" not in mapped(reader)


def test_robots_are_told_where_the_map_is(reader: FlaskClient) -> None:
    line = reader.get("/robots.txt").text.splitlines()[-1]
    assert urlsplit(line.removeprefix("Sitemap: ")).path == "/sitemap.xml"


@pytest.mark.parametrize("path", ["/", "/help", "/d/{tarih}", "/d/{tarih}/p/p0001"])
def test_each_language_of_a_page_names_itself_and_the_others(
    reader: FlaskClient, home: Home, path: str
) -> None:
    path = path.format(**ids_of(home))
    named = {}
    for language in ("kk", "ru", "en"):
        found = head(reader, f"/{language}{path}?q=x")
        (canonical,) = of_site(found.xpath("link[@rel='canonical']/@href"))
        named[language] = canonical
        others = found.xpath("link[@rel='alternate'][@hreflang!='x-default']")
        pointed = {one.get("hreflang"): of_site([one.get("href")])[0] for one in others}
        assert pointed[language] == canonical
        assert head(reader, canonical).getparent().get("lang") == language
        assert pointed.keys() == {"kk", "ru", "en"}
    assert len({*named.values()}) == 3
    assert path in named.values()  # the library's own language needs no prefix


def test_a_shared_link_shows_what_it_leads_to(reader: FlaskClient, home: Home) -> None:
    found = head(reader, f"/ru/d/{ids_of(home)['tarih']}/p/p0001")
    (picture,) = of_site(found.xpath("meta[@property='og:image']/@content"))
    with reader.get(picture) as answer:
        assert answer.mimetype == "image/jpeg"
    (told,) = found.xpath("meta[@name='description']/@content")
    assert 20 < len(told) <= 200


def test_of_a_closed_document_a_link_shows_the_description_alone(
    reader: FlaskClient, home: Home
) -> None:
    document = ids_of(home)["secret"]
    enter(home, a_record("s1", "Ведомость о закрытом"), "active", document)
    found = head(reader, f"/ru/d/{document}")
    assert found.xpath("meta[@property='og:title']/@content") == ["Ведомость о закрытом"]
    assert not found.xpath("meta[@property='og:image']")


def test_a_shared_link_calls_a_document_as_its_page_does(reader: FlaskClient, home: Home) -> None:
    for document in ("tarih", "issue"):
        page = reader.get(f"/ru/d/{ids_of(home)[document]}").text
        assert values(page, "//meta[@property='og:title']/@content") == texts(page, "//h1")
