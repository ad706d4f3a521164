"""Articles are rows of their document, stand in its sidecar, and come back from there."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from olketanu.home import Home
from pages.text import Article, RegionRef
from store import changes
from store.database import Store
from store.digitised.articles import list_articles, set_articles
from store.digitised.documents import NewDocument, add_document
from store.disk.files import write_durably
from store.dump import logical_dump
from store.sidecars.document import document_sidecar
from store.sidecars.form import read_page
from store.sidecars.load_document import load_document
from store.sidecars.loading import Loading

OVER_TWO = (RegionRef("p0001", "r2"), RegionRef("p0003", "r7"))
LEAD = Article("a0001", "Көмірлі өлкенің көші", OVER_TWO, "kaz", 0.91)
SHORT = Article("a0002", "Имя на проспекте", (RegionRef("p0001", "r3"),), "rus", 0.75)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(Home(tmp_path / "home")) as opened:
        yield opened


@pytest.fixture
def document(store: Store) -> str:
    from store.digitised.batches import add_batch
    from store.disk.masters import Master, add_master

    with store.transaction() as tx:
        add_batch(tx, "2026-01", "/scans/2026-01")
        add_master(tx, Master("ab" * 32, 10, "jpeg"))
        new = NewDocument("2026-01", "issue", "ab" * 32, "newspaper_issue")
        return add_document(tx, new).id


def kinds(store: Store) -> list[str]:
    return [event.kind for event in changes.events_since(store, 0)]


def test_articles_come_back_in_their_order(store: Store, document: str) -> None:
    with store.transaction() as tx:
        assert set_articles(tx, document, [LEAD, SHORT])
    assert list_articles(store, document) == [LEAD, SHORT]
    assert LEAD.pages == ("p0001", "p0003")


def test_the_same_articles_again_write_nothing(store: Store, document: str) -> None:
    with store.transaction() as tx:
        set_articles(tx, document, [LEAD, SHORT])
    before = kinds(store)
    assert before[-1] == "document.articles"
    with store.transaction() as tx:
        assert not set_articles(tx, document, [LEAD, SHORT])
    assert kinds(store) == before


def test_a_new_cut_replaces_the_older_one_and_says_so(store: Store, document: str) -> None:
    with store.transaction() as tx:
        set_articles(tx, document, [LEAD, SHORT])
    changed = [SHORT, replace(LEAD, title="Басқа тақырып")]
    with store.transaction() as tx:
        assert set_articles(tx, document, changed)
    assert list_articles(store, document) == changed
    assert kinds(store).count("document.articles") == 2


def test_articles_of_an_unknown_document_are_refused(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as tx:
        set_articles(tx, "nowhere", [LEAD])


def test_a_confidence_beyond_one_is_refused(store: Store, document: str) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as tx:
        set_articles(tx, document, [replace(LEAD, confidence=1.5)])


def test_the_sidecar_holds_the_articles_and_nothing_where_there_are_none(
    store: Store, document: str
) -> None:
    assert "articles" not in read_page(document_sidecar(store, document))
    with store.transaction() as tx:
        set_articles(tx, document, [LEAD])
    found = read_page(document_sidecar(store, document))["articles"]
    assert [form["title"] for form in found] == ["Көмірлі өлкенің көші"]
    assert found[0]["regions"] == [["p0001", "r2"], ["p0003", "r7"]]


def test_articles_come_back_from_the_sidecar(store: Store, document: str, tmp_path: Path) -> None:
    with store.transaction() as tx:
        set_articles(tx, document, [LEAD, SHORT])
    path = store.home.sidecar(document)
    write_durably(path, document_sidecar(store, document))
    with Store.create(Home(tmp_path / "again")) as again:
        with again.transaction() as tx:
            loading = Loading(tx, store.home)
            load_document(loading, path, read_page(path.read_bytes()))
        assert list_articles(again, document) == [LEAD, SHORT]
        told = [line for line in logical_dump(again, events=False).splitlines() if "a0001" in line]
    there = logical_dump(store, events=False).splitlines()
    assert told == [line for line in there if line.startswith("article\t") and "a0001" in line]
    assert len(told) == 1
