"""How fast ISO 2709 is read with framing, directory and character set, beside pymarc.

    python -m bench.marc_read [--records 61530] [--turns 2]

A file of made articles (two thirds Russian, one third Kazakh; all Russian in CP1251) is read whole
by ``open_exchange``, which finds out what it is, and by pymarc, which is told the character set.
The best of the turns counts, in processor time: the file is in memory, and other work on the
machine would count otherwise. Writes ``bench/results/marc_read.json``; ends with 1 when the target
is missed.
"""

import argparse
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from pymarc import MARCReader

from bench.made_records import articles
from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.iso2709 import write
from catalog.marc.reading import ReadRecord
from catalog.record import Record

RESULTS = Path(__file__).parent / "results"
RECORDS = 61_530  # the catalogue of the first library
TARGET = 10_000  # records a second, so that a whole import keeps 3,000 (issue 5, "Figures")


@dataclass(frozen=True, slots=True)
class Figure:
    """Records a second of both readers over one file."""

    charset: str
    found: str
    records: int
    bytes_each: int
    ours: int
    pymarc: int
    ratio: float


def ours(data: bytes) -> int:
    opened = open_exchange(io.BytesIO(data), ReadOrder())
    return sum(isinstance(one, ReadRecord) and not one.notes for one in opened.records)


def peer(data: bytes, charset: str) -> int:
    # pymarc follows file_encoding only where leader/9 does not say UTF-8; RUSMARC leaves it blank.
    reader = MARCReader(io.BytesIO(data), file_encoding=charset)
    return sum(record is not None for record in reader)


def made(charset: str, count: int) -> Iterator[Record]:
    if charset == "cp1251":
        return articles("rus", count)
    return chain(articles("rus", count - count // 3), articles("kaz", count // 3))


def measure(charset: str, count: int, turns: int) -> Figure:
    data = b"".join(write(made(charset, count), charset))
    fast, slow = [], []
    for _ in range(turns):
        fast.append(seconds(lambda: ours(data), count))
        slow.append(seconds(lambda: peer(data, charset), count))
    found = open_exchange(io.BytesIO(data), ReadOrder()).charset
    speeds = round(count / min(fast)), round(count / min(slow))
    ratio = round(min(slow) / min(fast), 2)
    return Figure(charset, found, count, len(data) // count, *speeds, ratio)


def seconds(read: Callable[[], int], count: int) -> float:
    started = time.process_time()
    done = read()
    taken = time.process_time() - started
    assert done == count, f"{done} of {count} records read"
    return taken


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="How fast ISO 2709 is read.")
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--turns", type=int, default=2)
    given = parser.parse_args(arguments)
    figures = [measure(one, given.records, given.turns) for one in ("utf-8", "cp1251", "kz1048")]
    for figure in figures:
        print(asdict(figure))
    found = {"cores": os.cpu_count(), "target": TARGET, "figures": [asdict(f) for f in figures]}
    target = RESULTS / "marc_read.json"
    target.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0 if all(figure.ours >= TARGET for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
