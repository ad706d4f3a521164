"""How many records a second are viewed, described by either standard, and cited.

    python -m bench.describe

The records are those of the golden descriptions, over and over; one process, the best of rounds.
Prints the figures and writes ``bench/results/describe.json``.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path

from catalog.citation.work import cited_work
from catalog.isbd.describe import describe
from catalog.isbd.style import GOST_2003, GOST_R_2018, Style
from catalog.record import Record
from catalog.view import view
from tests.unit.described import cases

RESULT = Path(__file__).parent / "results" / "describe.json"
JOBS: dict[str, Callable[[Record], object]] = {
    "view": view,
    "describe_7.1": lambda record: describe(record, Style(GOST_2003)),
    "describe_r": lambda record: describe(record, Style(GOST_R_2018)),
    "cite": cited_work,
}


def rate(job: Callable[[Record], object], records: list[Record], rounds: int) -> int:
    """Records a second in the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for record in records:
            job(record)
        best = min(best, time.perf_counter() - start)
    return round(len(records) / best)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    told = parser.parse_args()
    records = [case.record for language in ("rus", "kaz") for case in cases(language)] * 5
    made = {f"{name}_per_second": rate(job, records, told.rounds) for name, job in JOBS.items()}
    result = {"records": len(records), "python": platform.python_version(), **made}
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
