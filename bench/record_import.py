"""How fast files of records come in, are known again, are compared and are undone.

    python -m bench.record_import [--records 61530] [--gigabyte] [--folder DIR]

Generates a file of Cyrillic RUSMARC records of some 1.1 kB (UTF-8, ISO 2709), imports it, imports
a copy of it that is another file, changes 5,000 records of it and imports and undoes that, makes
1,000 conflicts, and compares what ``export --original`` gives with the file. ``--gigabyte`` reads
a file of 1 GB in a process of its own and takes its peak of memory. Prints a table and writes
``bench/results/record_import.json``; ends with 1 where bytes differ or a conflict is missing.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bench.rebuild import Silent, make_record
from catalog.marc import iso2709
from catalog.record import DataField, Record, Subfield
from store import changes
from store.catalogue import records
from store.disk.files import sha256_of
from store.imports.conflicts import list_conflicts
from workflow.exchange.export import Export, export_records
from workflow.exchange.importing import Imported, ImportOrder, import_file
from workflow.exchange.undo import change_of_import, undo
from workflow.library import Library, create_library, open_library

RECORDS = 61530  # the catalogue of the central library system of Karaganda
CHANGED = 5000
CONFLICTS = 1000
GIGABYTE = 1_000_000_000
RESULTS = Path(__file__).parent / "results" / "record_import.json"
ORDER = ImportOrder("articles")
_MEGA = 1 << 20


def made(count: int, note: str = "") -> Iterator[Record]:
    """The records, always the same; with ``note`` each has a field more."""
    draw = random.Random(61530)
    field = DataField("300", "  ", (Subfield("a", note),))
    for number in range(count):
        record = make_record(number, draw)
        yield replace(record, fields=(*record.fields, field)) if note else record


def write(path: Path, found: Iterator[Record]) -> Path:
    with path.open("wb") as stream:
        for piece in iso2709.write(found):
            stream.write(piece)
    return path


def timed(result: dict[str, float], name: str, count: int, work: Callable[[], object]) -> object:
    """Do the work; keep its seconds, and how many of ``count`` it does in one.

    ``…_a_cpu_second`` is what it would do if no other work were on the machine and disks were fast.
    """
    begin, cpu = time.perf_counter(), time.process_time()
    done = work()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    result[f"{name}_seconds"] = round(seconds, 2)
    result[f"{name}_a_second"] = round(count / seconds)
    result[f"{name}_a_cpu_second"] = round(count / cpu)
    return done


def take(library: Library, path: Path) -> Imported:
    return import_file(library, path, ORDER, Silent(), actor="bench")


def measure(folder: Path, count: int) -> dict[str, float]:
    """Everything but the gigabyte, in a new home below ``folder``."""
    result: dict[str, float] = {"records": count}
    whole = write(folder / "all.iso", made(count))
    copy = folder / "copy.iso"
    copy.write_bytes(whole.read_bytes() + b"\r\n")
    result["bytes_a_record"] = round(whole.stat().st_size / count)
    changed = write(folder / "changed.iso", made(min(CHANGED, count), "жаңа"))
    with open_library(create_library(folder / "home", "kk")) as library:
        timed(result, "import", count, lambda: take(library, whole))
        timed(result, "again", count, lambda: take(library, copy))
        done = timed(result, "changed", CHANGED, lambda: take(library, changed))
        change = change_of_import(library, done.id) if isinstance(done, Imported) else 0
        timed(result, "undo", CHANGED, lambda: undo(library, change, actor="bench"))
        out = Export(folder / "out.iso", "rusmarc", "iso2709", original=True)
        timed(result, "export", count, lambda: export_records(library, out, dry_run=False))
        result["same_bytes"] = sha256_of(out.target) == sha256_of(whole)
        result["conflicts"] = conflicts(library, folder, min(CONFLICTS, count))
    return result


def conflicts(library: Library, folder: Path, count: int) -> int:
    """Both sides change ``count`` records; how many wait, with both sides as they were."""
    ours = {}
    with library.store.transaction("bench") as tx:
        change = changes.new_change_set(tx, "ours")
        for record in made(count, "біздікі"):
            found = records.find_record_at(tx, "articles", str(record.control_number))
            if found is not None:
                parent = found.version
                done = records.save_version(tx, found.id, record, parent=parent, change_set=change)
                ours[found.id] = done.sha256
    take(library, write(folder / "theirs.iso", made(count, "олардікі")))
    waiting = [one.record for one in list_conflicts(library.store)]
    kept = sum(records.get_record(library.store, r).sha256 == ours.get(r) for r in waiting)
    return min(kept, len(set(waiting)))


def gigabyte(folder: Path) -> dict[str, float]:
    """Import of 1 GB in a process of its own: seconds and peak of memory, beside a hundredth."""
    result: dict[str, float] = {}
    for name, size in (("small", GIGABYTE // 100), ("large", GIGABYTE)):
        path = folder / f"{name}.iso"
        pieces = list(iso2709.write(made(2000)))
        with path.open("wb") as stream:
            number = 0
            while stream.tell() < size:
                # The same length, so that directory and leader stay true.
                old = f"KR{number % 2000:07d}".encode()
                stream.write(pieces[number % 2000].replace(old, f"{number:09d}".encode()))
                number += 1
        command = [sys.executable, "-m", "bench.record_import", "--take", str(path)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        result |= {f"{name}_{key}": value for key, value in json.loads(told).items()}
        path.unlink()
    return result


def _peak_bytes() -> int:
    """Peak of this program alone; ru_maxrss of a child begins with what its parent held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def take_alone(path: Path) -> None:
    """Import one file in this process and tell seconds and peak."""
    begin = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(dir=path.parent) as name,
        open_library(create_library(Path(name) / "home", "kk")) as library,
    ):
        done = take(library, path)
    told = {
        "records": done.counts["new"],
        "seconds": round(time.perf_counter() - begin, 1),
        "peak_mb": round(_peak_bytes() / _MEGA),
    }
    sys.stdout.write(json.dumps(told))


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--gigabyte", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--take", type=Path)
    told = parser.parse_args()
    if told.take:
        take_alone(told.take)
        return 0
    before = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    with tempfile.TemporaryDirectory(dir=told.folder) as name:
        result = before | measure(Path(name), told.records)
        if told.gigabyte:
            result |= gigabyte(Path(name))
    RESULTS.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", "utf-8")
    for key, value in sorted(result.items()):
        sys.stdout.write(f"{key:24} {value}\n")
    return 0 if result["same_bytes"] and result["conflicts"] == CONFLICTS else 1


if __name__ == "__main__":
    sys.exit(main())
