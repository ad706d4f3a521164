"""The index follows the catalogue: what is in an entry, and what a change touches."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.made_shelf import add_book, enter, field, link, new_home, record, write_pages
from catalog.rights import Rights
from olketanu.errors import MissingToolError
from olketanu.home import Home
from olketanu.settings import SearchSettings, Settings
from pages.text import Article, RegionRef
from search.engine.wanted import Every, Keys
from search.index.reader import open_index
from search.schema import BY_NAME, FACETS, Entry
from store import changes
from store.catalogue import records
from store.digitised import articles, documents, rights
from tests.asked import search
from workflow.entries import page_entries, record_entries
from workflow.index import index_status, rebuild_index, update_index, verify_index
from workflow.library import Library

TODAY = datetime.date(2026, 3, 1)
BOOK = [f"бет {number} шахта" for number in range(30)]
CANARY = "құпиясөзжасырын"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    home = Home(tmp_path / "home")
    with new_home(home) as store:
        yield Library(home, Settings(), store)


def found(library: Library, query: str, *, staff: bool = False) -> set[str]:
    hits = search(library.home, query, actor_sees_restricted=staff, limit=99).hits
    return {hit.key for hit in hits}


def valued(library: Library, **values: str) -> set[str]:
    """Keys of the entries of the open part that have these values."""
    wanted = Every(tuple(Keys(name, (value,)) for name, value in values.items()))
    with open_index(library.home, restricted=False) as opened:
        return {hit.key for hit in opened.engines["open"].search(wanted, 99).hits}


def the_record(library: Library, identifier: str) -> Entry:
    (entry,) = record_entries(library, [records.get_record(library.store, identifier)], TODAY)
    return entry


# ---- what a change touches ---------------------------------------------------------------------


def test_a_corrected_page_of_a_book_is_written_alone(library: Library) -> None:
    with library.store.transaction() as tx:
        book = add_book(tx, "book", BOOK)
        add_book(tx, "other", ["басқа шахта"])
    assert update_index(library) == 31
    with library.store.transaction() as tx:
        write_pages(tx, book, {"p0007": "түзетілген кенші"})
    assert index_status(library).behind == 1
    assert update_index(library) == 1
    assert found(library, "түзетілген") == {f"{book}/p0007"}
    assert len(found(library, "шахта")) == 30
    assert update_index(library) == 0


def test_a_page_that_lost_its_words_is_taken_out(library: Library) -> None:
    with library.store.transaction() as tx:
        book = add_book(tx, "book", ["бірінші шахта", "екінші шахта"])
    update_index(library)
    with library.store.transaction() as tx:
        files = documents.get_document(tx, book).files
        kept = {name: digest for name, digest in files.items() if "p0002" not in name}
        documents.finish_document(tx, book, state="done", assembled_key="k", files=kept)
    assert update_index(library) == 1
    assert found(library, "шахта") == {f"{book}/p0001"}


def test_a_record_gives_its_pages_another_title(library: Library) -> None:
    with library.store.transaction() as tx:
        book = add_book(tx, "book", ["шахта", "кенші"])
        made = enter(tx, record("1", "Ескі атау"))
        link(tx, book, made)
    update_index(library)
    assert len(found(library, "title:ескі кенші")) == 1
    with library.store.transaction() as tx:
        change = changes.new_change_set(tx, "corrected")
        records.save_version(tx, made, record("1", "Жаңа атау"), parent=1, change_set=change)
    assert update_index(library) == 3
    assert found(library, "title:жаңа кенші") == {f"{book}/p0002"}
    assert found(library, "ескі") == set()


@pytest.mark.parametrize("status", ["merged", "deleted"])
def test_a_record_out_of_force_is_taken_out(library: Library, status: str) -> None:
    with library.store.transaction() as tx:
        made = enter(tx, record("1", "Шежіре"))
    update_index(library)
    assert found(library, "шежіре") == {f"record/{made}"}
    with library.store.transaction() as tx:
        records.set_status(tx, made, status)
    assert update_index(library) == 1
    assert found(library, "шежіре") == set()


def test_what_no_reader_sees_leaves_the_index_alone(library: Library) -> None:
    with library.store.transaction() as tx:
        book = add_book(tx, "book", ["шахта"])
    update_index(library)
    with library.store.transaction() as tx:
        tx.note("document.extracted", book, {})
        documents.update_document(tx, book, state="done-with-gaps")
        tx.note("backup.done", "x", {})
    report = index_status(library)
    assert (report.state, report.generation) == ("current", 1)
    assert update_index(library) == 0
    assert index_status(library).generation == 1


def test_a_document_whose_term_has_ended_leaves_the_open_part_by_itself(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = datetime.date(2026, 3, 1)
    monkeypatch.setattr("workflow.index._today", lambda: day)
    with library.store.transaction() as tx:
        book = add_book(tx, "book", [CANARY])
        rights.set_rights(tx, book, Rights("until", until=day))
    update_index(library)
    assert len(found(library, CANARY)) == 1
    assert index_status(library).state == "current"
    monkeypatch.setattr("workflow.index._today", lambda: day + datetime.timedelta(1))
    assert index_status(library).behind == 1
    assert update_index(library) == 1
    assert found(library, CANARY) == set()
    assert len(found(library, CANARY, staff=True)) == 1
    assert update_index(library) == 0


def test_many_records_are_read_in_portions(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.index._PORTION", 2)
    with library.store.transaction() as tx:
        made = {enter(tx, record(str(n), f"Шежіре {n}")) for n in range(5)}
    assert rebuild_index(library) == 5
    with library.store.transaction() as tx:
        more = {enter(tx, record(str(n), f"Шежіре {n}")) for n in range(5, 10)}
    steps: list[tuple[str, int, int]] = []

    class Told:
        def step(self, stage: str, done: int, total: int, current: str) -> None:
            assert current
            steps.append((stage, done, total))

    assert update_index(library, Told()) == 5
    assert found(library, "шежіре") == {f"record/{one}" for one in made | more}
    assert steps == [("index", 0, 5), ("index", 2, 5), ("index", 4, 5)]


def test_another_engine_in_the_settings_means_building_anew(library: Library) -> None:
    with library.store.transaction() as tx:
        enter(tx, record("1", "Шежіре"))
    update_index(library)
    other = replace(library, settings=Settings(search=SearchSettings("sphinx")))
    report = index_status(other)
    assert (report.state, report.fault) == ("stale", "engine")
    with pytest.raises(MissingToolError):
        update_index(other)
    assert len(found(library, "шежіре")) == 1  # the old one goes on answering


def test_verify_names_the_file_that_has_changed(library: Library) -> None:
    with library.store.transaction() as tx:
        enter(tx, record("1", "Шежіре"))
    assert verify_index(library).state == "missing"
    update_index(library)
    assert verify_index(library).is_well
    victim = max((library.home.index / "gen-000001/open").iterdir(), key=lambda p: p.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-1] + b"\x01")
    verified = verify_index(library)
    assert verified.damaged == (f"open/{victim.name}",)
    assert (verified.state, verified.fault) == ("stale", "bytes")


# ---- closed documents --------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["closed", "on_site"])
def test_no_byte_of_the_open_part_tells_of_a_closed_text(library: Library, code: str) -> None:
    with library.store.transaction() as tx:
        book = add_book(tx, "book", [CANARY, f"шахта {CANARY}"], code=code)
        add_book(tx, "other", ["басқа шахта"])
    update_index(library)
    held = {
        part: b"".join(_bytes(library.home.index / "gen-000001" / part))
        for part in ("open", "restricted")
    }
    key = _tell_of_it(library, book, entries=1)
    assert key.encode() in held["restricted"]
    assert key.encode() not in held["open"]
    assert CANARY.encode() not in held["open"]
    assert book.encode() not in held["open"]


def test_a_text_that_was_open_is_seen_by_no_question_to_the_open_part(library: Library) -> None:
    with library.store.transaction() as tx:
        book = add_book(tx, "book", [CANARY, f"шахта {CANARY}"])
        add_book(tx, "other", ["басқа шахта"])
    update_index(library)
    with library.store.transaction() as tx:
        rights.set_rights(tx, book, Rights("closed"))
    update_index(library)
    _tell_of_it(library, book, entries=1)
    assert found(library, f"{CANARY} OR шахта") == found(library, "шахта")
    assert found(library, f"{CANARY[:6]}*") == set()


def _tell_of_it(library: Library, book: str, *, entries: int) -> str:
    """Ask the open part in every way there is; return the key under which it is restricted."""
    with open_index(library.home, restricted=True) as opened:
        public, restricted = opened.engines["open"], opened.engines["restricted"]
        (key,) = [key for key, _ in restricted.words("exact") if key.startswith("купия")]
        for name in BY_NAME:
            assert key not in dict(public.words(name))
            assert book not in dict(public.words(name))
        for name in FACETS:
            assert book not in public.members(name)
        assert public.search(Keys("exact", (key,)), 9).total == 0
        assert public.matches(Keys("document", (book,))).size == 0
        assert public.count() == entries
    return key


def _bytes(folder: Path) -> Iterator[bytes]:
    yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())


# ---- what an entry holds -----------------------------------------------------------------------


def test_a_record_is_found_by_all_that_it_says(library: Library) -> None:
    described = record(
        "77-1",
        "Көмір өлкесі",
        field("010", "a978-601-7869-34-2"),
        field("101", "akaz"),
        field("210", "aАлматы", "cӨнер", "d1998"),
        field("225", "aТау-кен кітапханасы"),
        field("330", "aЖылнама туралы түйін"),
        field("606", "aКеншілер"),
        field("607", "aСарыарқа"),
        field("675", "a94(574.3)"),
        field("700", "aОмаров", "bА.", indicators=" 1"),
    )
    with library.store.transaction() as tx:
        made = enter(tx, described)
        records.add_membership(tx, made, "local_history")
    update_index(library)
    key = {f"record/{made}"}
    for query in ("көмір", "омаров", "кенші", "сарыарқа", "түйін", "өнер", "кітапхана", "История"):
        assert found(library, query) == key, query
    for name, value in (
        ("udc", "94"),
        ("udc", "94(574)"),
        ("udc", "(574)"),
        ("catalogue", "books"),
        ("catalogue", "local_history"),
        ("language", "kaz"),
        ("date", "1998"),
        ("form", "book"),
        ("number", "9786017869342"),
    ):
        assert valued(library, **{name: value}) == key, (name, value)


def test_an_article_is_found_by_the_number_of_its_newspaper(library: Library) -> None:
    host = field("463", "tНуринский вестник", "v№ 133. - С. 4", "d2009")
    article = replace(record("n133", "Люди шахт", host), leader="00000naa0 2200000   450 ")
    with library.store.transaction() as tx:
        made = enter(tx, article)
    update_index(library)
    assert found(library, "Нуринский вестник № 133") == {f"record/{made}"}
    assert not found(library, "Нуринский вестник № 134")


def test_a_page_without_a_record_is_described_by_the_sheet(library: Library) -> None:
    sheet = {
        "author": "Омаров А.",
        "date": "17.05.1985",
        "udc": "622.33(574.3)",
        "collection": "Кен тарихы",
    }
    with library.store.transaction() as tx:
        book = add_book(tx, "cutting", ["шахта"])
        documents.update_document(tx, book, manifest=sheet, kind="newspaper_article")
    update_index(library)
    key = {f"{book}/p0001"}
    assert valued(library, udc="622", form="newspaper_article", collection="Кен_тарихы") == key
    assert valued(library, date="1985-05", language="kaz", kind="page") == key
    assert found(library, "author:омаров") == key


def test_a_page_of_an_issue_knows_the_article_printed_on_it(library: Library) -> None:
    def part(number: str, title: str, pages: str) -> str:
        host = field("463", "tСарыарқа таңы", f"v№ 12. - С. {pages}", "d1985")
        described = replace(record(number, title, host), leader="00000naa0 2200000   450 ")
        return enter(tx, described)

    with library.store.transaction() as tx:
        issue = add_book(tx, "issue", ["бірінші", "екінші", "үшінші", "төртінші"])
        second_only = part("2", "Қала", "2")
        over_two = part("3", "Дала", "3-4")
        for one in (second_only, over_two):
            link(tx, issue, one)
        found_articles = [Article("a0001", "Ұста", (RegionRef("p0002", "r1"),), "kaz", 0.9)]
        articles.set_articles(tx, issue, found_articles)
    first, second, third, fourth = page_entries(library, issue, TODAY)
    assert [one.record for one in (second, third, fourth)] == [second_only, over_two, over_two]
    assert second.title == "Қала"
    assert ("Ұста" in second.titles, "Ұста" in first.titles) == (True, False)
    update_index(library)
    assert found(library, "title:ұста") == {second.key}


def test_a_record_names_its_copy_and_a_draft_is_found_too(library: Library) -> None:
    with library.store.transaction() as tx:
        book = add_book(tx, "book", ["шахта"])
        made = enter(tx, record("1", "Шежіре"), status="draft")
        link(tx, book, made)
    assert the_record(library, made).document == book


# ---- drafts ------------------------------------------------------------------------------------

DRAFT = record("1", f"Шежіре {CANARY}")


def drafted(library: Library, code: str) -> tuple[str, str]:
    """A document and the draft that was made of it, both in the index."""
    with library.store.transaction() as tx:
        book = add_book(tx, "book", ["шахта"], code=code)
        add_book(tx, "other", ["басқа шахта"])
        made = enter(tx, DRAFT, status="draft")
        link(tx, book, made)
    update_index(library)
    return book, made


@pytest.mark.parametrize("code", ["closed", "on_site"])
def test_no_byte_of_the_open_part_tells_of_a_draft_of_a_closed_text(
    library: Library, code: str
) -> None:
    _, made = drafted(library, code)
    key = _tell_of_it(library, made, entries=1)
    held = b"".join(_bytes(library.home.index / "gen-000001" / "open"))
    assert key.encode() not in held
    assert made.encode() not in held
    assert found(library, CANARY) == set()
    assert found(library, CANARY, staff=True) == {f"record/{made}"}


def test_a_draft_without_a_copy_is_no_matter_for_readers(library: Library) -> None:
    with library.store.transaction() as tx:
        made = enter(tx, DRAFT, status="draft")
    update_index(library)
    assert found(library, CANARY) == set()
    assert found(library, CANARY, staff=True) == {f"record/{made}"}


def test_a_draft_follows_the_rights_of_its_copy(library: Library) -> None:
    book, made = drafted(library, "open")
    for code, seen in (("closed", set()), ("open", {f"record/{made}"}), ("on_site", set())):
        with library.store.transaction() as tx:
            rights.set_rights(tx, book, Rights(code))
        assert index_status(library).behind == 2
        assert update_index(library) == 2
        assert found(library, CANARY) == seen


def test_a_draft_leaves_the_open_part_when_the_term_of_its_copy_ends(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.index._today", lambda: TODAY)
    book, made = drafted(library, "closed")
    with library.store.transaction() as tx:
        rights.set_rights(tx, book, Rights("until", until=TODAY))
    update_index(library)
    assert found(library, CANARY) == {f"record/{made}"}
    monkeypatch.setattr("workflow.index._today", lambda: TODAY + datetime.timedelta(1))
    assert update_index(library) == 2
    assert found(library, CANARY) == set()


def test_a_draft_that_is_accepted_is_everybodys(library: Library) -> None:
    _, made = drafted(library, "closed")
    with library.store.transaction() as tx:
        records.set_status(tx, made, "active")
    update_index(library)
    assert found(library, CANARY) == {f"record/{made}"}
    with library.store.transaction() as tx:
        records.set_status(tx, made, "draft")
    update_index(library)
    assert found(library, CANARY) == set()
