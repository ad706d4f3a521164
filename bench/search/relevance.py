"""How high the document that a reader knows of stands among the answers, by the way he types.

    python -m bench.search.relevance [--pages 6000] [--items 250] [--engine whoosh | --small]

Made documents and made-up pages about real names (``known_items``). The right answer is one
document; hits are grouped by document. MRR is the mean of 1/rank (0 beyond 500 hits), R@10 the
share among the first ten. Prints and writes ``bench/results/search_relevance.json``, with the
figures of the small version that the tests compare; ends with 1 when a class misses its target.
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

from bench.search.asking import Asking
from bench.search.known_items import (
    Query,
    made_documents,
    name_pages,
    name_queries,
    topic_queries,
)
from bench.search.peers.ours import entry_of
from search.results.request import WINDOW, Request

RESULTS = Path(__file__).parents[1] / "results" / "search_relevance.json"
PAGES, ITEMS = 6000, 250
SMALL = (400, 40)
"""Pages and items of the version that the tests run."""
_COPIES = 3  # pages a name: one tells of it, the others mention names
TARGETS = {
    "inflected": 0.90,
    "no Kazakh letters": 0.95,
    "latin-2021": 0.85,
    "latin-2018": 0.85,
    "latin-passport": 0.85,
}
"""Least share of the MRR of the dictionary form, by class."""

Figures = dict[str, dict[str, float]]


def measure(asking: Asking, pages: int, items: int) -> Figures:
    """Build an index and return MRR, R@10 and the number of queries by class."""
    chosen = made_documents(pages)
    made = chain((page for one in chosen for page in one.pages), name_pages(_COPIES))
    asking.fill(map(entry_of, made))
    queries = (
        topic_queries(chosen, items),
        topic_queries(chosen, items, real=True),
        name_queries(),
    )
    return _ranked(asking, chain.from_iterable(queries))


def _ranked(asking: Asking, queries: Iterable[Query]) -> Figures:
    ranks: dict[str, list[int]] = defaultdict(list)
    for query in queries:
        ranks[query.kind].append(_rank(asking, query))
    return {
        kind: {
            "mrr": round(sum(1 / rank for rank in of if rank) / len(of), 3),
            "recall_10": round(sum(0 < rank <= 10 for rank in of) / len(of), 3),
            "queries": len(of),
        }
        for kind, of in sorted(ranks.items())
    }


def _rank(asking: Asking, query: Query) -> int:
    """Return the place of the right document among groups, from 1; 0 where it is not."""
    groups = asking.ask(Request(query.text, limit=WINDOW)).groups
    order = [group.best.document for group in groups]
    return order.index(query.right) + 1 if query.right in order else 0


def in_folder(name: str, pages: int, items: int) -> Figures:
    """Measure with the engine ``name`` in a folder that is taken away again."""
    with tempfile.TemporaryDirectory() as folder:
        asking = Asking(Path(folder) / "home", name)
        try:
            return measure(asking, pages, items)
        finally:
            asking.close()


def missed(figures: Figures) -> list[str]:
    """Return the classes that come under their target, with figures."""
    found = []
    for group in ("kaz", "kaz real", "kaz name", "rus", "rus real", "rus name"):
        base = figures[f"{group} dictionary"]["mrr"]
        for kind, share in TARGETS.items():
            own = figures.get(f"{group} {kind}")
            if own and own["mrr"] < share * base:
                found.append(f"{group} {kind}: {own['mrr']} < {share} of {base}")
    return found


def _keep(measured: dict[str, object]) -> None:
    """Put figures beside those that stand."""
    standing = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(standing | measured, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str], output: Callable[[str], object] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--engine", default="whoosh")
    parser.add_argument("--small", action="store_true", help="only what the tests compare")
    told = parser.parse_args(arguments)
    small = in_folder(told.engine, *SMALL)
    if told.small:
        _keep({"small": small})
        return 0
    figures = in_folder(told.engine, told.pages, told.items)
    output(f"{'class':40} {'MRR':>6} {'R@10':>6} {'queries':>8}")
    for kind, of in figures.items():
        output(f"{kind:40} {of['mrr']:6.3f} {of['recall_10']:6.3f} {of['queries']:8}")
    _keep({"pages": told.pages, "engine": told.engine, "classes": figures, "small": small})
    misses = missed(figures)
    for line in misses:
        output(f"missed: {line}")
    return int(bool(misses))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
