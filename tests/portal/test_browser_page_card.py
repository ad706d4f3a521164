"""The text of a page is read and typed at a real browser, with and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from olketanu.home import Home
from store import changes
from store.catalogue import findings
from store.digitised import pages as page_rows
from tests.portal.browser import WIDTHS, Tab, browsing, serving
from tests.portal.made_portal import ids_of
from tests.portal.members import enter_members
from tests.portal.test_desk_pages import suggest
from workflow.document.current_text import current_page
from workflow.library import open_library

WHOLE = "0 0 2000 3000"


@pytest.fixture
def desk(home: Home) -> Iterator[str]:
    enter_members(home, "scanner", "cataloguer")
    with serving(home.root) as url:
        yield url


def open_card(tab: Tab, home: Home, language: str = "en") -> Page:
    """Log in, and open the card of a page of two Kazakh lines."""
    tab.log_in("scanner")
    tab.open(f"/{language}/desk/card/page/{ids_of(home)['tarih']}/p0001")
    return tab.page


def second_line(home: Home) -> str:
    with open_library(home, reading=True) as library:
        row = page_rows.get_page(library.store, ids_of(home)["tarih"], "p0001")
        return current_page(library.store, row).lines()[1].text


@pytest.mark.parametrize("width", WIDTHS)
def test_the_picture_follows_the_line_in_hand(
    chromium: Browser, desk: str, home: Home, width: int
) -> None:
    with browsing(chromium, desk, width=width) as tab:
        page = open_card(tab, home)
        picture, lit = page.locator("[data-loupe]"), page.locator("rect.line.on")
        expect(picture).to_have_attribute("viewBox", WHOLE)
        page.locator("#line-0-0").focus()
        expect(lit).to_have_attribute("data-line", "line-0-0")
        expect(picture).not_to_have_attribute("viewBox", WHOLE)
        page.keyboard.press("Enter")
        expect(lit).to_have_attribute("data-line", "line-0-1")
        page.keyboard.press("ArrowUp")
        expect(page.locator("#line-0-0")).to_be_focused()
        page.keyboard.press("Escape")
        expect(picture).to_have_attribute("viewBox", WHOLE)
        expect(page.locator("#line-0-0")).not_to_be_focused()
        page.keyboard.press("?")
        expect(page.locator("#keys dl")).to_be_visible()
        page.locator("rect.line[data-line='line-0-1']").click()
        expect(page.locator("#line-0-1")).to_be_focused()


def test_what_is_typed_is_kept_by_keyboard_and_nothing_else_is_sent(
    chromium: Browser, desk: str, home: Home
) -> None:
    with browsing(chromium, desk) as tab:
        page = open_card(tab, home)
        page.locator("#line-0-1").fill("шахтёрлер жаңа мектеп салды")
        expect(page.locator("li.changed")).to_have_count(1)
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**done=*")
        assert second_line(home) == "шахтёрлер жаңа мектеп салды"
        with page.expect_navigation():  # to an address of the same form
            page.get_by_role("button", name="Undo").first.click()
        assert second_line(home) == "шахтерлер жаңа мектеп салды"
    with open_library(home, reading=True) as library:
        (act,) = changes.events_since(library.store, 0, ("desk.act",))
    told = {"line-0-1", "kind-0", "language-0", "part"}
    assert (act.data["act"], set(act.data["form"])) == ("accept", told)


def test_without_scripts_enter_saves_and_says_nothing_of_the_rest(
    chromium: Browser, desk: str, home: Home
) -> None:
    with browsing(chromium, desk, javascript=False) as tab:
        page = open_card(tab, home, "ru")
        page.locator("#line-0-1").fill("шахтёрлер жаңа мектеп салды")
        page.locator("#line-0-1").press("Enter")
        page.wait_for_url("**done=*")
        assert second_line(home) == "шахтёрлер жаңа мектеп салды"
        expect(page.locator("h1")).to_have_text("Проверка текста страницы")
        expect(page.locator("#line-0-1")).to_have_value("шахтёрлер жаңа мектеп салды")


@pytest.mark.parametrize("javascript", [True, False])
def test_enter_in_the_reason_of_a_refusal_does_not_accept(
    chromium: Browser, desk: str, home: Home, *, javascript: bool
) -> None:
    key = suggest(home, "шахтерлер жаңа мектеп салды", "шахтёрлер жаңа мектеп салды", "")
    with browsing(chromium, desk, javascript=javascript) as tab:
        tab.log_in("cataloguer")
        tab.open(f"/ru/desk/card/correction/{key}")
        tab.page.locator("#reason").fill("так напечатано")
        tab.page.locator("#reason").press("Enter")
        assert tab.page.url.endswith(key)
        if javascript:
            tab.page.keyboard.press("Control+Enter")
        else:
            tab.page.get_by_role("button", name="Отклонить").click()
        tab.page.wait_for_url("**done=*")
    with open_library(home, reading=True) as library:
        assert findings.get_finding(library.store, key).status == "done"
        (act,) = changes.events_since(library.store, 0, ("desk.act",))
    assert (act.data["act"], act.data["facts"]) == ("reject", {"reason": "так напечатано"})
    assert second_line(home) == "шахтерлер жаңа мектеп салды"
