"""Whatever both sides do in whatever order: no change is lost, none is overwritten unasked."""

import random
import tempfile
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from catalog.marc import iso2709
from catalog.record import DataField, Record, Subfield
from store import changes
from store.catalogue import records
from store.dump import logical_dump
from store.imports.arrivals import get_arrival
from store.imports.conflicts import list_conflicts
from store.imports.files import iterate_bad
from store.imports.originals import iterate_originals
from tests.unit.made_imports import ARTICLES, LEADER, article, counted, open_made, raw, taken
from tests.unit.made_library import Silent, library_of, new_store
from workflow.exchange.conflicts import decide
from workflow.exchange.export import Export, export_records
from workflow.exchange.importing import import_file
from workflow.exchange.undo import change_of_import, undo

NUMBERS = ("1", "2", "3")
TAGS = ("606", "607")


@dataclass
class Expected:
    """What one record must be, by the rules of the design alone."""

    theirs: dict[str, int]
    ours: dict[str, int] | None = None
    base: dict[str, int] | None = None
    sent: dict[str, int] | None = None
    waits: bool = False

    def arrive(self) -> None:
        """The record comes in a file."""
        if self.sent == self.theirs:
            return
        self.sent = dict(self.theirs)
        if self.ours is None:
            self.ours, self.base = dict(self.theirs), dict(self.theirs)
        elif self.theirs == self.ours:
            self.base, self.waits = dict(self.theirs), False
        elif self.theirs == self.base:
            self.waits = False
        elif self.ours == self.base:
            self.ours, self.base = dict(self.theirs), dict(self.theirs)
            self.waits = False
        else:
            self.waits = True


def made(number: str, fields: dict[str, int]) -> Record:
    return article(number, f"Мақала {number}", **{f"f{t}": f"м{v}" for t, v in fields.items()})


