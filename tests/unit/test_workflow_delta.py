"""What we changed in their records goes back to them, and comes home as their own."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.reading import ReadRecord
from catalog.record import ControlField, DataField, LinkField, Record, Subfield
from olketanu.errors import InputError, UsageError
from olketanu.messages.translate import choose_language
from store import changes
from store.catalogue import records
from store.database import Store
from store.imports.conflicts import list_conflicts
from tests.unit.made_imports import ARTICLES, article, counted, file_of, open_made, taken
from tests.unit.made_library import Silent
from workflow.backup.rebuild import rebuild_catalogue
from workflow.delta.lines import recognition
from workflow.delta.listing import list_corrections
from workflow.delta.taking import Taken, take_sheet
from workflow.delta.writing import Delta, DeltaOrder, write_delta
from workflow.library import Library
from workflow.sidecars import write_sidecars

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "marc"
XML = DATA / "rusmarc-tpu" / "issue-2012-v320-i1.marcxml"
NOTE = "Кітапханашы тексерді"
Edit = Callable[[Record], Record]


@pytest.fixture(autouse=True)
def _russian() -> None:
    choose_language("ru")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_made(tmp_path) as opened:
        yield opened


def theirs(count: int = 4) -> list[Record]:
    return [
        article(str(n), f"Қарағанды шахталары {n}", f606="Шахталар", f210="Алма-Ата")
        for n in range(1, count + 1)
    ]


def edit(library: Library, number: str, change: Edit) -> int:
    """A person of ours changes a record of theirs; return the number of the change set."""
    stored = records.find_record_at(library.store, "articles", number)
    assert stored is not None
    with library.store.transaction("marat") as tx:
        made = changes.new_change_set(tx, "corrected")
        changed = change(stored.record)
        records.save_version(tx, stored.id, changed, parent=stored.version, change_set=made)
    return made


def with_field(tag: str, text: str) -> Edit:
    """The record with this one field of the tag, instead of what it had."""

    def changed(record: Record) -> Record:
        rest = [field for field in record.fields if field.tag != tag]
        new = DataField(tag, "  ", (Subfield("a", text),))
        place = next((n for n, field in enumerate(rest) if field.tag > tag), len(rest))
        return replace(record, fields=(*rest[:place], new, *rest[place:]))

    return changed


def write(library: Library, target: Path, **more: object) -> Delta:
    return write_delta(library, DeltaOrder(target, **more), actor="aigul")  # type: ignore[arg-type]  # options of one test


def read(path: Path) -> list[Record]:
    opened = open_exchange(io.BytesIO(path.read_bytes()), ReadOrder())
    return [one.record for one in opened.records if isinstance(one, ReadRecord)]


def loaded(copy: list[Record], delta: list[Record]) -> list[Record]:
    """What their system holds after it has loaded the delta: replaced by number."""
    new = {record.control_number: record for record in delta}
    return [new.get(record.control_number, record) for record in copy]


def states(library: Library) -> list[tuple[str | None, str, str]]:
    return [(one.number, one.field, one.state) for one in list_corrections(library)[0]]


def tick(
    path: Path, marks: dict[int, tuple[str, str]], notes: dict[int, str] | None = None
) -> None:
    """Mark rows of a sheet, counted from 2 as Excel does: done, cannot."""
    book = load_workbook(path)
    page = book.worksheets[0]
    for row, (done, cannot) in marks.items():
        page.cell(row, 7).value, page.cell(row, 8).value = done or None, cannot or None
    for row, note in (notes or {}).items():
        page.cell(row, 9).value = note
    book.save(path)


def take(library: Library, path: Path) -> Taken:
    return take_sheet(library, path, actor="aigul")


def test_a_delta_loaded_there_and_imported_again_leaves_no_difference(
    library: Library, tmp_path: Path
) -> None:
    copy = theirs(40)
    taken(library, file_of(tmp_path, copy))
    edit(library, "3", with_field("210", "Алматы"))
    edit(library, "17", with_field("300", NOTE))
    edit(library, "40", lambda r: replace(r, fields=tuple(f for f in r.fields if f.tag != "606")))
    done = write(library, tmp_path / "delta.iso")
    assert (done.form, done.records, done.corrections) == ("iso2709", 3, 3)
    back = loaded(copy, read(tmp_path / "delta.iso"))
    assert [r.control_number for r in read(tmp_path / "delta.iso")] == ["3", "17", "40"]
    again = taken(library, file_of(tmp_path, back, "again.iso"))
    assert counted(again) == (0, 0, 40, 0, 0)
    assert (states(library), list_conflicts(library.store)) == ([], [])
    assert write(library, tmp_path / "empty.iso").records == 0
    assert not (tmp_path / "empty.iso").exists()


def test_their_system_may_renew_the_time_of_a_record_that_it_loads(
    library: Library, tmp_path: Path
) -> None:
    copy = theirs()
    taken(library, file_of(tmp_path, copy))
    edit(library, "2", with_field("210", "Алматы"))
    write(library, tmp_path / "delta.iso")
    (changed,) = read(tmp_path / "delta.iso")
    number, *rest = changed.fields
    stamped = replace(changed, fields=(number, ControlField("005", "20261129101500.0"), *rest))
    counts = taken(library, file_of(tmp_path, loaded(copy, [stamped]), "again.iso"))
    assert counts.counts["conflicts"] == 0
    assert states(library) == []


def test_a_record_that_came_as_the_other_of_two_like_formats_goes_back_as_it_came(
    library: Library, tmp_path: Path
) -> None:
    path = file_of(tmp_path, theirs())
    taken(library, path, replace(ARTICLES, format="unimarc"))
    edit(library, "2", lambda r: replace(with_field("210", "Алматы")(r), format="rusmarc"))
    assert states(library) == [("2", "210", "open")]
    assert write(library, tmp_path / "delta.iso").records == 1


def test_only_records_that_another_system_owns_go_out(tmp_path: Path) -> None:
    with open_made(tmp_path, master="here") as library:
        taken(library, file_of(tmp_path, theirs()))
        edit(library, "2", with_field("210", "Алматы"))
        assert write(library, tmp_path / "delta.iso").records == 0


def test_a_file_keeps_the_container_of_the_last_import_unless_told_otherwise(
    library: Library, tmp_path: Path
) -> None:
    taken(library, file_of(tmp_path, theirs()))
    edit(library, "2", with_field("210", "Алматы"))
    assert write(library, tmp_path / "delta").form == "iso2709"
    assert write(library, tmp_path / "delta.xml").form == "marcxml"
    assert write(library, tmp_path / "other", form="marcxml").form == "marcxml"
    assert read(tmp_path / "other") == read(tmp_path / "delta.xml")


def test_their_number_goes_out_even_where_ours_was_changed(
    library: Library, tmp_path: Path
) -> None:
    taken(library, file_of(tmp_path, theirs()))
    edit(
        library,
        "2",
        lambda r: with_field("210", "Алматы")(
            replace(r, fields=(ControlField("001", "ours"), *r.fields[1:]))
        ),
    )
    write(library, tmp_path / "delta.iso")
    assert [r.control_number for r in read(tmp_path / "delta.iso")] == ["2"]


def test_records_without_a_number_are_told_and_known_by_their_words(
    library: Library, tmp_path: Path
) -> None:
    taken(library, file_of(tmp_path, [article(None, "Құттықтаймыз!"), *theirs(1)]))
    (found,) = (r for r in records.list_records(library.store) if not r.record.control_number)
    with library.store.transaction("marat") as tx:
        change = changes.new_change_set(tx, "corrected")
        new = with_field("210", "Алматы")(found.record)
        records.save_version(tx, found.id, new, parent=found.version, change_set=change)
    done = write(library, tmp_path / "sheet.html")
    assert done.numberless == (found.id,)
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert "<b>без номера</b>Құттықтаймыз!" in page


def test_what_both_sides_changed_waits_for_a_person(library: Library, tmp_path: Path) -> None:
    copy = theirs()
    taken(library, file_of(tmp_path, copy))
    edit(library, "1", with_field("210", "Алматы"))
    edit(library, "2", with_field("210", "Алматы"))
    there = [copy[0], with_field("210", "Астана")(copy[1]), *copy[2:]]
    taken(library, file_of(tmp_path, there, "changed.iso"))
    done = write(library, tmp_path / "delta.iso")
    assert done.contested == ("2",)
    assert [r.control_number for r in read(tmp_path / "delta.iso")] == ["1"]


def test_only_what_was_changed_since_goes_out(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, theirs()))
    first = edit(library, "1", with_field("210", "Алматы"))
    edit(library, "2", with_field("210", "Алматы"))
    write(library, tmp_path / "delta.iso", since=first)
    assert [r.control_number for r in read(tmp_path / "delta.iso")] == ["2"]


def test_a_dry_run_writes_nothing_and_notes_nothing(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, theirs()))
    edit(library, "1", with_field("210", "Алматы"))
    before = changes.last_seq(library.store)
    done = write_delta(library, DeltaOrder(tmp_path / "a.xlsx"), actor="aigul", dry_run=True)
    assert (done.form, done.records) == ("sheet-xlsx", 1)
    assert not (tmp_path / "a.xlsx").exists()
    assert changes.last_seq(library.store) == before


def test_a_record_that_the_file_cannot_hold_is_told_and_goes_by_sheet(
    library: Library, tmp_path: Path
) -> None:
    taken(library, file_of(tmp_path, theirs()))
    edit(library, "1", with_field("300", "ұ" * 5000))  # 10,000 bytes in one field
    edit(library, "2", with_field("210", "Алматы"))
    done = write(library, tmp_path / "delta.iso")
    assert (done.records, done.unfit) == (1, ("1",))
    assert [r.control_number for r in read(tmp_path / "delta.iso")] == ["2"]
    assert write(library, tmp_path / "sheet.html").unfit == ()
    assert write(library, tmp_path / "delta.xml").records == 2


class TestRecordDeletedHere:
    """Record 2 was merged into record 1, record 3 deleted."""

    @pytest.fixture
    def copy(self, library: Library, tmp_path: Path) -> list[Record]:
        copy = theirs()
        taken(library, file_of(tmp_path, copy))
        kept, double, bad = (
            records.find_record_at(library.store, "articles", number) for number in "123"
        )
        assert kept is not None
        assert double is not None
        assert bad is not None
        with library.store.transaction("marat") as tx:
            records.set_status(tx, double.id, "merged", merged_into=kept.id)
            records.set_status(tx, bad.id, "deleted")
        return copy

    def test_the_sheet_asks_to_delete_it_and_says_where_it_went(
        self, library: Library, tmp_path: Path, copy: list[Record]
    ) -> None:
        assert write(library, tmp_path / "sheet.xlsx").records == len(copy) - 2
        page = load_workbook(tmp_path / "sheet.xlsx").worksheets[0]
        told = [[page.cell(row, column).value for column in (1, 4, 9)] for row in (2, 3)]
        assert told == [
            ["2", "удалить запись", "объединена с записью № 1"],
            ["3", "удалить запись", None],
        ]

    def test_the_file_marks_it_as_deleted_and_the_import_agrees(
        self, library: Library, tmp_path: Path, copy: list[Record]
    ) -> None:
        write(library, tmp_path / "delta.iso")
        delta = read(tmp_path / "delta.iso")
        assert [(r.control_number, r.leader[5]) for r in delta] == [("2", "d"), ("3", "d")]
        again = taken(library, file_of(tmp_path, loaded(copy, delta), "again.iso"))
        assert counted(again) == (0, 0, 4, 0, 0)
        assert (states(library), list_conflicts(library.store)) == ([], [])

    def test_a_complete_file_without_it_settles_it(
        self, library: Library, tmp_path: Path, copy: list[Record]
    ) -> None:
        write(library, tmp_path / "sheet.xlsx")
        tick(tmp_path / "sheet.xlsx", {2: ("✓", "")})
        take(library, tmp_path / "sheet.xlsx")
        path = file_of(tmp_path, [copy[0], copy[3]], "complete.iso")
        done = taken(library, path, replace(ARTICLES, complete=True))
        assert done.settled.confirmed == 1
        assert states(library) == []

    def test_while_it_stands_there_it_stays_open(
        self, library: Library, tmp_path: Path, copy: list[Record]
    ) -> None:
        taken(library, file_of(tmp_path, copy, "same.iso"))
        assert [one[0] for one in states(library)] == ["2", "3"]


def test_a_record_is_known_by_title_name_source_and_year() -> None:
    host = LinkField("461", " 0", (DataField("200", "1 ", (Subfield("a", "Шахтёр"),)),))
    name = DataField("700", " 1", (Subfield("a", "Әуезов"), Subfield("b", "М. О.")))
    made = article("1", "Көксерек")
    one = replace(made, fields=(*made.fields, host, name))
    assert recognition(one) == "Көксерек / Әуезов, М. О. — Шахтёр"
    assert recognition(made) == "Көксерек"


def test_catalogues_of_two_dialects_are_written_apart(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, theirs(1)))
    write(library, tmp_path / "none.xml")
    books = replace(ARTICLES, catalogue="books", owner="external")
    edit(library, "1", with_field("210", "Алматы"))
    write(library, tmp_path / "books.xml", form="marcxml")
    taken(library, file_of(tmp_path, (tmp_path / "books.xml").read_bytes(), "b.xml"), books)
    (book,) = [r for r in records.list_records(library.store) if "books" in r.catalogues]
    with library.store.transaction("marat") as tx:
        change = changes.new_change_set(tx, "corrected")
        new = with_field("300", NOTE)(book.record)
        records.save_version(tx, book.id, new, parent=book.version, change_set=change)
    with pytest.raises(UsageError) as caught:
        write(library, tmp_path / "delta.iso")
    assert caught.value.key == "error.delta-dialects"
    assert write(library, tmp_path / "delta.iso", catalogue="articles").records == 1


class TestTickedSheet:
    """A sheet with four rows: 210 of records 1 to 4."""

    @pytest.fixture
    def copy(self, library: Library, tmp_path: Path) -> list[Record]:
        copy = theirs()
        taken(library, file_of(tmp_path, copy))
        for number in "1234":
            edit(library, number, with_field("210", "Алматы"))
        return copy

    @pytest.fixture
    def sheet(self, library: Library, tmp_path: Path, copy: list[Record]) -> Path:
        assert copy
        path = tmp_path / "sheet.xlsx"
        assert write(library, path).corrections == 4
        return path

    def test_ticked_rows_do_not_come_again_and_the_others_do(
        self, library: Library, tmp_path: Path, sheet: Path
    ) -> None:
        tick(sheet, {2: ("✓", ""), 3: ("да", ""), 4: ("", "x")}, {4: "запись заблокирована"})
        done = take(library, sheet)
        assert (done.done, done.refused, done.unticked, done.problems) == (2, 1, 1, ())
        assert states(library) == [
            ("1", "210", "waiting"),
            ("2", "210", "waiting"),
            ("3", "210", "refused"),
            ("4", "210", "open"),
        ]
        again = write(library, tmp_path / "again.xlsx")
        assert (again.records, again.waiting) == (2, 2)
        page = load_workbook(tmp_path / "again.xlsx").worksheets[0]
        assert [page.cell(row, 1).value for row in (2, 3, 4)] == ["3", "4", None]
        assert page.cell(2, 9).value == "внести нельзя: запись заблокирована"
        assert write(library, tmp_path / "all.xlsx", everything=True).records == 4

    def test_the_librarians_file_is_not_written(self, library: Library, sheet: Path) -> None:
        tick(sheet, {2: ("✓", "")})
        before = sheet.read_bytes(), sheet.stat().st_mtime_ns
        take(library, sheet)
        assert (sheet.read_bytes(), sheet.stat().st_mtime_ns) == before

    def test_a_sheet_taken_twice_says_nothing_new(self, library: Library, sheet: Path) -> None:
        tick(sheet, {2: ("✓", ""), 3: ("", "✓")}, {3: "нет прав"})
        take(library, sheet)
        before = changes.last_seq(library.store)
        done = take(library, sheet)
        assert (done.done, done.refused, done.known) == (0, 0, 2)
        assert changes.last_seq(library.store) == before

    def test_the_next_import_confirms_or_misses_what_was_ticked(
        self, library: Library, tmp_path: Path, copy: list[Record], sheet: Path
    ) -> None:
        tick(sheet, {2: ("✓", ""), 3: ("✓", "")})
        take(library, sheet)
        there = [with_field("210", "Алматы")(copy[0]), *copy[1:]]
        done = taken(library, file_of(tmp_path, there, "next.iso"))
        assert (done.settled.confirmed, done.settled.missing) == (1, ("2",))
        assert states(library) == [
            ("2", "210", "missing"),
            ("3", "210", "open"),
            ("4", "210", "open"),
        ]
        write(library, tmp_path / "again.xlsx")
        note = load_workbook(tmp_path / "again.xlsx").worksheets[0].cell(2, 9).value
        assert str(note).startswith("отмечено как сделанное, но в загрузке")

    def test_the_same_file_again_shows_that_nothing_was_done(
        self, library: Library, tmp_path: Path, copy: list[Record], sheet: Path
    ) -> None:
        tick(sheet, {2: ("✓", "")})
        take(library, sheet)
        done = taken(library, file_of(tmp_path, copy, "same.iso"))
        assert done.settled.missing == ("1",)

    def test_a_record_that_does_not_come_goes_on_waiting(
        self, library: Library, tmp_path: Path, copy: list[Record], sheet: Path
    ) -> None:
        tick(sheet, {2: ("✓", "")})
        take(library, sheet)
        done = taken(library, file_of(tmp_path, copy[1:], "part.iso"))
        assert (done.settled.confirmed, done.settled.missing) == (0, ())
        assert ("1", "210", "waiting") in states(library)

    def test_what_was_changed_again_before_it_came_is_open_anew(
        self, library: Library, tmp_path: Path, copy: list[Record], sheet: Path
    ) -> None:
        tick(sheet, {2: ("✓", "")})
        take(library, sheet)
        edit(library, "1", with_field("210", "Алматы қ."))
        taken(library, file_of(tmp_path, [*copy[1:], copy[0]], "next.iso"))
        assert states(library)[0] == ("1", "210", "open")

    def test_every_row_that_was_changed_is_named_and_none_is_guessed(
        self, library: Library, sheet: Path
    ) -> None:
        tick(sheet, {2: ("✓", "✓"), 3: ("может быть", ""), 4: ("✓", ""), 5: ("✓", "")})
        book = load_workbook(sheet)
        page = book.worksheets[0]
        page.cell(4, 1).value = "999"
        page.cell(5, 10).value = "zzzzzzzz"
        book.save(sheet)
        done = take(library, sheet)
        assert [(p.line, p.reason, p.detail) for p in done.problems] == [
            (2, "both-marks", ""),
            (3, "unclear-mark", "может быть"),
            (4, "edited-row", "№ записи"),
            (5, "unknown-row", ""),
        ]
        assert {state for _, _, state in states(library)} == {"open"}

    def test_columns_may_stand_in_any_order_and_language(
        self, library: Library, tmp_path: Path, sheet: Path
    ) -> None:
        rows = [[c.value for c in row] for row in load_workbook(sheet).worksheets[0].iter_rows()]
        rows[0] = [
            *("Жазба нөмірі", "Атауы", "Өріс", "Әрекет", "Болған", "Болуы керек"),
            *("Жасалды", "Болмайды", "Ескертпе", "Жол коды"),
        ]
        rows[1][6] = "+"
        book = Workbook()
        for row in rows:
            book.worksheets[0].append(list(reversed(row)))
        book.save(tmp_path / "turned.xlsx")
        done = take(library, tmp_path / "turned.xlsx")
        assert (done.done, done.unticked, done.problems) == (1, 3, ())

    def test_a_sheet_that_lost_a_column_is_refused_with_its_name(
        self, library: Library, sheet: Path
    ) -> None:
        book = load_workbook(sheet)
        book.worksheets[0].delete_cols(6)
        book.save(sheet)
        with pytest.raises(InputError) as caught:
            take(library, sheet)
        assert caught.value.facts["columns"] == "Стало"

    def test_a_file_that_is_no_sheet_is_refused(self, library: Library, tmp_path: Path) -> None:
        Workbook().save(tmp_path / "other.xlsx")
        (tmp_path / "broken.xlsx").write_bytes(b"PK no workbook")
        for name in ("other.xlsx", "broken.xlsx", "absent.xlsx"):
            with pytest.raises(InputError) as caught:
                take(library, tmp_path / name)
            assert caught.value.key == "error.delta-unreadable"

    def test_a_half_made_sheet_leaves_the_rest_open_without_a_conflict(
        self, library: Library, tmp_path: Path, copy: list[Record]
    ) -> None:
        edit(library, "1", with_field("300", NOTE))
        there = [with_field("210", "Алматы")(copy[0]), *copy[1:]]
        done = taken(library, file_of(tmp_path, there, "next.iso"))
        assert done.counts["conflicts"] == 0
        assert ("1", "300", "open") in states(library)
        assert ("1", "210", "open") not in states(library)


def test_what_was_ticked_survives_a_rebuild_from_the_files(tmp_path: Path) -> None:
    with open_made(tmp_path) as library:
        taken(library, file_of(tmp_path, theirs()))
        for number in "123":
            edit(library, number, with_field("210", "Алматы"))
        write(library, tmp_path / "sheet.xlsx")
        tick(tmp_path / "sheet.xlsx", {2: ("✓", ""), 3: ("", "✓")}, {3: "нет прав"})
        take(library, tmp_path / "sheet.xlsx")
        write_sidecars(library.store)
        home, before = library.home, list_corrections(library)
    home.database.unlink()
    rebuild_catalogue(home, Silent())
    with Store.open(home) as store:
        assert list_corrections(replace(library, store=store)) == before
    assert [one.state for one in before[0]] == ["waiting", "refused", "open"]


@pytest.mark.skipif(not XML.is_file(), reason="the real files are not on this machine")
def test_real_articles_changed_here_go_back_and_leave_no_difference(
    library: Library, tmp_path: Path
) -> None:
    taken(library, XML)
    ours = [
        (one, with_field("300", NOTE)(one.record)) for one in records.list_records(library.store)
    ]
    with library.store.transaction("marat") as tx:
        made = changes.new_change_set(tx, "corrected")
        for stored, new in ours:
            records.save_version(tx, stored.id, new, parent=stored.version, change_set=made)
    done = write(library, tmp_path / "delta.xml")
    assert (done.form, done.records, done.numberless) == ("marcxml", 41, ())
    again = taken(library, tmp_path / "delta.xml")
    assert (again.counts["read"], again.counts["conflicts"]) == (41, 0)
    assert states(library) == []


def test_marks_survive_in_the_journal_alone(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, theirs(1)))
    edit(library, "1", with_field("210", "Алматы"))
    write(library, tmp_path / "sheet.xlsx")
    tick(tmp_path / "sheet.xlsx", {2: ("", "✓")}, {2: "нет прав"})
    take(library, tmp_path / "sheet.xlsx")
    (event,) = changes.events_since(library.store, 0, ["correction.refused"])
    assert (event.actor, event.data["note"], event.data["sheet"]) == (
        *("aigul", "нет прав"),
        "sheet.xlsx",
    )
    assert json.loads(event.data["now"])["fields"][0]["subfields"] == [["a", "Алматы"]]
