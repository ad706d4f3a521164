"""The text of a page, and what readers suggest about it, at the desk in a browser."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from olketanu.home import Home
from portal.guard.sessions import COOKIE
from store.catalogue import findings
from store.digitised import pages as page_rows
from tests.portal.made_portal import ids_of
from tests.portal.members import logged_in
from workflow.document.current_text import current_page
from workflow.library import open_library
from workflow.reading.page.suggestion import SUGGESTED

HOSTILE = "\"><script>alert(1)</script><b onclick='x'>"


@pytest.fixture
def card(home: Home) -> str:
    """The address of the card of a page: two Kazakh lines."""
    return f"/en/desk/card/page/{ids_of(home)['tarih']}/p0001"


def fields(client: FlaskClient, address: str) -> dict[str, str]:
    """What a browser would send of a card as it is shown."""
    tree = html.fromstring(client.get(address).text)
    (form,) = all_of(tree, "//form[@data-draft]")
    return {name: str(value) for name, value in form.form_values()}


def all_of(page: html.HtmlElement, path: str) -> list[Any]:
    """What an XPath finds."""
    found = page.xpath(path)
    assert isinstance(found, list)
    return found


def text_of(home: Home, document: str, page: str = "p0001") -> list[str]:
    with open_library(home, reading=True) as library:
        row = page_rows.get_page(library.store, document, page)
        return [line.text for line in current_page(library.store, row).lines()]


def test_a_line_is_corrected_and_the_card_stays(
    scanner: FlaskClient, home: Home, card: str
) -> None:
    told = fields(scanner, card)
    assert told["line-0-1"] == "шахтерлер жаңа мектеп салды"
    told |= {"line-0-1": "шахтёрлер жаңа мектеп салды", "act": "correct"}
    answer = scanner.post(card, data=told)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(card)
    assert text_of(home, ids_of(home)["tarih"])[1] == "шахтёрлер жаңа мектеп салды"
    shown = html.fromstring(scanner.get(answer.headers["Location"]).text)
    assert all_of(shown, "//rect[contains(@class, 'amended')]")
    (doubts,) = all_of(shown, "//ul[@id='line-0-1-doubts']")
    assert doubts.text_content().split() == ["шахтёрлер", "←", "шахтерлер"]


def test_the_staff_come_from_the_page_that_readers_see_to_its_card(
    scanner: FlaskClient, reader: FlaskClient, home: Home, card: str
) -> None:
    page = f"/en/d/{ids_of(home)['tarih']}/p/p0001"
    assert card in all_of(html.fromstring(scanner.get(page).text), "//a/@href")
    assert "/desk/card/" not in reader.get(page).text


def test_a_page_that_was_read_leads_to_the_next_card(scanner: FlaskClient, card: str) -> None:
    answer = scanner.post(card, data=fields(scanner, card) | {"act": "accept"})
    assert answer.status_code == 303
    assert not answer.headers["Location"].startswith(f"{card}?")
    assert "Read, is right" in scanner.get(card).text  # it can be opened, and corrected, still


def test_whose_session_is_over_is_asked_to_log_in_and_led_back_to_the_card(
    scanner: FlaskClient, home: Home, card: str
) -> None:
    told = fields(scanner, card) | {"line-0-1": "басқа", "act": "correct"}
    scanner.delete_cookie(COOKIE, path="/")
    answer = scanner.post(card, data=told)
    assert answer.status_code in (401, 403)
    (way_in,) = all_of(html.fromstring(answer.text), "//main//a/@href")
    assert way_in == f"/en/desk/login?next={card}"
    assert text_of(home, ids_of(home)["tarih"])[1] == "шахтерлер жаңа мектеп салды"


def test_what_cannot_be_kept_is_told_and_nothing_typed_is_lost(
    scanner: FlaskClient, home: Home, card: str
) -> None:
    told = fields(scanner, card) | {"line-0-0": "х" * 1001, "line-0-1": "басқа", "act": "accept"}
    answer = scanner.post(card, data=told)
    assert answer.status_code == 400
    shown = html.fromstring(answer.text)
    assert all_of(shown, "//input[@name='line-0-1']/@value") == ["басқа"]
    assert text_of(home, ids_of(home)["tarih"])[1] == "шахтерлер жаңа мектеп салды"


def test_who_was_slower_sees_the_card_as_it_is(app: Flask, scanner: FlaskClient, card: str) -> None:
    told, other = fields(scanner, card), logged_in(app, "head")
    other.post(card, data=fields(other, card) | {"line-0-1": "бір", "act": "correct"})
    assert scanner.post(card, data=told | {"line-0-0": "екі", "act": "accept"}).status_code == 409


@pytest.mark.parametrize("part", ["0", "-3", "99999999999999999999", "x", "١"])
def test_any_part_that_an_address_names_is_shown_or_another(
    scanner: FlaskClient, card: str, part: str
) -> None:
    assert scanner.get(card, query_string={"part": part}).status_code == 200


def test_what_is_typed_stays_text(scanner: FlaskClient, card: str) -> None:
    told = fields(scanner, card) | {"line-0-1": HOSTILE, "act": "correct"}
    scanner.post(card, data=told)
    shown = html.fromstring(scanner.get(card).text)
    assert not all_of(shown, "//*[@onclick] | //script[not(@src)] | //b")
    assert HOSTILE in all_of(shown, "//input/@value")


def test_a_suggestion_is_shown_beside_its_line_and_taken(
    cataloguer: FlaskClient, home: Home
) -> None:
    key = suggest(home, "шахтерлер жаңа мектеп салды", "шахтёрлер жаңа мектеп салды", HOSTILE)
    card = f"/en/desk/card/correction/{key}"
    shown = html.fromstring(cataloguer.get(card).text)
    assert all_of(shown, "//del/text()") == ["шахтерлер"]
    assert all_of(shown, "//ins/text()") == ["шахтёрлер"]
    assert not all_of(shown, "//*[@onclick] | //script[not(@src)] | //b")
    answer = cataloguer.post(card, data=fields(cataloguer, card) | {"act": "accept"})
    assert answer.status_code == 303
    assert text_of(home, ids_of(home)["tarih"])[1] == "шахтёрлер жаңа мектеп салды"
    assert not all_of(html.fromstring(cataloguer.get(card).text), "//button[@value='accept']")


def test_a_suggestion_without_its_line_leads_to_the_page(
    cataloguer: FlaskClient, home: Home
) -> None:
    key = suggest(home, "жоқ", "бар", "", box=[0, 2900, 50, 2950])
    shown = html.fromstring(cataloguer.get(f"/en/desk/card/correction/{key}").text)
    page = f"/en/desk/card/page/{ids_of(home)['tarih']}/p0001"
    assert page in all_of(shown, "//a/@href")
    assert not all_of(shown, "//button[@value='accept']")


def suggest(home: Home, old: str, new: str, note: str, box: list[int] | None = None) -> str:
    facts = {"box": box or [100, 160, 640, 200], "old": old, "new": new, "note": note}
    with open_library(home) as library, library.store.transaction("reader") as tx:
        return findings.add_finding(tx, f"{ids_of(home)['tarih']}/p0001", SUGGESTED, facts).id
