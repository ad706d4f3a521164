"""A document that is made anew keeps no file of its former self."""

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from unittest import mock

from digitize.work.limits import Limits
from digitize.work.planning import plan_document
from digitize.work.pool import Done, WorkerPool
from digitize.work.runner import work
from digitize.work.workshop import Workshop
from store.digitised import documents
from store.disk.owners import RunOwner
from tests.crash.inject_server import OneProcessPool
from tests.crash.library import opened
from tests.crash.promises import the_document
from tests.crash.quick_tasks import ENGINES, TASKS
from tests.crash.workloads import prepare_document
from workflow.entries import page_entries

GONE = ("alto/p0002.xml", "words/p0002.json")


class Silent:
    def step(self, stage: str, done: int, total: int, current: str) -> None:
        pass


class ForgetfulPool(OneProcessPool):
    """Assembles documents whose second page has no text."""

    def wait(self) -> Done:
        done = super().wait()
        if done.name == "assemble":
            files = cast("dict[str, Any]", done.result)["files"]
            for name in GONE:
                del files[name]
        return done


def assemble(folder: Path, pool_class: type[OneProcessPool], title: str) -> None:
    engines = mock.patch.dict("digitize.recognition.recognise.RECOGNISERS", ENGINES)
    with engines, opened(folder) as library, RunOwner(library.home) as owner:
        with library.store.transaction() as tx:
            documents.update_document(tx, the_document(library).id, title=title)
        pool = pool_class(1, Limits(), owner.scratch, tasks=TASKS, path=())
        shop = Workshop(library.store, owner, cast("WorkerPool", pool), library.settings)
        plan_document(library.store, library.settings, the_document(library))
        assert len(list(work(shop, Silent()))) == 1


def made(folder: Path) -> tuple[Mapping[str, str], set[str], list[str]]:
    """Files of the row, files on the disk that are no recognised text, pages in the index."""
    with opened(folder) as library:
        document = the_document(library)
        root = library.home.document(document.id)
        there = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}
        current = {n for n in there if not re.fullmatch(r"alto/p\d{4}-[0-9a-f]{16}\.xml", n)}
        entries = [
            entry.page for entry in page_entries(library, document.id, datetime.date(2026, 1, 1))
        ]
        return document.files, current, entries


def test_files_that_are_no_longer_made_go(tmp_path: Path) -> None:
    prepare_document(tmp_path)
    assemble(tmp_path, OneProcessPool, "first")
    files, there, entries = made(tmp_path)
    assert there == set(files)
    assert entries == ["p0001", "p0002"]
    assemble(tmp_path, ForgetfulPool, "second")
    files, there, entries = made(tmp_path)
    assert there == set(files)
    assert not set(GONE) & there
    assert entries == ["p0001"]


def inodes(folder: Path) -> dict[str, int]:
    with opened(folder) as library:
        root = library.home.document(the_document(library).id)
        return {name: (root / name).stat().st_ino for name in the_document(library).files}


def test_a_file_that_is_as_it_was_stays_the_same_file(tmp_path: Path) -> None:
    prepare_document(tmp_path)
    assemble(tmp_path, OneProcessPool, "first")
    before = inodes(tmp_path)
    assemble(tmp_path, OneProcessPool, "second")
    after = inodes(tmp_path)
    kept = {name for name in before if before[name] == after[name]}
    assert kept == {
        f"{d}/p000{n}.{s}" for d, s in (("alto", "xml"), ("words", "json")) for n in (1, 2)
    }


def test_a_file_that_was_lost_or_damaged_meanwhile_is_put_back(tmp_path: Path) -> None:
    prepare_document(tmp_path)
    assemble(tmp_path, OneProcessPool, "first")
    with opened(tmp_path) as library:
        root = library.home.document(the_document(library).id)
    whole = {name: (root / name).read_bytes() for name in GONE}
    (root / GONE[0]).unlink()
    (root / GONE[1]).write_bytes(b"damaged")
    assemble(tmp_path, OneProcessPool, "second")
    assert {name: (root / name).read_bytes() for name in GONE} == whole
