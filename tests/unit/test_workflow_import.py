"""Import: everything gets in with its bytes, nothing twice, nothing is overwritten."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog.marc.exchange import Opened
from catalog.marc.reading import ReadRecord
from catalog.record import DataField, LinkField, Record, Subfield
from olketanu.errors import InputError, LockedError, UsageError
from store import changes
from store.catalogue import findings, records
from store.database import Store, Transaction
from store.dump import logical_dump
from store.imports import files
from store.imports.arrivals import arrivals_of
from store.imports.conflicts import list_conflicts
from store.imports.files import ImportFile
from store.imports.landing import Landing, land
from store.imports.lock import import_lock
from store.sidecars.files import expected
from tests.unit.made_imports import (
    ARTICLES,
    article,
    counted,
    edit,
    file_of,
    open_made,
    raw,
    stored_at,
    taken,
)
from tests.unit.made_library import Silent
from workflow.backup.rebuild import rebuild_catalogue
from workflow.exchange.importing import Imported, ImportOrder, import_file
from workflow.library import Library
from workflow.sidecars import write_sidecars


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_made(tmp_path) as opened:
        yield opened


def printed(title: str, number: str, **more: str) -> Record:
    """An article without a number of its own, in a numbered issue of a paper."""
    made = article(None, title, **more)
    fields = [
        LinkField(tag, " 0", (DataField("200", "1 ", (Subfield("a", text),)),))
        for tag, text in (("461", "Орталық Қазақстан"), ("463", f"1998, № {number} (12 сәуір)"))
    ]
    return replace(made, fields=(*made.fields, *fields))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_file_comes_in_with_its_provenance_and_the_bytes_of_every_record(
    library: Library, tmp_path: Path
) -> None:
    one, two = article("1", "Шахтёр"), article("2", "Теміртау")
    path = file_of(tmp_path, [one, two])
    done = taken(library, path)
    assert counted(done) == (2, 0, 0, 0, 0)
    file = files.get_file(library.store, done.id)
    assert (file.name, file.sha256, file.size) == ("articles.iso", sha(path.read_bytes()), 220)
    assert (file.container, file.format, file.state) == ("iso2709", "rusmarc", "done")
    assert (file.actor, file.catalogue) == ("aigul", "articles")
    stored = stored_at(library, "2")
    assert (stored.status, stored.owner, stored.record.fields) == ("active", "external", two.fields)
    (version,) = records.list_versions(library.store, stored.id)
    assert (version.raw, version.change_set) == (raw(two), file.change_set)
    (came,) = arrivals_of(library.store, stored.id)
    assert (came.file, came.place, came.raw_sha256) == (done.id, len(raw(one)), sha(raw(two)))
    assert changes.broken_chain(library.store) is None


def test_the_same_file_again_changes_nothing(library: Library, tmp_path: Path) -> None:
    path = file_of(tmp_path, [article("1", "Шахтёр"), article("2", "Теміртау")])
    taken(library, path)
    before, seq = logical_dump(library.store), changes.last_seq(library.store)
    again = taken(library, path)
    assert again.again
    assert counted(again) == (0, 0, 2, 0, 0)
    assert logical_dump(library.store) == before
    assert changes.last_seq(library.store) == seq


def test_known_records_in_another_file_are_told_by_their_bytes(
    library: Library, tmp_path: Path
) -> None:
    one, two, three = article("1", "А"), article("2", "Б"), article("3", "В")
    taken(library, file_of(tmp_path, [one, two]))
    done = taken(library, file_of(tmp_path, [three, two, one], "all.iso"))
    assert counted(done) == (1, 0, 2, 0, 0)
    assert stored_at(library, "1").version == 1


def test_what_they_changed_is_a_new_version_with_its_bytes(
    library: Library, tmp_path: Path
) -> None:
    taken(library, file_of(tmp_path, [article("1", "Шахтер")]))
    new = article("1", "Шахтёр")
    done = taken(library, file_of(tmp_path, [new], "new.iso"))
    assert counted(done) == (0, 1, 0, 0, 0)
    stored = stored_at(library, "1")
    assert (stored.version, stored.record.first("200", "a")) == (2, "Шахтёр")
    assert [v.raw for v in records.list_versions(library.store, stored.id)][1] == raw(new)
    assert dict(done.languages) == {"kaz": 1}


def test_a_file_of_before_that_comes_once_more_is_news(library: Library, tmp_path: Path) -> None:
    old = file_of(tmp_path, [article("1", "А")], "old.iso")
    new = file_of(tmp_path, [article("1", "Б")], "new.iso")
    for path in (old, new):
        taken(library, path)
    assert counted(taken(library, old)) == (0, 1, 0, 0, 0)
    assert stored_at(library, "1").record.first("200", "a") == "А"


def test_our_change_stays_when_they_changed_nothing(library: Library, tmp_path: Path) -> None:
    one, two = article("1", "Шахтер"), article("2", "Б")
    taken(library, file_of(tmp_path, [one, two]))
    edit(library, "1", article("1", "Шахтёр"))
    done = taken(library, file_of(tmp_path, [two, one], "turned.iso"))
    assert counted(done) == (0, 0, 2, 0, 0)
    assert stored_at(library, "1").record.first("200", "a") == "Шахтёр"


def test_the_same_change_on_both_sides_is_agreed(library: Library, tmp_path: Path) -> None:
    taken(library, file_of(tmp_path, [article("1", "Шахтер")]))
    edit(library, "1", article("1", "Шахтёр"))
    done = taken(library, file_of(tmp_path, [article("1", "Шахтёр")], "new.iso"))
    assert counted(done) == (0, 0, 1, 0, 0)
    assert not list_conflicts(library.store)
    assert stored_at(library, "1").record.first("200", "a") == "Шахтёр"


def test_changes_in_different_fields_are_a_conflict_and_ours_stays(
    library: Library, tmp_path: Path
) -> None:
    taken(library, file_of(tmp_path, [article("1", "Шахтер", f606="Кен")]))
    edit(library, "1", article("1", "Шахтёр", f606="Кен"))
    theirs = article("1", "Шахтер", f606="Шахталар")
    done = taken(library, file_of(tmp_path, [theirs], "new.iso"))
    assert counted(done) == (0, 0, 0, 1, 0)
    stored = stored_at(library, "1")
    assert stored.record.first("606", "a") == "Кен"
    (found,) = list_conflicts(library.store)
    assert (found.record, found.ours, found.status) == (stored.id, 2, "open")
    came = arrivals_of(library.store, stored.id)
    assert [(a.outcome, a.state) for a in came] == [("new", "past"), ("conflict", "latest")]
    assert (found.theirs, found.base) == (came[1].id, came[0].id)
    assert (came[1].raw, came[1].content.fields) == (raw(theirs), theirs.fields)
    (finding,) = findings.list_findings(library.store, stored.id)
    assert finding.code == "import-conflict"


def test_a_conflict_that_nobody_decided_takes_the_next_file_with_the_same_base(
    library: Library, tmp_path: Path
) -> None:
    taken(library, file_of(tmp_path, [article("1", "А")]))
    edit(library, "1", article("1", "Ә"))
    taken(library, file_of(tmp_path, [article("1", "Б")], "2.iso"))
    taken(library, file_of(tmp_path, [article("1", "В")], "3.iso"))
    states = {c.status: c for c in list_conflicts(library.store, None)}
    assert states.keys() == {"withdrawn", "open"}
    assert states["open"].base == states["withdrawn"].base
    assert len(findings.list_findings(library.store, stored_at(library, "1").id)) == 1
    # They take their change back: what we have is an open change again.
    back = file_of(tmp_path, [article("1", "А"), article("2", "Г")], "4.iso")
    assert counted(taken(library, back)) == (1, 0, 1, 0, 0)
    assert not list_conflicts(library.store)
    assert stored_at(library, "1").record.first("200", "a") == "Ә"


def test_a_number_twice_in_a_file_gives_two_records_and_a_finding(
    library: Library, tmp_path: Path
) -> None:
    twins = [article("1", "А"), article("1", "Б"), article("1", "А")]
    path = file_of(tmp_path, twins)
    assert counted(taken(library, path)) == (3, 0, 0, 0, 0)
    titles = [stored_at(library, key).record.first("200", "a") for key in ("1", "1#2", "1#3")]
    assert titles == ["А", "Б", "А"]
    told = findings.list_findings(library.store, code="same-number")
    assert [f.facts["number"] for f in told] == ["1", "1"]
    again = file_of(tmp_path, [*twins, article("2", "В")], "more.iso")
    assert counted(taken(library, again)) == (1, 0, 3, 0, 0)


def test_the_same_record_in_a_second_catalogue_stands_in_both(
    library: Library, tmp_path: Path
) -> None:
    path = file_of(tmp_path, [article("1", "А"), article("2", "Б")])
    taken(library, path)
    other = file_of(tmp_path, [article("1", "А"), article("2", "Басқа")], "local.iso")
    done = taken(library, other, ImportOrder("local_history"))
    assert (counted(done), done.joined) == ((1, 0, 1, 0, 0), 1)
    assert stored_at(library, "1").catalogues == ("articles", "local_history")
    assert stored_at(library, "2").catalogues == ("articles",)
    assert stored_at(library, "2", "local_history").record.first("200", "a") == "Басқа"
    changed = file_of(tmp_path, [article("1", "Ә")], "changed.iso")
    assert counted(taken(library, changed, ImportOrder("local_history"))) == (0, 1, 0, 0, 0)
    assert stored_at(library, "1").version == 2


def test_a_record_without_a_number_is_known_by_content_then_by_likeness(
    library: Library, tmp_path: Path
) -> None:
    one, two = printed("Көмір алабының тарихы", "41"), printed("Театр маусымы ашылды", "42")
    taken(library, file_of(tmp_path, [one, two]))
    changed = printed("Көмір алабының тарихы", "41", f606="Көмір")
    done = taken(library, file_of(tmp_path, [two, changed], "new.iso"))
    assert counted(done) == (0, 1, 1, 0, 0)
    assert len(records.list_records(library.store)) == 2


def test_a_record_without_a_number_keeps_what_it_once_said_as_an_alias(
    library: Library, tmp_path: Path
) -> None:
    first, second = printed("Көмір", "41"), printed("Көмір", "41", f606="Шахта")
    for n, one in enumerate((first, second, first)):
        taken(library, file_of(tmp_path, [one], f"{n}.iso"))
    (stored,) = records.list_records(library.store)
    known = dict.fromkeys(records.identifiers_of(library.store, stored.id))
    aliases = {value for scheme, value in known if scheme == "alias"}
    versions = records.list_versions(library.store, stored.id)
    assert aliases == {versions[0].sha256, versions[1].sha256}
    assert stored.version == 3


def test_ids_that_meet_go_apart(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven signs of a hash meet now and then among tens of thousands of records."""
    ids = ("00000000", "00000001", "00000002", "00000003", "00000004")
    monkeypatch.setattr(
        "workflow.exchange.planning.record_id", lambda _, __, attempt=0: ids[attempt]
    )
    taken(library, file_of(tmp_path, [article("1", "А")]))
    other = file_of(tmp_path, [article("1", "Б")], "2.iso")
    taken(library, other, ImportOrder("ecology"))
    taken(library, file_of(tmp_path, [article("2", "В"), article("2", "Г")], "3.iso"))
    assert [r.id for r in records.list_records(library.store)] == list(ids[:4])


