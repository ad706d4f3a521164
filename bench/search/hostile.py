"""Queries that nobody means well: the slowest, and whatever raises.

    python -m bench.search.hostile [--pages 3000] [--random 10000] [--engine whoosh]

Some forty made by hand and ten thousand drawn by lot, over made pages. Prints and keeps in
``bench/results/search_hostile.json`` how many raised, the slowest five and the percentiles in
milliseconds by the clock; ends with 1 when one raises or takes over two seconds.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bench.search.asking import Asking
from bench.search.made_entries import kept_pages
from bench.search.peers.ours import entry_of
from search.results.request import Request

RESULTS = Path(__file__).parents[1] / "results" / "search_hostile.json"
LONGEST_MS = 2000.0
FACETS = ("form", "language", "year")
_WORD = "қарағанды"

HOSTILE = (
    "",
    " ",
    "а*",
    "*а",
    "*а*",
    "*",
    "?",
    "?*?*?*?*а",
    "қа*",
    "бол*",
    "*" * 256,
    "қ*р*ғ*н*ы",
    " ".join(["қар*"] * 16),
    " ".join(["*бол*"] * 6),
    " OR ".join(f"сөз{n}" for n in range(3000)),
    " НЕМЕСЕ ".join(["бол*"] * 200),
    "(" * 3000 + _WORD + ")" * 3000,
    ")" * 500 + _WORD,
    "(" * 500,
    "NOT " * 500 + _WORD,
    "ЕМЕС " * 15 + "(a OR b)",
    "AND OR NOT AND OR",
    '"' + "бол және де " * 100 + '"',
    '"' * 300,
    '"а а а а а а а а а а а а а а а а"',
    '"және бұл да болды"',
    f"{_WORD}~8",
    f"{_WORD}~99999999999999999999",
    "~ ~1 ~2",
    " ".join(["мектеп~2"] * 16),
    "[а TO я]",
    "жыл:0000-9999 year:1-1 год:99999999999",
    "автор:автор:автор:автор:Сейфуллин",
    "нетполя:слово ::: : :",
    "(.*a){20}$|^(a+)+$",
    "\x00\x00қала\x00 \x1f\x7f",
    "\u202eқаранды\u202c \u200f\u200eсөз\u200b\ufeff",
    "е" + "\u0301" * 250,
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467 \ud800 \udfff",
    "Ⅻ ½ ² ﷺ ﬁ ǆ İ ı ß " * 10,
    "<script>alert(1)</script>' OR 1=1; --",
    "%00 %2e%2e/ ../../etc/passwd",
    "а" * 100_000,
    "қалаларымыздағылардың" * 12,
)
"""By hand: stars, brackets, negations, quotes, fuzziness, ranges, patterns, and signs that hide."""

_PIECES = (
    *("қала", "тарих", "ауданы", "және", "в", "и", "шахта", "Qaraǵandy", "сөз", "1954", "x", "бо"),
    *("AND", "OR", "NOT", "И", "ИЛИ", "НЕ", "ЖӘНЕ", "НЕМЕСЕ", "ЕМЕС", "TO", "~", "~2", "*", "?"),
    *("(", ")", '"', "«", "»", "[", "]", "{", "}", ":", "автор:", "year:", "жыл:", "-", "+", "^3"),
    *("\\", "/", "\x00", "\u0301", "\u200f", "\ud800", "\U0001f600", "'", "&&", "||", "!"),
)


def random_queries(count: int, seed: int = 7) -> Iterator[str]:
    """Yield queries of up to forty pieces, glued with and without blanks."""
    draw = random.Random(seed)
    for _ in range(count):
        pieces = draw.choices(_PIECES, k=draw.randrange(1, 40))
        yield "".join(piece + draw.choice(("", " ", " ")) for piece in pieces)


def ask_all(asking: Asking, queries: Iterable[str]) -> dict[str, object]:
    """Ask everything; return how long it took and what raised."""
    taken: list[tuple[float, str]] = []
    raised: list[str] = []
    for query in queries:
        begin = time.perf_counter()
        try:
            asking.ask(Request(query, facets=FACETS))
        except Exception as error:
            raised.append(f"{type(error).__name__}: {query[:60]!r}")
        taken.append((round(1000 * (time.perf_counter() - begin), 1), query))
    taken.sort(reverse=True)
    every = [one for one, _ in taken]
    return {
        "queries": len(taken),
        "raised": raised,
        "over_two_seconds": sum(one > LONGEST_MS for one in every),
        "p50_ms": statistics.median(every),
        "p99_ms": every[len(every) // 100],
        "slowest_ms": [f"{one} {query[:60]!r}" for one, query in taken[:5]],
    }


def main(arguments: list[str], output: Callable[[str], object] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--random", type=int, default=10_000)
    parser.add_argument("--engine", default="whoosh")
    told = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        asking = Asking(Path(folder) / "home", told.engine)
        asking.fill(map(entry_of, kept_pages(told.pages)))
        by_hand = ask_all(asking, HOSTILE)
        by_lot = ask_all(asking, random_queries(told.random))
        asking.close()
    result = {"pages": told.pages, "engine": told.engine, "by_hand": by_hand, "by_lot": by_lot}
    output(json.dumps(result, indent=1, ensure_ascii=False))
    RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    bad = any(part["raised"] or part["over_two_seconds"] for part in (by_hand, by_lot))
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
