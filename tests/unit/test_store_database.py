"""The database: made from nothing, never a wrong one, one place that commits."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from olketanu.errors import (
    CannotWriteError,
    InputError,
    LockedError,
    OlketanuError,
    SettingsError,
    UsageError,
)
from olketanu.home import Home
from store import changes, clock, database
from store.database import Store
from store.migrate import APPLICATION_ID, known_migrations, migrate, statements

ROOT = Path(__file__).parents[2]
TIME = "2026-11-23T09:00:00Z"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(Home(tmp_path), clock=lambda: TIME) as opened:
        yield opened


def key_of(home: Home) -> str:
    with pytest.raises(OlketanuError) as caught:
        Store.open(home)
    return caught.value.key


def test_a_new_home_has_its_folders_and_every_promised_setting(store: Store) -> None:
    settings = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "user_version")
    found = [store.rows(f"PRAGMA {name}")[0][0] for name in settings]
    assert found == ["wal", 2, 1, 30000, len(known_migrations())]
    assert store.rows("PRAGMA application_id")[0][0] == APPLICATION_ID
    assert store.home.masters.is_dir()
    assert store.home.runs.is_dir()


def test_every_table_is_strict(store: Store) -> None:
    tables = store.rows(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite_%'"
    )
    assert len(tables) == 27
    assert [row["name"] for row in tables if not row["strict"]] == []


def test_the_reference_names_every_table_and_column(store: Store) -> None:
    text = (ROOT / "docs" / "reference" / "store.md").read_text("utf-8")
    rows = store.rows(
        "SELECT t.name AS t, c.name AS c "
        "FROM pragma_table_list AS t, pragma_table_info(t.name) AS c "
        "WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"
    )
    sections = {part.split("`", 1)[0]: part for part in text.split("\n### `")[1:]}
    missing = [(r["t"], r["c"]) for r in rows if f"`{r['c']}`" not in sections.get(r["t"], "")]
    assert missing == []


def test_opening_again_changes_nothing(store: Store) -> None:
    before = store.rows("SELECT sql FROM sqlite_schema ORDER BY name")
    with Store.create(store.home) as again:
        assert [tuple(r) for r in again.rows("SELECT sql FROM sqlite_schema ORDER BY name")] == [
            tuple(r) for r in before
        ]


def test_a_missing_catalogue_is_never_made_silently(tmp_path: Path) -> None:
    assert key_of(Home(tmp_path)) == "error.store-missing"
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_a_newer_program_is_refused_untouched(store: Store) -> None:
    store.rows("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(SettingsError) as caught:
        Store.open(store.home)
    assert caught.value.key == "error.store-newer"
    assert caught.value.facts["found"] == 99


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "catalog.sqlite3")
    connection.execute("CREATE TABLE books (id)")
    connection.close()
    assert key_of(Home(tmp_path)) == "error.store-foreign"


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite3").write_bytes(b"not a database, only text" * 100)
    assert key_of(Home(tmp_path)) == "error.store-damaged"


def test_a_migration_that_fails_leaves_the_older_database(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_a.sql").write_text("CREATE TABLE a (x TEXT) STRICT;\n")
    (folder / "0002_b.sql").write_text("CREATE TABLE b (x TEXT) STRICT;\nCREATE TABLE a (x);\n")
    connection = sqlite3.connect(tmp_path / "db", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, tmp_path / "db", folder)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema")]
    assert names == ["a"]
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def test_a_trigger_is_one_statement_and_an_open_end_is_refused() -> None:
    trigger = "CREATE TRIGGER t BEFORE UPDATE ON a\nBEGIN SELECT 1; SELECT 2; END;"
    assert statements(f"-- why\nSELECT 1;\n{trigger}\n")[-1] == trigger
    with pytest.raises(ValueError, match="unfinished"):
        statements("SELECT 1;\nSELECT 2\n")


def test_four_programs_may_make_one_home_at_once(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys\nfrom olketanu.home import Home\nfrom store.database import Store\n"
        "Store.create(Home(pathlib.Path(sys.argv[1]))).close()\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [process.wait() for process in running] == [0] * 4


def test_an_exception_takes_everything_back(store: Store) -> None:
    with pytest.raises(UsageError), store.transaction() as tx:  # noqa: PT012 - the note must come first
        tx.note("batch.added", "b")
        changes.get_change_set(tx, 1)
    assert changes.last_seq(store) == 0
    with store.transaction() as tx:
        assert tx.note("batch.added", "b") == 1


def test_transactions_do_not_nest(store: Store) -> None:
    with store.transaction(), pytest.raises(RuntimeError), store.transaction():
        pass


def test_who_waits_too_long_is_told_so(store: Store) -> None:
    other = sqlite3.connect(store.home.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.rows("PRAGMA busy_timeout = 1")
    with pytest.raises(LockedError) as caught, store.transaction():
        pass
    assert caught.value.key == "error.store-locked"
    other.close()


def test_a_full_disk_is_told_and_the_catalogue_stays_whole(store: Store) -> None:
    pages = store.rows("PRAGMA page_count")[0][0]
    store.rows(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(CannotWriteError) as caught, store.transaction() as tx:
        tx.note("batch.added", "b", {"name": "x" * 100_000})
    assert caught.value.key == "error.disk-full"
    assert changes.last_seq(store) == 0
    assert store.rows("PRAGMA integrity_check")[0][0] == "ok"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE event SET kind = 'x'",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event VALUES (1, 't', 'a', 'forged', 's', '{}', hex(zeroblob(32)))",
        "UPDATE change_set SET reason = 'x'",
        "DELETE FROM change_set",
    ],
)
def test_the_journal_is_append_only(store: Store, sql: str) -> None:
    with store.transaction() as tx:
        changes.new_change_set(tx, "test")
        tx.note("batch.added", "b")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), store.transaction() as tx:
        tx.keep_books(sql)
    assert [event.kind for event in changes.events_since(store, 0)] == ["batch.added"]


def test_events_are_followed_by_sequence_kind_and_portion(store: Store) -> None:
    with store.transaction("aigul") as tx:
        for kind in ("a", "b", "a", "c"):
            tx.note(kind, "s", {"ә": 1})
        changes.set_cursor(tx, "index", 2)
    assert [e.seq for e in changes.events_since(store, 1, {"a", "c"})] == [3, 4]
    assert [e.seq for e in changes.events_since(store, 0, limit=2)] == [1, 2]
    assert changes.events_since(store, 0, set()) == []
    assert changes.get_cursor(store, "index") == 2
    assert changes.get_cursor(store, "other") == 0
    event = changes.events_of(store, "s")[0]
    assert (event.actor, event.time, event.data) == ("aigul", TIME, {"ә": 1})


def test_a_person_is_no_machine() -> None:
    assert changes.is_machine(database.MACHINE)
    assert changes.is_machine("olketanu:index")
    assert not changes.is_machine("olketanushy")


def test_the_clock_stands_still_for_reproducible_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795424400")
    assert clock.utc_now() == TIME
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert clock.utc_now() != TIME


def test_an_unreachable_catalogue_cannot_be_written(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (tmp_path / "catalog.sqlite3").mkdir()
    with pytest.raises(CannotWriteError):
        Store.create(home)
    with pytest.raises(InputError):
        Store.open(home)
