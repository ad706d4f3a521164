"""After the import: undo, conflicts decided, history, bad records read again, bytes given back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog.comparison.differences import differences
from catalog.comparison.three_way import Verdict, compare, take_fields
from catalog.marc import iso2709, marcxml
from catalog.marc.exchange import Opened, open_exchange
from catalog.marc.profile import parse_profile
from catalog.marc.reading import BadRecord, ReadRecord
from catalog.record import Record
from olketanu.errors import InputError, UsageError
from store import audit, changes
from store.catalogue import findings, links, records
from store.database import Store
from store.dump import logical_dump
from store.imports import files
from store.imports.conflicts import list_conflicts
from store.sidecars.files import expected
from tests.unit.exchanged import read_all
from tests.unit.made_imports import (
    article,
    counted,
    edit,
    file_of,
    open_made,
    raw,
    stored_at,
    taken,
)
from tests.unit.made_library import Silent, take_in
from workflow.backup.rebuild import rebuild_catalogue
from workflow.exchange import bad, conflicts
from workflow.exchange.export import Export, Exported, export_records
from workflow.exchange.history import difference_lines, history
from workflow.exchange.importing import ImportOrder
from workflow.exchange.undo import change_of_import, undo
from workflow.library import Library
from workflow.sidecars import write_sidecars


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_made(tmp_path) as opened:
        yield opened


def title(library: Library, number: str) -> str | None:
    return stored_at(library, number).record.first("200", "a")


def exported(library: Library, target: Path, **more: object) -> Exported:
    order = replace(Export(target, "rusmarc", "iso2709", original=True), **more)  # type: ignore[arg-type]  # any field
    return export_records(library, order, dry_run=False)


# ---- undo --------------------------------------------------------------------------------------


def test_an_undone_import_leaves_every_record_as_it_was_to_the_byte(
    library: Library, tmp_path: Path
) -> None:
    first = file_of(tmp_path, [article("1", "А"), article("2", "Б")])
    taken(library, first)
    changed = [article("1", "Ә"), article("2", "Б"), article("3", "В")]
    done = taken(library, file_of(tmp_path, changed, "2.iso"))
    before = stored_at(library, "1").version
    tried = undo(library, change_of_import(library, done.id), actor="aigul", dry_run=True)
    assert (tried.change, tried.restored, tried.deleted) == (None, 1, 1)
    assert stored_at(library, "1").version == before
    undone = undo(library, change_of_import(library, done.id), actor="aigul")
    assert (undone.restored, undone.deleted, undone.edited) == (1, 1, ())
    versions = records.list_versions(library.store, stored_at(library, "1").id)
    assert (versions[2].sha256, versions[2].raw) == (versions[0].sha256, versions[0].raw)
    assert (versions[2].actor, versions[2].reason) == ("aigul", "undo: import 2.iso")
    assert stored_at(library, "3").status == "deleted"
    exported(library, tmp_path / "out.iso")
    assert (tmp_path / "out.iso").read_bytes() == first.read_bytes()
    assert changes.broken_chain(library.store) is None
    assert list(audit.bad_versions(library.store)) == []


def test_what_could_not_be_read_of_an_undone_import_waits_no_more(
    library: Library, tmp_path: Path
) -> None:
    path = file_of(tmp_path, raw(article("1", "А")) + b"waste\x1d")
    done = taken(library, path)
    undo(library, change_of_import(library, done.id), actor="aigul")
    assert not list(bad.bad_lines(library))
    again = taken(library, path)
    assert [line.row.file for line in bad.bad_lines(library)] == [again.id]
    assert len(list(bad.bad_lines(library, every=True))) == 2


def test_what_was_undone_comes_back_when_it_is_imported_again(
    library: Library, tmp_path: Path
) -> None:
    path = file_of(tmp_path, [article("1", "А"), article("1", "Б")])
    done = taken(library, path)
    undo(library, change_of_import(library, done.id), actor="aigul")
    identifier = stored_at(library, "1").id
    again = taken(library, path)
    assert (counted(again), again.id != done.id) == ((2, 0, 0, 0, 0), True)
    stored = stored_at(library, "1")
    assert (stored.id, stored.status, stored.version) == (identifier, "active", 3)
    undo(library, change_of_import(library, again.id), actor="aigul")
    assert stored_at(library, "1").status == "deleted"


def test_the_kind_of_before_comes_back_too(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, [article("1", "А")]))
    before = stored_at(library, "1").kind
    book = replace(article("1", "А"), leader="00000nam0 2200000   450 ")
    done = taken(library, file_of(tmp_path, [book], "2.iso"))
    assert stored_at(library, "1").kind == "book" != before
    undo(library, change_of_import(library, done.id), actor="aigul")
    assert stored_at(library, "1").kind == before


def test_an_undo_can_be_undone(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, [article("1", "А")]))
    done = taken(library, file_of(tmp_path, [article("1", "Ә"), article("2", "Б")], "2.iso"))
    undone = undo(library, change_of_import(library, done.id), actor="aigul")
    assert undone.change is not None
    undo(library, undone.change, actor="aigul")
    assert (title(library, "1"), stored_at(library, "2").status) == ("Ә", "active")


def test_an_undo_is_refused_with_a_list_where_records_were_edited_since(
    library: Library, tmp_path: Path
) -> None:
    done = taken(library, file_of(tmp_path, [article("1", "А"), article("2", "Б")]))
    later = edit(library, "2", article("2", "Бб"))
    before = logical_dump(library.store)
    refused = undo(library, change_of_import(library, done.id), actor="aigul")
    assert (refused.change, refused.edited) == (None, ((later.id, 2),))
    assert logical_dump(library.store) == before


def test_one_change_is_undone_and_its_keys_with_it(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, [article("1", "Қарағанды тарихы")]))
    stored = stored_at(library, "1")
    before = records.identifiers_of(library.store, stored.id)
    with library.store.transaction("marat") as tx:
        change = changes.new_change_set(tx, "corrected")
        told = [("title", "other")]
        new = article("1", "Басқа")
        records.save_version(tx, stored.id, new, parent=1, change_set=change, identifiers=told)
    undo(library, change, actor="marat", reason="wrong book")
    assert title(library, "1") == "Қарағанды тарихы"
    assert records.identifiers_of(library.store, stored.id) == before
    with pytest.raises(UsageError) as caught:
        undo(library, 999, actor="marat")
    assert caught.value.key == "error.unknown-change-set"


def test_an_import_that_is_undone_twice_is_told_so(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, [article("1", "А")]))
    # Nothing but a conflict comes of the second file, and that falls away with it.
    edit(library, "1", article("1", "Ә"))
    done = taken(library, file_of(tmp_path, [article("1", "Б")], "2.iso"))
    change = change_of_import(library, done.id)
    undo(library, change, actor="aigul")
    assert [c.status for c in list_conflicts(library.store, None)] == ["withdrawn"]
    assert not findings.list_findings(library.store)
    with pytest.raises(UsageError) as caught:
        undo(library, change, actor="aigul")
    assert caught.value.key == "error.nothing-to-undo"


def test_undoing_a_second_catalogue_takes_the_membership_away(
    library: Library, tmp_path: Path
) -> None:
    path = file_of(tmp_path, [article("1", "А")])
    taken(library, path)
    done = taken(library, path, ImportOrder("ecology"))
    undo(library, change_of_import(library, done.id), actor="aigul")
    assert stored_at(library, "1").catalogues == ("articles",)
    assert taken(library, path, ImportOrder("ecology")).joined == 1


# ---- conflicts ---------------------------------------------------------------------------------


@pytest.fixture
def torn(library: Library, tmp_path: Path) -> Library:
    """A library with one conflict: we changed 200, they changed 606 and added 607."""
    taken(library, file_of(tmp_path, [article("1", "Шахтер", f606="Кен")]))
    edit(library, "1", article("1", "Шахтёр", f606="Кен"))
    theirs = article("1", "Шахтер", f606="Шахталар", f607="Теміртау")
    taken(library, file_of(tmp_path, [theirs], "2.iso"))
    return library


def test_a_conflict_shows_three_sides(torn: Library) -> None:
    (line,) = conflicts.conflict_lines(torn, every=False)
    assert (line.number, line.catalogue, line.title, line.file) == (
        *("1", "articles", "Шахтёр", "2.iso"),
    )
    assert line.tags == ("200", "606", "607")
    _, sides = conflicts.conflict_sides(torn, line.conflict.id)
    assert [(s.tag, s.base, s.theirs, s.ours) for s in sides] == [
        ("200", "200 1# $aШахтер", "200 1# $aШахтер", "200 1# $aШахтёр"),
        ("606", "606 ## $aКен", "606 ## $aШахталар", "606 ## $aКен"),
        ("607", None, "607 ## $aТеміртау", None),
    ]


@pytest.mark.parametrize(
    ("what", "wanted", "version"),
    [
        (("theirs",), ("Шахтер", "Шахталар", "Теміртау"), 3),
        (("ours",), ("Шахтёр", "Кен", None), 2),
        (("606", "607"), ("Шахтёр", "Шахталар", "Теміртау"), 3),
    ],
)
def test_a_person_decides(
    torn: Library, what: tuple[str, ...], wanted: tuple[str, ...], version: int, tmp_path: Path
) -> None:
    (line,) = conflicts.conflict_lines(torn, every=False)
    conflicts.decide(torn, line.conflict.id, what, actor="aigul", dry_run=False)
    stored = stored_at(torn, "1")
    assert tuple(stored.record.first(tag, "a") for tag in ("200", "606", "607")) == wanted
    assert stored.version == version
    (found,) = list_conflicts(torn.store, None)
    assert (found.status, found.decision, found.decided_by) == (
        *("resolved", " ".join(what), "aigul"),
    )
    assert not findings.list_findings(torn.store)
    with pytest.raises(UsageError) as caught:
        conflicts.decide(torn, line.conflict.id, ["ours"], actor="aigul", dry_run=False)
    assert caught.value.key == "error.conflict-closed"
    # What they sent is the base from now on: the same again is no question.
    same = article("1", "Шахтер", f606="Шахталар", f607="Теміртау")
    again = taken(torn, file_of(tmp_path, [same, article("2", "Б")], "3.iso"))
    assert counted(again) == (1, 0, 1, 0, 0)


def test_no_decision_is_made_by_words_that_name_nothing(torn: Library) -> None:
    (line,) = conflicts.conflict_lines(torn, every=False)
    before = logical_dump(torn.store)
    for what in (["210"], ["ours", "606"], ["both"]):
        with pytest.raises(UsageError) as caught:
            conflicts.decide(torn, line.conflict.id, what, actor="aigul", dry_run=False)
        assert caught.value.key == "error.conflict-field"
    conflicts.decide(torn, line.conflict.id, ["theirs"], actor="aigul", dry_run=True)
    assert logical_dump(torn.store) == before


def test_an_import_is_not_undone_under_a_decision_for_what_it_brought(torn: Library) -> None:
    (line,) = conflicts.conflict_lines(torn, every=False)
    change = files.list_files(torn.store)[-1].change_set
    conflicts.decide(torn, line.conflict.id, ["606"], actor="aigul", dry_run=False)
    refused = undo(torn, change, actor="aigul")
    assert (refused.change, refused.edited) == (None, ((line.conflict.record, 3),))
    decision = records.list_versions(torn.store, line.conflict.record)[-1].change_set
    undo(torn, decision, actor="aigul")
    assert undo(torn, change, actor="aigul").change is not None
    assert (title(torn, "1"), list_conflicts(torn.store)) == ("Шахтёр", [])


def test_a_decision_that_is_undone_is_a_question_again(torn: Library) -> None:
    (line,) = conflicts.conflict_lines(torn, every=False)
    conflicts.decide(torn, line.conflict.id, ["theirs"], actor="aigul", dry_run=False)
    newest = records.list_versions(torn.store, line.conflict.record)[-1]
    undo(torn, newest.change_set, actor="aigul")
    assert title(torn, "1") == "Шахтёр"
    assert [c.id for c in list_conflicts(torn.store)] == [line.conflict.id]
    assert len(findings.list_findings(torn.store)) == 1


# ---- history and differences -------------------------------------------------------------------


def test_the_history_tells_who_when_why_and_from_which_file(torn: Library) -> None:
    lines = history(torn, stored_at(torn, "1").id)
    assert [(x.what, x.version, x.actor, x.reason, x.file) for x in lines] == [
        ("version", 1, "aigul", "import articles.iso", "articles.iso"),
        ("version", 2, "marat", "corrected", None),
        ("conflict", None, "aigul", "import 2.iso", "2.iso"),
    ]
    assert [x.tags for x in lines] == [(), ("200",), ()]
    assert [x.place for x in lines] == [0, None, 0]


def test_two_versions_are_compared_field_by_field(torn: Library) -> None:
    identifier = stored_at(torn, "1").id
    (line,) = difference_lines(torn, identifier)
    assert (line.first, line.second, line.tag, line.was, line.now) == (
        *(1, 2, "200", "200 1# $aШахтер", "200 1# $aШахтёр"),
    )
    assert difference_lines(torn, identifier, 2) == []
    with pytest.raises(UsageError) as caught:
        difference_lines(torn, identifier, 1, 7)
    assert caught.value.key == "error.unknown-version"


def test_records_of_one_family_of_formats_say_the_same() -> None:
    one = article("1", "А")
    assert compare(None, replace(one, format="unimarc"), one) is Verdict.SAME
    assert compare(None, replace(one, format="marc21"), one) is Verdict.BOTH


def test_a_moved_field_is_no_difference_and_fields_are_taken_to_their_place() -> None:
    one = article("1", "А", f606="Кен", f610="х")
    turned = replace(one, fields=one.fields[::-1])
    assert differences(one, turned) == ()
    other = article("1", "Ә", f606="Шахта", f607="Қала")
    merged = take_fields(one, other, {"606", "607"})
    assert [f.tag for f in merged.fields] == ["001", "101", "200", "606", "607", "610", "801"]
    assert [merged.first(tag, "a") for tag in ("200", "606", "607")] == ["А", "Шахта", "Қала"]
    shorter = replace(other, leader="00099" + one.leader[5:])
    assert [d.tag for d in differences(other, shorter)] == []


# ---- bad records -------------------------------------------------------------------------------


def test_a_bad_record_is_read_when_more_is_known_of_it(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, other = raw(article("1", "А")), raw(article("2", "Б"))

    def blind(*told: Any) -> Opened:
        """An older program, which reads the first record only."""
        opened = open_exchange(*told)
        return replace(opened, records=map(dim, opened.records))

    def dim(found: ReadRecord | BadRecord) -> ReadRecord | BadRecord:
        return BadRecord(found.offset, "bad-record", other) if found.offset else found

    with monkeypatch.context() as patched:
        patched.setattr("workflow.exchange.importing.open_exchange", blind)
        done = taken(library, file_of(tmp_path, good + other))
    assert counted(done) == (1, 0, 0, 0, 1)
    (line,) = bad.bad_lines(library)
    assert line.as_json() == {
        "bad": f"{done.id}/{len(good)}",
        "file": "articles.iso",
        "place": len(good),
        "reason": "bad-record",
        "bytes": len(other),
        "status": "open",
    }
    (tried,) = bad.retry_bad(library, bad.Retry(), actor="aigul", dry_run=True)
    assert len(tried.records) == 1
    (read,) = bad.retry_bad(library, bad.Retry(), actor="aigul", dry_run=False)
    assert read.records == ((stored_at(library, "2").id, "new"),)
    assert not list(bad.bad_lines(library))
    assert [b.row.raw for b in bad.bad_lines(library, every=True)] == [other]
    exported(library, tmp_path / "out.iso")
    assert (tmp_path / "out.iso").read_bytes() == good + other
    # The retry is a change of its own, which can be undone.
    (version,) = records.list_versions(library.store, read.records[0][0])
    assert version.reason == "retry articles.iso"
    undo(library, version.change_set, actor="aigul")
    assert stored_at(library, "2").status == "deleted"


def test_bytes_that_stay_unreadable_are_handed_out(library: Library, tmp_path: Path) -> None:
    waste = b"\xff\xfe no record\x1d"
    taken(library, file_of(tmp_path, waste + raw(article("1", "А")) + b"cut off"))
    assert [r.records for r in bad.retry_bad(library, bad.Retry(), actor="a", dry_run=False)] == [
        (),
        (),
    ]
    assert bad.export_bad(library, tmp_path / "bad.bin", None, dry_run=False) == 2
    assert (tmp_path / "bad.bin").read_bytes() == waste + b"cut off"
    with pytest.raises(UsageError) as caught:
        list(bad.bad_lines(library, "nothing"))
    assert caught.value.key == "error.unknown-import"


# ---- export ------------------------------------------------------------------------------------


def test_originals_are_given_back_and_edited_ones_are_named(
    library: Library, tmp_path: Path
) -> None:
    one, two, three = (article(n, t) for n, t in (("9", "А"), ("5", "Б"), ("7", "В")))
    taken(library, file_of(tmp_path, [one, two, three]))
    later = edit(library, "5", article("5", "Бб"))
    done = exported(library, tmp_path / "out.iso")
    assert (done.records, done.left) == (2, [(later.id, "edited")])
    assert (tmp_path / "out.iso").read_bytes() == raw(one, three)
    with pytest.raises(UsageError) as caught:
        exported(library, tmp_path / "out.xml", container="marcxml")
    assert caught.value.key == "error.original-container"


def test_a_catalogue_is_exported_as_records_of_today(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, [article("1", "А"), article("2", "Б")]))
    taken(library, file_of(tmp_path, [article("1", "Эко")], "eco.iso"), ImportOrder("ecology"))
    edit(library, "2", article("2", "Бб"))
    target = tmp_path / "out.iso"
    done = exported(library, target, original=False, catalogue="articles")
    assert done.records == 2
    with target.open("rb") as stream:
        read = [r.record for r in iso2709.read(stream) if isinstance(r, ReadRecord)]
    assert {r.first("200", "a") for r in read} == {"А", "Бб"}


def test_a_record_that_does_not_fit_leaves_no_file(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, [article("1", "А")]))
    edit(library, "1", article("1", "А" * 9000))
    with pytest.raises(InputError) as caught:
        exported(library, tmp_path / "out.iso", original=False)
    assert caught.value.key == "error.iso2709-too-long"
    assert list(tmp_path.glob("out.iso*")) == []
    assert list(tmp_path.glob(".olk-*")) == []
    exported(library, tmp_path / "out.xml", original=False, container="marcxml")


def test_a_record_that_does_not_fit_iso2709_makes_marcxml_where_that_was_left_open(
    library: Library, tmp_path: Path
) -> None:
    taken(library, file_of(tmp_path, [article("1", "А"), article("2", "Б")]))
    edit(library, "2", article("2", "Б" * 9000))
    done = exported(library, tmp_path / "out.iso", original=False, container="auto")
    assert (done.placed.target, done.placed.container) == (tmp_path / "out.xml", "marcxml")
    assert done.placed.fell_back is not None
    assert (done.placed.fell_back.key, done.records) == ("error.iso2709-too-long", 2)
    assert not (tmp_path / "out.iso").exists()
    found = read_all(marcxml, (tmp_path / "out.xml").read_bytes())
    assert {one.control_number for one in found if isinstance(one, Record)} == {"1", "2"}


def test_records_leave_in_an_older_character_set_and_in_a_dialect(
    library: Library, tmp_path: Path
) -> None:
    taken(library, file_of(tmp_path, [article("1", "Уголь", f300="Шахта")]))
    target = tmp_path / "out.iso"
    profile = parse_profile('[rename]\n"953" = "300"\n', "ours.toml")
    exported(library, target, original=False, charset="cp1251", profile=profile)
    assert "Уголь".encode("cp1251") in target.read_bytes()
    with target.open("rb") as stream:
        (found,) = iso2709.read(stream, "rusmarc", "cp1251")
    assert isinstance(found, ReadRecord)
    assert [field.tag for field in found.record.fields] == ["001", "101", "200", "953", "801"]


def test_letters_that_the_character_set_lacks_leave_no_file(
    library: Library, tmp_path: Path
) -> None:
    taken(library, file_of(tmp_path, [article("1", "Қарағанды")]))
    with pytest.raises(InputError):
        exported(library, tmp_path / "out.iso", original=False, charset="cp1251")
    exported(library, tmp_path / "kz.iso", original=False, charset="kz1048")
    assert "Қарағанды".encode("kz1048") in (tmp_path / "kz.iso").read_bytes()
    assert not (tmp_path / "out.iso").exists()


MRK = "=LDR  00000nab2\\2200000\\\\\\450\\\n=001  {n}\n=200  1\\$aА\n=801  \\0$aKZ\n"
IRBIS = "#920: ASP\n#903: {n}\n#200: ^AКөмір\n"
JSON = '{{"leader": "00000nab2 2200000   450 ", "fields": [{{"001": "{n}"}}]}}'


@pytest.mark.parametrize(
    ("name", "first", "second", "wanted"),
    [
        ("mrk", MRK.format(n=1) + "\n" + MRK.format(n=2), MRK.format(n=3), None),
        ("mrk", MRK.format(n=1) + MRK.format(n=2).rstrip(), MRK.format(n=3), "{first}\n{second}"),
        ("mrk", MRK.format(n=1), "\ufeff" + MRK.format(n=3), "{first}\n{second}"),
        ("txt", IRBIS.format(n=1) + "*****\r\n", IRBIS.format(n=2) + "*****", None),
        ("txt", IRBIS.format(n=1) + "*****", IRBIS.format(n=2), "{first}\n{second}"),
        ("txt", IRBIS.format(n=1), IRBIS.format(n=2), "{first}*****\n{second}"),
        ("jsonl", JSON.format(n=1) + "\n", JSON.format(n=2) + "\n", None),
        ("jsonl", JSON.format(n=1), JSON.format(n=2), "{first}\n{second}\n"),
    ],
)
def test_originals_of_several_files_follow_each_other(
    library: Library, tmp_path: Path, name: str, first: str, second: str, wanted: str | None
) -> None:
    parts = [first, second]
    for number, content in enumerate(parts):
        taken(library, file_of(tmp_path, content.encode(), f"{number}.{name}"))
    done = exported(library, tmp_path / f"out.{name}", container="auto")
    assert done.left == []
    joined = (wanted or "{first}{second}").format(first=first, second=second)
    assert (tmp_path / f"out.{name}").read_bytes() == joined.encode()
    with open_made(tmp_path / "again") as other:
        assert taken(other, tmp_path / f"out.{name}").counts["new"] == done.records


# ---- made again --------------------------------------------------------------------------------


def test_what_was_undone_and_decided_is_made_again_from_the_files(
    torn: Library, tmp_path: Path
) -> None:
    done = taken(torn, file_of(tmp_path, [article("3", "В"), article("1", "Б")], "3.iso"))
    undo(torn, change_of_import(torn, done.id), actor="aigul")
    more = file_of(tmp_path, raw(article("4", "Г")) + b"bad\x1d", "4.iso")
    taken(torn, more)
    document = take_in(torn.store, "2026-01", "gazeta")
    with torn.store.transaction("aigul") as tx:
        links.propose(tx, links.NewLink(document, stored_at(torn, "4").id, score=0.5))
    write_sidecars(torn.store)
    home, dump, wanted = torn.home, logical_dump(torn.store), dict(expected(torn.store))
    torn.store.close()
    for path in home.root.glob("catalog.sqlite3*"):
        path.unlink()
    assert rebuild_catalogue(home, Silent()).damaged == ()
    with Store.open(home) as again:
        assert logical_dump(again) == dump
        assert dict(expected(again)) == wanted
        assert [file.name for file in files.list_files(again)] == [
            *("articles.iso", "2.iso", "3.iso", "4.iso"),
        ]


def test_an_import_is_not_undone_under_a_scan_that_was_linked_to_its_record(
    library: Library, tmp_path: Path
) -> None:
    taken(library, file_of(tmp_path, [article("1", "Шахтер"), article("2", "Кенші")]))
    change = files.list_files(library.store)[-1].change_set
    document, record = take_in(library.store, "box", "doc", 1), stored_at(library, "1").id
    with library.store.transaction("aigul") as tx:
        link = links.accept(tx, links.propose(tx, links.NewLink(document, record)).id)
    assert undo(library, change, actor="aigul").edited == ((record, 1),)
    with library.store.transaction("aigul") as tx:
        links.reject(tx, link.id)
    assert undo(library, change, actor="aigul").deleted == 2


def test_changes_are_undone_one_after_the_other(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, [article("1", "Бір"), article("2", "Екі")]))
    taken(library, file_of(tmp_path, [article("1", "Бір, өзгерді"), article("2", "Екі")], "2.iso"))
    edit(library, "1", article("1", "Біздің"))
    first, second = (one.change_set for one in files.list_files(library.store))
    third = records.list_versions(library.store, stored_at(library, "1").id)[-1].change_set
    for change, wanted in ((third, "Бір, өзгерді"), (second, "Бір")):
        done = undo(library, change, actor="aigul")
        assert (done.edited, title(library, "1")) == ((), wanted)
    again = taken(library, file_of(tmp_path, [article("1", "Бір, өзгерді")], "3.iso"))
    assert (counted(again), title(library, "1")) == ((0, 1, 0, 0, 0), "Бір, өзгерді")
    with pytest.raises(UsageError, match="nothing-to-undo"):
        undo(library, second, actor="aigul")
    for change in (first, third):
        assert undo(library, change, actor="aigul").edited != ()
