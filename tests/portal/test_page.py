"""The page of a document: its text and hits in their places, and no more than the rights allow."""

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.rights import Rights
from digitize.output.mets import MetsDocument, write_mets
from olketanu.home import Home
from pages.alto import read_alto
from store.digitised import rights
from tests.portal.made_portal import ids_of
from tests.portal.markup import elements, texts, values
from tests.unit.found_library import HISTORY, STREETS
from workflow.library import open_library


@pytest.fixture
def inside(app: Flask, home: Home) -> FlaskClient:
    """A reader within the library's own network."""
    with home.settings.open("a", encoding="utf-8") as file:
        file.write('\n[portal]\non_site = ["127.0.0.0/8"]\n')
    return app.test_client()


def shown(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def test_the_text_stands_line_by_line_in_its_language(reader: FlaskClient, home: Home) -> None:
    page = shown(reader, f"/ru/d/{ids_of(home)['tarih']}/p/p0001")
    assert texts(page, '//*[@class="line"]') == [text for _, text in HISTORY]
    assert values(page, '//*[@class="line"]/../@lang') == ["kk"]
    assert values(page, '//*[@class="line"]/@id')[0] == "l-100-100-1040-140"


def test_hits_are_marked_in_the_text_and_on_the_picture(reader: FlaskClient, home: Home) -> None:
    page = shown(reader, f"/d/{ids_of(home)['tarih']}/p/p0001?q=" + quote("мектепті"))
    assert texts(page, "//mark") == ["мектеп"]
    boxes = elements(page, '//*[@class="box"]')
    assert [(box.get("x"), box.get("y"), box.get("height")) for box in boxes] == [
        ("400", "160", "40")
    ]
    assert values(page, "//svg/@viewbox") == ["0 0 2000 3000"]


def test_a_query_goes_with_the_reader_and_names_the_pages_that_answer(
    reader: FlaskClient, home: Home
) -> None:
    document, asked = ids_of(home)["tarih"], quote("школа")
    page = shown(reader, f"/ru/d/{document}/p/p0001?q={asked}")
    here = f"/ru/d/{document}/p/p0002?q={asked}"
    assert here in values(page, '//a[@rel="next"]/@href')
    assert here in values(page, '//a[contains(@class, "chip")]/@href')
    assert values(page, '//form[contains(@class, "inside")]//input/@value') == ["школа"]
    assert not elements(page, "//mark")
    (told,) = texts(page, '//section[contains(@class, "found")]/p')
    assert "на этой странице: 0 мест" in told
    assert "на 1 странице" in told


def test_pages_lead_to_their_neighbours(reader: FlaskClient, home: Home) -> None:
    document = ids_of(home)["tarih"]
    first, last = (shown(reader, f"/en/d/{document}/p/{key}") for key in ("p0001", "p0002"))
    assert "Page 1 of 2" in texts(first, "//h1")[0]
    assert (elements(first, '//a[@rel="prev"]'), elements(last, '//a[@rel="next"]')) == ([], [])
    assert values(first, '//a[@rel="next"]/@href') == [f"/en/d/{document}/p/p0002"]
    assert values(last, '//a[@rel="prev"]/@href') == [f"/en/d/{document}/p/p0001"]


@pytest.mark.parametrize(
    ("asked", "key"), [("2", "p0002"), ("0", "p0001"), ("99999", "p0002"), ("x", "p0001")]
)
def test_the_number_of_a_scan_leads_to_its_page_with_the_query(
    reader: FlaskClient, home: Home, asked: str, key: str
) -> None:
    document = ids_of(home)["tarih"]
    answer = reader.get(f"/ru/d/{document}/p?n={asked}&q=x")
    assert (answer.status_code, answer.location) == (302, f"/ru/d/{document}/p/{key}?q=x")
    assert reader.get(f"/ru/d/{ids_of(home)['secret']}/p?n={asked}").status_code == 404


def test_a_page_says_of_what_it_is(reader: FlaskClient, home: Home) -> None:
    page = shown(reader, f"/ru/d/{ids_of(home)['tarih']}/p/p0001")
    assert texts(page, "//p[@class='crumb']//*[contains(@class, 'about')]/*") == ["книга", "1998"]


def test_a_page_offers_the_widths_that_there_are(reader: FlaskClient, home: Home) -> None:
    page = shown(reader, f"/d/{ids_of(home)['tarih']}/p/p0001")
    image = elements(page, '//figure[@class="sheet"]/img')[0]
    widths = [one.rpartition(" ")[2] for one in image.get("srcset", "").split(",")]
    assert widths == ["200w", "800w", "1600w"]
    assert (image.get("width"), image.get("height")) == ("800", "1200")
    assert image.get("sizes") == "266px"  # so that a phone of three pixels a point takes 800


def test_text_is_taken_home_as_printed_and_with_its_places(reader: FlaskClient, home: Home) -> None:
    base = f"/d/{ids_of(home)['tarih']}/p/p0002"
    assert reader.get(f"{base}.txt").text == "".join(f"{text}\n" for _, text in STREETS)
    answer = reader.get(f"{base}.alto.xml")
    assert [line.text for line in read_alto(answer.data).lines()] == [text for _, text in STREETS]
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_closed_document_with_a_public_record_tells_nothing_of_its_pages(
    reader: FlaskClient, home: Home
) -> None:
    document = ids_of(home)["tarih"]
    with open_library(home) as library, library.store.transaction("staff") as tx:
        rights.set_rights(tx, document, Rights("closed"))
    for end in ("", ".jpg", ".txt", ".alto.xml", "/line/100-100-900-140.jpg", "/thanks"):
        known, unknown = (reader.get(f"/d/{document}/p/{key}{end}") for key in ("p0001", "p0777"))
        assert (known.status_code, unknown.status_code) == (403, 403), end
        (back,) = values(known.text, "//main//a/@href")
        assert reader.get(back).status_code == 200
        assert HISTORY[1][1] not in known.text


@pytest.mark.parametrize("name", ["secret", "onsite"])
def test_pages_nobody_may_see_are_unknown(reader: FlaskClient, home: Home, name: str) -> None:
    for end in ("", "?q=%D1%80", ".txt", ".alto.xml", "/thanks"):
        answer = reader.get(f"/ru/d/{ids_of(home)[name]}/p/p0001{end}")
        assert answer.status_code == 404
        assert "посёлке" not in answer.text


def test_inside_the_library_a_page_is_read_and_searched_but_not_taken_home(
    inside: FlaskClient, home: Home
) -> None:
    base = f"/en/d/{ids_of(home)['onsite']}/p/p0001"
    page = shown(inside, f"{base}?q=" + quote("посёлок"))
    assert texts(page, "//mark") == ["посёлке"]
    assert not elements(page, "//a[@download] | //a[contains(@href, '.pdf')]")
    assert inside.get(f"{base}.jpg").headers["Cache-Control"] == "private, no-store"
    assert [inside.get(f"{base}{end}").status_code for end in (".txt", ".alto.xml")] == [403, 403]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    key=st.one_of(
        st.sampled_from(["p0001", "..", "../..", "p0001/", "%00", "p0001.jpg.txt"]),
        st.text(st.characters(codec="utf-8"), max_size=20),
    ),
    query=st.text(st.characters(codec="utf-8"), max_size=40),
    line=st.text("0123456789-", max_size=20),
)
def test_whatever_is_asked_of_a_page_is_answered(
    app: Flask, home: Home, key: str, query: str, line: str
) -> None:
    document = ids_of(home)["tarih"]
    for path in (f"/d/{document}/p/{key}", f"/d/{document}/p/p0001", f"/d/{key}/p/p0001"):
        answer = app.test_client().get(quote(path), query_string={"q": query, "line": line})
        assert answer.status_code in (200, 308, 404)


def test_the_printed_number_of_a_page_is_told(reader: FlaskClient, home: Home) -> None:
    document = ids_of(home)["tarih"]
    described = MetsDocument(document, "", "2026-01-01T00:00:00Z", (), (("p0002", "57"),))
    home.mets(document).write_bytes(write_mets(described, []))
    assert "printed 57" in texts(shown(reader, f"/en/d/{document}/p/p0002"), "//h1")[0]
    assert "printed" not in texts(shown(reader, f"/en/d/{document}/p/p0001"), "//h1")[0]