class ThreeWays(RuleBasedStateMachine):
    """Both sides change single fields; files come; people decide."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name).resolve()
        self.store = new_store(self.root / "home")
        self.library = library_of(self.store)
        self.expected = {n: Expected(dict.fromkeys(TAGS, 0)) for n in NUMBERS}
        self.files = 0

    def teardown(self) -> None:
        assert changes.broken_chain(self.store) is None
        assert self.store.check() == []
        self.store.close()
        self.folder.cleanup()

    @rule(number=st.sampled_from(NUMBERS), tag=st.sampled_from(TAGS), value=st.integers(0, 3))
    def they_change(self, number: str, tag: str, value: int) -> None:
        self.expected[number].theirs[tag] = value

    @rule(number=st.sampled_from(NUMBERS), tag=st.sampled_from(TAGS), value=st.integers(0, 3))
    def we_change(self, number: str, tag: str, value: int) -> None:
        one = self.expected[number]
        stored = records.find_record_at(self.store, "articles", number)
        if one.ours is None or stored is None:
            return
        one.ours[tag] = value
        with self.store.transaction("marat") as tx:
            change = changes.new_change_set(tx, "corrected")
            new = made(number, one.ours)
            records.save_version(tx, stored.id, new, parent=stored.version, change_set=change)

    @rule(numbers=st.lists(st.sampled_from(NUMBERS), unique=True, min_size=1))
    def a_file_comes(self, numbers: list[str]) -> None:
        self.files += 1
        path = self.root / f"{self.files}.iso"
        path.write_bytes(raw(*(made(n, self.expected[n].theirs) for n in numbers)))
        taken(self.library, path)
        for number in numbers:
            self.expected[number].arrive()
        self.look()

    @rule(side=st.sampled_from(["theirs", "ours"]))
    def a_person_decides(self, side: str) -> None:
        for found in list_conflicts(self.store)[:1]:
            came = get_arrival(self.store, found.theirs)
            decide(self.library, found.id, [side], actor="aigul", dry_run=False)
            one = self.expected[came.key]
            one.waits, one.base = False, dict(one.sent or {})
            if side == "theirs":
                one.ours = dict(one.sent or {})
        self.look()

    def look(self) -> None:
        waiting = {get_arrival(self.store, c.theirs).key for c in list_conflicts(self.store)}
        assert waiting == {n for n, one in self.expected.items() if one.waits}
        for number, one in self.expected.items():
            stored = records.find_record_at(self.store, "articles", number)
            assert (stored is None) == (one.ours is None)
            if stored is not None and one.ours is not None:
                assert stored.record.fields == made(number, one.ours).fields


TestThreeWays = pytest.mark.slow(ThreeWays.TestCase)
TestThreeWays.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)


def test_of_a_thousand_conflicts_none_is_lost_and_none_resolved_in_silence(tmp_path: Path) -> None:
    draw = random.Random(1000)
    numbers = [str(n) for n in range(1000)]
    before = {n: made(n, {"606": 0, "607": 0}) for n in numbers}
    theirs = {n: made(n, {"606": 1 + draw.randrange(9), "607": draw.randrange(2)}) for n in numbers}
    ours = {n: made(n, {"606": draw.randrange(2) * 20, "607": 10}) for n in numbers}
    with open_made(tmp_path) as library:
        (tmp_path / "1.iso").write_bytes(raw(*before.values()))
        taken(library, tmp_path / "1.iso")
        with library.store.transaction("marat") as tx:
            change = changes.new_change_set(tx, "corrected")
            for number in numbers:
                found = records.find_record_at(tx, "articles", number)
                assert found is not None
                new = ours[number]
                records.save_version(tx, found.id, new, parent=1, change_set=change)
        (tmp_path / "2.iso").write_bytes(raw(*theirs.values()))
        assert counted(taken(library, tmp_path / "2.iso")) == (0, 0, 0, 1000, 0)
        found_conflicts = list_conflicts(library.store)
        assert len(found_conflicts) == 1000
        for one in found_conflicts:
            came = get_arrival(library.store, one.theirs)
            assert (came.raw, one.ours) == (raw(theirs[came.key]), 2)
            assert one.base is not None
            assert get_arrival(library.store, one.base).raw == raw(before[came.key])
            stored = records.get_record(library.store, one.record)
            assert stored.record.fields == ours[came.key].fields


pieces = st.one_of(
    st.builds(lambda n, t: raw(article(n, t)), st.sampled_from("12"), st.text("абвәғ", max_size=4)),
    st.builds(lambda t: raw(article(None, t)), st.text("абвәғ", min_size=1, max_size=4)),
    st.binary(max_size=40),
    st.just(b"\r\n"),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(pieces, max_size=6), st.integers(0, 400), st.binary(max_size=3))
def test_whatever_a_file_holds_its_records_leave_as_they_came_or_are_kept_as_bad(
    parts: list[bytes], at: int, put: bytes
) -> None:
    data = b"".join(parts)
    data = data[:at] + put + data[at:]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        (root / "x.iso").write_bytes(data)
        with new_store(root / "home") as store:
            library = library_of(store)
            told = replace(ARTICLES, container="iso2709")
            done = taken(library, root / "x.iso", told)
            framed = [found.raw for found in iso2709.read(BytesIO(data))]
            kept = [row.raw for row in iterate_bad(store)]
            originals = [one.raw or b"" for one in iterate_originals(store)]
            assert sorted(kept + originals) == sorted(framed)
            assert done.counts["read"] == len(framed)
            if originals:
                order = Export(root / "out.iso", "rusmarc", "iso2709", original=True)
                export_records(library, order, dry_run=False)
                assert (root / "out.iso").read_bytes() == b"".join(originals)
            dump = logical_dump(store)
            import_file(library, root / "x.iso", told, Silent(), actor="aigul")
            assert logical_dump(store) == dump
            if originals:
                undo(library, change_of_import(library, done.id), actor="aigul")
                assert {r.status for r in records.list_records(store)} == {"deleted"}


@pytest.mark.parametrize("length", [4, 60])
def test_a_leader_whose_lengths_alone_changed_is_no_conflict(tmp_path: Path, length: int) -> None:
    field = DataField("300", "  ", (Subfield("a", "х" * length),))
    one = Record("rusmarc", LEADER, (*article("1", "А").fields, field))
    with open_made(tmp_path) as library:
        (tmp_path / "1.iso").write_bytes(raw(article("1", "А")))
        taken(library, tmp_path / "1.iso")
        stored = records.find_record_at(library.store, "articles", "1")
        assert stored is not None
        with library.store.transaction("marat") as tx:
            change = changes.new_change_set(tx, "corrected")
            records.save_version(tx, stored.id, one, parent=1, change_set=change)
        # Theirs made the same change, and their file tells its own lengths.
        (tmp_path / "2.iso").write_bytes(raw(one))
        assert counted(taken(library, tmp_path / "2.iso")) == (0, 0, 1, 0, 0)
