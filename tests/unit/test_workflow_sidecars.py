"""Sidecars follow the journal: whatever changes a row is soon in a file, and only once."""

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog.rights import Rights
from olketanu.home import Home
from store import changes, jobs
from store.catalogue import findings, links, records
from store.database import Store
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from store.sidecars import files
from store.sidecars.files import expected, write_anew
from store.sidecars.form import DamagedError, line, page, read_line, read_page
from store.sidecars.journal import SEGMENT
from tests.unit.made_library import (
    Ticking,
    add_record,
    amend,
    library_of,
    make_library,
    new_store,
    read_pages,
    record,
    take_in,
)
from workflow.follow import follow
from workflow.sidecars import SIDECAR, write_sidecars

PATIENCE = 120.0  # seconds; a limit for a broken build, never waited for by a sound one


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made").resolve() / "home"
    with make_library(root) as made:
        write_sidecars(made)
    return root


@pytest.fixture
def store(made_home: Path, tmp_path: Path) -> Iterator[Store]:
    root = tmp_path.resolve() / "home"
    shutil.copytree(made_home, root)
    with Store.open(Home(root), clock=Ticking(1000)) as opened:
        yield opened


def stamps(store: Store) -> dict[str, tuple[int, int]]:
    """Inode and time of every file of the home."""
    found = [path for path in store.home.root.rglob("*") if path.is_file()]
    return {str(p): (p.stat().st_ino, p.stat().st_mtime_ns) for p in found if p.suffix != "-shm"}


def stale(store: Store) -> list[str]:
    return [name for name, sha256 in expected(store) if sha_of(store, name) != sha256]


def sha_of(store: Store, name: str) -> str | None:
    path = store.home.root / name
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def test_every_sidecar_says_what_the_rows_say(store: Store) -> None:
    names = [name for name, _ in expected(store)]
    assert stale(store) == []
    assert {name.split("/")[-1] for name in names} >= {"findings.json", "head.json"}
    assert len(names) == len(set(names))


def test_without_news_nothing_is_written(store: Store) -> None:
    before = stamps(store)
    assert follow(library_of(store), SIDECAR) == 0
    assert stamps(store) == before


def document_of(store: Store) -> str:
    return documents.list_documents(store)[0].id


def linked(store: Store) -> str:
    return links.list_links(store, status="accepted")[0].record


def loose(store: Store) -> str:
    """A record without a copy."""
    known = {link.record for link in links.list_links(store)}
    return next(r.id for r in records.list_records(store) if r.id not in known)


def change_record(store: Store, identifier: str) -> None:
    with store.transaction("aigul") as tx:
        change = changes.new_change_set(tx, "again")
        version = records.get_record(tx, identifier).version
        records.save_version(tx, identifier, record(99), parent=version, change_set=change)


def move_file(store: Store) -> None:
    """The same file in the folder, other bytes: another document; both sidecars name it."""
    take_in(store, "2026-01", "gazeta", 1, bytes_=b"scanned anew")


def fail_and_reopen(store: Store) -> None:
    with store.transaction() as tx:
        for document in documents.list_documents(tx):
            jobs.reopen(tx, document.id)
            for row in page_rows.list_pages(tx, document.id):
                if row.code is not None:
                    page_rows.set_waiting(tx, document.id, row.key)


def fail_a_job(store: Store) -> None:
    with store.transaction() as tx:
        jobs.plan(tx, [jobs.new_job("other work", "other", document_of(store))])
        jobs.claim(tx, "run", {"other"}, 1)
        jobs.fail(tx, "other work", "run", "TIMEOUT", retry=False)


def with_transaction(act: Callable[..., object], *told: object) -> Callable[[Store], None]:
    def done(store: Store) -> None:
        with store.transaction("aigul") as tx:
            act(tx, *(value(store) if callable(value) else value for value in told))

    return done


