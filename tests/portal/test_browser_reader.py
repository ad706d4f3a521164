"""A reader's walk: a word typed without Kazakh letters, the Kazakh page, the hit on it, the PDF."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, Locator

from tests.portal.browser import WIDTHS, Tab, browsing

pytestmark = pytest.mark.tesseract  # the sample's home is made by the whole pipeline

HIT = '.hit:has(h2 a[lang="kk"]):has(mark) h2 a[href*="/p/"]'
"""A page in Kazakh among the results."""
BOX = "svg .box:not([data-chosen])"


def place(what: Locator) -> dict[str, float]:
    """Where on the screen something is, in CSS pixels."""
    found = what.bounding_box()
    assert found is not None
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


def assert_inside(box: dict[str, float], picture: dict[str, float]) -> None:
    for start, size in (("x", "width"), ("y", "height")):
        assert box[size] > 4, box
        assert box[start] >= picture[start], (box, picture)
        assert box[start] + box[size] <= picture[start] + picture[size] + 1, (box, picture)


def assert_hit_shown(tab: Tab, word: str) -> None:
    """The page in the tab shows a hit on its picture and in its text, and fits the screen."""
    picture = tab.page.locator(".sheet img")
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    assert_inside(place(tab.page.locator(BOX).first), place(picture))
    marked = tab.page.locator(".text-side mark").all_inner_texts()
    assert any(one.casefold().startswith(word) for one in marked), marked
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def assert_pdf(path: Path) -> None:
    with pikepdf.open(BytesIO(path.read_bytes())) as pdf:
        assert len(pdf.pages) >= 1


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("language", "typed"), [("kk", "караганды"), ("ru", "Караганда"), ("en", "Karagandy")]
)
def test_a_reader_finds_the_kazakh_page_and_takes_it_home(
    chromium: Browser, site: str, language: str, typed: str, width: int
) -> None:
    with browsing(chromium, site, width=width) as tab:
        tab.open(f"/{language}/")
        tab.page.locator("main input[type=search]").fill(typed)
        tab.page.keyboard.press("Enter")
        tab.page.locator(HIT).first.click()
        tab.page.wait_for_url(f"**/{language}/d/**")
        assert_hit_shown(tab, "қарағанды")
        tab.page.locator(".crumb a").click()
        tab.page.wait_for_url(lambda url: "/p/" not in url)
        with tab.page.expect_download() as download:
            tab.page.locator('a[href$=".pdf"]').click()
        assert_pdf(download.value.path())


def test_a_reader_without_scripts_walks_the_same_way(chromium: Browser, site: str) -> None:
    with browsing(chromium, site, javascript=False) as tab:
        tab.open("/kk/")
        tab.page.locator("main input[type=search]").fill("караганды")
        tab.page.locator("main form button").first.click()
        tab.page.locator(HIT).first.click()
        tab.page.wait_for_url("**/d/**")
        assert_inside(place(tab.page.locator(BOX).first), place(tab.page.locator(".sheet img")))
        assert tab.page.locator(".text-side mark").count()
        assert tab.page.locator('.picture p a[href*=".jpg?w="]').count()  # a larger picture


def test_a_reader_without_a_mouse_walks_the_same_way(chromium: Browser, site: str) -> None:
    with browsing(chromium, site) as tab:
        tab.open("/ru/")
        tab.tabs_until("input[type=search]")
        tab.page.keyboard.type("Караганда")
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_url("**/search?**")
        tab.tabs_until(HIT)
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_url("**/d/**")
        assert_hit_shown(tab, "қарағанды")
        tab.tabs_until(".crumb a")
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_url(lambda url: "/p/" not in url)
        tab.tabs_until('a[href$=".pdf"]')
        with tab.page.expect_download() as download:
            tab.page.keyboard.press("Enter")
        assert_pdf(download.value.path())
