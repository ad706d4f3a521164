"""What a page of the portal weighs, and when it can be read over 2 Mbit/s.

    python -m bench.page_weight [--home HOME] [--turns 3]

Serves a copy of a library home (default: ``demo-library``) and opens each page in Chromium with an
empty cache behind a slowed line (2 Mbit/s down, 40 ms there and back). A page can be read when its
largest visible part stands (Largest Contentful Paint). Writes ``bench/results/page_weight.json``;
ends with 1 when a target is missed.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, Request

from tests.portal.browser import Tab, browsing, chromium_running, serving
from tests.portal.every_page import find_pages

RESULTS = Path(__file__).parent / "results"
SHAPES = ("", "search", "d/-", "d/-/p/-", "r/-")
NEWSPAPERS = {"search": "/search?q=Караганда&kind=newspaper_issue"}
"""Whose pages are the largest."""
LINE = {"offline": False, "latency": 40, "downloadThroughput": 250_000, "uploadThroughput": 62_500}
"""Bytes a second: 2 Mbit/s down, 0.5 up."""
READABLE = 3.0  # seconds; portal research, section 12
WORDS, PICTURE = 60_000, 250_000
"""Bytes as they are sent: a page of results without pictures; the first picture of a page."""
_PAINTED = """() => new Promise((done) => new PerformanceObserver((list) =>
  done(Math.max(...list.getEntries().map((one) => one.startTime))))
  .observe({type: "largest-contentful-paint", buffered: true}))"""


@dataclass(frozen=True, slots=True)
class Weight:
    """One page: bytes as sent, its largest picture, seconds until it can be read (median)."""

    page: str
    path: str
    words: int
    pictures: int
    largest_picture: int
    requests: int
    seconds: float


def main() -> int:
    """Measure, print, write; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("demo-library"))
    parser.add_argument("--turns", type=int, default=3)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium_running() as browser:
        home = shutil.copytree(told.home, Path(folder) / "home")
        with serving(home) as url:
            weights = weigh_all(browser, url, told.turns)
    for one in weights:
        print(
            f"/{one.page:15} words {one.words / 1000:5.1f} KB, pictures {one.pictures / 1000:6.1f},"
            f" the largest {one.largest_picture / 1000:6.1f}; readable in {one.seconds:.2f} s"
        )
    figures = {"line": LINE, "turns": told.turns, "pages": [asdict(one) for one in weights]}
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    (RESULTS / "page_weight.json").write_text(text + "\n", encoding="utf-8")
    missed = [one.page for one in weights if _misses(one)]
    print(f"missed: {', '.join(missed)}" if missed else "every target is met")
    return bool(missed)


def weigh_all(browser: Browser, url: str, turns: int) -> list[Weight]:
    """Weigh the page of each shape, in Kazakh."""
    with browsing(browser, url) as tab:
        tab.expected.add(404)
        found = find_pages(tab)
        newspapers = find_pages(tab, NEWSPAPERS)
    places = {shape: found[shape] for shape in SHAPES if shape in found}
    places["newspaper page"] = newspapers["d/-/p/-"]
    return [weigh(browser, url, (shape, f"/kk{path}"), turns) for shape, path in places.items()]


def weigh(browser: Browser, url: str, page: tuple[str, str], turns: int) -> Weight:
    """Open a page ``turns`` times, each in a browser that has seen nothing."""
    seconds: list[float] = []
    sizes: list[tuple[bool, int]] = []
    for _ in range(turns):
        with browsing(browser, url) as tab:
            sizes = _open_slowly(tab, page[1])
            seconds.append(float(tab.page.evaluate(_PAINTED)) / 1000)
    pictures = [size for is_picture, size in sizes if is_picture]
    words = sum(size for is_picture, size in sizes if not is_picture)
    return Weight(
        *page, words, sum(pictures), max(pictures), len(sizes), round(statistics.median(seconds), 2)
    )


def _open_slowly(tab: Tab, path: str) -> list[tuple[bool, int]]:
    """Open ``path`` behind the slow line; what was sent: whether a picture, and its bytes."""
    sent: list[Request] = []
    tab.page.on("requestfinished", lambda request: sent.append(request))
    line = tab.page.context.new_cdp_session(tab.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    tab.open(path)
    tab.page.wait_for_load_state("networkidle")
    return [(one.resource_type == "image", one.sizes()["responseBodySize"]) for one in sent]


def _misses(one: Weight) -> bool:
    heavy = one.page == "search" and one.words > WORDS
    return heavy or one.largest_picture > PICTURE or one.seconds > READABLE


if __name__ == "__main__":
    sys.exit(main())
