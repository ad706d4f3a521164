"""Indexing and asking at 3,000, 10,000 and 30,000 pages, beside other engines.

    python -m bench.search.growth [--pages 3000 10000 30000] [--peers whoosh fts5 ...] [--records]

Each engine and size runs in a process of its own. CPU seconds of that process go for indexing
(of ours that for keys is told apart); the memory is the peak less what was held before
the first page; the latencies are of single questions, sixty a class, ten hits and the total, after
some others: CPU milliseconds, which other work on the machine disturbs least, and by the clock.
With ``--records`` the catalogue is indexed too, in the proportion of the library (61,530 records to
30,000 pages), and results are kept under ``…+records``. What is measured is put into
``bench/results/search_growth.json`` beside what stands there, with a drawing; ``--show`` prints the
table alone. Needs Linux, which tells the memory.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bench.search.corpus import Page
from bench.search.growth_drawing import drawing
from bench.search.growth_table import table
from bench.search.made_entries import PAGES, RECORDS, folder, kept_pages, kept_records
from bench.search.peers.base import PEERS, Peer, open_peer
from bench.search.questions import EACH, questions

RESULTS = Path(__file__).parents[1] / "results" / "search_growth.json"
SIZES = (3000, 10_000, 30_000)
_PORTION = 200
_PACKAGES = ("whoosh3", "tantivy", "PyStemmer")

Figures = dict[str, Any]


def measure(name: str, pages: int, *, records: bool) -> Figures:
    """Index so many pages with one peer, ask it everything, and return its figures."""
    place = Path(tempfile.mkdtemp(prefix="index-", dir=folder()))
    try:
        peer = open_peer(name, place / "index")
        asked = questions(pages)
        figures = _indexed(peer, pages, records=records)
        figures["megabytes"] = round(_size(place) / 1e6, 1)
        return figures | {"milliseconds": _asked(peer, asked)}
    finally:
        shutil.rmtree(place)


def _indexed(peer: Peer, pages: int, *, records: bool) -> Figures:
    count = round(RECORDS * pages / PAGES) if records else 0
    made = _Unclocked(chain(kept_pages(pages), kept_records(count) if count else ()))
    held = _begin_peak()
    begin, clock = time.process_time(), time.perf_counter()
    peer.fill(made)
    spent = time.process_time() - begin - made.cpu
    figures: Figures = {
        "cpu_seconds": round(spent, 1),
        "wall_seconds": round(time.perf_counter() - clock - made.wall, 1),
        "cpu_ms_a_page": round(1000 * spent / pages, 3),
        "peak_mb": round((_resident("VmHWM") - held) / 1024),
    }
    analysis = getattr(peer, "analysis", None)
    if analysis is not None:
        figures["analysis_cpu_seconds"] = round(analysis, 1)
    return figures


class _Unclocked:
    """Hands on what it is given, and tells how long the making of it took."""

    def __init__(self, source: Iterator[Page]) -> None:
        self._source = source
        self.cpu = self.wall = 0.0

    def __iter__(self) -> Iterator[Page]:
        while portion := self._portion():
            yield from portion

    def _portion(self) -> list[Page]:
        begin, clock = time.process_time(), time.perf_counter()
        portion = list(islice(self._source, _PORTION))
        self.cpu += time.process_time() - begin
        self.wall += time.perf_counter() - clock
        return portion


def _asked(peer: Peer, asked: tuple[Any, ...]) -> Figures:
    """Median and 95th of a hundred by class, by the clock too, and the mean number of hits."""
    for question in asked[:: EACH // 2][:20]:
        peer.ask(question)
    seconds: dict[str, list[float]] = defaultdict(list)
    by_clock: dict[str, list[float]] = defaultdict(list)
    totals: dict[str, list[int]] = defaultdict(list)
    for question in asked:
        begin, clock = time.process_time(), time.perf_counter()
        total = peer.ask(question)
        if total is not None:
            seconds[question.what].append(time.process_time() - begin)
            by_clock[question.what].append(time.perf_counter() - clock)
            totals[question.what].append(total)
    return {
        what: {
            "p50": round(1000 * statistics.median(taken), 2),
            "p95": _p95(taken),
            "p95_wall": _p95(by_clock[what]),
            "hits": round(statistics.mean(totals[what]), 1),
        }
        for what, taken in seconds.items()
    }


def _p95(seconds: list[float]) -> float:
    return round(1000 * sorted(seconds)[int(0.95 * len(seconds))], 2)


def _begin_peak() -> int:
    """Let the peak of resident memory begin anew, and return what is resident, in KiB."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _resident("VmRSS")


def _resident(name: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith(name))


def _size(place: Path) -> int:
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


def _elsewhere(name: str, pages: int, *, records: bool) -> Figures | None:
    """Measure in a process of its own; None where the peer is not installed."""
    command = [sys.executable, "-m", "bench.search.growth", "--one", name, "--pages", str(pages)]
    command += ["--records"] if records else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return None
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def kept() -> Figures:
    """Return the results that stand."""
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {"sizes": {}}


def _keep(name: str, size: str, figures: Figures) -> None:
    standing = kept()
    standing |= {"machine": f"{platform.machine()}, {os.cpu_count()} cores"}
    standing |= {"python": platform.python_version(), "versions": dict(_versions())}
    standing["sizes"].setdefault(size, {})[name] = figures
    RESULTS.write_text(json.dumps(standing, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _versions() -> Iterator[tuple[str, str]]:
    for package in _PACKAGES:
        try:
            yield package, importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue


def main(arguments: list[str], output: Callable[[str], object] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--records", action="store_true", help="index the catalogue too")
    parser.add_argument("--one", choices=PEERS, help="one peer, here, and print its figures")
    parser.add_argument("--show", action="store_true", help="print what was measured before")
    told = parser.parse_args(arguments)
    if told.one:
        output(json.dumps(measure(told.one, told.pages[0], records=told.records)))
        return 0
    for pages in [] if told.show else told.pages:
        questions(pages)
        for name in told.peers:
            figures = _elsewhere(name, pages, records=told.records)
            if figures is None:
                output(f"{name}: not measured")
                continue
            output(f"{name} {pages}: {json.dumps(figures)}")
            _keep(name, f"{pages}+records" if told.records else str(pages), figures)
    output(table(kept()))
    RESULTS.with_suffix(".svg").write_text(drawing(kept()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
