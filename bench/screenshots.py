"""Pictures of every page of the portal: ``python -m bench.screenshots OUT [--home HOME]``.

Serves a copy of a library home (default: ``demo-library``) and photographs each kind of page once
in three languages, on a phone and on an office screen, in light and dark. ``OUT/index.html`` shows
them side by side. What a browser complains of is printed at the end, exit code 1.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser

from olketanu.home import Home
from tests.portal.browser import (
    SCHEMES,
    WIDTHS,
    Scheme,
    Tab,
    browsing,
    chromium_running,
    serving,
)
from tests.portal.every_page import DESK_STARTS, STARTS, find_pages
from tests.portal.members import enter_members

LANGUAGES = ("kk", "ru", "en")
TALLEST = 4000
"""Pixels of a picture; the rest of a longer page looks like what is above."""


def main() -> int:
    """Photograph, print how many, and return 1 where a browser complained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--home", type=Path, default=Path("demo-library"))
    parser.add_argument("--only", default="", help="shapes of pages that begin so")
    told = parser.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium_running() as browser:
        home = shutil.copytree(told.home, Path(folder) / "home")
        enter_members(Home(home), "head")
        with serving(home) as url:
            complaints = photograph_all(browser, url, told.out, told.only)
    print(f"{len(list(told.out.glob('*.png')))} pictures: {told.out / 'index.html'}")
    print(*complaints, sep="\n", file=sys.stderr)
    return bool(complaints)


def photograph_all(browser: Browser, url: str, out: Path, only: str) -> list[str]:
    """Photograph every page in every way; return what the browser complained of."""
    complaints: list[str] = []
    shapes: list[str] = []
    for starts, is_staff in ((STARTS, False), (DESK_STARTS, True)):
        with _tab(browser, url, is_staff) as tab:
            found = find_pages(tab, starts)
        places = {s: path for s, path in found.items() if s.startswith(only) and s not in shapes}
        shapes += places
        for width, scheme in product(WIDTHS, SCHEMES):
            try:
                with _tab(browser, url, is_staff, width=width, scheme=scheme) as tab:
                    for language, (shape, path) in product(LANGUAGES, places.items()):
                        name = _name(shape, language, width, scheme)
                        photograph(tab, f"/{language}{path}", out / name)
            except AssertionError as error:
                complaints.append(str(error))
    _write_index(out, shapes)
    return complaints


@contextmanager
def _tab(
    browser: Browser, url: str, is_staff: bool, width: int = 1280, scheme: Scheme = "light"
) -> Iterator[Tab]:
    with browsing(browser, url, width=width, scheme=scheme) as tab:
        tab.expected |= {404, 410}
        if is_staff:
            tab.log_in()
        yield tab


def photograph(tab: Tab, path: str, file: Path) -> None:
    """Save the whole page, down to a bound."""
    tab.page.goto(tab.url + path)
    tab.page.wait_for_load_state("networkidle")
    size = tab.page.viewport_size or {"width": 0, "height": 0}
    height = int(tab.page.evaluate("document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": 0, "width": size["width"], "height": min(height, TALLEST)}
    tab.page.screenshot(path=file, full_page=True, clip=clip)  # type: ignore[arg-type]  # a TypedDict


def _name(shape: str, language: str, width: int, scheme: str) -> str:
    place = shape.replace("/", "_") or "front"
    return f"{place}.{language}.{width}.{scheme}.png"


def _write_index(out: Path, shapes: list[str]) -> None:
    rows = []
    for shape in shapes:
        names = [_name(shape, *way) for way in product(LANGUAGES, WIDTHS, SCHEMES)]
        pictures = "".join(f'<a href="{n}"><img src="{n}" height="480"></a>' for n in names)
        rows.append(f"<h2>/{escape(shape)}</h2><p>{pictures}</p>")
    text = "\n".join(["<!doctype html><meta charset=utf-8><title>Olketanu</title>", *rows])
    (out / "index.html").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
