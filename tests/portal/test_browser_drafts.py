"""A draft at a real browser: fields light up where they were read, the description follows."""

import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from olketanu.home import Home
from tests.portal.browser import Tab, browsing, serving
from tests.portal.made_portal import ids_of
from tests.portal.members import enter_members
from tests.unit.drafted_library import DRAFT, draft_of, extract
from workflow.library import open_library


@pytest.fixture(scope="module")
def home(made_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a draft, and a cataloguer; the last test accepts the draft."""
    home = Home(shutil.copytree(made_home, tmp_path_factory.mktemp("drafts") / "home"))
    extract(home, "issue", DRAFT)
    enter_members(home, "cataloguer")
    return home


@pytest.fixture(scope="module")
def address(home: Home) -> Iterator[str]:
    """The address under which it is served."""
    with serving(home.root) as url:
        yield url


def open_card(tab: Tab, home: Home) -> None:
    """Log in and open the card of the draft."""
    tab.log_in("cataloguer")
    open_card_again(tab, home)


def open_card_again(tab: Tab, home: Home) -> None:
    with open_library(home) as library:
        tab.open(f"/ru/desk/card/draft/{draft_of(library).id}?only=draft")


def typed_rows(tab: Tab) -> list[tuple[str, str]]:
    """Tag and text of the rows that say something, in their order."""
    rows = tab.page.locator(".marc-row:has(input.tag)").all()
    found = [(one.locator("input.tag"), one.locator("textarea")) for one in rows]
    told = [(tag.input_value(), text.input_value()) for tag, text in found]
    return [one for one in told if any(one)]


def row_text(tab: Tab, tag: str) -> str:
    """The name of the text field of the row with this tag."""
    name = tab.page.locator(f".marc input[name^='tag-'][value='{tag}']").get_attribute("name")
    return f"[name='{str(name).replace('tag', 'text')}']"


def test_a_field_lights_the_place_that_it_was_read_at(
    chromium: Browser, address: str, home: Home
) -> None:
    with browsing(chromium, address) as tab:
        open_card(tab, home)
        spot = tab.page.locator("#spot-1")
        expect(spot).to_have_class("spot")
        tab.page.locator(row_text(tab, "200")).focus()
        expect(spot).to_have_class("spot on")
        tab.page.locator(row_text(tab, "102")).focus()
        expect(spot).to_have_class("spot")
        tab.page.locator("a.spot-link").first.click()
        expect(spot).to_have_class("spot on")
        tab.page.keyboard.press("Escape")
        tab.page.keyboard.press("e")
        expect(tab.page.locator(row_text(tab, "200"))).to_be_focused()
        tab.page.keyboard.press("Escape")
        spot.locator("rect").click()
        expect(tab.page.locator(row_text(tab, "200"))).to_be_focused()


def test_without_scripts_the_number_of_a_place_leads_to_it(
    chromium: Browser, address: str, home: Home
) -> None:
    with browsing(chromium, address, javascript=False) as tab:
        open_card(tab, home)
        tab.page.locator("a.spot-link").first.click()
        box = tab.page.locator("#spot-1 .box")
        plain = tab.page.locator("#spot-2 .box")
        expect(box).to_have_css("stroke-width", "3px")
        expect(plain).to_have_css("stroke-width", "2px")


def test_what_can_be_done_takes_two_lines_of_a_phone(
    chromium: Browser, address: str, home: Home
) -> None:
    """The cards with the most buttons: a draft has six, a page five."""
    with open_library(home) as library:
        cards = (f"draft/{draft_of(library).id}", f"page/{ids_of(home)['tarih']}/p0001")
    with browsing(chromium, address, width=390) as tab:
        tab.log_in("cataloguer")
        for card, language in product(cards, ("kk", "ru", "en")):
            tab.open(f"/{language}/desk/card/{card}")
            buttons = tab.page.locator(".act-bar > *").all()
            boxes = [box for one in buttons if (box := one.bounding_box())]
            assert len(boxes) == len(buttons) == (6 if card.startswith("draft") else 5)
            assert len({round(box["y"]) for box in boxes}) == 2, (card, language)
            assert all(box["height"] >= 44 and box["width"] >= 44 for box in boxes)
            overflow = "one => one.scrollWidth > one.clientWidth + 1"
            assert not [one for one in buttons if one.evaluate(overflow)]


def test_rows_added_and_dropped_are_there_after_a_reload(
    chromium: Browser, address: str, home: Home
) -> None:
    with browsing(chromium, address) as tab:
        open_card(tab, home)
        page = tab.page
        for tag, text in (("300", "$aПервое"), ("320", "$aВторое")):
            page.get_by_role("button", name="Добавить поле").click()
            page.keyboard.type(tag)
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            page.keyboard.type(text)
        named = row_text(tab, "102")[7:-2]  # text-3
        dropped = f"[name='{named.replace('text', 'drop')}']"
        page.locator(dropped).check()
        tab.page.reload()
        expect(page.locator(dropped)).to_be_checked()
        assert typed_rows(tab)[-2:] == [("300", "$aПервое"), ("320", "$aВторое")]
        expect(page.locator("#described")).to_contain_text("Первое")
        page.locator("[data-look]").first.dispatch_event("click")  # the server drops the row
        page.wait_for_url("**/preview*")
        expect(page.locator(dropped)).to_have_count(0)
        open_card_again(tab, home)
        expect(page.locator(dropped)).to_be_checked()
        assert typed_rows(tab)[-2:] == [("300", "$aПервое"), ("320", "$aВторое")]


def test_the_description_follows_and_ctrl_enter_accepts(
    chromium: Browser, address: str, home: Home
) -> None:
    with browsing(chromium, address) as tab:
        open_card(tab, home)
        title = tab.page.locator(row_text(tab, "200"))
        title.fill("$aОгни Караганды")
        expect(tab.page.locator("#described")).to_contain_text("Огни Караганды")
        title.fill("без кода")
        expect(title).to_have_attribute("aria-invalid", "true")
        title.fill("$aОгни Караганды")
        tab.page.get_by_role("button", name="Добавить поле").click()
        tab.page.keyboard.type("300")
        tab.page.keyboard.press("Tab")
        tab.page.keyboard.press("Tab")
        tab.page.keyboard.type("$aПримечание")
        tab.page.keyboard.press("Control+Enter")
        tab.page.wait_for_url("**done=*")
    with open_library(home) as library:
        stored = draft_of(library)
    assert stored.status == "active"
    assert stored.record.first("200", "a") == "Огни Караганды"
    assert stored.record.first("300", "a") == "Примечание"