CHANGES: dict[str, Callable[[Store], None]] = {
    "rights": with_transaction(rights.set_rights, document_of, Rights("on_site")),
    "title": lambda s: with_transaction(
        lambda tx, d: documents.update_document(tx, d, title="x"), document_of
    )(s),
    "order": with_transaction(page_rows.reorder_pages, document_of, ["p0001", "p0003", "p0002"]),
    "amendment": lambda s: amend(s, document_of(s), "p0001", "д"),
    "unapplied": lambda s: amend(s, document_of(s), "p0001", "е", applied=False),
    "recognition": lambda s: read_pages(s, documents.list_documents(s)[2].id),
    "retry": fail_and_reopen,
    "job": fail_a_job,
    "linked record": lambda s: change_record(s, linked(s)),
    "loose record": lambda s: change_record(s, loose(s)),
    "status": with_transaction(records.set_status, loose, "draft"),
    "catalogue": with_transaction(records.add_membership, linked, "ecology"),
    "finding of a record": with_transaction(findings.add_finding, linked, "odd"),
    "finding of a page": with_transaction(
        findings.add_finding, lambda s: f"{document_of(s)}/p0001", "odd"
    ),
    "finding of a link": with_transaction(
        findings.add_finding, lambda s: links.list_links(s)[0].id, "odd"
    ),
    "finding of nobody": with_transaction(findings.add_finding, "home", "odd"),
    "finding closed": with_transaction(findings.close_findings, "2026-01"),
    "link": with_transaction(
        links.propose, lambda s: links.NewLink(document_of(s), loose(s), score=1.0)
    ),
    "decision": with_transaction(
        links.reject, lambda s: links.list_links(s, status="proposed")[0].id
    ),
    "input": with_transaction(
        batches.set_source, batches.source("2026-02", "z", state="quarantined", code="EMPTY")
    ),
    "moved input": move_file,
    "batch": with_transaction(batches.add_batch, "2026-03", "/scans/2026-03"),
    "new record": lambda s: with_transaction(add_record, 77)(s),
    "cursor": with_transaction(changes.set_cursor, "match", 3),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_written_and_nothing_else(store: Store, change: str) -> None:
    before = stamps(store)
    CHANGES[change](store)
    wanted = {str(store.home.root / name) for name in stale(store)}
    assert wanted, "the change shows in no sidecar"
    write_sidecars(store)
    assert stale(store) == []
    after = stamps(store)
    kept = {str(store.home.root / name) for name, _ in expected(store)} - wanted
    assert {name for name in kept if before[name] != after[name]} == set()


def test_a_full_segment_of_the_journal_is_never_written_again(tmp_path: Path) -> None:
    with new_store(tmp_path.resolve() / "home") as store:
        with store.transaction() as tx:
            for number in range(SEGMENT + 1):
                tx.note("run.tried", str(number))
        write_sidecars(store)
        first, second = store.home.journal_segment(1), store.home.journal_segment(2)
        assert len(first.read_bytes().splitlines()) == SEGMENT
        assert len(second.read_bytes().splitlines()) == 1
        before = first.stat().st_ino, second.stat().st_ino
        with store.transaction() as tx:
            tx.note("run.tried", "one more")
        write_sidecars(store)
        assert first.stat().st_ino == before[0]
        assert second.stat().st_ino != before[1]
        assert read_page(store.home.journal_head.read_bytes())["seq"] == SEGMENT + 2


def test_a_home_of_the_first_version_gets_all_its_sidecars(store: Store) -> None:
    """Its cursor had another name and stood at the end; only documents had a sidecar."""
    for name, _ in expected(store):
        (store.home.root / name).unlink()
    with store.transaction() as tx:
        tx.keep_books("DELETE FROM cursor WHERE name = 'sidecars'")
        changes.set_cursor(tx, "sidecar", changes.last_seq(tx))
    write_sidecars(store)
    assert stale(store) == []


def test_two_writers_do_not_write_at_once(store: Store) -> None:
    with store.transaction() as tx:
        rights.set_rights(tx, document_of(store), Rights("on_site"))
    done: list[int] = []

    def other() -> None:
        with Store.open(store.home) as mine:
            done.append(write_sidecars(mine))

    with files.sidecars_lock(store.home) as held:
        assert held
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.3)
        assert done == []
        with files.sidecars_lock(store.home, wait=0) as second:
            assert not second
    thread.join(PATIENCE)
    assert done == [1]


def test_one_sidecar_is_written_anew_by_its_name(store: Store) -> None:
    name = next(name for name, _ in expected(store) if name.endswith("document.json"))
    (store.home.root / name).write_bytes(b"torn")
    assert write_anew(store, name)
    assert stale(store) == []
    assert not write_anew(store, "objects/unknown/document.json")


def test_a_changed_letter_shows_in_the_digest() -> None:
    content = {"b": ["Ә", 1.5, None], "a": {"x": True}}
    assert read_line(line(content)) == content
    assert read_page(page(content)) == content
    for data in (line(content), page(content)):
        with pytest.raises(DamagedError, match="digest"):
            read_line(data.replace("Ә".encode(), "Ө".encode()))
        with pytest.raises(DamagedError, match="no-json"):
            read_line(data[:-4])
    with pytest.raises(DamagedError, match="schema"):
        read_page(b'{"v": 1}')
