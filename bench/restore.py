"""How long backup and restore take for a library of the size of the first user's.

Makes a home with 61,530 records (the catalogue of the work plan) and some hundred small documents
through the functions of the store, then measures, each in a process of its own: backup, a second
backup without news, restore into an empty folder, and the catalogue made again from the files.

    python -m bench.restore FOLDER [--records N] [--documents N] [--results DIR]

FOLDER must be new or empty and should lie on the disk that is asked about; it is removed at the
end. Prints a table, writes ``bench/results/restore.json``, and ends with 1 when a target is missed.
"""

import argparse
import json
import multiprocessing
import os
import platform
import resource
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from catalog.record import ControlField, DataField, Record, Subfield
from catalog.rights import Rights
from olketanu.home import Home, open_home
from pages.text import PageFrame
from store import changes
from store.catalogue import records
from store.database import Store
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage
from store.disk import masters
from store.disk.files import sha256_of, write_durably
from workflow.backup.back_up import BackupOrder, back_up
from workflow.backup.rebuild import rebuild_catalogue
from workflow.backup.restore import RestoreOrder, restore
from workflow.index import update_index
from workflow.library import create_library, open_library
from workflow.sidecars import write_sidecars

RESULTS = Path(__file__).parent / "results"
RECORDS, DOCUMENTS = 61_530, 300  # issue 3, "Figures"
PORTION = 500
SECONDS = {"restore": 60.0}
MEGABYTES = 300.0  # peak memory of the parent
BATCH = "bench"


class Quiet:
    """Progress that nobody looks at."""

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        """Nothing is shown."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One step: seconds by the wall clock and by the processor, peak memory of its process."""

    step: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


def make_library(folder: Path, record_count: int, document_count: int) -> None:
    """Make the home: records in portions of 500, documents of one page, sidecars, index."""
    home = create_library(folder / "home", "en")
    with open_library(home) as library:
        for start in range(0, record_count, PORTION):
            _add_records(library.store, start, min(start + PORTION, record_count))
        for number in range(document_count):
            _add_document(library.store, folder, number)
        write_sidecars(library.store)
        update_index(library)


def _add_records(store: Store, start: int, stop: int) -> None:
    with store.transaction(actor="bench") as tx:
        change_set = changes.new_change_set(tx, f"import {start}")
        for number in range(start, stop):
            records.create_record(tx, _record(number), change_set)


def _record(number: int) -> records.NewRecord:
    fields = (
        ControlField("001", f"KR-{number:06d}"),
        _field("200", "1 ", a=f"О строительстве шахты номер {number}", f=f"А. Жұмабаев {number}"),
        _field("210", "  ", a="Қарағанды", d=str(1930 + number % 95)),
        _field("330", "  ", a="Өлкетану мақаласы: қала тарихы, шахтёрлер, мектептер. " * 12),
        _field("463", " 1", t="Индустриальная Караганда", v=f"№ {number % 300}"),
        _field("610", "0 ", a=f"Қарағанды облысы {number % 700}"),
    )
    record = Record("rusmarc", "00000naa2 2200000   450 ", fields)
    raw = f"{number:06d}".encode() * 150
    return records.NewRecord(
        record,
        "local_history",
        f"KR-{number:06d}",
        "newspaper_article",
        "active",
        "external",
        raw,
        (("control", f"KR-{number:06d}"),),
    )


def _field(tag: str, indicators: str, **values: str) -> DataField:
    return DataField(tag, indicators, tuple(Subfield(code, text) for code, text in values.items()))


def _add_document(store: Store, folder: Path, number: int) -> None:
    scan = folder / "scan.tif"
    scan.write_bytes(f"scan {number} ".encode() * 4000)
    master = masters.place_master(store.home, scan, type="tiff")
    with store.transaction() as tx:
        batches.add_batch(tx, BATCH, str(folder))
        masters.add_master(tx, master)
        document = documents.add_document(tx, NewDocument(BATCH, f"{number}.tif", master.sha256))
        frame = PageFrame(master.sha256, 0, None, 0, 100, 100, 300)
        page_rows.add_pages(tx, document.id, [NewPage(frame)])
        rights.set_rights(tx, document.id, Rights("closed"))
    pdf = store.home.pdf(document.id)
    write_durably(pdf, f"{number} pdf ".encode() * 3000)
    with store.transaction() as tx:
        files = {pdf.name: sha256_of(pdf)}
        documents.finish_document(tx, document.id, state="done", assembled_key="k", files=files)
        documents.settle(tx, BATCH)


