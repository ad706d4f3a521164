"""Checks that follow the journal: new and changed records get their findings by themselves."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.quality.example import example_record
from olketanu.progress import SILENT
from olketanu.settings import ChecksSettings
from pipeline import catch_up
from store import changes
from store.catalogue import records
from store.catalogue.findings import list_findings
from store.catalogue.records import NewRecord
from store.database import Store
from tests.unit.made_library import library_of, new_store
from workflow.checking import following
from workflow.checking.check import CURSOR, Examiner, check_catalogue
from workflow.checking.following import check_news
from workflow.checking.repair import accept
from workflow.checking.rules import library_rules
from workflow.checking.worklist import Wanted
from workflow.exchange.undo import undo
from workflow.library import Library

MIXED = ("101 0_ $arus", "200 1_ $aИcтория шахты", "675 __ $a622.33", "801 _0 $aKZ")
CLEAN = ("101 0_ $arus", "200 1_ $aИстория шахты", "675 __ $a622.33", "801 _0 $aKZ")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with new_store(tmp_path / "home") as store:
        yield library_of(store)


def add(library: Library, number: int, lines: tuple[str, ...] = MIXED) -> str:
    made = example_record([f"001 KR-{number}", *lines], "rusmarc")
    with library.store.transaction("import") as tx:
        change = changes.new_change_set(tx, "import")
        new = NewRecord(made, "articles", f"KR-{number}", "book", "active", "external", b"raw")
        return records.create_record(tx, new, change).id


def edit(library: Library, identifier: str, lines: tuple[str, ...]) -> int:
    with library.store.transaction("aigul") as tx:
        before = records.get_record(tx, identifier)
        change = changes.new_change_set(tx, "edit")
        made = example_record([f"001 {before.record.control_number}", *lines], "rusmarc")
        records.save_version(tx, identifier, made, parent=before.version, change_set=change)
    return change


def waiting(library: Library) -> list[tuple[str, str]]:
    """Record and rule of every finding about a letter that waits."""
    found = list_findings(library.store, code="rule/mixed-script")
    return sorted((one.subject, one.code.partition("/")[2]) for one in found)


def test_a_new_record_is_checked_once_and_a_second_call_writes_nothing(library: Library) -> None:
    identifier = add(library, 1)
    first = check_news(library, SILENT)
    assert (first.records, first.rules["mixed-script"]) == (1, 1)
    assert waiting(library) == [(identifier, "mixed-script")]
    before = changes.last_seq(library.store)
    assert check_news(library, SILENT).records == 0
    assert changes.last_seq(library.store) == before


def test_an_edit_a_repair_and_an_undo_are_followed(library: Library) -> None:
    identifier = add(library, 1)
    catch_up(library)
    change = edit(library, identifier, CLEAN)
    catch_up(library)
    assert waiting(library) == []
    undo(library, change, actor="aigul")
    catch_up(library)
    assert waiting(library) == [(identifier, "mixed-script")]
    done = accept(library, Wanted(rule="mixed-script"), "aigul", dry_run=False)
    assert done.change_set is not None
    catch_up(library)
    undo(library, done.change_set, actor="aigul")
    assert catch_up(library).rules["mixed-script"] == 1
    assert waiting(library) == [(identifier, "mixed-script")]


def test_a_record_that_was_merged_loses_its_findings_and_gets_them_back(library: Library) -> None:
    first, second = add(library, 1), add(library, 2, CLEAN)
    check_news(library, SILENT)
    for status, into, left in (("merged", second, []), ("active", None, [(first, "mixed-script")])):
        with library.store.transaction("aigul") as tx:
            records.set_status(tx, first, status, merged_into=into)
        check_news(library, SILENT)
        assert waiting(library) == left


class Stopped:
    """Kills the work when a portion is done."""

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        raise KeyboardInterrupt


def test_checks_that_were_killed_go_on_behind_the_last_portion(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_PORTION", 2)
    for number in range(5):
        add(library, number)
    with pytest.raises(KeyboardInterrupt):
        check_news(library, Stopped())
    assert len(waiting(library)) == 2
    assert check_news(library, SILENT).records == 3
    assert len(waiting(library)) == 5


def test_what_another_run_has_checked_meanwhile_is_left(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(library, 1)
    judge = Examiner.judge

    def late(examiner: Examiner, portion: object) -> object:
        monkeypatch.setattr(Examiner, "judge", judge)
        with Store.open(library.home) as store:
            assert check_news(Library(library.home, library.settings, store), SILENT).opened > 0
        return judge(examiner, portion)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(Examiner, "judge", late)
    assert check_news(library, SILENT).records == 0
    assert len(waiting(library)) == 1


def test_switched_off_nothing_is_checked_until_it_is_on_again(library: Library) -> None:
    off = replace(library, settings=replace(library.settings, checks=ChecksSettings("", False)))
    add(library, 1)
    assert check_news(off, SILENT).records == 0
    assert waiting(library) == []
    assert check_news(library, SILENT).records == 1


def test_a_check_of_the_whole_catalogue_leaves_nothing_to_follow(library: Library) -> None:
    add(library, 1)
    check_catalogue(library, None, SILENT, whole=True, dry_run=False)
    assert check_news(library, SILENT).records == 0
    add(library, 2)
    check_catalogue(library, "articles", SILENT, whole=False, dry_run=False)
    assert check_news(library, SILENT).records == 1


def test_findings_are_counted_by_level(library: Library) -> None:
    add(library, 1, ("101 0_ $arus", "200 1_ $aИcтория  шахты", "856 4_ $uwww elib kz"))
    found = check_news(library, SILENT)
    levels = found.by_level(library_rules(library))
    # A letter, an address, no place, no year, no extent; blanks and no class are small things.
    assert levels == {"error": 0, "warning": 5, "hint": 2}


def test_the_findings_of_an_import_are_written_beside_the_catalogue(library: Library) -> None:
    add(library, 1)
    catch_up(library)
    beside = [p.read_text("utf-8") for p in (library.home.root / "sidecars").rglob("*.jsonl*")]
    assert any("rule/mixed-script" in text for text in beside)
    assert changes.get_cursor(library.store, CURSOR) > 0