def test_a_record_that_no_text_can_hold_keeps_no_other_out(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half, whole = article("1", "\ud800"), article("2", "Б")
    read = [ReadRecord(1, b"half", half), ReadRecord(2, b"whole", whole)]
    opened = Opened("marcjson", "rusmarc", "utf-8", 1.0, "own", iter(read))
    monkeypatch.setattr("workflow.exchange.importing.open_exchange", lambda *_: opened)
    assert counted(taken(library, file_of(tmp_path, b"{}"))) == (1, 0, 0, 0, 1)
    assert [row.raw for row in files.iterate_bad(library.store)] == [b"half"]


def test_a_bad_record_is_kept_as_bytes_with_its_place_and_reason(
    library: Library, tmp_path: Path
) -> None:
    good, bad = raw(article("1", "А")), b"00024garbage\x1d"
    done = taken(library, file_of(tmp_path, good + bad + raw(article("2", "Б"))))
    assert counted(done) == (2, 0, 0, 0, 1)
    (kept,) = files.iterate_bad(library.store)
    assert (kept.place, kept.reason, kept.raw) == (len(good), "bad-leader", bad)
    assert kept.name == f"{done.id}/{len(good)}"


def test_what_is_no_file_of_records_leaves_nothing(library: Library, tmp_path: Path) -> None:
    path = file_of(tmp_path, b"<html>no records", "page.xml")
    with pytest.raises(InputError):
        taken(library, path)
    assert files.list_files(library.store) == []


def test_what_a_complete_file_lacks_is_named_and_stays(library: Library, tmp_path: Path) -> None:
    one, two = article("1", "А"), article("2", "Б")
    taken(library, file_of(tmp_path, [one, two]))
    order = ImportOrder("articles", complete=True)
    done = taken(library, file_of(tmp_path, [two], "all.iso"), order)
    assert done.missing == ((stored_at(library, "1").id, "1"),)
    assert stored_at(library, "1").status == "active"
    (finding,) = findings.list_findings(library.store)
    assert (finding.subject, finding.code) == (stored_at(library, "1").id, "missing-there")
    taken(library, file_of(tmp_path, [one, two, article("3", "В")], "later.iso"), order)
    assert not findings.list_findings(library.store)


def test_a_dry_run_writes_nothing_and_tells_the_same(library: Library, tmp_path: Path) -> None:
    path = file_of(tmp_path, [article("1", "А"), article("1", "Б")])
    before = logical_dump(library.store)
    tried = import_file(library, path, ARTICLES, Silent(), actor="aigul", dry_run=True)
    assert logical_dump(library.store) == before
    assert counted(tried) == counted(taken(library, path)) == (2, 0, 0, 0, 0)


def test_an_import_that_was_cut_off_goes_on_and_ends_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.exchange.importing.PORTION", 2)
    twins = [article("1", "А"), article("1", "А"), article("2", "Б"), article("3", "В")]
    path = file_of(tmp_path, raw(*twins) + b"bad\x1d" + raw(article("4", "Г")))
    with open_made(tmp_path / "whole") as whole:
        wanted = taken(whole, path)
        dump = logical_dump(whole.store)
    real = Store.transaction
    for cut in (1, 2, 3, 4):
        left = cut

        def limited(store: Store, actor: str = "") -> object:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            return real(store, actor)

        with open_made(tmp_path / str(cut)) as library:
            monkeypatch.setattr(Store, "transaction", limited)
            with pytest.raises(KeyboardInterrupt):
                taken(library, path)
            monkeypatch.setattr(Store, "transaction", real)
            assert taken(library, path).counts == wanted.counts
            assert logical_dump(library.store) == dump


def test_the_number_may_stand_in_another_field(library: Library, tmp_path: Path) -> None:
    first = file_of(tmp_path, [article("1", "А", f035="К-7"), article("2", "Б", f035=" К-8 ")])
    order = ImportOrder("articles", number_in="035 $a")
    taken(library, first, order)
    # 001 is counted anew in every file of such a system.
    second = file_of(tmp_path, [article("1", "Бб", f035="К-8")], "2.iso")
    assert counted(taken(library, second, order)) == (0, 1, 0, 0, 0)
    assert stored_at(library, "К-8").record.first("200", "a") == "Бб"


def test_two_imports_at_once_are_refused(library: Library, tmp_path: Path) -> None:
    path = file_of(tmp_path, [article("1", "А")])
    with import_lock(library.home), pytest.raises(LockedError) as caught:
        taken(library, path)
    assert caught.value.key == "error.import-locked"
    assert counted(taken(library, path)) == (1, 0, 0, 0, 0)


def test_no_more_than_a_portion_is_read_ahead_of_what_is_written(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So memory does not grow with the file, however long it is."""
    monkeypatch.setattr("workflow.exchange.importing.PORTION", 10)
    read, ahead = 0, []

    def endless() -> Iterator[ReadRecord]:
        nonlocal read
        for number in range(200):
            read += 1
            one = article(str(number), "А")
            yield ReadRecord(number, raw(one), one)

    def opened(*_: object) -> Opened:
        return Opened("iso2709", "rusmarc", "utf-8", 1.0, "given", endless())

    def written(tx: Transaction, file: ImportFile, landings: Sequence[Landing], *more: Any) -> None:
        ahead.append(read - landings[-1].incoming.place - 1)
        land(tx, file, landings, *more)

    monkeypatch.setattr("workflow.exchange.importing.open_exchange", opened)
    monkeypatch.setattr("workflow.exchange.importing.land", written)
    assert counted(taken(library, file_of(tmp_path, b"whatever"))) == (200, 0, 0, 0, 0)
    assert ahead == [0] * 20


def test_a_catalogue_is_known_by_its_names_and_no_other() -> None:
    from catalog.catalogues import catalogue_code, language_code

    for name in ("Краевед", " краеведение", "«Өлкетану»", "local_history"):
        assert catalogue_code(name) == "local_history"
    assert catalogue_code("Е-книги") == catalogue_code("Е-книга") == "ebooks"
    with pytest.raises(UsageError) as caught:
        catalogue_code("Картотека")
    assert caught.value.key == "error.unknown-catalogue"
    assert [language_code(c) for c in ("каз.", "kz", "RUS", "", None, "und", "ger")] == [
        *("kaz", "kaz", "rus", "", "", "und", "ger"),
    ]


def test_a_catalogue_made_again_from_its_files_knows_what_came(
    library: Library, tmp_path: Path
) -> None:
    full_of_imports(library, tmp_path)
    write_sidecars(library.store)
    dump, wanted = logical_dump(library.store), dict(expected(library.store))
    home = library.home
    library.store.close()
    for path in home.root.glob("catalog.sqlite3*"):
        path.unlink()
    assert rebuild_catalogue(home, Silent()).damaged == ()
    with Store.open(home) as again:
        assert logical_dump(again) == dump
        assert dict(expected(again)) == wanted
        assert again.check() == []
        turned = Library(home, library.settings, again)
        last = file_of(tmp_path, [article("3", "Ғ"), article("9", "Тың")], "last.iso")
        assert counted(taken(turned, last)) == (1, 0, 1, 0, 0)


def test_an_import_whose_sidecar_is_lost_costs_no_record(library: Library, tmp_path: Path) -> None:
    done = full_of_imports(library, tmp_path)
    write_sidecars(library.store)
    home, count = library.home, len(records.list_records(library.store))
    library.store.close()
    for path in (*home.root.glob("catalog.sqlite3*"), home.import_sidecar(done.id)):
        path.unlink()
    report = rebuild_catalogue(home, Silent())
    assert report.damaged == ((f"sidecars/imports/{done.id}.jsonl", "missing"),)
    with Store.open(home) as again:
        assert len(records.list_records(again)) == count
        assert changes.events_since(again, 0)[-1].data["lost"]["imports"] == [done.id]
        assert again.check() == []


def full_of_imports(library: Library, folder: Path) -> Imported:
    """Everything that an import can leave: versions, members, conflicts, bad records, findings."""
    first = [article("1", "А"), article("2", "Б"), article("3", "В"), article("3", "Ғ")]
    done = taken(library, file_of(folder, raw(*first) + b"\xff bad\x1d"))
    edit(library, "1", article("1", "Ә"))
    edit(library, "2", article("2", "Бб"))
    second = [article("1", "Аа"), article("2", "Бб"), article("3", "Вв"), article(None, "Д")]
    taken(library, file_of(folder, second, "2.iso"))
    taken(library, file_of(folder, [article("1", "Ааа")], "3.iso"))
    taken(library, file_of(folder, [article("3", "Вв")], "4.iso"), ImportOrder("ecology"))
    return done
