"""The journal is a chain: whatever is changed in it shows; copies of the catalogue are whole."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from olketanu.errors import CannotWriteError
from olketanu.home import Home
from store import changes
from store.chain import START, chain_hash
from store.database import Store, translated
from store.migrate import FOLDER, known_migrations, migrate

GOLDEN = Path(__file__).parents[1] / "golden" / "store"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(Home(tmp_path / "home")) as opened:
        with opened.transaction() as tx:
            for number in range(5):
                tx.note("batch.added", f"b{number}", {"name": "Қарағанды"})
        with opened.transaction(actor="aigul") as tx:
            tx.note("batch.added", "b5")
        yield opened


def forge(store: Store, *statements: str) -> None:
    """What somebody with another program can do to the file: the triggers are no protection."""
    connection = sqlite3.connect(store.home.database)
    connection.execute("DROP TRIGGER event_is_never_changed")
    connection.execute("DROP TRIGGER event_is_never_deleted")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_every_event_is_chained_to_the_one_before(store: Store) -> None:
    previous = START
    for event in changes.events_since(store, 0):
        row = store.rows("SELECT data FROM event WHERE seq = ?", (event.seq,))[0]
        told = (event.time, event.actor, event.kind, event.subject, row["data"])
        assert event.chain == chain_hash(previous, event.seq, *told)
        previous = event.chain
    assert changes.head(store) == (6, previous)
    assert changes.broken_chain(store) is None
    assert changes.broken_chain(store, after=3) is None


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE event SET actor = 'nobody' WHERE seq = 3", 3),
        ("UPDATE event SET data = '{}' WHERE seq = 1", 1),
        ("UPDATE event SET time = '2020-01-01T00:00:00Z' WHERE seq = 6", 6),
        ("DELETE FROM event WHERE seq = 4", 5),
        ("UPDATE event SET seq = 7 WHERE seq = 6", 7),
    ],
)
def test_a_forged_journal_shows_where(store: Store, statement: str, found: int) -> None:
    forge(store, statement)
    assert changes.broken_chain(store) == found


def test_a_cut_journal_is_told_by_a_head_noted_before(store: Store) -> None:
    seq, chain = changes.head(store)
    forge(store, "DELETE FROM event WHERE seq >= 5")
    assert changes.broken_chain(store) is None
    assert changes.head(store) != (seq, chain)


def test_a_copy_is_one_whole_file_of_that_moment(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite3"
    with store.transaction() as tx:
        tx.note("batch.added", "not yet committed")
        with Store.open(store.home) as other:
            other.copy_to(target)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["copy.sqlite3"]
    copied = sqlite3.connect(target)
    assert copied.execute("SELECT count(*) FROM event").fetchone() == (6,)
    assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copied.close()
    with pytest.raises(FileExistsError):
        store.copy_to(target)


def test_check_names_a_reference_that_hangs_in_the_air(store: Store) -> None:
    assert store.check() == []
    connection = sqlite3.connect(store.home.database)
    connection.execute("INSERT INTO rights (document, code) VALUES ('gone', 'open')")
    connection.commit()
    connection.close()
    assert store.check() == ["rights row 1 refers to a missing document"]


def test_a_failing_disk_is_told_so(tmp_path: Path) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    with pytest.raises(CannotWriteError) as caught, translated(tmp_path / "db"):
        raise error
    assert caught.value.key == "error.disk-failing"


@pytest.mark.parametrize("number", range(1, len(known_migrations())))
def test_a_catalogue_of_every_older_version_is_brought_up_to_date(
    tmp_path: Path, number: int
) -> None:
    old = sqlite3.connect(tmp_path / "old", isolation_level=None)
    old.row_factory = sqlite3.Row
    old.executescript((GOLDEN / f"{number:04d}.sql").read_text("utf-8"))
    events = [tuple(row)[:6] for row in old.execute("SELECT * FROM event ORDER BY seq")]
    tables = ("document", "page", "page_frame", "master", "source_file", "rights", "batch")
    before = {name: rows_of(old, name) for name in tables}
    migrate(old, tmp_path / "old")
    assert {name: rows_of(old, name) for name in tables} == before
    assert [tuple(row)[:6] for row in old.execute("SELECT * FROM event ORDER BY seq")] == events
    assert len(events) == 8
    new = sqlite3.connect(":memory:", isolation_level=None)
    migrate(new, tmp_path / "new", FOLDER)
    assert schema(old) == schema(new)
    old.close()
    new.close()


def test_the_events_of_an_older_catalogue_are_chained(tmp_path: Path) -> None:
    home = Home(tmp_path)
    old = sqlite3.connect(home.database, isolation_level=None)
    old.executescript((GOLDEN / "0001.sql").read_text("utf-8"))
    old.close()
    with Store.open(home) as store:
        assert changes.broken_chain(store) is None
        with store.transaction() as tx:
            assert tx.note("batch.added", "b") == 9
        assert changes.broken_chain(store) is None
        assert store.check() == []


def rows_of(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid")]  # noqa: S608 - names of this test


def schema(connection: sqlite3.Connection) -> dict[str, str]:
    rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return {row[0]: row[1].replace('"', "") for row in rows}
