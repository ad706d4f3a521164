"""A page in a browser: the picture grows, lines light up, and a correction goes without a mouse."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from olketanu.home import open_home
from store.catalogue.findings import list_findings
from store.digitised import documents
from tests.portal.browser import Tab, browsing, serving
from workflow.library import open_library
from workflow.reading.page.suggestion import SUGGESTED

pytestmark = pytest.mark.tesseract  # the sample's home is made by the whole pipeline

QUERY = "?q=улица"
IMAGE = "document.querySelector('.sheet img')"


@pytest.fixture(scope="session")
def book(library_home: Path) -> str:
    """The address of a page in Russian whose book has pages on both sides of it."""
    with open_library(open_home(library_home)) as library:
        named = documents.list_documents(library.store)
        found = next(one for one in named if one.name == "11_ulitsy-nad-shakhtami.pdf")
    return f"/ru/d/{found.id}/p/p0003"


def scale(tab: Tab) -> Locator:
    return tab.page.locator("[data-scale]")


def test_the_picture_grows_under_keys_and_takes_the_finer_image(
    chromium: Browser, site: str, book: str
) -> None:
    with browsing(chromium, site) as tab:
        tab.open(book + QUERY)
        image = tab.page.locator(".sheet img")
        assert "w=800" in image.evaluate("image => image.currentSrc")
        tab.page.keyboard.press("+")
        tab.page.keyboard.press("+")
        tab.wait_until("document.querySelector('.sheet img').currentSrc.includes('w=1600')")
        expect(scale(tab)).to_have_text("225 %")
        tab.page.keyboard.press("0")
        expect(scale(tab)).to_have_text("100 %")


def test_a_hit_lies_on_the_picture_and_in_the_text(chromium: Browser, site: str, book: str) -> None:
    with browsing(chromium, site, width=390) as tab:
        tab.open(book + QUERY)
        sheet = tab.page.locator(".sheet").bounding_box()
        box = tab.page.locator(".sheet .box:not(.on)").first.bounding_box()
        assert sheet is not None
        assert box is not None
        assert min(box["width"], box["height"]) > 3
        assert sheet["x"] <= box["x"] < box["x"] + box["width"] <= sheet["x"] + sheet["width"]
        assert sheet["y"] <= box["y"] < box["y"] + box["height"] <= sheet["y"] + sheet["height"]
        assert tab.page.locator("mark").first.inner_text().startswith("ули")
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_arrows_turn_pages_but_not_while_somebody_types(
    chromium: Browser, site: str, book: str
) -> None:
    with browsing(chromium, site) as tab:
        tab.open(book + QUERY)
        tab.page.locator(".inside input").press("ArrowRight")
        assert tab.page.url.endswith("p0003?q=%D1%83%D0%BB%D0%B8%D1%86%D0%B0")
        tab.page.locator("h1").click()
        tab.page.keyboard.press("ArrowRight")
        tab.page.wait_for_url("**/p0004?q=*")
        tab.page.keyboard.press("ArrowLeft")
        tab.page.wait_for_url("**/p0003?q=*")


def test_a_line_lights_up_and_its_address_leads_back_to_it(
    chromium: Browser, site: str, book: str
) -> None:
    with browsing(chromium, site) as tab:
        tab.open(book)
        line = tab.page.locator(".line").nth(5)
        line.click()
        name = line.get_attribute("id") or ""
        lit = tab.page.locator("[data-chosen]")
        expect(lit).to_have_attribute("y", name.split("-")[2])
        tab.page.wait_for_url(f"**#{name}")
        address = tab.page.url.removeprefix(site)
        tab.page.goto("about:blank")
        tab.open(address)
        expect(tab.page.locator(".line.on")).to_have_id(name)
        expect(lit).not_to_have_attribute("width", "0")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_correction_is_sent_with_and_without_a_script(
    chromium: Browser, sample_home: Path, book: str, tmp_path: Path, *, javascript: bool
) -> None:
    home, typed = shutil.copytree(sample_home, tmp_path / "home"), "Исправлено"
    with serving(home) as site, browsing(chromium, site, javascript=javascript) as tab:
        tab.open(book)
        tab.page.locator("#correction summary").press("Enter")
        tab.page.get_by_label("Строка", exact=True).select_option(index=4)
        if not javascript:
            with tab.page.expect_navigation():
                tab.page.get_by_role("button", name="Показать эту строку").press("Enter")
        old = tab.page.locator("[data-old]").inner_text()
        expect(tab.page.get_by_label("Как правильно")).to_have_value(old)
        tab.page.get_by_label("Как правильно").fill(typed)
        tab.page.get_by_role("button", name="Отправить").press("Enter")
        tab.page.wait_for_url("**/thanks*")
    with open_library(open_home(home)) as library:
        (sent,) = list_findings(library.store, code=SUGGESTED)
    assert (sent.facts["old"], sent.facts["new"]) == (old, typed)


def test_a_phone_shows_cut_words_whole_and_an_office_screen_as_printed(
    chromium: Browser, site: str, book: str
) -> None:
    seen = {}
    for width in (390, 1280):
        with browsing(chromium, site, width=width) as tab:
            tab.open(book)
            seen[width] = tab.page.locator(".region").first.inner_text().split()
    assert "кото-" in seen[1280]
    assert "который" in seen[390]


def test_a_description_is_copied_with_its_address(chromium: Browser, site: str, book: str) -> None:
    with browsing(chromium, site) as tab:
        tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        document = book.rpartition("/p/")[0]
        tab.open(document)
        tab.page.locator("[data-copies]").click()
        tab.wait_until("document.querySelector('[data-copies] + *').textContent !== ''")
        copied = str(tab.page.evaluate("navigator.clipboard.readText()"))
        assert copied.startswith("Вересовский, А. И.")
        assert copied.endswith(document.removeprefix("/ru"))


def test_letters_twice_as_large_fit_a_phone(chromium: Browser, site: str, book: str) -> None:
    document = book.rpartition("/p/")[0]
    with browsing(chromium, site, width=390) as tab:
        for path in ("/ru/", "/ru/search?q=шахты", document, book + QUERY):
            tab.open(path)
            tab.page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390, path
