"""A catalogue that is only looked at stays as it was, whoever else has it open."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from olketanu.errors import InputError, OlketanuError
from olketanu.home import Home
from store.changes import events_since
from store.database import Store
from store.migrate import statements
from store.reading import is_older, open_to_look

GOLDEN = Path(__file__).parents[1] / "golden" / "store" / "0001.sql"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home #1 50%?")
    with Store.create(made) as store, store.transaction() as tx:
        tx.note("batch.added", "first")
    return made


def files_of(home: Home) -> dict[str, tuple[int, int]]:
    """Size and time of everything in a home, its own folder too."""
    found = [home.root, *home.root.rglob("*")]
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in found}


def test_looking_leaves_no_trace(home: Home) -> None:
    before = files_of(home)
    with open_to_look(home) as store:
        assert [event.subject for event in events_since(store, 0)] == ["first"]
        assert store.check() == []
        assert not is_older(store)
    assert files_of(home) == before


def test_what_another_program_has_just_committed_is_seen(home: Home) -> None:
    with Store.open(home) as writer:
        with writer.transaction() as tx:
            tx.note("batch.added", "second")
        before = files_of(home)
        with open_to_look(home) as store:
            assert [event.subject for event in events_since(store, 0)] == ["first", "second"]
        assert {*files_of(home)} == {*before}


def test_a_look_cannot_write(home: Home) -> None:
    with (
        open_to_look(home) as store,
        pytest.raises(OlketanuError) as caught,
        store.transaction() as tx,
    ):
        tx.note("batch.added", "third")
    assert caught.value.key == "error.not-writable"


def test_an_older_catalogue_is_not_brought_up_to_date(tmp_path: Path) -> None:
    home = Home(tmp_path)
    connection = sqlite3.connect(home.database, isolation_level=None)
    for statement in statements(GOLDEN.read_text("utf-8")):
        connection.execute(statement)
    connection.close()
    before = home.database.read_bytes()
    with open_to_look(home) as store:
        assert is_older(store)
    assert home.database.read_bytes() == before


def remove(home: Home) -> None:
    home.database.unlink()


def overwrite(home: Home) -> None:
    home.database.write_bytes(b"something else entirely, and long enough for a header" * 100)


def cut(home: Home) -> None:
    home.database.write_bytes(home.database.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (remove, "error.store-missing"),
        (overwrite, "error.store-damaged"),
        (cut, "error.store-damaged"),
    ],
)
def test_what_is_no_catalogue_is_named(home: Home, spoil: Callable[[Home], None], key: str) -> None:
    spoil(home)
    with pytest.raises(InputError) as caught, open_to_look(home) as store:
        store.check()
    assert caught.value.key == key
