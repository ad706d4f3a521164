"""How long the search room takes to answer, and what its pages weigh, at the first user's size.

    python -m bench.portal.search HOME [--each N] [--json FILE]

HOME is one of ``bench.portal.home``. Each class of questions of ``bench.search`` is asked as a
reader asks: by an address, each question once, so that no answer is a kept one; then completions,
and the front page made anew and kept. Milliseconds from the request to the last byte, within one
process; where others work on the machine, the processor's figures tell more than the clock's. Ends
with 1 when a target is missed.
"""

import argparse
import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http.client import OK
from pathlib import Path
from typing import NamedTuple

from flask.testing import FlaskClient

from bench.search.peers.base import Question
from bench.search.questions import questions
from olketanu.home import open_home
from portal.app import make_app

PAGES = 30_000
MEDIAN, LATE = 300.0, 800.0
"""Milliseconds to the first byte of results, median and 95th of a hundred (portal-ux, 12)."""
FRONT = 20.0
"""Milliseconds of the front page, kept."""
HEAVIEST = 60_000
"""Bytes of a page of results, packed."""


class Asked(NamedTuple):
    """One request: milliseconds of the clock and of a processor, and bytes of the answer packed."""

    clock: float
    cpu: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Took:
    """Requests of one class: clock milliseconds, and bytes of the largest answer as gzip.

    ``cpu`` is the median of the milliseconds that a processor worked: what a busy machine leaves
    alone.
    """

    what: str
    count: int
    cpu: float
    median: float
    p95: float
    longest: float
    bytes: int


def main() -> int:
    """Ask, show and keep the figures."""
    told = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    told.add_argument("home", type=Path)
    told.add_argument("--each", type=int, default=20)
    told.add_argument("--json", type=Path)
    given = told.parse_args()
    app = make_app(open_home(given.home))
    took = ask_all(app.test_client(), questions(PAGES), given.each)
    for one in took:
        figures = (one.cpu, one.median, one.p95, one.longest, one.bytes)
        print(f"{one.what:12}", *(f"{figure:8}" for figure in figures))
    if given.json:
        machine = {"load": round(os.getloadavg()[0], 1), "cores": os.cpu_count()}
        kept = {**machine, "took": [asdict(one) for one in took]}
        given.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 0 if all(map(is_met, took)) else 1


def ask_all(client: FlaskClient, asked: Sequence[Question], each: int) -> list[Took]:
    """Return what every class took, of all searches together, and of what is beside them."""
    client.get("/ru/search", query_string={"q": "караганда"})  # opens the index
    by_class: dict[str, list[str]] = {}
    for one in asked:
        by_class.setdefault(one.what, []).append(typed(one))
    took: list[Took] = []
    every: list[Asked] = []
    for what, queries in by_class.items():
        found = [_ask(client, "/ru/search", q=query) for query in queries[:each]]
        took.append(_took(what, found))
        every += found
    begun = [_ask(client, "/complete", q=query[:4]) for query in by_class["medium"][:each]]
    fronts = [_ask(client, "/ru/") for _ in range(each)]
    beside = {"completion": begun, "front anew": fronts[:1], "front": fronts[1:]}
    return [*took, *(_took(what, asked) for what, asked in beside.items()), _took("search", every)]


def typed(question: Question) -> str:
    """Return a question as a reader types it."""
    words = question.words
    return {"phrase": f'"{" ".join(words)}"', "or": " OR ".join(words)}.get(
        question.what, " ".join(words)
    )


def is_met(one: Took) -> bool:
    """Return whether the targets that the class has are met."""
    if one.what == "front":
        return one.median <= FRONT
    if one.what != "search":
        return True
    return one.median <= MEDIAN and one.p95 <= LATE and one.bytes <= HEAVIEST


def _ask(client: FlaskClient, path: str, **query: str) -> Asked:
    start, worked = time.perf_counter(), time.process_time()
    answer = client.get(path, query_string=query)
    worked, clock = time.process_time() - worked, time.perf_counter() - start
    if answer.status_code != OK:
        raise SystemExit(f"{path} {query}: {answer.status_code}")
    return Asked(clock * 1000, worked * 1000, len(gzip.compress(answer.data)))


def _took(what: str, asked: Sequence[Asked]) -> Took:
    times = [one.clock for one in asked]
    late = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    cpu = statistics.median(one.cpu for one in asked)
    return Took(
        what=what,
        count=len(asked),
        cpu=round(cpu, 1),
        median=round(statistics.median(times), 1),
        p95=round(late, 1),
        longest=round(max(times), 1),
        bytes=max(one.bytes for one in asked),
    )


if __name__ == "__main__":
    sys.exit(main())
