"""The table of pictures: written anew as a whole, read on from where one was, never in the way."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from olketanu.home import Home
from pages.text import PageFrame
from store.database import Store
from store.digitised import batches, documents, pictures
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage
from store.disk import masters
from store.migrate import FOLDER, migrate
from tests.unit.made_library import new_store
from tests.unit.test_store_chain import GOLDEN, rows_of, schema

WIDE = (1 << 256) - 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "home") as opened:
        yield opened


def add(store: Store, name: str, pages: int = 1) -> str:
    sha256 = f"{sum(name.encode()):064x}"
    with store.transaction() as tx:
        batches.add_batch(tx, "b", "/b")
        masters.add_master(tx, masters.Master(sha256, 1, "png", "2026-01-01T00:00:00Z"))
        made = documents.add_document(tx, NewDocument("b", name, sha256))
        frame = PageFrame(sha256, 0, None, 0, 9, 9, 300)
        page_rows.add_pages(tx, made.id, [NewPage(frame)] * pages)
    return made.id


def test_pictures_come_back_as_they_were_written(store: Store) -> None:
    first, second = add(store, "a", 2), add(store, "b")
    with store.transaction() as tx:
        pictures.set_pictures(tx, second, {"p0001": WIDE})
        pictures.set_pictures(tx, first, {"p0001": 0, "p0002": None})
    found = pictures.pictures_after(store, 0)
    assert [(p.document, p.page, p.likeness) for p in found] == [
        (second, "p0001", WIDE),
        (first, "p0001", 0),
        (first, "p0002", None),
    ]
    assert found[0].seq > found[1].seq == found[2].seq
    assert pictures.pictures_after(store, found[-1].id) == []


def test_a_second_writing_takes_the_place_of_the_first_and_is_news(store: Store) -> None:
    document = add(store, "a", 2)
    with store.transaction() as tx:
        pictures.set_pictures(tx, document, {"p0001": 1, "p0002": 2})
    last = pictures.pictures_after(store, 0)[-1].id
    with store.transaction() as tx:
        pictures.set_pictures(tx, document, {"p0001": 3})
    assert [p.likeness for p in pictures.pictures_after(store, last)] == [3]
    assert [p.likeness for p in pictures.pictures_after(store, 0)] == [3]


def test_documents_whose_pictures_are_not_known_are_named(store: Store) -> None:
    known, unknown, waiting = add(store, "a"), add(store, "b"), add(store, "c")
    with store.transaction() as tx:
        for document in (known, unknown):
            documents.finish_document(
                tx, document, state="done", assembled_key="k", files={"document.pdf": "0"}
            )
        pictures.set_pictures(tx, known, {"p0001": None})
    assert waiting
    assert pictures.documents_without(store) == [unknown]


def test_a_catalogue_of_the_version_before_gets_the_table_and_keeps_the_rest(
    tmp_path: Path,
) -> None:
    old = sqlite3.connect(":memory:", isolation_level=None)
    old.executescript((GOLDEN / "0003.sql").read_text("utf-8"))
    before = {name: rows_of(old, name) for name in ("document", "article", "event", "finding")}
    assert before["article"]
    migrate(old, tmp_path / "old")
    assert {name: rows_of(old, name) for name in before} == before
    new = sqlite3.connect(":memory:", isolation_level=None)
    migrate(new, tmp_path / "new", FOLDER)
    assert schema(old) == schema(new)
    assert "picture" in schema(old)
    old.close()
    new.close()


def test_a_likeness_is_64_digits_and_belongs_to_a_page(store: Store) -> None:
    document = add(store, "a")
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as tx:
        pictures.set_pictures(tx, document, {"p0009": 1})
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as tx:
        pictures.set_pictures(tx, document, {"p0001": 1 << 256})
    assert Home(store.home.root).database.is_file()
