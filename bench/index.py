"""How long the index takes to be built, and to follow one corrected page, at the first user's size.

Makes a home with made pages and records through the functions of the store, then measures, each in
a process of its own: the whole build; one corrected page of the longest book, one record, 500
records, each until a search finds it; an update without news; the check of every byte; opening the
index with and without notes of what was found good; a search in the catalogue without an index.

    python -m bench.index FOLDER [--pages N] [--records N] [--engine NAME] [--results DIR]

FOLDER must be new or empty; it is removed at the end. Prints a table, writes
``bench/results/index.json``, and ends with 1 when a target is missed.
"""

import argparse
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from functools import partial
from itertools import islice
from pathlib import Path

from bench.made_catalogue import catalogue
from bench.made_shelf import add_book, enter, write_pages
from bench.restore import Measured, measure
from bench.search import corpus
from catalog.record import DataField, Record, Subfield
from catalog.rights import STAFF
from olketanu.home import open_home
from search.index.integrity import CHECKED
from search.index.reader import open_index
from search.results.request import Request
from search.session import Session
from store import changes
from store.catalogue import records
from store.database import Store
from store.digitised import documents
from workflow.catalogue_search import catalogue_engine
from workflow.index import index_status, rebuild_index, update_index, verify_index
from workflow.library import Library, create_library, open_library
from workflow.seeing import seer_of

RESULTS = Path(__file__).parent / "results"
PAGES, RECORDS = 30_095, 61_530  # the first user's work plan
PORTION = 500
NEW_WORD = "жаңатабылғансөз"
SECONDS = {"one page": 2.0, "one record": 2.0}


def make_home(folder: Path, page_count: int, record_count: int, engine: str) -> None:
    """Make a home with so many pages in documents, and so many records."""
    home = create_library(folder / "home", "kk")
    with home.settings.open("a", encoding="utf-8") as settings:
        settings.write(f'\n[search]\nengine = "{engine}"\n')
    with Store.open(home) as store:
        _shelve(store, page_count)
        entered = catalogue(record_count)
        while portion := list(islice(entered, PORTION)):
            with store.transaction() as tx:
                for made in portion:
                    enter(tx, made)


def _shelve(store: Store, page_count: int) -> None:
    made = corpus.documents()
    while page_count > 0:
        document = next(made)
        texts = [page.text for page in document.pages][:page_count]
        page_count -= len(texts)
        with store.transaction() as tx:
            add_book(tx, document.key, texts, language=document.about.language)


def build(folder: Path) -> None:
    """Build the whole index."""
    with _opened(folder) as library:
        rebuild_index(library)


def correct_page(folder: Path) -> None:
    """Correct one page in the middle of the longest document, and find it."""
    with _opened(folder) as library:
        document = max(documents.list_documents(library.store), key=lambda one: len(one.files))
        page = f"p{len(document.files) // 2:04d}"
        with library.store.transaction() as tx:
            write_pages(tx, document.id, {page: f"{NEW_WORD} {page}"})
        _follow(library, 1, NEW_WORD)


def correct_records(folder: Path, count: int) -> None:
    """Give some records a new word, and find them."""
    word = f"{NEW_WORD}{count}"
    with _opened(folder) as library:
        chosen = list(islice(records.iterate_records(library.store), count))
        with library.store.transaction() as tx:
            change = changes.new_change_set(tx, "corrected")
            for stored in chosen:
                note = DataField("300", "  ", (Subfield("a", word),))
                changed = Record(
                    stored.record.format, stored.record.leader, (*stored.record.fields, note)
                )
                records.save_version(
                    tx, stored.id, changed, parent=stored.version, change_set=change
                )
        _follow(library, count, word)


def no_news(folder: Path) -> None:
    """Update an index that holds everything."""
    with _opened(folder) as library:
        if update_index(library):
            raise SystemExit("there was news")


def verify(folder: Path) -> None:
    """Read every byte."""
    with _opened(folder) as library:
        if not verify_index(library).is_well:
            raise SystemExit("the index is damaged")


def open_noted(folder: Path) -> None:
    """Open both parts; all files are noted as good."""
    with open_index(open_home(folder / "home"), restricted=True) as opened:
        if not opened.is_current():
            raise SystemExit("not the generation in force")


def open_unknown(folder: Path) -> None:
    """Open both parts after a restore: nothing is noted, every byte is read."""
    (folder / "home" / "index" / CHECKED).unlink()
    open_noted(folder)


def search_catalogue(folder: Path) -> None:
    """Ask the catalogue without an index."""
    with _opened(folder) as library:
        if not catalogue_engine(library, f"{NEW_WORD}1", seer_of(STAFF)).count():
            raise SystemExit("the catalogue does not answer")


def _opened(folder: Path) -> AbstractContextManager[Library]:
    return open_library(open_home(folder / "home"))


def _follow(library: Library, count: int, word: str) -> None:
    changed = update_index(library)
    with Session(library.home) as session:
        total = session.ask(Request(word, restricted=True, widen=False)).total
    if (changed, total) != (count, count):
        raise SystemExit(f"{changed} entries written, {total} found, not {count}")


def misses(measured: Sequence[Measured]) -> list[str]:
    """The targets that are missed, in words."""
    return [
        f"{m.step} {m.seconds} s > {SECONDS[m.step]} s"
        for m in measured
        if m.seconds > SECONDS.get(m.step, m.seconds)
    ]


def all_steps(
    folder: Path, page_count: int, record_count: int, engine: str
) -> tuple[list[Measured], dict[str, int]]:
    """Make the home, measure every step in its process; return figures and counts."""
    make = partial(make_home, page_count=page_count, record_count=record_count, engine=engine)
    steps: tuple[tuple[str, Callable[[Path], None]], ...] = (
        ("make", make),
        ("build", build),
        ("one page", correct_page),
        ("one record", partial(correct_records, count=1)),
        (f"{PORTION} records", partial(correct_records, count=PORTION)),
        ("no news", no_news),
        ("verify", verify),
        ("open", open_noted),
        ("open unknown", open_unknown),
        ("without index", search_catalogue),
    )
    measured = [measure(step, work, folder) for step, work in steps]
    with _opened(folder) as library:
        status = index_status(library)
    return measured, {"entries": status.open + status.restricted, "bytes": status.size}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every target is met, else 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--engine", default="whoosh")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the JSON")
    options = parser.parse_args(arguments)
    folder = options.folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        parser.error(f"not empty: {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        measured, sizes = all_steps(folder, options.pages, options.records, options.engine)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bad = misses(measured)
    for m in measured:
        print(f"{m.step:14} {m.seconds:8.2f} s  {m.cpu_seconds:8.2f} s CPU  {m.peak_mb:7.1f} MB")
    print("\n".join(f"MISSED {line}" for line in bad) or "all targets met")
    result = {
        "pages": options.pages,
        "records": options.records,
        "engine": options.engine,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        **sizes,
        "missed": bad,
        "steps": [asdict(m) for m in measured],
    }
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / "index.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
