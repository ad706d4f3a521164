"""Whatever is done to a library in whatever order, its files alone give it back."""

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from catalog.rights import Rights
from olketanu.errors import UsageError
from store import changes, jobs
from store.catalogue import findings, links, records
from store.database import Store
from store.digitised import amendments, batches, documents, rights
from store.digitised import pages as page_rows
from store.dump import logical_dump
from store.imports import files as imports
from store.imports.conflicts import list_conflicts
from store.sidecars.files import expected
from tests.unit.made_imports import article, file_of, raw, taken
from tests.unit.made_library import (
    Silent,
    Ticking,
    add_record,
    amend,
    library_of,
    new_store,
    read_pages,
    record,
    take_in,
)
from workflow.backup.rebuild import rebuild_catalogue
from workflow.exchange.conflicts import decide as resolve
from workflow.exchange.importing import ImportOrder
from workflow.exchange.undo import undo
from workflow.sidecars import write_sidecars

T = TypeVar("T")
any_number = st.integers(0, 9)
names = st.sampled_from(["a", "b", "кітап.tif", "x' OR 1"])


def one(found: Sequence[T], number: int) -> T | None:
    return found[number % len(found)] if found else None


class Library(RuleBasedStateMachine):
    """Work in any order; now and then the sidecars catch up, or the database is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = new_store(Path(self.folder.name).resolve() / "home")
        self.numbers = 0

    def teardown(self) -> None:
        self.lose_the_database()
        self.store.close()
        self.folder.cleanup()

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    @rule(batch=st.sampled_from(["2026-01", "2026-02"]), name=names, pages=st.integers(1, 3))
    def take_in(self, batch: str, name: str, pages: int) -> None:
        content = f"{self.number() % 3} {name}".encode()  # now and then the same file has changed
        take_in(self.store, batch, name, pages, bytes_=content)

    @rule(which=any_number, failed=st.integers(0, 1))
    def recognise(self, which: int, failed: int) -> None:
        if (document := one(documents.list_documents(self.store), which)) is not None:
            read_pages(self.store, document.id, failed=failed)

    @rule(which=any_number)
    def retry(self, which: int) -> None:
        if (document := one(documents.list_documents(self.store), which)) is not None:
            with self.store.transaction() as tx:
                jobs.reopen(tx, document.id)
                page_rows.set_waiting(tx, document.id, "p0001")

    @rule(which=any_number, applied=st.booleans())
    def amend(self, which: int, applied: bool) -> None:
        if (document := one(documents.list_documents(self.store), which)) is not None:
            amend(self.store, document.id, "p0001", f"w{self.number()}", applied=applied)

    @rule(which=any_number)
    def withdraw(self, which: int) -> None:
        found = [
            one
            for document in documents.list_documents(self.store)
            for one in amendments.list_amendments(self.store, document.id)
        ]
        if (gone := one(found, which)) is not None:
            with self.store.transaction("aigul") as tx:
                told = (gone.document, gone.page, gone.kind, gone.box, gone.old, gone.new)
                amendments.withdraw_amendment(tx, amendments.NewAmendment(*told))

    @rule(which=any_number, turn=st.booleans(), code=st.sampled_from(["open", "on_site"]))
    def describe(self, which: int, turn: bool, code: str) -> None:
        if (document := one(documents.list_documents(self.store), which)) is None:
            return
        keys = [page.key for page in page_rows.list_pages(self.store, document.id)]
        with self.store.transaction("aigul") as tx:
            rights.set_rights(tx, document.id, Rights(code))
            documents.update_document(tx, document.id, title=f"t{self.number()}")
            page_rows.reorder_pages(tx, document.id, keys[::-1] if turn else keys)

    @rule(linked=any_number, owner=st.sampled_from(["here", "external"]))
    def enter_record(self, linked: int, owner: str) -> None:
        document = one(documents.list_documents(self.store), linked)
        with self.store.transaction("olketanu:draft") as tx:
            entered = add_record(tx, self.number(), owner=owner)
            if document is not None:
                links.propose(tx, links.NewLink(document.id, entered, score=0.25))

    @rule(which=any_number, into=any_number, status=st.sampled_from(["active", "merged"]))
    def change_record(self, which: int, into: int, status: str) -> None:
        found = records.list_records(self.store)
        stored, other = one(found, which), one(found, into)
        if stored is None or other is None:
            return
        with self.store.transaction("aigul") as tx:
            change = changes.new_change_set(tx, "corrected")
            new = record(self.number())
            records.save_version(tx, stored.id, new, parent=stored.version, change_set=change)
            merged = other.id if status == "merged" else None
            records.set_status(tx, stored.id, status, merged_into=merged)
            records.add_membership(tx, stored.id, "ecology")

    @rule(which=any_number, accept=st.booleans())
    def decide(self, which: int, accept: bool) -> None:
        if (link := one(links.list_links(self.store), which)) is not None:
            with self.store.transaction("aigul") as tx:
                (links.accept if accept else links.reject)(tx, link.id)

    @rule(which=any_number, kind=st.sampled_from(["record", "page", "link", "home"]))
    def find(self, which: int, kind: str) -> None:
        subjects = {
            "record": [r.id for r in records.list_records(self.store)],
            "page": [f"{d.id}/p0001" for d in documents.list_documents(self.store)],
            "link": [link.id for link in links.list_links(self.store)],
            "home": ["home"],
        }
        if (subject := one(subjects[kind], which)) is not None:
            with self.store.transaction() as tx:
                found = findings.add_finding(tx, subject, "odd", {"n": which % 3}, reopen=True)
                if which > 5:
                    findings.close_finding(tx, found.id)

    @precondition(lambda self: batches.find_batch(self.store, "2026-01") is not None)
    @rule(state=st.sampled_from(["quarantined", "waiting"]))
    def refuse(self, state: str) -> None:
        name, code = f"bad{self.number() % 4}\udcff", "EMPTY" if state == "quarantined" else None
        with self.store.transaction() as tx:
            batches.set_source(tx, batches.source("2026-01", name, state=state, code=code))

    @rule(numbers=st.lists(st.integers(0, 4), max_size=4), variant=any_number)
    def import_records(self, numbers: list[int], variant: int) -> None:
        made = [article(str(n) if n else None, f"м{n} {variant % 3}") for n in numbers]
        data = raw(*made) + b"waste\x1d" * (variant % 2)
        path = file_of(Path(self.folder.name), data, f"{variant % 4}.iso")
        taken(library_of(self.store), path, ImportOrder(("articles", "books")[variant % 2]))

    @rule(which=any_number)
    def undo_import(self, which: int) -> None:
        if (file := one(imports.list_files(self.store), which)) is not None:
            with suppress(UsageError):  # there is nothing left to undo
                undo(library_of(self.store), file.change_set, actor="aigul")

    @rule(which=any_number, side=st.sampled_from(["theirs", "ours"]))
    def resolve(self, which: int, side: str) -> None:
        if (found := one(list_conflicts(self.store), which)) is not None:
            resolve(library_of(self.store), found.id, [side], actor="aigul", dry_run=False)

    @rule()
    def catch_up(self) -> None:
        write_sidecars(self.store)
        assert changes.get_cursor(self.store, "sidecars") == changes.last_seq(self.store)

    @rule()
    def lose_the_database(self) -> None:
        home = self.store.home
        write_sidecars(self.store)
        dump, wanted = logical_dump(self.store), dict(expected(self.store))
        chain = changes.head(self.store)
        self.store.close()
        for path in home.root.glob("catalog.sqlite3*"):
            path.unlink()
        assert rebuild_catalogue(home, Silent()).damaged == ()
        self.store = Store.open(home, clock=Ticking(1000 + self.number()))
        assert logical_dump(self.store) == dump
        assert changes.head(self.store) == chain
        assert dict(expected(self.store)) == wanted
        assert write_sidecars(self.store) == 0
        assert self.store.check() == []


TestLibrary = pytest.mark.slow(Library.TestCase)
TestLibrary.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)
