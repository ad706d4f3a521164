"""Stages behind the journal: each event is handled once, whoever else follows or edits."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from olketanu.errors import LockedError
from olketanu.home import Home
from olketanu.settings import Settings
from store import changes
from store.changes import Event
from store.database import Store, Transaction
from workflow.follow import TRIES, CatalogueStage, Write, follow
from workflow.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Store.create(Home(tmp_path)) as store:
        with store.transaction() as tx:
            for subject in ("a", "b"):
                tx.note("asked", subject)
        yield Library(store.home, Settings(), store)


def answered(library: Library) -> list[str]:
    return [e.subject for e in changes.events_since(library.store, 0, {"answered"})]


def answer(event: Event) -> Write:
    def write(tx: Transaction) -> None:
        tx.note("answered", event.subject)

    return write


def stage_of(read: object) -> CatalogueStage:
    return CatalogueStage("answer", frozenset({"asked"}), read)  # type: ignore[arg-type]  # of the tests


def test_every_event_is_handled_once_and_a_second_time_writes_nothing(library: Library) -> None:
    stage = stage_of(lambda _, event: answer(event))
    assert (follow(library, stage), answered(library)) == (2, ["a", "b"])
    last = changes.last_seq(library.store)
    assert (follow(library, stage), changes.last_seq(library.store)) == (0, last)


def test_a_stage_that_goes_singly_handles_the_next_event_and_no_more(library: Library) -> None:
    stage = replace(stage_of(lambda _, event: answer(event)), singly=True)
    assert (follow(library, stage), answered(library)) == (1, ["a"])
    assert (follow(library, stage), answered(library)) == (1, ["a", "b"])
    assert follow(library, stage) == 0


def test_an_event_that_another_run_handled_meanwhile_is_left(library: Library) -> None:
    """The other run is faster, between this run's reading and its writing."""

    def read(library: Library, event: Event) -> Write:
        with Store.open(library.home) as store:
            other = Library(library.home, library.settings, store)
            follow(other, stage_of(lambda _, event: answer(event)))
        return answer(event)

    assert follow(library, stage_of(read)) == 0
    assert answered(library) == ["a", "b"]


@pytest.mark.parametrize(("refusals", "ends_well"), [(TRIES - 1, True), (TRIES, False)])
def test_a_record_that_a_person_saved_meanwhile_is_read_anew(
    library: Library, refusals: int, *, ends_well: bool
) -> None:
    reads: list[str] = []

    def read(_: Library, event: Event) -> Write:
        reads.append(event.subject)
        if len(reads) > refusals:
            return answer(event)

        def refused(tx: Transaction) -> None:
            tx.note("half", event.subject)
            raise LockedError("error.record-changed", id="r", version=2)

        return refused

    if ends_well:
        assert follow(library, stage_of(read)) == 2
        assert reads == ["a"] * TRIES + ["b"]
    else:
        with pytest.raises(LockedError):
            follow(library, stage_of(read))
    assert answered(library) == (["a", "b"] if ends_well else [])
    assert changes.events_since(library.store, 0, {"half"}) == []


def test_a_catalogue_that_stays_locked_is_no_reason_to_insist(library: Library) -> None:
    reads: list[str] = []

    def read(library: Library, event: Event) -> Write:
        reads.append(event.subject)
        raise LockedError("error.store-locked", path=str(library.home.database))

    with pytest.raises(LockedError):
        follow(library, stage_of(read))
    assert reads == ["a"]
