"""Two people decide, edit, undo and decide again in any order, while the stages follow or do not.

However they go on, each scan has one record at most, its address stands there and nowhere else, and
no draft is without a scan; so it is again when everything that can be taken back is.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from catalog.digital_copy import copies
from olketanu.errors import LockedError, UsageError
from olketanu.home import Home
from pipeline import catalogue, catch_up
from store.catalogue import links, records
from store.catalogue.records import StoredRecord
from store.digitised import documents
from tests.unit.found_library import make_home
from tests.unit.made_library import Silent
from tests.unit.proposed_links import add_proposals
from workflow.desk.acts import perform, recent, take_back, take_back_all
from workflow.desk.card import Act
from workflow.editing.form import form_of
from workflow.exchange.undo import undo
from workflow.fixity.verify import Asked, verify
from workflow.library import Library, open_library

T = TypeVar("T")
any_number = st.integers(0, 7)
people = st.sampled_from(["aigul", "marat"])
_IN_FORCE = ("draft", "active")
_REFUSED = (LockedError, UsageError)


def one(found: Sequence[T], number: int) -> T:
    return found[number % len(found)]


@pytest.fixture(scope="module", autouse=True)
def _made(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A home with four proposals that every stage has seen."""
    home = make_home(tmp_path_factory.mktemp("desk") / "home")
    add_proposals(home, 4)
    with open_library(home) as library:
        catch_up(library)
    Desk.made = home.root


class Desk(RuleBasedStateMachine):
    """The desk as two people have it: each through a store of their own."""

    made: Path

    @initialize()
    def sit_down(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        home = Home(shutil.copytree(self.made, Path(self.folder.name).resolve() / "home"))
        self.opened = [open_library(home) for _ in range(2)]
        self.libraries = dict(
            zip(("aigul", "marat"), (one.__enter__() for one in self.opened), strict=True)
        )
        self.before = set(disagreements(self.libraries["aigul"]))
        self.damaged = found_by_verify(self.libraries["aigul"])

    def teardown(self) -> None:
        if not hasattr(self, "opened"):
            return
        try:
            self.everything_agrees()
            self.take_everything_back()
            self.everything_agrees()
        finally:
            for opened in self.opened:
                opened.__exit__(None, None, None)
            self.folder.cleanup()

    def everything_agrees(self) -> None:
        library = self.libraries["marat"]
        catch_up(library)
        assert set(disagreements(library)) <= self.before
        assert found_by_verify(library) == self.damaged

    def take_everything_back(self) -> None:
        library = self.libraries["aigul"]
        for done, stands in recent(library.store, limit=1000):
            if stands:
                with suppress(*_REFUSED):
                    take_back(library, done.number, "head")

    @rule(
        who=people,
        which=any_number,
        other=any_number,
        name=st.sampled_from(["accept", "reject", "other"]),
    )
    def decide_on_a_link(self, who: str, which: int, other: int, name: str) -> None:
        library = self.libraries[who]
        link = one(links.list_links(library.store), which)
        record = one(list(records.iterate_records(library.store)), other).id
        with suppress(*_REFUSED):
            perform(library, Act("link", link.id, name, None, who, {"record": record}))

    @rule(
        who=people, which=any_number, name=st.sampled_from(["accept", "edit", "reject", "restore"])
    )
    def decide_on_a_record(self, who: str, which: int, name: str) -> None:
        library = self.libraries[who]
        held = list(records.iterate_records(library.store))
        stored = one([r for r in held if r.status == "draft"] or held, which)
        form = (
            {"to": str(1 + which % stored.version)} if name == "restore" else typed(stored, which)
        )
        with suppress(*_REFUSED):
            perform(library, Act("draft", stored.id, name, None, who, form))

    @rule(who=people, which=st.integers(0, 4), how=st.sampled_from(["act", "act", "try", "change"]))
    def undo(self, who: str, which: int, how: str) -> None:
        library = self.libraries[who]
        standing = [done for done, stands in recent(library.store) if stands]
        (newest,) = library.store.rows("SELECT max(id) AS id FROM change_set")
        with suppress(*_REFUSED):
            if how == "change":
                undo(library, newest["id"] - which, actor=who)
            elif standing:
                number = one(standing, which).number
                take_back_all(library, [number], who, dry_run=how == "try")

    @rule(who=people)
    def follow(self, who: str) -> None:
        catalogue(self.libraries[who])


def typed(stored: StoredRecord, number: int) -> dict[str, str]:
    """The form of a record with another title."""
    form: dict[str, str] = {}
    for row in form_of(stored.record).rows:
        one_field = row.typed
        text = one_field.text + f" {number}" if one_field.tag == "200" else one_field.text
        form |= {f"tag-{row.number}": one_field.tag, f"text-{row.number}": text}
        form[f"indicators-{row.number}"] = one_field.indicators
    return form


def disagreements(library: Library) -> Iterator[tuple[str, str]]:
    """Yield what cannot be true of scans, links and records at once."""
    for scan in documents.list_documents(library.store):
        yield from _of_scan(library, scan.id)
    for stored in records.iterate_records(library.store):
        if stored.status in _IN_FORCE:
            yield from _of_record(library, stored)


def _of_scan(library: Library, scan: str) -> Iterator[tuple[str, str]]:
    accepted = links.list_links(library.store, document=scan, status="accepted")
    if len(accepted) > 1:
        yield "a scan with two records", scan
    for link in accepted:
        stored = records.get_record(library.store, link.record)
        if stored.status not in _IN_FORCE:
            yield "a scan of a record that is gone", link.id
        elif library.address(scan) not in copies(stored.record):
            yield "a record without the address of its scan", link.id


def _of_record(library: Library, stored: StoredRecord) -> Iterator[tuple[str, str]]:
    linked = links.list_links(library.store, record=stored.id)
    owned = {library.address(link.document) for link in linked if link.status == "accepted"}
    others = {library.address(link.document) for link in linked} - owned
    if others & set(copies(stored.record)):
        yield "an address without a link", stored.id
    if stored.status == "draft" and not owned:
        yield "a draft without a scan", stored.id


def found_by_verify(library: Library) -> list[tuple[str, str]]:
    asked = Asked(whole=True, repair=False, backup=None, dry_run=True)
    return [(problem.path, problem.state) for problem in verify(library, asked, Silent()).problems]


TestDesk = pytest.mark.slow(Desk.TestCase)
TestDesk.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
