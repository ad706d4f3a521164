"""What must hold of identifiers and of the ledger whatever happens."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from olketanu.home import Home
from store import jobs
from store.database import Store
from store.digitised import batches, documents
from store.digitised.documents import NewDocument
from store.identifiers import ALPHABET, is_valid, short_id

OWNERS = ("a", "b", "c")
texts = st.lists(st.text(), min_size=1, max_size=3)


@given(texts, st.integers(0, 40))
def test_an_identifier_is_valid_and_always_the_same(parts: list[str], attempt: int) -> None:
    identifier = short_id(*parts, attempt=attempt)
    assert is_valid(identifier)
    assert identifier == short_id(*parts, attempt=attempt)


@given(texts)
def test_every_attempt_gives_another_identifier(parts: list[str]) -> None:
    assert len({short_id(*parts, attempt=n) for n in range(20)}) == 20


@given(texts, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_found(parts: list[str], place: int, sign: str) -> None:
    right = short_id(*parts)
    wrong = right[:place] + sign + right[place + 1 :]
    assert is_valid(wrong) == (wrong == right)


@given(texts, st.integers(0, 5))
def test_two_neighbours_swapped_are_found(parts: list[str], place: int) -> None:
    right = short_id(*parts)
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert is_valid(wrong) == (wrong == right)


@given(st.text(max_size=9))
def test_only_eight_signs_of_the_alphabet_can_be_valid(text: str) -> None:
    assert not is_valid(text) or (len(text) == 8 and set(text) <= set(ALPHABET))


class Ledger(RuleBasedStateMachine):
    """Runs that claim, finish, fail and die in any order, against a plain model of the ledger."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store.create(Home(Path(self.folder.name).resolve()))
        self.held: dict[str, str] = {}
        self.done: dict[str, str] = {}
        self.planned = 0
        with self.store.transaction() as tx:
            batches.add_batch(tx, "b", "/b")
            self.document = documents.add_document(tx, NewDocument("b", "d", "ab" * 32)).id

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(count=st.integers(1, 3))
    def plan(self, count: int) -> None:
        start = self.planned
        new = [
            jobs.new_job(f"k{n}", f"kind{n}", self.document) for n in range(start, start + count)
        ]
        with self.store.transaction() as tx:
            assert jobs.plan(tx, new) == count
            assert jobs.plan(tx, new) == 0
        self.planned += count

    @rule(owner=st.sampled_from(OWNERS), limit=st.integers(1, 3))
    def claim(self, owner: str, limit: int) -> None:
        kinds = {f"kind{n}" for n in range(self.planned)}
        with self.store.transaction() as tx:
            claimed = jobs.claim(tx, owner, kinds, limit)
        assert len(claimed) == min(limit, self.planned - len(self.held) - len(self.done))
        for job in claimed:
            assert job.key not in self.held
            assert job.key not in self.done
            self.held[job.key] = owner

    @rule(owner=st.sampled_from(OWNERS), number=st.integers(0, 12))
    def finish(self, owner: str, number: int) -> None:
        key = f"k{number}"
        with self.store.transaction() as tx:
            accepted = jobs.finish(tx, key, owner, {"by": owner})
        assert accepted == (self.held.get(key) == owner)
        if accepted:
            self.done[key] = self.held.pop(key)

    @rule(owner=st.sampled_from(OWNERS), number=st.integers(0, 12))
    def fail(self, owner: str, number: int) -> None:
        key = f"k{number}"
        with self.store.transaction() as tx:
            accepted = jobs.fail(tx, key, owner, "timeout", retry=True)
        assert accepted == (self.held.get(key) == owner)
        if accepted:
            del self.held[key]

    @rule(dead=st.sampled_from(OWNERS))
    def die(self, dead: str) -> None:
        lost = {key for key, owner in self.held.items() if owner == dead}
        with self.store.transaction() as tx:
            assert jobs.release_dead(tx, lambda owner: owner != dead) == len(lost)
        self.held = {key: owner for key, owner in self.held.items() if key not in lost}

    @invariant()
    def the_ledger_says_what_the_model_says(self) -> None:
        found = jobs.list_jobs(self.store)
        assert {j.key: j.owner for j in found if j.state == "running"} == self.held
        results = {j.key: (j.result or {})["by"] for j in found if j.state == "done"}
        assert results == self.done
        assert len(found) == self.planned


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
