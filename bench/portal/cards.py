"""How many proposed links a cataloguer clears in a minute, by keyboard, in a browser.

    python -m bench.portal.cards HOME [--cards N] [--results DIR]

HOME is one of ``bench.portal.home``; the links are decided in it. A script presses what a person
does: two of three are accepted, the third is not, every tenth is undone and done again; each press
waits for the next card with its pictures. Prints the figures, writes
``bench/results/portal_cards.json``, and ends with 1 when the target is missed.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.portal.answers import RESULTS
from olketanu.home import open_home
from tests.portal.browser import Tab, browsing, chromium_running, serving
from tests.portal.members import PASSWORD, STAFF, enter_members

CARDS, A_MINUTE = 60, 10
_SHOWN = "[...document.images].filter(i => i.loading !== 'lazy').every(i => i.complete)"


def press(tab: Tab, key: str) -> None:
    """Press a key and wait for the page that it leads to, pictures and all."""
    with tab.page.expect_navigation():
        tab.page.keyboard.press(key)
    tab.wait_until(_SHOWN)


def clear(tab: Tab, cards: int) -> list[float]:
    """Clear so many cards; return the seconds of each."""
    seconds = []
    for number in range(cards):
        if "/card/link/" not in tab.page.url:
            raise SystemExit(f"no more than {number} cards wait")
        began = time.perf_counter()
        press(tab, "x" if number % 3 == 2 else "Enter")
        if number % 10 == 9:
            press(tab, "z")
            press(tab, "Enter")
        seconds.append(time.perf_counter() - began)
    return seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the target is met, else 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--cards", type=int, default=CARDS)
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the JSON")
    options = parser.parse_args(arguments)
    home = open_home(options.home.resolve())
    enter_members(home, "cataloguer")
    with (
        serving(home.root) as url,
        chromium_running() as browser,
        browsing(browser, url) as tab,
    ):
        tab.open("/ru/desk/?only=link")
        tab.page.locator("input[name=name]").fill(STAFF["cataloguer"].name)
        tab.page.locator("input[name=password]").fill(PASSWORD)
        press(tab, "Enter")
        press(tab, "Enter")  # the first card of the queue
        seconds = clear(tab, options.cards)
    rate = 60 * len(seconds) / sum(seconds)
    told = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        **{"cards": len(seconds), "a_minute": round(rate), "target": A_MINUTE},
        "median_ms": round(statistics.median(seconds) * 1000),
        "slowest_ms": round(max(seconds) * 1000),
    }
    print(json.dumps(told, indent=1))
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / "portal_cards.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    return 0 if rate >= A_MINUTE else 1


if __name__ == "__main__":
    sys.exit(main())
