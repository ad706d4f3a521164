"""Checking of a library's records: findings kept, repairs accepted as one change set."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog.place import cells
from catalog.quality.example import example_record
from catalog.record import Record
from olketanu.errors import SettingsError, UsageError
from olketanu.messages.translate import has_message
from olketanu.progress import SILENT
from olketanu.settings import ChecksSettings
from store import changes
from store.catalogue import records
from store.catalogue.records import NewRecord
from store.database import Store
from store.dump import logical_dump
from tests.unit.made_library import Silent, library_of, new_store
from workflow.checking.check import check_catalogue, check_records
from workflow.checking.following import check_news
from workflow.checking.repair import accept, reject
from workflow.checking.rules import library_rules
from workflow.checking.worklist import Item, Wanted, worklist
from workflow.checking.worklist import changes as changes_of
from workflow.library import Library
from workflow.record.draft import identifiers

BOOK = (
    "100 __ $a20200101d1985    k  y0rusy50      ca",
    "101 0_ $arus",
    "200 1_ $aИcтория  шахты",
    "210 __ $aАлматы$cЖазушы$d1985",
    "215 __ $a320 с.",
    "606 __ $aКөмір",
    "606 __ $aКөмір",
    "675 __ $a622.33",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "home") as opened:
        yield opened


def add(store: Store, number: int, *lines: str, catalogue: str = "books") -> str:
    made = example_record([f"001 KR-{number}", *(lines or BOOK)], "rusmarc")
    with store.transaction("import") as tx:
        change = changes.new_change_set(tx, "import")
        new = NewRecord(made, catalogue, f"KR-{number}", "book", "active", "external", b"raw")
        return records.create_record(tx, new, change).id


def check(library: Library, **options: Any) -> Any:
    told = {"whole": True, "dry_run": False} | options
    return check_catalogue(library, told.pop("catalogue", None), Silent(), **told)


def items(library: Library, **wanted: Any) -> list[Item]:
    return worklist(library, library_rules(library), Wanted(**wanted))


def rules(library: Library, **wanted: Any) -> list[str]:
    return [item.rule.id for item in items(library, **wanted)]


def texts(record: Record, place: str) -> list[str]:
    return [cell.value for cell in cells(record) if str(cell.place) == place]


def test_findings_are_kept_ranked_and_a_second_check_writes_nothing(store: Store) -> None:
    add(store, 1)
    library = library_of(store)
    first = check(library)
    assert first.opened == 3
    assert rules(library) == ["field-twice", "mixed-script", "double-space"]
    before = changes.last_seq(store)
    again = check(library)
    assert (again.opened, again.closed) == (0, 0)
    assert changes.last_seq(store) == before
    assert again.rules == first.rules


def test_a_dry_run_counts_and_keeps_nothing(store: Store) -> None:
    add(store, 1)
    before = changes.last_seq(store)
    found = check(library_of(store), dry_run=True)
    assert found.rules == {"mixed-script": 1, "field-twice": 1, "double-space": 1}
    assert changes.last_seq(store) == before


def test_a_repair_shows_the_text_before_and_after(store: Store) -> None:
    add(store, 1)
    library = library_of(store)
    check(library)
    (item,) = items(library, rule="mixed-script")
    (change,) = changes_of(library, item)
    assert (change.place, change.before) == ("200$a", "Иcтория  шахты")
    assert change.after == "История  шахты"
    (twice,) = items(library, rule="field-twice")
    assert [(c.place, c.before, c.after) for c in changes_of(library, twice)] == [
        ("606[2]", "$aКөмір", None)
    ]


def test_all_of_a_rule_is_one_change_set_with_a_version_a_record(store: Store) -> None:
    ids = [add(store, n) for n in range(4)]
    library = library_of(store)
    check(library)
    done = accept(library, Wanted(rule="mixed-script"), "aigul", dry_run=False)
    assert sorted(done.records) == sorted(ids)
    assert (done.findings, done.outdated) == (4, ())
    assert done.change_set is not None
    change = changes.get_change_set(store, done.change_set)
    assert (change.actor, change.reason) == ("aigul", "repair: mixed-script")
    for identifier in ids:
        versions = records.list_versions(store, identifier)
        assert [v.change_set for v in versions][1:] == [done.change_set]
        assert texts(versions[-1].record, "200$a") == ["История  шахты"]
    assert rules(library, rule="mixed-script") == []
    assert check(library).opened == 0


def test_several_rules_mend_one_text_at_once(store: Store) -> None:
    identifier = add(store, 1)
    library = library_of(store)
    check(library)
    done = accept(library, Wanted(record=identifier), "aigul", dry_run=False)
    assert done.findings == 3
    record = records.get_record(store, identifier).record
    assert texts(record, "200$a") == ["История шахты"]
    assert len(list(record.all("606"))) == 1
    assert rules(library) == []


def test_only_safe_repairs_can_be_asked_for(store: Store) -> None:
    add(store, 1)
    library = library_of(store)
    check(library)
    assert rules(library, safe=True) == ["field-twice", "double-space"]
    one = items(library, safe=True)[0].finding.id
    assert accept(library, Wanted(findings=(one,)), "aigul", dry_run=False).findings == 1


def test_accepting_as_a_dry_run_writes_nothing(store: Store) -> None:
    add(store, 1)
    library = library_of(store)
    check(library)
    before = logical_dump(store)
    done = accept(library, Wanted(safe=True), "aigul", dry_run=True)
    assert (done.change_set, done.findings, len(done.records)) == (None, 2, 1)
    assert logical_dump(store) == before


def test_what_is_rejected_does_not_come_again_even_when_it_has_moved(store: Store) -> None:
    identifier = add(store, 1)
    library = library_of(store)
    check(library)
    assert reject(library, Wanted(rule="mixed-script"), "aigul", dry_run=False).findings == 1
    again = check(library)
    assert (again.opened, again.rules) == (0, {"field-twice": 1, "double-space": 1})
    assert "mixed-script" not in rules(library)
    stored = records.get_record(store, identifier)
    first = example_record(["200 1_ $aЖаңа", "200 1_ $aИcтория  шахты"], "rusmarc")
    with store.transaction("aigul") as tx:
        change = changes.new_change_set(tx, "edit")
        records.save_version(tx, identifier, first, parent=stored.version, change_set=change)
    check(library)
    assert "mixed-script" not in rules(library)
    assert "field-repeated" in rules(library)


def test_a_finding_whose_cause_is_gone_is_closed_and_comes_back_with_it(store: Store) -> None:
    identifier = add(store, 1)
    library = library_of(store)
    check(library)
    stored = records.get_record(store, identifier)
    clean = example_record(
        ["001 KR-1", *(BOOK[:2]), "200 1_ $aИстория шахты", *BOOK[3:]], "rusmarc"
    )
    for record, opened, closed in ((clean, 0, 2), (stored.record, 2, 0)):
        with store.transaction("aigul") as tx:
            change = changes.new_change_set(tx, "edit")
            parent = records.get_record(tx, identifier).version
            records.save_version(tx, identifier, record, parent=parent, change_set=change)
        done = check(library)
        assert (done.opened, done.closed) == (opened, closed)


def test_findings_of_a_deleted_record_are_closed(store: Store) -> None:
    identifier = add(store, 1)
    library = library_of(store)
    check(library)
    with store.transaction("aigul") as tx:
        records.set_status(tx, identifier, "deleted")
    assert check(library).closed == 3
    assert rules(library) == []


def test_a_repair_whose_text_has_changed_stays_open_and_is_named(store: Store) -> None:
    identifier = add(store, 1)
    library = library_of(store)
    check(library)
    (item,) = items(library, rule="mixed-script")
    stored = records.get_record(store, identifier)
    edited = example_record(["001 KR-1", "200 1_ $aДругое"], "rusmarc")
    with store.transaction("aigul") as tx:
        change = changes.new_change_set(tx, "edit")
        records.save_version(tx, identifier, edited, parent=stored.version, change_set=change)
    done = accept(library, Wanted(rule="mixed-script"), "aigul", dry_run=False)
    assert done.outdated == (item.finding.id,)
    assert done.records == ()
    assert records.get_record(store, identifier).record == edited


def test_records_are_checked_after_an_import_by_their_own_rules(store: Store) -> None:
    first, second = add(store, 1), add(store, 2)
    library = library_of(store)
    done = check_records(library, [first])
    assert (done.records, done.faulty, done.opened) == (1, 1, 3)
    assert {item.finding.subject for item in items(library)} == {first}
    assert check_records(library, [second]).opened == 3


def test_the_catalogue_s_words_choose_the_reading_and_a_poorer_check_keeps_it(
    store: Store,
) -> None:
    for number in range(3):
        add(store, number, "101 0_ $akaz", "200 1_ $aБұлақ көзі")
    odd = add(store, 9, "101 0_ $akaz", "200 1_ $aБyлақ көзі")
    library = library_of(store)
    check_records(library, [odd])
    check(library)
    (item,) = items(library, rule="mixed-script")
    assert item.edits[0].new == "Бұлақ"
    before = changes.last_seq(store)
    check_records(library, [odd])
    assert changes.last_seq(store) == before


def test_one_catalogue_is_checked_with_the_statistics_of_all(store: Store) -> None:
    for number in range(12):
        add(store, number, "101 0_ $akaz", "200 1_ $aҚарағанды шахтасы", catalogue="books")
    odd = add(store, 99, "101 0_ $akaz", "200 1_ $aКараганды шахтасы", catalogue="articles")
    library = library_of(store)
    done = check(library, catalogue="articles")
    assert done.records == 1
    assert "spelling-kazakh" in rules(library, record=odd)
    assert {item.finding.subject for item in items(library)} == {odd}


def test_a_link_to_a_document_of_ours_that_is_not_there_is_an_error(store: Store) -> None:
    library = library_of(store)
    site = library.settings.site.url
    identifier = add(store, 1, f"856 40 $u{site}/d/0000000", "856 40 $uhttps://a.kz/d/0000000")
    check(library, whole=False)
    (item,) = items(library, rule="own-link-dead", record=identifier)
    assert item.finding.facts["place"] == "856$u"


def test_something_must_narrow_what_is_accepted_or_rejected(store: Store) -> None:
    library = library_of(store)
    for act in (accept, reject):
        with pytest.raises(UsageError) as caught:
            act(library, Wanted(), "aigul", dry_run=False)
        assert caught.value.key == "error.repair-what"
    with pytest.raises(UsageError) as caught:
        items(library, rule="no-such")
    assert caught.value.key == "error.unknown-rule"


def with_rules(store: Store, text: str) -> Library:
    (store.home.root / "rules.toml").write_text(text, encoding="utf-8")
    library = library_of(store)
    return replace(library, settings=replace(library.settings, checks=ChecksSettings("rules.toml")))


OWN = """
off = ["double-space"]
[level]
"mixed-script" = "error"
[[rule]]
id = "town"
check = "pattern"
with = {{ in = ["210$a"], find = "^Алматы$", becomes = "Алматы қаласы" }}
repair = "proposed"
message = {{ ru = "{{place}}: {{value}}" }}
fail = ["210 __ $a{fails}"]
pass = ["210 __ $aАстана"]
"""


def test_a_library_s_file_switches_off_re_levels_and_adds(store: Store) -> None:
    add(store, 1)
    library = with_rules(store, OWN.format(fails="Алматы"))
    check(library)
    assert rules(library) == ["mixed-script", "field-twice", "town"]
    accept(library, Wanted(rule="town"), "aigul", dry_run=False)
    assert rules(library, rule="town") == []


def test_switching_a_rule_off_closes_its_findings(store: Store) -> None:
    add(store, 1)
    check(library_of(store))
    assert check(with_rules(store, 'off = ["double-space"]')).closed == 1


@pytest.mark.parametrize(
    ("text", "key", "facts"),
    [
        ("off = []\nlevel == 1", "error.rules-file", {"problem": "line 2"}),
        ('off = ["no-such"]', "error.rules-rule", {"id": "no-such", "what": "off"}),
        (OWN.format(fails="Астана"), "error.rules-rule", {"id": "town", "what": "fail 1"}),
    ],
)
def test_a_mistake_in_the_library_s_file_is_named(
    store: Store, text: str, key: str, facts: dict[str, str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        check(with_rules(store, text))
    assert caught.value.key == key
    for name, value in facts.items():
        assert value in str(caught.value.facts[name])


def test_a_file_of_rules_that_is_not_there_is_an_error(store: Store) -> None:
    library = library_of(store)
    wrong = replace(library, settings=replace(library.settings, checks=ChecksSettings("no.toml")))
    with pytest.raises(SettingsError) as caught:
        library_rules(wrong)
    assert caught.value.key == "error.rules-file"


class Heard:
    def __init__(self) -> None:
        self.steps: list[tuple[str, int, int]] = []

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        self.steps.append((stage, done, total))


def test_progress_tells_both_passes_with_their_total(store: Store) -> None:
    add(store, 1)
    add(store, 2, catalogue="articles")
    heard = Heard()
    check_catalogue(library_of(store), "articles", heard, whole=True, dry_run=True)
    assert heard.steps == [("statistics", 2, 2), ("records", 1, 1)]
    assert all(has_message(f"progress.{stage}") for stage, _, _ in heard.steps)


def test_a_repaired_number_is_found_and_other_identifiers_stay(store: Store) -> None:
    identifier = add(store, 1, "010 __ $a0-8044-2957-х", "200 1_ $aШахта")
    with store.transaction() as tx:
        stored = records.get_record(tx, identifier)
        known = [*identifiers(stored.record), ("control", "KR-1")]
        change = changes.new_change_set(tx, "import")
        told: dict[str, Any] = {"parent": stored.version, "change_set": change}
        records.save_version(tx, identifier, stored.record, identifiers=known, **told)
    library = library_of(store)
    check(library)
    assert records.find_by_identifier(store, "isbn", "9780804429573") == []
    accept(library, Wanted(rule="isbn-spelling"), "aigul", dry_run=False)
    assert records.find_by_identifier(store, "isbn", "9780804429573") == [identifier]
    assert records.find_by_identifier(store, "control", "KR-1") == [identifier]


def test_a_move_to_another_subfield_is_shown_with_both(store: Store) -> None:
    identifier = add(store, 1, "010 __ $a978-0-306-40615-8", "200 1_ $aШахта")
    library = library_of(store)
    check(library)
    (item,) = items(library, rule="isbn-wrong")
    (change,) = changes_of(library, item)
    assert (change.before, change.after) == ("$a 978-0-306-40615-8", "$z 978-0-306-40615-8")
    accept(library, Wanted(findings=(item.finding.id,)), "aigul", dry_run=False)
    record = records.get_record(store, identifier).record
    assert texts(record, "010$z") == ["978-0-306-40615-8"]
    assert rules(library, rule="isbn-wrong") == []


def test_a_change_that_no_longer_fits_is_shown_as_none(store: Store) -> None:
    identifier = add(store, 1)
    library = library_of(store)
    check(library)
    (item,) = items(library, rule="mixed-script")
    stored = records.get_record(store, identifier)
    with store.transaction("aigul") as tx:
        change = changes.new_change_set(tx, "edit")
        edited = example_record(["001 KR-1", "200 1_ $aДругое"], "rusmarc")
        records.save_version(tx, identifier, edited, parent=stored.version, change_set=change)
    (told,) = changes_of(library, item)
    assert told.before == told.after == "Другое"


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        (("606 __ $aКөмір", "606 __ $aКөмір"), ("606 __ $aШахта", "606 __ $aКөмір"), "field-twice"),
        (("200 1_ $aКөмір$e",), ("200 1_ $aКөмір$eроман",), "subfield-empty"),
    ],
)
def test_a_repair_whose_cause_has_gone_takes_nothing_away(
    store: Store, before: tuple[str, ...], after: tuple[str, ...], rule: str
) -> None:
    identifier = add(store, 1, *before)
    library = library_of(store)
    check(library)
    assert rules(library, rule=rule) == [rule]
    edited = example_record(["001 KR-1", *after], "rusmarc")
    with store.transaction("aigul") as tx:
        change = changes.new_change_set(tx, "edit")
        records.save_version(tx, identifier, edited, parent=1, change_set=change)
    done = accept(library, Wanted(rule=rule), "aigul", dry_run=False)
    assert (done.findings, len(done.outdated), done.records) == (0, 1, ())
    assert records.get_record(store, identifier).record == edited
    check_news(library, SILENT)
    assert rules(library, rule=rule) == []
