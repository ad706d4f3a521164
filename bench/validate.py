"""How long checking takes: rules of one record, the whole catalogue, with a home behind it.

    python -m bench.validate [--records 61530] [--home]

Made-up records, one in ten with an error (bench/faults.py), made before the clock runs. Seconds of
one core (time.process_time), ``_wall`` by the clock. ``--home`` also enters the records into a new
library and runs the whole check there twice, with findings kept; and imports a file, lets the
checks follow it, and accepts and takes back 5,000 safe repairs at once. Prints and writes
``bench/results/validate.json``; ends with 1 when rules of one record come under 520 records a
second or over two minutes.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.faults import KINDS
from bench.made_catalogue import catalogue
from catalog.marc.exchange import write_exchange
from catalog.quality.rules import own_rules
from catalog.quality.subject import Surroundings
from catalog.quality.validate import Context, validate
from catalog.quality.whole.findings import findings_in
from catalog.quality.whole.statistics import gather
from catalog.record import DataField, Record, Subfield, canonical_json
from olketanu.home import Home
from olketanu.progress import SILENT
from olketanu.settings import Settings
from store import changes
from store.catalogue import records
from store.catalogue.records import NewRecord
from store.database import Store
from workflow.checking.check import check_catalogue
from workflow.checking.following import check_news
from workflow.checking.repair import accept
from workflow.checking.worklist import Wanted
from workflow.exchange.importing import ImportOrder, import_file
from workflow.exchange.undo import undo
from workflow.library import Library

RESULTS = Path(__file__).parent / "results" / "validate.json"
RECORDS = 61530  # the catalogue of the central library system of Karaganda
REPAIRS = 5000
FAULTY = 10  # one record in so many
PORTION = 500
FLOOR, LONGEST = 520, 120.0
YEAR = 2026


@contextmanager
def timed(result: dict[str, float], name: str) -> Iterator[None]:
    begin, spent = time.perf_counter(), time.process_time()
    yield
    result[name] = round(time.process_time() - spent, 2)
    result[f"{name}_wall"] = round(time.perf_counter() - begin, 2)


def with_faults(count: int, seed: int = 5) -> Iterator[Record]:
    """Made-up records, every tenth with one error of a kind drawn by lot."""
    draw = random.Random(seed)
    kinds = list(KINDS.values())
    for number, record in enumerate(catalogue(count, seed)):
        fault = draw.choice(kinds)(record, draw) if number % FAULTY == 0 else None
        yield record if fault is None else fault.record


def measure(made: list[Record]) -> dict[str, float]:
    """Seconds of the pure checks over records in memory."""
    context = Context(own_rules(), Surroundings(YEAR))
    result: dict[str, float] = {"records": len(made)}
    result["bytes_a_record"] = round(sum(len(canonical_json(r)) for r in made) / len(made))
    validate(made[0], context)  # schemas and rules are read once
    found: Counter[str] = Counter()
    with timed(result, "rules_seconds"):
        for record in made:
            found.update(one.level for one in validate(record, context))
    with timed(result, "gather_seconds"):
        whole = gather(made)
    with timed(result, "whole_seconds"):
        for record in made:
            found.update(one.level for one in findings_in(record, whole, context.rules))
    result["rules_a_second"] = round(len(made) / result["rules_seconds"])
    return result | {f"{level}s": count for level, count in found.items()}


def at_home(root: Path, made: list[Record]) -> dict[str, float]:
    """Seconds of the whole check of a library, findings kept, and of the same again."""
    result: dict[str, float] = {}
    with Store.create(Home(root)) as store:
        for start in range(0, len(made), PORTION):
            with store.transaction("olketanu:import") as tx:
                change = changes.new_change_set(tx, "import")
                for n, record in enumerate(made[start : start + PORTION], start):
                    new = NewRecord(record, "articles", f"n{n}", "other", "active", "external")
                    records.create_record(tx, new, change)
        library = Library(store.home, Settings(), store)
        for name in ("home_seconds", "home_again_seconds"):
            with timed(result, name):
                done = check_catalogue(library, None, SILENT, whole=True, dry_run=False)
            result[name.replace("seconds", "opened")] = done.opened
    return result


def repaired(root: Path, count: int) -> dict[str, float]:
    """Seconds of the checks behind an import, and of as many repairs, accepted and undone."""
    result: dict[str, float] = {"repairs": count}
    path = root / "spaced.mrc"
    root.mkdir(parents=True)
    with path.open("wb") as file:
        file.writelines(write_exchange(map(_spaced, catalogue(count)), "iso2709"))
    with Store.create(Home(root)) as store:
        library = Library(store.home, Settings(), store)
        with timed(result, "import_seconds"):
            import_file(library, path, ImportOrder("articles"), SILENT, actor="bench")
        with timed(result, "follow_seconds"):
            check_news(library, SILENT)
        with timed(result, "accept_seconds"):
            done = accept(library, Wanted(safe=True), "bench", dry_run=False)
        with timed(result, "undo_seconds"):
            undo(library, done.change_set or 0, actor="bench")
    return result | {"repaired": len(done.records)}


def _spaced(record: Record) -> Record:
    """The record with two blanks in its title."""
    fields = list(record.fields)
    n = next(n for n, field in enumerate(fields) if field.tag == "200")
    title = fields[n]
    if isinstance(title, DataField):
        first, *rest = title.subfields
        spaced = Subfield(first.code, first.value.replace(" ", "  ", 1))
        fields[n] = DataField(title.tag, title.indicators, (spaced, *rest))
    return Record(record.format, record.leader, tuple(fields))


def main(arguments: list[str], output: Callable[[str], object] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--home", action="store_true", help="with a library behind it")
    told = parser.parse_args(arguments)
    made = list(with_faults(told.records))
    result = measure(made)
    if told.home:
        with tempfile.TemporaryDirectory() as folder:
            result |= at_home(Path(folder).resolve() / "home", made)
            result |= repaired(Path(folder).resolve() / "repaired", REPAIRS)
    output(json.dumps(result, indent=2))
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return int(result["rules_a_second"] < FLOOR or result["rules_seconds"] > LONGEST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
