"""Several people and runs in one home at once: nothing twice, no lost update, no talk of locks."""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from catalog.record import ControlField, DataField, Record, Subfield
from olketanu.errors import LockedError
from olketanu.home import Home
from pages.text import PageFrame
from store import changes, jobs
from store.catalogue import records
from store.database import Store
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage
from store.disk import masters
from store.dump import logical_dump
from tests.e2e.fake_engine import Engine, install, page, set_options
from tests.e2e.operators_at_work import marks, signed

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
OPERATORS = Path(__file__).with_name("operators_at_work.py")
EPOCH = "1767225600"  # one clock for all runs, so that equal work gives equal bytes
PATIENCE = 600.0  # seconds; a limit for a broken build, never waited for by a sound one
TOGETHER = 4
SHA = "ab" * 32
Program = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True, slots=True)
class Ended:
    """One of several programs that ran at the same time."""

    status: int
    stdout: str
    stderr: str


def together(commands: list[list[str]], engine: Engine | None = None) -> list[Ended]:
    """Run the commands at the same time and return their ends, in order."""
    environment = {**os.environ, "OLKETANU_LANG": "en", "SOURCE_DATE_EPOCH": EPOCH}
    if engine is not None:
        environment["PATH"] = engine.path
    started = [
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for command in commands
    ]
    try:
        told = [process.communicate(timeout=PATIENCE) for process in started]
    finally:
        for process in started:
            process.kill()
            process.wait()
    ends = zip(started, told, strict=True)
    return [Ended(process.returncode, out, err) for process, (out, err) in ends]


def olketanu(home: Path, *arguments: object) -> list[str]:
    return [sys.executable, str(ROOT / "cli.py"), "--home", str(home), *map(str, arguments)]


def quiet_about_locks(ended: Ended) -> bool:
    told = (ended.stdout + ended.stderr).lower()
    return not any(word in told for word in ("locked", "traceback", "operationalerror"))


