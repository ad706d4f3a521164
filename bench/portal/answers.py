"""How long a reader of the portal waits, at the first user's size.

    python -m bench.portal.answers HOME [--times N] [--results DIR]

HOME is one of ``bench.portal.home``. Serves it on a free port of this machine, asks for pages over
loopback one after the other, each as a reader would who has not been there before (pages, queries
and lines differ from one request to the next), and takes the time to the first byte of the body.
Prints a table, writes ``bench/results/portal_answers.json``, ends with 1 when a target is missed.
"""

import argparse
import json
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from bench.portal.places import Places, places_of
from olketanu.home import open_home
from tests.portal.browser import serving

RESULTS = Path(__file__).parents[1] / "results"
TIMES = 200
MEDIAN = {"document": 50.0, "page": 50.0, "search": 300.0, "thumbnail": 10.0}
LATE = {"document": 150.0, "page": 150.0, "search": 800.0}
PACKED_RESULTS = 60 * 1024
FIRST_IMAGE = 250 * 1024


@dataclass(frozen=True, slots=True)
class Waited:
    """One kind of page: milliseconds to the first byte, and bytes as they were sent."""

    kind: str
    times: int
    median: float
    p95: float
    slowest: float
    largest: int


def addresses(places: Places, kind: str, draw: random.Random) -> Iterator[str]:
    """Yield addresses of one kind, each time another."""
    while True:
        document, page = draw.choice(places.pages)
        word = quote(draw.choice(places.words))
        yield {
            "front": "/kk/",
            "document": f"/ru/d/{document}",
            "page": f"/ru/d/{document}/p/{page}",
            "page with hits": f"/ru/d/{document}/p/{page}?q={word}",
            "record": f"/ru/r/{draw.choice(places.records)}",
            "search": f"/ru/search?q={word}",
            "search, filtered": f"/ru/search?q={word}&language=rus&from=1950",
            "two words": f"/ru/search?q={word}+{quote(draw.choice(places.words))}",
            "thumbnail": f"/d/{document}/p/{page}.jpg?w=200",
            "image": f"/d/{document}/p/{page}.jpg?w=800",
            "line": f"/d/{document}/p/{page}/line/120-{150 + draw.randrange(30) * 54}-1600-"
            f"{200 + draw.randrange(30) * 54 + 1700}.jpg",
            "PDF": f"/d/{document}.pdf",
            "RUSMARC": f"/r/{draw.choice(places.records)}.mrc",
            "completion": f"/complete?q={word[: 6 * 3]}",
        }[kind]


KINDS = (
    *("front", "document", "page", "page with hits", "record", "search", "search, filtered"),
    *("two words", "thumbnail", "image", "line", "PDF", "RUSMARC", "completion"),
)


def ask(connection: HTTPConnection, address: str) -> tuple[float, int, int]:
    """Return milliseconds to the first byte of the body, status, and bytes sent."""
    began = time.perf_counter()
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    first = answer.read(1)
    waited = (time.perf_counter() - began) * 1000
    return waited, answer.status, len(first + answer.read())


def measure(url: str, places: Places, kind: str, times: int) -> Waited:
    """Ask for so many pages of one kind; a thumbnail that was asked for is asked for again."""
    draw, parts = random.Random(3), urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    waits, largest = [], 0
    for number, address in enumerate(addresses(places, kind, draw)):
        if number == times:
            break
        if kind == "thumbnail":
            ask(connection, address)
        waited, status, size = ask(connection, address)
        while status == HTTPStatus.TOO_MANY_REQUESTS:  # a household has its budget
            time.sleep(1)
            waited, status, size = ask(connection, address)
        if status not in (200, 404):  # a closed document is none to a reader
            raise SystemExit(f"{status} {address}")
        waits.append(waited)
        largest = max(largest, size)
    connection.close()
    ordered = sorted(waits)
    late = ordered[int(len(ordered) * 0.95) - 1]
    median, p95, slowest = (round(v, 1) for v in (statistics.median(waits), late, ordered[-1]))
    return Waited(kind, times, median, p95, slowest, largest)


def misses(found: Sequence[Waited]) -> list[str]:
    """The targets that are missed, in words."""
    wrong = []
    for one in found:
        name = "search" if one.kind in ("search, filtered", "two words") else one.kind
        name = "page" if one.kind == "page with hits" else name
        if one.median > MEDIAN.get(name, one.median):
            wrong.append(f"{one.kind}: median {one.median} ms > {MEDIAN[name]}")
        if one.p95 > LATE.get(name, one.p95):
            wrong.append(f"{one.kind}: p95 {one.p95} ms > {LATE[name]}")
        if name == "search" and one.largest > PACKED_RESULTS:
            wrong.append(f"{one.kind}: {one.largest} bytes packed > {PACKED_RESULTS}")
        if one.kind == "image" and one.largest > FIRST_IMAGE:
            wrong.append(f"first image: {one.largest} bytes > {FIRST_IMAGE}")
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every target is met, else 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the JSON")
    options = parser.parse_args(arguments)
    home = open_home(options.home.resolve())
    places = places_of(home)
    with serving(home.root) as url:
        for kind in KINDS:
            measure(url, places, kind, 5)
        found = [measure(url, places, kind, options.times) for kind in KINDS]
    for one in found:
        waits = f"{one.median:8.1f} {one.p95:8.1f} {one.slowest:8.1f} ms"
        print(f"{one.kind:18} {waits} {one.largest:9}")
    bad = misses(found)
    print("\n".join(f"MISSED {line}" for line in bad) or "all targets met")
    result = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "pages": len(places.pages),
        "records": len(places.records),
        "missed": bad,
        "kinds": [asdict(one) for one in found],
    }
    options.results.mkdir(parents=True, exist_ok=True)
    path = options.results / "portal_answers.json"
    path.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