def _back_up(folder: Path) -> None:
    with open_library(open_home(folder / "home")) as library:
        report = back_up(library, BackupOrder(folder / "backup"), Quiet())
    if report.problems:
        raise SystemExit(f"problems: {report.problems[:5]}")


def _restore(folder: Path) -> None:
    report = restore(RestoreOrder(folder / "backup", folder / "restored"), Quiet())
    if report.problems or report.index != "kept":
        raise SystemExit(f"not restored as it was: {report}")


def _rebuild(folder: Path) -> None:
    home = Home((folder / "restored").resolve())
    for ending in ("", "-wal", "-shm"):
        home.database.with_name(home.database.name + ending).unlink(missing_ok=True)
    report = rebuild_catalogue(home, Quiet())
    if report.damaged or report.missing_masters:
        raise SystemExit(f"not rebuilt as it was: {report.damaged[:5]}")


def measure(step: str, work: Callable[[Path], None], folder: Path) -> Measured:
    """Do one step in a fresh process, which tells its own peak memory."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measured, args=(sender, step, work, folder))
    process.start()
    sender.close()
    process.join()
    if process.exitcode or not receiver.poll():
        raise SystemExit(f"{step} failed")
    measured = receiver.recv()
    if not isinstance(measured, Measured):
        raise SystemExit(f"{step} gave no figures")
    return measured


def _measured(sender: Connection, step: str, work: Callable[[Path], None], folder: Path) -> None:
    begin = time.perf_counter()
    work(folder)
    seconds = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    sender.send(Measured(step, round(seconds, 2), round(cpu, 2), round(peak, 1)))


def misses(measured: Sequence[Measured]) -> list[str]:
    """The targets that are missed, in words."""
    found = [
        f"{m.step} {m.seconds} s > {SECONDS[m.step]} s"
        for m in measured
        if m.step in SECONDS and m.seconds > SECONDS[m.step]
    ]
    kept = [m for m in measured if m.step != "make"]
    found += [f"{m.step} {m.peak_mb} MB > {MEGABYTES} MB" for m in kept if m.peak_mb > MEGABYTES]
    return found


def _sizes(folder: Path) -> dict[str, int]:
    stored = [p for p in (folder / "backup" / "files").rglob("*") if p.is_file()]
    return {
        "catalogue_bytes": (folder / "home" / "catalog.sqlite3").stat().st_size,
        "backup_files": len(stored),
        "backup_bytes": sum(path.stat().st_size for path in stored),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every target is met, else 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the JSON")
    options = parser.parse_args(arguments)
    folder = options.folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        parser.error(f"not empty: {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        measured, sizes = _all_steps(folder, options.records, options.documents)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bad = misses(measured)
    for m in measured:
        print(f"{m.step:14} {m.seconds:8.2f} s  {m.cpu_seconds:8.2f} s CPU  {m.peak_mb:7.1f} MB")
    print("\n".join(f"MISSED {line}" for line in bad) or "all targets met")
    result = {
        "records": options.records,
        "documents": options.documents,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        **sizes,
        "missed": bad,
        "steps": [asdict(m) for m in measured],
    }
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / "restore.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    return 1 if bad else 0


def _all_steps(
    folder: Path, record_count: int, document_count: int
) -> tuple[list[Measured], dict[str, int]]:
    make = partial(make_library, record_count=record_count, document_count=document_count)
    steps = (("make", make), ("backup", _back_up), ("second backup", _back_up))
    # Every step in a child: the peak memory of a process is handed on to its children.
    measured = [measure(step, work, folder) for step, work in steps]
    sizes = _sizes(folder)
    for step, work in (("restore", _restore), ("rebuild", _rebuild)):
        measured.append(measure(step, work, folder))
    return measured, sizes


if __name__ == "__main__":
    sys.exit(main())