def result(home: Path) -> tuple[list[str], dict[str, str]]:
    """The logical dump, and the hashes of what was made for the documents."""
    with Store.open(Home(home)) as store:
        dump = logical_dump(store).splitlines()
    files = [p for p in (home / "objects").rglob("*") if p.suffix in (".pdf", ".xml", ".json")]
    hashes = {str(p.relative_to(home)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    return sorted(dump), hashes


def make_batch(folder: Path, first: int, pages: int) -> Path:
    """Documents of two pages of widths that occur once, a twin of the first, an empty file."""
    for number in range(pages):
        page(folder / f"{number // 2:02}" / f"{number % 2}.png", first + 4 * number)
    shutil.copytree(folder / "00", folder / "98-twin")
    (folder / "99-empty.png").touch()
    return folder


@dataclass(frozen=True, slots=True)
class Several:
    """A batch done by one run, and in another home by several at once."""

    calm: Path
    busy: Path
    batch: Path
    ends: list[Ended]
    alone: Ended
    calls: list[int]
    engine: Engine


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory, cli: Program) -> Several:
    folder = tmp_path_factory.mktemp("operators")
    engine = install(folder / "engine", {})
    batch = make_batch(folder / "batch", 600, 20)
    calm, busy = folder / "calm", folder / "busy"
    for home in (calm, busy):
        assert cli("init", home, home=home).returncode == 0
        set_options(home, engine="tesseract")
    run = ("run", batch, "--workers", "1", "--json")
    (alone,) = together([olketanu(calm, *run)], engine)
    before = len(engine.calls())
    ends = together([olketanu(busy, *run) for _ in range(TOGETHER)], engine)
    calls = [width for width, _, _ in engine.calls()[before:]]
    return Several(calm, busy, batch, ends, alone, calls, engine)


def test_four_runs_over_one_batch_all_end_well(several: Several) -> None:
    assert several.alone.status == 7, several.alone.stderr  # the empty file
    for ended in several.ends:
        assert ended.status == 7, ended.stderr
        assert quiet_about_locks(ended), ended.stderr


def test_four_runs_recognise_no_page_twice(several: Several) -> None:
    assert len(several.calls) == 20
    assert set(Counter(several.calls).values()) == {1}


def test_four_runs_leave_what_one_run_leaves(several: Several) -> None:
    (calm, calm_files), (busy, busy_files) = result(several.calm), result(several.busy)
    assert set(calm) ^ set(busy) == set()
    assert calm == busy
    assert calm_files == busy_files


def test_four_more_runs_and_readers_write_nothing(several: Several) -> None:
    before = snapshot(several.busy)
    commands = [olketanu(several.busy, "run", several.batch, "--json") for _ in range(2)]
    commands += [olketanu(several.busy, *words) for words in (("document", "list"), ("doctor",))]
    for ended in together(commands, several.engine):
        assert quiet_about_locks(ended), ended.stderr
    assert snapshot(several.busy) == before


def snapshot(home: Path) -> tuple[list[str], dict[str, int]]:
    """The journal's end with the dump, and when each file of the home was last written."""
    with Store.open(Home(home)) as store:
        dump = [str(changes.last_seq(store)), *logical_dump(store).splitlines()]
    kept = [p for p in home.rglob("*") if p.is_file() and not p.name.startswith("catalog.sqlite3")]
    return dump, {str(p): p.stat().st_mtime_ns for p in kept}


def test_two_batches_with_one_and_the_same_scan_give_one_document(
    tmp_path: Path, cli: Program
) -> None:
    engine = install(tmp_path / "engine", {})
    home = tmp_path / "home"
    assert cli("init", home, home=home).returncode == 0
    set_options(home, engine="tesseract")
    names = [f"batch-{number}" for number in range(TOGETHER)]
    for name in names:
        for number in range(5):
            page(tmp_path / name / f"{number}.png", 600 + 4 * number)
    runs = [olketanu(home, "run", tmp_path / name, "--workers", "1") for name in names]
    for ended in together(runs, engine):
        assert ended.status == 0, ended.stderr
        assert quiet_about_locks(ended), ended.stderr
    with Store.open(Home(home)) as store:
        assert len(documents.list_documents(store)) == 5
    assert set(Counter(width for width, _, _ in engine.calls()).values()) == {1}


def operators(home: Path, roles: list[tuple[object, ...]]) -> list[dict[str, Any]]:
    """Let each role work in a process of its own, all at once; what each of them told."""
    threading.Thread(target=give_the_start, args=(home, len(roles))).start()
    commands = [[sys.executable, str(OPERATORS), str(home), *map(str, role)] for role in roles]
    told = []
    for ended in together(commands):
        assert ended.status == 0, ended.stderr
        assert ended.stderr == ""
        told.append(json.loads(ended.stdout))
    return told


def give_the_start(home: Path, count: int) -> None:
    end = time.monotonic() + PATIENCE
    while len(list(home.glob("ready-*"))) < count and time.monotonic() < end:
        time.sleep(0.005)
    (home / "go").touch()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(Home(tmp_path / "home")) as opened:
        yield opened


def enter_record(store: Store) -> str:
    title = DataField("200", "1 ", (Subfield("a", "Қарағанды"),))
    record = Record("rusmarc", "00000nam0 2200000   450 ", (ControlField("001", "42"), title))
    with store.transaction() as tx:
        change = changes.new_change_set(tx, "import")
        return records.create_record(tx, records.NewRecord(record, "books", "42"), change).id


def test_the_second_save_upon_one_version_is_refused_with_what_to_do(store: Store) -> None:
    record_id = enter_record(store)
    seen = records.get_record(store, record_id)
    with Store.open(store.home) as first, Store.open(store.home) as second:
        save(first, "aigul", seen)
        with pytest.raises(LockedError) as caught:
            save(second, "marat", seen)
    assert caught.value.key == "error.record-changed"
    assert caught.value.facts == {"id": record_id, "version": 2}
    now = records.get_record(store, record_id)
    assert (now.version, marks(now.record)) == (2, ["aigul"])
    # What was refused left nothing behind, no change set either.
    assert [version.actor for version in records.list_versions(store, record_id)][1:] == ["aigul"]
    assert store.rows("SELECT id FROM change_set WHERE actor = 'marat'") == []


def save(desk: Store, name: str, seen: records.StoredRecord) -> None:
    """Save the record with a mark upon the version that was seen."""
    with desk.transaction(actor=name) as tx:
        change = changes.new_change_set(tx, "edit")
        new = signed(seen.record, name)
        records.save_version(tx, seen.id, new, parent=seen.version, change_set=change)


def test_no_update_is_lost_when_four_editors_save_one_record(store: Store) -> None:
    record_id = enter_record(store)
    told = operators(store.home.root, [("edit", f"e{n}", record_id, 50) for n in range(TOGETHER)])
    saved = [mark for one in told for mark in one["saved"]]
    refused = [key for one in told for key in one["refused"]]
    now = records.get_record(store, record_id)
    assert len(saved) == 50 * TOGETHER
    assert sorted(marks(now.record)) == sorted(saved)
    assert now.version == 1 + len(saved)
    assert set(refused) == {"error.record-changed"}  # they did meet, and nothing else stopped them
    assert changes.broken_chain(store) is None


def test_no_update_is_lost_between_threads_of_one_program(store: Store) -> None:
    record_id = enter_record(store)
    refused: list[str] = []

    def editor(name: str) -> None:
        with Store.open(store.home) as desk:
            for number in range(25):
                insist(desk, f"{name}-{number}")

    def insist(desk: Store, mark: str) -> None:
        for _ in range(1000):
            with contextlib.suppress(LockedError):
                return save(desk, mark, records.get_record(desk, record_id))
            refused.append(mark)
        return None

    threads = [threading.Thread(target=editor, args=(f"t{n}",)) for n in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    wanted = sorted(f"t{n}-{number}" for n in range(TOGETHER) for number in range(25))
    assert refused  # they did meet
    assert sorted(marks(records.get_record(store, record_id).record)) == wanted


def test_four_processes_do_four_hundred_jobs_once_each(store: Store) -> None:
    frame = PageFrame(SHA, 0, None, 0, 10, 10, 300)
    planned: list[jobs.Job] = []
    with store.transaction() as tx:
        batches.add_batch(tx, "b", "/b")
        masters.add_master(tx, masters.Master(SHA, 1, "tiff"))
        for number in range(TOGETHER):
            document = documents.add_document(tx, NewDocument("b", str(number), SHA)).id
            page_rows.add_pages(tx, document, [NewPage(frame)] * 100)
            keys = [row.key for row in page_rows.list_pages(tx, document)]
            planned += [jobs.new_job(f"{document}-{k}", "page", document, k) for k in keys]
        assert jobs.plan(tx, planned) == 400
    told = operators(store.home.root, [("work", f"w{n}") for n in range(TOGETHER)])
    done = [key for one in told for key in one["done"]]
    assert sorted(done) == sorted(job.key for job in planned)
    assert sum(bool(one["done"]) for one in told) > 1  # they did work side by side
    ledger = jobs.list_jobs(store)
    assert {job.state for job in ledger} == {"done"}
    assert {job.claims - job.attempt for job in ledger} == {1}


def test_a_run_during_verify_and_backup_ends_as_it_does_alone(
    several: Several, tmp_path: Path, cli: Program
) -> None:
    home, copies = tmp_path / "home", tmp_path / "copies"
    copies.mkdir()
    assert cli("init", home, home=home).returncode == 0
    set_options(home, engine="tesseract")
    page(tmp_path / "before" / "1.png", 900)  # the home is in use already
    (first,) = together([olketanu(home, "run", tmp_path / "before")], several.engine)
    assert first.status == 0, first.stderr
    run = olketanu(home, "run", several.batch, "--workers", "1")
    verify, backup = olketanu(home, "verify", "--all"), olketanu(home, "backup", copies)
    ends = together([run, verify, backup, verify, backup, verify, run], several.engine)
    for ended in ends:
        assert quiet_about_locks(ended), ended.stderr
    # The runs tell of the empty file; nobody takes work in progress for damage.
    assert [ended.status for ended in ends] == [7, 0, 0, 0, 0, 0, 7], [e.stdout for e in ends]
    for words in (("verify", "--all"), ("backup", copies), ("backup", "--check", copies)):
        done = cli(*words, home=home)
        assert done.returncode == 0, done.stderr
    (dump, files), (calm_dump, calm_files) = result(home), result(several.calm)
    assert set(calm_dump) - set(dump) == set()
    assert calm_files.items() <= files.items()
