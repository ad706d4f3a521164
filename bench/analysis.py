"""How fast pages become keys of the index: all their fields, with an empty memory and a full one.

    python -m bench.analysis [--pages 3000]

Pages of the made corpus (bench/search), read before the clock runs; tokens are words of the text,
seconds those of one core. ``cold``: every page for the first time in the process. ``warm``: the
median of further passes over the first pages. ``tokens``: the same pages by way of a token for
every word, as highlighting reads them. ``bytes_a_word``: resident memory for each word remembered,
keys and the caches of ``language`` beside. Prints and writes ``bench/results/analysis.json``; ends
with 1 when ``warm`` comes under 800,000 tokens a second.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from bench.search.made_entries import kept_pages
from bench.search.peers.ours import entry_of
from search.analysis import MOST_KNOWN, line_tokens
from search.schema import Entry, analyse

RESULTS = Path(__file__).parent / "results" / "analysis.json"
FLOOR = 800_000
PASSES = 5
WARM = 1000

T = TypeVar("T")


def measure(entries: Sequence[Entry]) -> dict[str, float]:
    """Return figures over ``entries``; the process must not have analysed anything before."""
    held = _resident()
    counts, cold = _timed(lambda: [len(analyse(entry).fields["text"]) for entry in entries])
    grown = _resident() - held
    types = {word for entry in entries for word in entry.text.split()}
    first = entries[:WARM]
    warm = statistics.median(_timed(lambda: list(map(analyse, first)))[1] for _ in range(PASSES))
    _, slow = _timed(lambda: [list(line_tokens(one.text, one.line_languages)) for one in first])
    total, seen = sum(counts), sum(counts[:WARM])
    return {
        "pages": len(entries),
        "tokens": total,
        "types": len(types),
        "most_known": MOST_KNOWN,
        "cold_tokens_a_second": round(total / cold),
        "cold_types_a_second": round(len(types) / cold),
        "warm_tokens_a_second": round(seen / warm),
        "tokens_tokens_a_second": round(seen / slow),
        "bytes_a_word": round(grown / len(types)),
    }


def _timed(work: Callable[[], list[T]]) -> tuple[list[T], float]:
    begin = time.thread_time()
    done = work()
    return done, time.thread_time() - begin


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main(arguments: list[str], output: Callable[[str], object] = print) -> int:
    """Measure, print, keep; return 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=3000)
    told = parser.parse_args(arguments)
    figures: dict[str, object] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
    }
    measured = measure([entry_of(page) for page in kept_pages(told.pages)])
    text = json.dumps(figures | measured, indent=1)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    output(text)
    return int(measured["warm_tokens_a_second"] < FLOOR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
