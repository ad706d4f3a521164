"""Repairs that were accepted all at once are taken back to the last byte."""

from pathlib import Path

import pytest

from pipeline import catch_up
from store.catalogue import records
from tests.unit.made_imports import ARTICLES, article, file_of, open_made, taken
from workflow.checking.repair import accept
from workflow.checking.worklist import Wanted
from workflow.exchange.export import Export, export_records
from workflow.exchange.importing import ImportOrder
from workflow.exchange.undo import undo
from workflow.library import Library

TEST1 = Path(__file__).parents[2].parent / "shared" / "data" / "marc" / "loge-rusmarc" / "TEST1.ISO"


def exported(library: Library, target: Path, *, original: bool) -> bytes:
    order = Export(target, "rusmarc", "iso2709", catalogue="articles", original=original)
    export_records(library, order, dry_run=False)
    return target.read_bytes()


def contents(library: Library) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Hash and identifiers of every record."""
    store = library.store
    return {
        one.id: (one.sha256, records.identifiers_of(store, one.id))
        for one in records.iterate_records(store)
    }


def repaired_and_undone(folder: Path, path: Path, order: ImportOrder) -> int:
    """Accept every safe repair, take it back, and return how many records there were."""
    with open_made(folder) as library:
        taken(library, path, order)
        catch_up(library)
        before = contents(library), exported(library, folder / "before.iso", original=False)
        done = accept(library, Wanted(safe=True), "aigul", dry_run=False)
        assert done.change_set is not None
        catch_up(library)
        changed = contents(library)
        assert {r for r in changed if changed[r][0] != before[0][r][0]} == set(done.records)
        undone = undo(library, done.change_set, actor="marat")
        assert (undone.restored, undone.deleted, undone.edited) == (len(done.records), 0, ())
        catch_up(library)
        assert (contents(library), exported(library, folder / "after.iso", original=False)) == (
            before
        )
        assert exported(library, folder / "original.iso", original=True) == path.read_bytes()
        again = accept(library, Wanted(safe=True), "aigul", dry_run=True)
        assert (again.records, again.findings) == (done.records, done.findings)
        return len(done.records)


def test_safe_repairs_that_are_undone_leave_the_bytes_of_the_import(tmp_path: Path) -> None:
    made = [article(str(n), f"Шахта  № {n}", f606=" Көмір", f610="") for n in range(1, 40)]
    made.append(article("40", "Қала тарихы"))
    assert repaired_and_undone(tmp_path, file_of(tmp_path, made), ARTICLES) == 39


def test_the_same_with_the_national_library_s_records(tmp_path: Path) -> None:
    if not TEST1.is_file():
        pytest.skip("the real records are not on this machine")
    assert repaired_and_undone(tmp_path, TEST1, ImportOrder("articles", format="rusmarc")) > 0
