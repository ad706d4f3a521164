"""The frame in a browser: nothing to complain of, and the harness hears what there would be."""

import pytest
from playwright.sync_api import Browser, expect

from tests.portal.browser import WIDTHS, browsing

pytestmark = pytest.mark.tesseract  # the sample's home is made by the whole pipeline


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_front_page_fits_the_screen(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    with browsing(chromium, site, width=width) as tab:
        tab.open(f"/{language}/")
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_stop_of_the_keyboard_skips_to_the_main_part(
    chromium: Browser, site: str
) -> None:
    with browsing(chromium, site) as tab:
        tab.open("/en/")
        tab.page.keyboard.press("Tab")
        tab.page.keyboard.press("Enter")
        expect(tab.page.locator("#main")).to_be_focused()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("document.body.setAttribute('style', 'color: red')", "refused by style-src"),
        (
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "refused by script-src",
        ),
        ("new Image().src = 'http://127.0.0.1:9/x.png'", "refused by img-src"),
        ("location = 'http://127.0.0.1:9/'", "another host"),
        ("fetch('/static/no-such.css')", "404: "),
        ("setTimeout(() => { throw new Error('broken') })", "uncaught: broken"),
    ],
)
def test_a_tab_hears_what_a_browser_complains_of(
    chromium: Browser, site: str, script: str, told: str
) -> None:
    def walk() -> None:
        with browsing(chromium, site) as tab:
            tab.open("/en/")
            tab.page.evaluate(f"() => {{ {script} }}")
            tab.wait_for(lambda: any(told in one for one in tab.complaints))

    with pytest.raises(AssertionError, match=told):
        walk()
