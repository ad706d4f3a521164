"""Typing a query in a browser: letters at hand, words completed, by mouse and by keys."""

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.portal.browser import browsing

pytestmark = pytest.mark.tesseract  # the sample's home is made by the whole pipeline


def test_a_letter_comes_to_where_the_cursor_stands(chromium: Browser, site: str) -> None:
    with browsing(chromium, site) as tab:
        tab.open("/kk/")
        box = tab.page.get_by_role("combobox")
        box.fill("ала")
        tab.page.keyboard.press("Home")
        tab.page.get_by_role("button", name="қ", exact=True).click()
        expect(box).to_have_value("қала")
        expect(box).to_be_focused()


def test_a_beginning_is_completed_by_keys_and_taken_back(chromium: Browser, site: str) -> None:
    with browsing(chromium, site) as tab:
        tab.open("/ru/")
        box = tab.page.get_by_role("combobox")
        box.press_sequentially("улиц")
        option = tab.page.get_by_role("option").first
        expect(option).to_be_visible()
        expect(box).to_have_attribute("aria-expanded", "true")
        box.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        proposed = option.text_content() or ""
        expect(box).to_have_value(proposed)
        box.press("Escape")
        expect(box).to_have_value("улиц")
        box.press_sequentially("ы")
        expect(option).to_be_visible()
        box.press("ArrowDown")
        box.press("Enter")
        tab.page.wait_for_url("**/ru/search?*")
        expect(tab.page.get_by_role("article").first).to_be_visible()


def test_an_answer_that_comes_late_takes_no_choice_away(chromium: Browser, site: str) -> None:
    late: list[Route] = []
    with browsing(chromium, site) as tab:
        tab.open("/ru/")
        box = tab.page.get_by_role("combobox")
        box.press_sequentially("ули")
        option = tab.page.get_by_role("option").first
        expect(option).to_be_visible()
        tab.page.route("**/complete?**", lambda route: late.append(route))
        box.press_sequentially("ц")
        tab.wait_for(lambda: late)
        box.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        with tab.page.expect_response("**/complete?**") as answer:
            late[0].continue_()
        answer.value.finished()
        tab.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
        expect(option).to_have_attribute("aria-selected", "true")
        box.press("Escape")
        expect(box).to_have_value("улиц")


def test_a_completion_is_chosen_with_the_mouse(chromium: Browser, site: str) -> None:
    with browsing(chromium, site, width=390) as tab:
        tab.open("/ru/search")
        tab.page.get_by_role("combobox").press_sequentially("улиц")
        tab.page.get_by_role("option").first.click()
        tab.page.wait_for_url("**/ru/search?*q=*")
        expect(tab.page.get_by_role("article").first).to_be_visible()


def test_without_scripts_no_letters_are_promised_and_search_works(
    chromium: Browser, site: str
) -> None:
    with browsing(chromium, site, javascript=False) as tab:
        tab.open("/ru/")
        expect(tab.page.get_by_role("button", name="қ", exact=True)).to_have_count(0)
        tab.page.get_by_role("searchbox").fill("караганда")
        tab.page.get_by_role("button", name="Найти").click()
        expect(tab.page.get_by_role("article").first).to_be_visible()
