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
from functools import partial
from pathlib import Path

from bench.faults import KINDS, WHOLE_KINDS, Fault, Make
from bench.made_catalogue import catalogue
from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.reading import ReadRecord
from catalog.quality.finding import Finding
from catalog.quality.rules import own_rules
from catalog.quality.subject import Subject, Surroundings
from catalog.quality.validate import Context, validate
from catalog.quality.whole.findings import findings_in
from catalog.quality.whole.headings import headings
from catalog.quality.whole.hosts import host_title
from catalog.quality.whole.statistics import Statistics, gather
from catalog.record import Record

RESULTS = Path(__file__).parent / "results" / "injected.json"
REAL = Path(__file__).parents[1].parent / "shared" / "data" / "marc"
FILES = ("loge-rusmarc/TEST1.ISO", "rusmarc-tpu/issue-2012-v320-i1.marcxml")
BASE = 3000  # made-up records: enough for statistics of words, hosts and persons
RECALL, PRECISION = 0.95, 0.90
JUDGED = ("mixed-script", "foreign-letter", "lone-latin", "isbn-spelling", "isbn-wrong")
FEW = 20  # slips that need the catalogue stand in one record of so many at most
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
    often = occurrences(chosen)
    for kind, make in KINDS.items():
        faults = list(_faults(chosen, make, each, draw))
        found = sum(_judge(chosen, before, fault, right, wrong) for before, fault in faults)
        if faults:
            table[kind] = {"injected": len(faults), "found": found, "recall": found / len(faults)}
    for kind, make_whole in WHOLE_KINDS.items():
        few = min(each, len(chosen.records) // FEW)
        faults_of_all = _faults_apart(chosen, partial(make_whole, often=often), few, draw)
        found = _judge_whole(chosen, faults_of_all, right, wrong)
        if n := len(faults_of_all):
            table[kind] = {"injected": n, "found": found, "recall": found / n}
    for rule in sorted({*right, *wrong}):
        share = right[rule] / (right[rule] + wrong[rule])
        table[f"rule {rule}"] = {"right": right[rule], "wrong": wrong[rule], "precision": share}
    return table


def occurrences(chosen: Ground) -> Counter[str]:
    """How often Russian words, hosts' titles and persons' headings occur in a ground."""
    found = Counter(chosen.whole.words["rus"])
    for record in chosen.records:
        subject = Subject(record, chosen.context.around)
        title = host_title(subject)
        found.update([title.value] if title else [])
        found.update(heading.text for heading in headings(subject))
    return found


def _faults(
    chosen: Ground, make: Make, each: int, draw: random.Random
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
        if meant or one.rule not in fault.also:
            (right if meant else wrong)[one.rule] += 1
    return hit


def _faults_apart(chosen: Ground, make: Make, each: int, draw: random.Random) -> dict[int, Fault]:
    """Errors that only the catalogue can show, by the number of the record that bears one."""
    faults: dict[int, Fault] = {}
    for n in draw.sample(range(len(chosen.records)), len(chosen.records)):
        fault = make(chosen.records[n], draw)
        if fault is not None and len(faults) < each:
            faults[n] = fault
    return faults


def _judge_whole(
    chosen: Ground, faults: dict[int, Fault], right: Counter[str], wrong: Counter[str]
) -> int:
    """How many were found by statistics that have seen them too; every record is looked at."""
    records = tuple(faults[n].record if n in faults else r for n, r in enumerate(chosen.records))
    whole, rules = gather(records), chosen.context.rules
    hits = 0
    for n, record in enumerate(records):
        fault, hit = faults.get(n), False
        known = {
            (f.rule, str(f.place)) for f in findings_in(chosen.records[n], chosen.whole, rules)
        }
        for one in findings_in(record, whole, rules):
            if (one.rule, str(one.place)) in known:
                continue
            meant = fault is not None and one.rule in fault.rules
            meant = meant and fault is not None and str(one.place).startswith(fault.place)
            hit |= meant
            if fault is None or meant or one.rule not in fault.also:
                (right if meant else wrong)[one.rule] += 1
        hits += hit
    return hits


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
