"""No page breaks a rule of WCAG 2.2 A or AA that axe-core can check."""

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.portal.browser import SCHEMES, WIDTHS, Tab, browsing
from tests.portal.every_page import DESK_STARTS, find_pages

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(tab: Tab, what: str) -> list[str]:
    """What axe finds on the page in the tab, at each width and in both schemes."""
    found = []
    for (width, height), scheme in product(WIDTHS.items(), SCHEMES):
        tab.page.set_viewport_size({"width": width, "height": height})
        tab.page.emulate_media(color_scheme=scheme)
        for broken in Axe().run(tab.page, options=RULES).response["violations"]:
            nodes = [node["html"][:150] + " " + node["failureSummary"] for node in broken["nodes"]]
            found.append(f"{what} {width} {scheme}: {broken['id']}: {nodes[:3]}")
    return found


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_reader_is_shut_out(chromium: Browser, site: str, language: str) -> None:
    with browsing(chromium, site) as tab:
        tab.expected |= {404, 410}
        found = []
        for path in find_pages(tab).values():
            tab.page.goto(f"{site}/{language}{path}")
            found += violations(tab, path)
        assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_member_of_staff_is_shut_out(chromium: Browser, site: str, language: str) -> None:
    with browsing(chromium, site) as tab:
        tab.log_in()
        pages = find_pages(tab, DESK_STARTS)
        found = []
        for path in [path for shape, path in pages.items() if shape.startswith("desk")]:
            tab.open(f"/{language}{path}")
            found += violations(tab, path)
        assert not found, "\n".join(found)
