"""How large a correction sheet is, and how long it takes to bring one back.

So many records of theirs are corrected, the sheet is made, ticked, read in its child, looked at and
taken: ``python -m bench.sheet [RECORDS]``.
"""

import io
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from openpyxl import load_workbook

from olketanu.settings import CataloguesSettings, Settings
from store import changes
from store.catalogue import records
from tests.unit.made_imports import article, file_of, taken
from workflow.delta.taking import look_at, take
from workflow.delta.upload import read_sent
from workflow.delta.writing import sheet_of_open
from workflow.library import Library, create_library, open_library

Made = TypeVar("Made")


def main(count: int) -> None:
    """Print sizes and times of a sheet of ``count`` corrections."""
    settings = Settings(catalogues=CataloguesSettings({"articles": "external"}))
    with tempfile.TemporaryDirectory() as folder:
        home = create_library(Path(folder) / "home", "ru")
        with open_library(home) as opened:
            library = replace(opened, settings=settings)
            _correct(library, Path(folder), count)
            _walk(library)


def _correct(library: Library, folder: Path, count: int) -> None:
    titles = {str(n): f"Қарағанды шахталары мен кеншілері туралы {n}" for n in range(1, count + 1)}
    theirs = [article(number, title, f210="Алма-Ата") for number, title in titles.items()]
    taken(library, file_of(folder, theirs))
    with library.store.transaction("aigul") as tx:
        change = changes.new_change_set(tx, "corrected")
        for stored in list(records.iterate_records(tx)):
            number = stored.record.control_number or ""
            new = article(number, titles[number], f210="Алматы")
            records.save_version(tx, stored.id, new, parent=stored.version, change_set=change)


def _walk(library: Library) -> None:
    data = _timed("sheet made", lambda: sheet_of_open(library, "sheet-xlsx")) or b""
    print(f"{'sheet':<12} {len(data) / 1e6:.2f} MB")
    data = _ticked(data)
    print(f"{'ticked':<12} {len(data) / 1e6:.2f} MB")
    marked = _timed("read", lambda: read_sent(data, "sheet.xlsx"))
    looked = _timed("looked at", lambda: look_at(library, marked, "sheet.xlsx", "aigul"))
    done = _timed("taken", lambda: take(library, looked))
    form = len(looked.act.form["ticks"].encode()) if looked.act else 0
    print(f"{'form':<12} {form / 1e3:.0f} kB, {done.done} marks")


def _ticked(data: bytes) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for row in book.worksheets[0].iter_rows(min_row=2):
        row[6].value = "✓"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _timed(name: str, work: Callable[[], Made]) -> Made:
    start = time.perf_counter()
    made = work()
    print(f"{name:<12} {time.perf_counter() - start:.2f} s")
    return made


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
