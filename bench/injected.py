"""How many injected errors the checks find, and how much of what they find is one.

    python -m bench.injected [--each 100] [--seed 5]

Errors of every kind are put one by one into records that are right: our own made-up catalogue and,
where the machine has them, real RUSMARC records (as far as they bear the field). Found: the rule
that is meant names the place. Precision of a rule: the share of its findings in all these records
that an error explains; what a rule finds in a real record before anything was injected was read by
a person and is left out (bench/results/injected.json names how many). Prints a table and writes
``bench/results/injected.json``; ends with 1 when recall is under 95 % or the precision of
look-alikes or ISBN under 90 %.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.faults import KINDS, Fault
from bench.made_catalogue import catalogue
from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.reading import ReadRecord
from catalog.quality.finding import Finding
from catalog.quality.rules import own_rules
from catalog.quality.subject import Surroundings
from catalog.quality.validate import Context, validate
from catalog.quality.whole.findings import findings_in
from catalog.quality.whole.statistics import Statistics, gather
from catalog.record import Record

RESULTS = Path(__file__).parent / "results" / "injected.json"
REAL = Path(__file__).parents[1].parent / "shared" / "data" / "marc"
FILES = ("loge-rusmarc/TEST1.ISO", "rusmarc-tpu/issue-2012-v320-i1.marcxml")
BASE = 3000  # made-up records: enough for statistics of words, hosts and persons
RECALL, PRECISION = 0.95, 0.90
JUDGED = ("mixed-script", "foreign-letter", "lone-latin", "isbn-spelling", "isbn-wrong")
YEAR = 2026


@dataclass(frozen=True, slots=True)
class Ground:
    """Records to put errors into, and how they are judged."""

    name: str
    records: tuple[Record, ...]
    context: Context
    whole: Statistics

    def judge(self, record: Record) -> list[Finding]:
        """Everything that is found in a record."""
        own = validate(record, self.context)
        return [*own, *findings_in(record, self.whole, self.context.rules)]


def ground(name: str, records: tuple[Record, ...]) -> Ground:
    whole = gather(records)
    around = Surroundings(YEAR, whole.all_words)
    return Ground(name, records, Context(own_rules(), around), whole)


def real_records() -> tuple[Record, ...]:
    """The real RUSMARC records of this machine, none where there are none."""
    found: list[Record] = []
    for name in FILES:
        path = REAL / name
        if path.is_file():
            with path.open("rb") as stream:
                opened = open_exchange(stream, ReadOrder(format="rusmarc"))
                found += [one.record for one in opened.records if isinstance(one, ReadRecord)]
    return tuple(r for r in found if "\ufffd" not in repr(r))


def measure(chosen: Ground, each: int, seed: int) -> dict[str, dict[str, float]]:
    """Put ``each`` errors of every kind into the records of a ground, and count."""
    draw = random.Random(seed)
    table: dict[str, dict[str, float]] = {}
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for kind, make in KINDS.items():
        faults = list(_faults(chosen, make, each, draw))
        found = sum(_judge(chosen, before, fault, right, wrong) for before, fault in faults)
        if faults:
            table[kind] = {"injected": len(faults), "found": found, "recall": found / len(faults)}
    for rule in sorted({*right, *wrong}):
        table.setdefault(f"rule {rule}", {})["precision"] = right[rule] / (
            right[rule] + wrong[rule]
        )
    return table


def _faults(
    chosen: Ground,
    make: Callable[[Record, random.Random], Fault | None],
    each: int,
    draw: random.Random,
) -> Iterator[tuple[Record, Fault]]:
    """So many errors of a kind, in records drawn at random; fewer where few can bear it."""
    made = 0
    for record in draw.sample(chosen.records, len(chosen.records)) * 3:
        fault = make(record, draw)
        if fault is not None and fault.record != record:
            yield record, fault
            made += 1
        if made == each:
            return


def _judge(
    chosen: Ground, before: Record, fault: Fault, right: Counter[str], wrong: Counter[str]
) -> bool:
    """Whether the error was found; what else is new in the record counts against its rule."""
    known = Counter((f.rule, str(f.place)) for f in chosen.judge(before))
    hit = False
    for one in chosen.judge(fault.record):
        if known[one.rule, str(one.place)]:
            known[one.rule, str(one.place)] -= 1
            continue
        meant = one.rule in fault.rules and str(one.place).startswith(fault.place)
        hit |= meant
        (right if meant or one.rule in fault.also else wrong)[one.rule] += 1
    return hit


def totals(tables: dict[str, dict[str, dict[str, float]]]) -> dict[str, float]:
    """Recall over all kinds and grounds; the lowest precision of the rules that have a target."""
    rows = [row for table in tables.values() for row in table.values()]
    injected = sum(row.get("injected", 0) for row in rows)
    found = sum(row.get("found", 0) for row in rows)
    judged = [
        row["precision"]
        for table in tables.values()
        for name, row in table.items()
        if name.removeprefix("rule ") in JUDGED
    ]
    return {
        "injected": injected,
        "recall": round(found / injected, 4),
        "lowest_kind": round(min(row["recall"] for row in rows if "recall" in row), 4),
        "precision": round(min(judged), 4),
    }


def main(arguments: list[str], output: Callable[[str], object] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--seed", type=int, default=5)
    told = parser.parse_args(arguments)
    grounds = [ground("made", tuple(catalogue(BASE, told.seed)))]
    if real := real_records():
        grounds.append(ground("real", real))
    tables = {one.name: measure(one, told.each, told.seed) for one in grounds}
    result = totals(tables)
    for name, table in tables.items():
        for kind, row in table.items():
            output(f"{name:5} {kind:40} " + "  ".join(f"{k} {v:.3f}" for k, v in row.items()))
    output(json.dumps(result))
    before = {one.name: sum(len(one.judge(r)) for r in one.records) for one in grounds}
    kept = {"before": before, **result, "tables": tables}
    RESULTS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(result["recall"] < RECALL or result["precision"] < PRECISION)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
