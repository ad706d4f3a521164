"""Findings of rules in the store: opened, closed, rejected, and brought back from sidecars."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from olketanu.errors import UsageError
from store import changes
from store.catalogue.findings import list_findings
from store.catalogue.rule_findings import (
    RuleFinding,
    Synced,
    open_findings,
    reject_finding,
    sync_findings,
)
from store.database import Store
from store.dump import logical_dump
from tests.unit.made_library import Silent, add_record, new_store
from workflow.backup.rebuild import rebuild_catalogue
from workflow.sidecars import write_sidecars


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "home") as opened:
        yield opened


def finding(
    rule: str = "letters", place: str = "200$a", key: str = "cлово", certainty: float = 0.9
) -> RuleFinding:
    return RuleFinding(f"rule/{rule}", place, key, certainty, {"edits": [], "facts": {}})


def sync(store: Store, *found: RuleFinding, family: str = "rule", record: str = "r") -> Synced:
    with store.transaction() as tx:
        return sync_findings(tx, record, family, found)


def test_findings_are_opened_kept_and_closed(store: Store) -> None:
    assert sync(store, finding(), finding(place="300$a")) == Synced(
        2, 0, ("rule/letters", "rule/letters")
    )
    before = changes.last_seq(store)
    assert sync(store, finding(), finding(place="300$a")) == Synced(
        0, 0, ("rule/letters", "rule/letters")
    )
    assert changes.last_seq(store) == before
    assert sync(store, finding()) == Synced(0, 1, ("rule/letters",))
    assert [f.facts["place"] for f in open_findings(store, "rule")] == ["200$a"]


def test_what_comes_back_is_opened_again_in_its_own_row(store: Store) -> None:
    sync(store, finding())
    sync(store)
    assert sync(store, finding()) == Synced(1, 0, ("rule/letters",))
    assert len(list_findings(store, "r", status=None)) == 1


def test_a_surer_reading_replaces_a_poorer_one_and_not_the_other_way(store: Store) -> None:
    sync(store, finding(certainty=0.8))
    sync(store, finding(certainty=0.99))
    sync(store, finding(certainty=0.8))
    assert [f.facts["certainty"] for f in open_findings(store, "rule")] == [0.99]


def test_families_and_other_findings_do_not_touch_each_other(store: Store) -> None:
    sync(store, finding())
    whole = RuleFinding("whole/spelling", "200$a", "слво", 0.7, {"edits": [], "facts": {}})
    sync(store, whole, family="whole")
    assert sync(store).closed == 1
    assert [f.code for f in open_findings(store, "whole")] == ["whole/spelling"]
    assert list(open_findings(store, "rule")) == []


def test_a_rejected_finding_stays_away_wherever_it_moves(store: Store) -> None:
    sync(store, finding(place="701[2]$a"))
    (one,) = open_findings(store, "rule")
    with store.transaction("aigul") as tx:
        assert reject_finding(tx, one.id).status == "done"
    assert sync(store, finding(place="701[2]$a")) == Synced()
    assert sync(store, finding(place="701[3]$a")) == Synced()
    assert sync(store, finding(place="701[2]$a", key="другое")).opened == 1
    assert sync(store, finding(place="701[2]$b")).opened == 1


def test_findings_are_narrowed_by_code_and_record(store: Store) -> None:
    sync(store, finding(), finding("numbers", "010$a"))
    sync(store, finding(), record="s")
    assert len(list(open_findings(store, "rule", code="rule/letters"))) == 2
    assert len(list(open_findings(store, "rule", record="r"))) == 2
    with pytest.raises(UsageError), store.transaction() as tx:
        reject_finding(tx, "nothing")


def test_a_rejection_survives_a_rebuild_from_sidecars(store: Store, tmp_path: Path) -> None:
    with store.transaction() as tx:
        record = add_record(tx, 1)
    sync(store, finding(), record=record)
    (one,) = open_findings(store, "rule")
    with store.transaction("aigul") as tx:
        reject_finding(tx, one.id)
    write_sidecars(store)
    before, home = logical_dump(store), store.home
    store.close()
    home.database.unlink()
    rebuild_catalogue(home, Silent())
    with Store.open(home) as again:
        assert logical_dump(again) == before
        assert sync(again, finding(), record=record).opened == 0
