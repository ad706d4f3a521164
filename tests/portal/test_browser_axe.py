"""No page breaks a rule of WCAG 2.2 A or AA that axe-core can check."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from olketanu.home import Home
from tests.portal.browser import WIDTHS, Scheme, Tab, browsing, serving
from tests.portal.every_page import DESK_STARTS, find_pages
from tests.portal.made_portal import ids_of

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

AXE = Axe().axe_script
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_LOOKS = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
"""What another colour or width can break that the first look has not seen."""
LOOKS: tuple[tuple[int, Scheme, dict[str, Any]], ...] = (
    (1280, "light", RULES),
    (1280, "dark", OF_LOOKS),
    (390, "dark", RULES),
    (390, "light", OF_LOOKS),
)


@pytest.fixture(scope="module")
def reader_pages(chromium: Browser, site: str) -> dict[str, str]:
    with browsing(chromium, site) as tab:
        tab.expected.add(404)
        pages = find_pages(tab)
    return pages | {"thanks": pages["d/-/p/-"].partition("?")[0] + "/thanks"}


@pytest.fixture(scope="module")
def desk_pages(chromium: Browser, site: str) -> dict[str, str]:
    with browsing(chromium, site) as tab:
        tab.log_in()
        return {
            shape: path for shape, path in find_pages(tab, DESK_STARTS).items() if "desk" in shape
        }


def violations(tab: Tab, what: str) -> list[str]:
    """What axe finds on the page in the tab, at each width and in both schemes."""
    found = []
    tab.page.evaluate(AXE)  # by the debugger, which the Content Security Policy does not bind
    for width, scheme, rules in LOOKS:
        tab.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        tab.page.emulate_media(color_scheme=scheme)
        options = {**rules, "resultTypes": ["violations"]}
        answer = tab.page.evaluate("(options) => axe.run(document, options)", options)
        for broken in answer["violations"]:
            nodes = [node["html"][:150] + " " + node["failureSummary"] for node in broken["nodes"]]
            found.append(f"{what} {width} {scheme}: {broken['id']}: {nodes[:3]}")
    return found


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_reader_is_shut_out(
    chromium: Browser, site: str, reader_pages: dict[str, str], language: str
) -> None:
    assert {"", "search", "d/-", "d/-/p/-", "r/-", "help"} <= reader_pages.keys()
    with browsing(chromium, site) as tab:
        tab.expected |= {404, 410}
        found = []
        for path in reader_pages.values():
            tab.page.goto(f"{site}/{language}{path}")
            found += violations(tab, path)
        assert not found, "\n".join(found)


def test_what_is_read_in_the_library_alone_shuts_nobody_out(
    chromium: Browser, own_home: Path
) -> None:
    settings = own_home / "olketanu.toml"
    told = settings.read_text(encoding="utf-8")
    settings.write_text(f'{told}\n[portal]\non_site = ["127.0.0.0/8"]\n', encoding="utf-8")
    document = ids_of(Home(own_home))["02_stepnoi-gornyak_kopiya"]
    with serving(own_home) as url, browsing(chromium, url) as tab:
        found = []
        for path in (f"/d/{document}", f"/d/{document}/p/p0001"):
            tab.open(path)
            found += violations(tab, path)
        assert not tab.page.locator("a[download]").count()
        assert not found, "\n".join(found)


def test_what_opens_on_a_page_shuts_nobody_out(
    chromium: Browser, site: str, reader_pages: dict[str, str]
) -> None:
    with browsing(chromium, site) as tab:
        tab.open("/ru/")
        tab.page.locator("#q").press_sequentially("қара")
        tab.page.locator("[role=option]").first.wait_for()
        found = violations(tab, "what the search box proposes")
        tab.open("/ru" + reader_pages["d/-/p/-"])
        tab.page.locator(".line").first.click()
        tab.page.locator("#correction summary").click()
        found += violations(tab, "a line chosen, the form for corrections open")
        assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_member_of_staff_is_shut_out(
    chromium: Browser, site: str, desk_pages: dict[str, str], language: str
) -> None:
    assert {"desk", "desk/card/link/-", "desk/acts"} <= desk_pages.keys()
    with browsing(chromium, site) as tab:
        tab.log_in()
        found = []
        for path in desk_pages.values():
            tab.open(f"/{language}{path}")
            found += violations(tab, path)
        assert not found, "\n".join(found)
