"""A cataloguer at the desk, in a browser: cards cleared by keyboard and by buttons, and undone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from olketanu.home import Home
from store.catalogue import links
from tests.portal.browser import WIDTHS, Tab, browsing, serving
from tests.portal.made_portal import add_pictures
from tests.portal.members import PASSWORD, STAFF, enter_members
from tests.unit.proposed_links import add_proposals
from workflow.library import open_library

CARDS = 12
WITHOUT_KEYS: tuple[tuple[Literal["link", "button"], str], ...] = (
    ("link", "Begin"),
    ("button", "Yes, link them"),
    ("button", "No, it is another"),
    ("button", "Undo"),
    ("button", "Later"),
)


@pytest.fixture(scope="module")
def desk_home(made_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with twelve proposed links, and a cataloguer; each test takes a copy."""
    home = Home(shutil.copytree(made_home, tmp_path_factory.mktemp("desk") / "home"))
    add_proposals(home, CARDS)
    add_pictures(home)
    enter_members(home, "cataloguer")
    return home


@pytest.fixture
def home(desk_home: Home, tmp_path: Path) -> Home:
    return Home(shutil.copytree(desk_home.root, tmp_path / "home"))


@pytest.fixture
def desk(home: Home) -> Iterator[str]:
    with serving(home.root) as url:
        yield url


@pytest.fixture(scope="module")
def still_desk(desk_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for the tests that decide nothing."""
    home = shutil.copytree(desk_home.root, tmp_path_factory.mktemp("still") / "home")
    with serving(home) as url:
        yield url


def counted(home: Home) -> dict[str, int]:
    """How many of the proposals are accepted, rejected, or wait."""
    with open_library(home) as library:
        found = [one.status for one in links.list_links(library.store) if one.score > 1]
    return {status: found.count(status) for status in ("accepted", "rejected", "proposed")}


def log_in(tab: Tab, language: str) -> None:
    tab.open(f"/{language}/desk/?only=link")
    tab.page.locator("input[name=name]").fill(STAFF["cataloguer"].name)
    tab.page.locator("input[name=password]").fill(PASSWORD)
    tab.page.locator("input[name=password]").press("Enter")
    tab.page.wait_for_url("**/desk/?only=link")


def press(page: Page, key: str) -> None:
    """Press a key and wait for the page that comes after it."""
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_ten_cards_are_cleared_by_keyboard_and_two_undone(
    chromium: Browser, desk: str, home: Home, language: str, width: int
) -> None:
    with browsing(chromium, desk, width=width) as tab:
        log_in(tab, language)
        press(tab.page, "Enter")
        for number in range(8):
            press(tab.page, "Enter" if number % 2 else "x")
        press(tab.page, "z")  # the last decision; its card is there again
        press(tab.page, "Enter")
        press(tab.page, "s")
        press(tab.page, "n")
        press(tab.page, "Enter")
        press(tab.page, "z")
        press(tab.page, "Enter")
        press(tab.page, "x")
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    assert counted(home) == {"accepted": 5, "rejected": 5, "proposed": 2}


def test_cards_are_cleared_without_javascript(chromium: Browser, desk: str, home: Home) -> None:
    with browsing(chromium, desk, javascript=False) as tab:
        log_in(tab, "en")
        for role, name in WITHOUT_KEYS:
            with tab.page.expect_navigation():
                tab.page.get_by_role(role, name=name).first.click()
    assert counted(home) == {"accepted": 1, "rejected": 0, "proposed": 11}


def test_keys_are_letters_again_while_somebody_types(chromium: Browser, still_desk: str) -> None:
    with browsing(chromium, still_desk) as tab:
        log_in(tab, "ru")
        tab.open("/ru/desk/where")
        box = tab.page.get_by_role("searchbox")
        box.click()
        tab.page.keyboard.type("next")
        expect(box).to_have_value("next")


def test_keys_count_by_their_place_whatever_language_is_typed(
    chromium: Browser, still_desk: str
) -> None:
    with browsing(chromium, still_desk) as tab:
        log_in(tab, "kk")
        press(tab.page, "Enter")
        card = tab.page.url
        with tab.page.expect_navigation():
            tab.page.evaluate(
                "document.body.dispatchEvent(new KeyboardEvent('keydown', "
                "{key: 'т', code: 'KeyN', bubbles: true}))"
            )
        assert tab.page.url != card


def test_keys_can_be_turned_off(chromium: Browser, still_desk: str) -> None:
    with browsing(chromium, still_desk) as tab:
        log_in(tab, "en")
        press(tab.page, "Enter")
        tab.page.keyboard.press("?")
        tab.page.get_by_role("button", name="Use of keys").click()
        card = tab.page.url
        tab.page.locator("body").press("n")
        tab.page.wait_for_timeout(200)
        assert tab.page.url == card


def test_what_was_typed_is_there_again_after_a_reload(chromium: Browser, still_desk: str) -> None:
    with browsing(chromium, still_desk) as tab:
        log_in(tab, "en")
        press(tab.page, "Enter")
        tab.page.get_by_text("I know the right record").click()
        tab.page.get_by_label("Number or id of the record").fill("x1")
        tab.page.reload()
        tab.page.get_by_text("I know the right record").click()
        expect(tab.page.get_by_label("Number or id of the record")).to_have_value("x1")
