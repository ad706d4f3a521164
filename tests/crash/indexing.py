"""The index as a workload: segments, documents that close, segments merged, all made anew."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bench.made_shelf import add_book, enter, record
from catalog.rights import Rights
from olketanu.settings import SearchSettings, Settings
from search.index.generations import examine_index
from store.catalogue import records
from store.digitised import documents, rights
from tests.crash.library import Ack, opened
from tests.crash.promises import lost_records
from workflow.index import rebuild_index, update_index
from workflow.library import Library, create_library

WORDS = ("Шахта", "Кеніш", "Дала", "Қала", "Өзен")
SEGMENTS = 4


def prepare_segments(engine: str) -> Callable[[Path], None]:
    """Return what makes a home whose index has grown in several updates."""

    def prepare(folder: Path) -> None:
        create_library(folder / "home", "en")
        with opened(folder) as opened_library:
            library = with_engine(opened_library, engine)
            with library.store.transaction() as tx:
                add_book(tx, "book", ["шахта", "кеніш"])
            for number in range(SEGMENTS):
                with library.store.transaction() as tx:
                    enter(tx, record(f"{number}", WORDS[number]))
                update_index(library)

    return prepare


def run_segments(engine: str) -> Callable[[Path, Ack], None]:
    """Return what adds a record, closes a document, and then builds everything anew."""

    def run(folder: Path, ack: Ack) -> None:
        with opened(folder) as opened_library:
            library = with_engine(opened_library, engine)
            _enter_last(library)
            update_index(library)
            ack(f"found {WORDS[-1]}")
            book = documents.list_documents(library.store)[0].id
            with library.store.transaction() as tx:
                rights.set_rights(tx, book, Rights("closed"))
            update_index(library)
            ack("restricted 2")
            rebuild_index(library)
            ack("restricted 2")

    return run


def _enter_last(library: Library) -> None:
    if records.find_record_at(library.store, "books", str(SEGMENTS)) is None:
        with library.store.transaction() as tx:
            enter(tx, record(str(SEGMENTS), WORDS[-1]))


def lost_index(library: Library, acks: Sequence[str]) -> list[str]:
    """An index was in force before: whatever happens, one is, with what was acknowledged."""
    standing = examine_index(library.home.index)
    if standing.generation is None:
        return [f"index is {standing.state}: {standing.fault}"]
    held = standing.generation.manifest.entries["restricted"]
    lost = [ack for ack in acks if ack.startswith("restricted") and ack != f"restricted {held}"]
    told = [ack for ack in acks if ack.startswith("found")]
    return [*lost_records(library, told), *(f"lost: {ack}" for ack in lost)]


def with_engine(library: Library, engine: str) -> Library:
    """The library with another engine in its settings."""
    return replace(library, settings=Settings(search=SearchSettings(engine)))
