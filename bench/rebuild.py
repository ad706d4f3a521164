"""How long a catalogue of the first library's size takes to be kept as files and made again.

    python -m bench.rebuild [--records 61530] [--folder DIR]

Generates records through the store in portions of 500, writes their sidecars, deletes the
database, rebuilds it, and compares the logical dumps. Prints a table and writes
``bench/results/rebuild.json``; ends with 1 when the rebuilt catalogue differs.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.record import ControlField, DataField, Field, Record, Subfield
from olketanu.home import Home
from store import changes
from store.catalogue import records
from store.catalogue.records import NewRecord
from store.database import Store
from store.dump import logical_dump
from workflow.backup.rebuild import rebuild_catalogue
from workflow.sidecars import write_sidecars

RECORDS = 61530  # the catalogue of the central library system of Karaganda
PORTION = 500
RESULTS = Path(__file__).parent / "results" / "rebuild.json"
_WORDS = ("өлке", "тарихы", "Қарағанды", "облысы", "шахта", "көмір", "газет", "мақала", "история")


class Silent:
    def step(self, stage: str, done: int, total: int, current: str) -> None:
        pass


def make_record(number: int, draw: random.Random) -> Record:
    """A record of some 1.2 kB of canonical JSON, which is what the library's have."""

    def text(words: int) -> str:
        return " ".join(draw.choices(_WORDS, k=words))

    fields: list[Field] = [ControlField("001", f"KR{number:07d}")]
    for tag, words in (("200", 9), ("210", 4), ("463", 8), ("606", 5), ("607", 4), ("701", 3)):
        subfields = tuple(Subfield(code, text(words)) for code in "abf"[: 1 + words % 3])
        fields.append(DataField(tag, "1 ", subfields))
    return Record("rusmarc", "0" * 24, tuple(fields))


def import_records(store: Store, count: int) -> None:
    draw = random.Random(61530)
    for start in range(0, count, PORTION):
        with store.transaction("olketanu:import") as tx:
            change = changes.new_change_set(tx, f"portion {start // PORTION}")
            for number in range(start, min(start + PORTION, count)):
                made = make_record(number, draw)
                new = NewRecord(
                    *(made, "articles", f"KR{number:07d}", "other", "active", "external"),
                    raw=repr(made).encode()[:800],
                    identifiers=(("control", f"KR{number:07d}"),),
                )
                records.create_record(tx, new, change)


@contextmanager
def timed(result: dict[str, float], name: str) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    result[name] = round(time.perf_counter() - begin, 2)


def measure(root: Path, count: int) -> dict[str, float]:
    result: dict[str, float] = {"records": count}
    with Store.create(Home(root)) as store:
        with timed(result, "import_seconds"):
            import_records(store, count)
        with timed(result, "first_catch_up_seconds"):
            write_sidecars(store)
        with timed(result, "idle_catch_up_seconds"):
            write_sidecars(store)
        with store.transaction() as tx:
            records.set_status(tx, next(records.iterate_records(tx)).id, "deleted")
        with timed(result, "one_change_catch_up_seconds"):
            write_sidecars(store)
        before = logical_dump(store)
    found = [path for path in (root / "sidecars").rglob("*") if path.is_file()]
    result["sidecar_files"] = len(found)
    result["sidecar_megabytes"] = round(sum(p.stat().st_size for p in found) / 1e6, 1)
    result["database_megabytes"] = round(Home(root).database.stat().st_size / 1e6, 1)
    Home(root).database.unlink()
    result |= rebuilt(root)
    with Store.open(Home(root)) as store:
        same = logical_dump(store) == before
    result["equal"] = same and not result["damaged"] and result["rebuilt_records"] == count
    return result


def rebuilt(root: Path) -> dict[str, float]:
    """Rebuild in a process of its own, so that its memory is seen alone."""
    command = [sys.executable, "-m", "bench.rebuild", "--only", str(root)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def rebuild_only(root: Path) -> dict[str, float]:
    result: dict[str, float] = {}
    with timed(result, "rebuild_seconds"):
        report = rebuild_catalogue(Home(root), Silent())
    result["rebuilt_records"] = report.records
    result["damaged"] = len(report.damaged)
    result["rebuild_peak_megabytes"] = peak_megabytes()
    return result


def peak_megabytes() -> float:
    """Most memory this program has had (VmHWM: getrusage would count what its parent had)."""
    status = Path("/proc/self/status").read_text("ascii")
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
    return round(int(kilobytes) / 1024, 1)


def main(arguments: list[str], output: Callable[[str], object] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument(
        "--folder", type=Path, help="where the home is made, on the disk to measure"
    )
    parser.add_argument("--only", type=Path, help="rebuild this home and print what it took")
    told = parser.parse_args(arguments)
    if told.only:
        output(json.dumps(rebuild_only(told.only)))
        return 0
    with tempfile.TemporaryDirectory(dir=told.folder) as folder:
        result = measure(Path(folder).resolve() / "home", told.records)
    for name, value in result.items():
        output(f"{name:32} {value}")
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0 if result["equal"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
