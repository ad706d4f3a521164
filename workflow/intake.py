"""Intake: from files in a batch folder to masters, documents and pages.

Every input is looked at by a limited child first (type by content, every frame decoded, hash). Then
the bytes become a master, and only then the rows appear, one transaction a document. What cannot be
used is quarantined alone; its neighbours go on.
"""

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from catalog.rights import Rights
from digitize.batch.folder import (
    FoundBatch,
    FoundDocument,
    RefusedEntry,
    find_loose,
    is_batch,
    scan_batch,
)
from digitize.batch.manifest import Manifest, ManifestRow, read_manifest
from digitize.batch.match import Paired, pair
from digitize.scan.codes import CHANGED, NO_ACCESS, READ_ERROR
from digitize.scan.inspection import Inspection
from digitize.work.pool import WorkerPool
from digitize.work.runner import Progress
from digitize.work.worker import CANNOT_WRITE
from olketanu.errors import BadFileError, CannotWriteError, InputError, UsageError
from olketanu.settings import Settings
from pages.text import PageFrame
from store import batches, documents, findings, masters, rights
from store import pages as page_rows
from store.batches import SourceFile
from store.database import Transaction
from store.documents import Document, NewDocument
from store.files import copy_durably, write_durably
from store.identifiers import short_id
from store.pages import NewPage
from store.space import require_free
from workflow.library import Library

INSPECT_SECONDS = 120.0
INSPECT_SECONDS_A_MEGABYTE = 4.0  # a book of JPEG 2000 pages: a megabyte and 2 s each
KINDS_BY_DEFAULT = "other"
TRIED_AGAIN = frozenset({CHANGED, NO_ACCESS, READ_ERROR})
"""Refusals whose cause lies outside the file: every run looks again."""
_NOT_KEPT = frozenset({"rights", "cells", "line", "each"})


@dataclass(frozen=True, slots=True)
class BatchInput:
    """A batch as it lies on the disk: its documents with their rows of the librarian's sheet.

    ``refused`` are entries that are no files (links, pipes …) or may not be read.
    """

    name: str
    path: Path
    found: tuple[Paired, ...]
    manifest: Manifest | None
    refused: tuple[RefusedEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the person said on the command line; None where nothing was said."""

    rights: str | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """One file after the child looked at it: an inspection, or the code that refuses it."""

    path: Path
    inspection: Inspection | None
    code: str | None


def batches_of(paths: Sequence[Path]) -> tuple[BatchInput, ...]:
    """Return the batches behind the paths: a batch folder, folders of batches, or loose input.

    Loose files of one folder form one batch named after that folder.
    """
    found: list[BatchInput] = []
    loose: dict[Path, list[Path]] = {}
    for path in (p.resolve() for p in paths):
        if path.is_file():
            loose.setdefault(path.parent, []).append(path)
        else:
            found.extend(_folder(path))
    for folder, files in loose.items():
        found.append(_batch(folder, find_loose(files), None))
    return tuple(found)


def _folder(path: Path) -> Iterator[BatchInput]:
    if not os.access(path, os.R_OK | os.X_OK):
        raise InputError("error.no-access", path=str(path))
    inner = [child for child in sorted(path.iterdir()) if _is_readable_batch(child)]
    for folder in inner or [path]:
        yield _batch(folder, scan_batch(folder), read_manifest(folder))


def _is_readable_batch(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK) and is_batch(folder)


def _batch(folder: Path, found: FoundBatch, manifest: Manifest | None) -> BatchInput:
    paired = pair(found.documents, manifest).documents
    return BatchInput(_text(folder.name), folder, paired, manifest, found.refused)


def is_known(library: Library, batch: BatchInput, document: FoundDocument) -> bool:
    """Whether every file of the document was taken in (or refused) before, unchanged in size."""
    for path in document.files:
        source = batches.find_source(library.store, batch.name, _source_name(batch, path))
        if source is None or source.state == "waiting" or source.code in TRIED_AGAIN:
            return False
        if source.size != _size(path):
            return False
    return bool(document.files)


def take_in(
    library: Library, pool: WorkerPool, found: Sequence[BatchInput], told: Told, progress: Progress
) -> None:
    """Take in every new document of the batches, in their order. A second time does nothing."""
    for batch in found:
        if not batch.found and not batch.refused:
            raise UsageError("error.nothing-found", folder=str(batch.path))
        for entry in batch.refused:
            _quarantine(library, batch, entry.path, entry.code)
        with library.store.transaction() as tx:
            batches.add_batch(tx, batch.name, _text(str(batch.path)))
            for entry in batch.refused:
                batches.set_source(tx, _refused(batch, entry.path, entry.code))
            for source in batches.list_sources(tx, batch.name, "quarantined"):
                if source.code == NO_ACCESS and _is_open_folder(batch, source):
                    batches.set_source(tx, replace(source, state="done", code=None))
        new = [item for item in batch.found if not is_known(library, batch, item.document)]
        for number, item in enumerate(new):
            progress.step("intake", number, len(new), item.document.name)
            require_free(library.home.root, library.settings.run.min_free_mb)
            looked = look_at(pool, library.settings, item.document.files)
            _take_document(library, batch, item, told, looked)


def _is_open_folder(batch: BatchInput, source: SourceFile) -> bool:
    """Whether it is a folder that can be read by now: its files speak for themselves then."""
    path = batch.path / os.fsdecode(source.raw_name)
    return path.is_dir() and os.access(path, os.R_OK | os.X_OK)


def look_at(pool: WorkerPool, settings: Settings, files: Sequence[Path]) -> tuple[Looked, ...]:
    """Let the children look at the files; answers in the order of the files."""
    limit = settings.intake.max_megapixels
    tickets = {
        pool.submit("inspect", {**_named(path), "max_megapixels": limit}, _patience(path)): path
        for path in files
    }
    answers: dict[Path, Looked] = {}
    for _ in tickets:
        done = pool.wait()
        path = tickets[done.ticket]
        if done.error == CANNOT_WRITE:  # says nothing about the file
            raise CannotWriteError("error.disk-full", path=str(path))
        inspection = None if done.result is None else Inspection.from_dict(done.result)
        answers[path] = Looked(path, inspection, done.error)
    return tuple(answers[path] for path in files)


def _patience(path: Path) -> float:
    """Seconds that looking at a file may take: few for a small one, however hard it makes it."""
    return INSPECT_SECONDS + INSPECT_SECONDS_A_MEGABYTE * _size(path) / 1_000_000


def _named(path: Path) -> dict[str, str]:
    """The path as a task's payload, which is text: a name that is no UTF-8 goes as its bytes."""
    raw = os.fsencode(path)
    try:
        return {"path": raw.decode()}
    except UnicodeDecodeError:
        return {"raw_path": raw.hex()}


Good = tuple[Path, Inspection]


def _take_document(
    library: Library,
    batch: BatchInput,
    document: Paired,
    told: Told,
    looked: Sequence[Looked],
) -> None:
    readable = [(item.path, item.inspection) for item in looked if item.inspection is not None]
    bad = [(item.path, item.code) for item in looked if item.code is not None]
    twin = _twin(library, batch, document.document, [seen.sha256 for _, seen in readable])
    placed, changed = ([], []) if twin else _place_all(library, readable)
    bad += changed
    good = [item for item in readable if item[0] not in dict(changed)]
    for path, code in bad:
        _quarantine(library, batch, path, code)
    with library.store.transaction() as tx:
        if not twin:  # another run may have taken in the same scans meanwhile
            twin = _twin(library, batch, document.document, [seen.sha256 for _, seen in good])
        for path, code in bad:
            batches.set_source(tx, _refused(batch, path, code))
        for master in placed:
            masters.add_master(tx, master)
        made = twin or (_add(tx, library, batch, document, told, good) if placed else None)
        state = "duplicate-of" if twin else "done"
        for path, seen in good:
            batches.set_source(tx, _taken(batch, path, seen, state, made))
            for code in seen.warnings if made else ():
                findings.add_finding(
                    tx, str(made), code, {"name": _text(_source_name(batch, path))}
                )


def _place_all(
    library: Library, readable: Sequence[Good]
) -> tuple[list[masters.Master], list[tuple[Path, str]]]:
    """Make masters of the files; those that changed since they were looked at come with a code."""
    placed: list[masters.Master] = []
    changed: list[tuple[Path, str]] = []
    for path, seen in readable:
        try:
            placed.append(_place(library, path, seen))
        except BadFileError as error:
            changed.append((path, error.code))
        except FileNotFoundError:
            changed.append((path, CHANGED))
    return placed, changed


def _place(library: Library, path: Path, seen: Inspection) -> masters.Master:
    return masters.place_master(library.home, path, expected=seen.sha256, type=seen.type)


def _twin(
    library: Library, batch: BatchInput, document: FoundDocument, hashes: Sequence[str]
) -> str | None:
    """Id of an earlier document that has all these masters, or None; not the document itself."""
    if not hashes:
        return None
    owners = [documents.documents_of_master(library.store, sha256) for sha256 in hashes]
    common = {d.id: d for d in owners[0]}
    for others in owners[1:]:
        common = {d.id: d for d in others if d.id in common}
    itself = documents.find_document_by_name(library.store, batch.name, document.name)
    return next((key for key in common if itself is None or key != itself.id), None)


def _add(
    tx: Transaction,
    library: Library,
    batch: BatchInput,
    paired: Paired,
    told: Told,
    good: Sequence[Good],
) -> str:
    row = paired.row
    before = _begun(tx, batch, paired.document, {seen.sha256 for _, seen in good})
    made = documents.add_document(
        tx,
        NewDocument(
            batch=batch.name,
            name=paired.document.name,
            first_master=before.first_master if before else good[0][1].sha256,
            kind=(row.kind if row else None) or KINDS_BY_DEFAULT,
            language=row.language if row else None,
            script=row.script if row else None,
            title=row.title if row else None,
            manifest=_row_values(row),
            profile=_profile(told),
        ),
    )
    is_new = not page_rows.list_pages(tx, made.id)
    _add_pages(tx, made.id, good)
    if is_new or row or told.rights:
        rights.set_rights(tx, made.id, _rights(library, row, told))
    return made.id


def _begun(
    tx: Transaction, batch: BatchInput, document: FoundDocument, hashes: set[str]
) -> Document | None:
    """The document that other files of this folder gave before, when all of them still lie here."""
    before = documents.find_document_by_name(tx, batch.name, document.name)
    if before is None:
        return None
    held = {page.frame.master for page in page_rows.list_pages(tx, before.id)}
    return before if held and held <= hashes else None


def _add_pages(tx: Transaction, document: str, good: Sequence[Good]) -> None:
    """Add the pages of masters that the document lacks, each where its file stands.

    Where people have changed the order, or an older scan has gone from the folder, new pages come
    last.
    """
    before = page_rows.list_pages(tx, document)
    held = {page.frame.master for page in before}
    new = [page for _, seen in good if seen.sha256 not in held for page in _pages(seen)]
    if not new:
        return
    page_rows.add_pages(tx, document, new)
    frames = [(seen.sha256, info.frame) for _, seen in good for info in seen.frames]
    place = {frame: number for number, frame in enumerate(frames)}
    old = [place.get((page.frame.master, page.frame.frame), -1) for page in before]
    if before and -1 not in old and old == sorted(old):
        rows = page_rows.list_pages(tx, document)
        rows.sort(key=lambda page: place[page.frame.master, page.frame.frame])
        page_rows.reorder_pages(tx, document, [page.key for page in rows])


def _row_values(row: ManifestRow | None) -> dict[str, Any] | None:
    """What the sheet says of a document, as plain values; None without a row."""
    if row is None:
        return None
    said = {f.name: getattr(row, f.name) for f in fields(row) if f.name not in _NOT_KEPT}
    return {name: value for name, value in said.items() if value is not None}


def _profile(told: Told) -> dict[str, Any]:
    # Only what was said for these very documents: all others follow the settings as they change.
    return {"name": told.profile} if told.profile else {}


def _rights(library: Library, row: ManifestRow | None, told: Told) -> Rights:
    if row is not None:
        return row.rights
    return Rights(told.rights or library.settings.intake.rights)


def _pages(seen: Inspection) -> Iterator[NewPage]:
    for info in seen.frames:
        frame = PageFrame(
            *(seen.sha256, info.frame, None, info.quarter_turn),
            *(info.width, info.height, info.dpi),
        )
        yield NewPage(frame, source=info.source, text_layer=info.text_layer)


def _taken(
    batch: BatchInput, path: Path, seen: Inspection, state: str, document: str | None
) -> SourceFile:
    name = _source_name(batch, path)
    size, sha256 = seen.size, seen.sha256
    return batches.source(
        batch.name, name, sha256=sha256, size=size, state=state, document=document
    )


def _refused(batch: BatchInput, path: Path, code: str) -> SourceFile:
    name = _source_name(batch, path)
    return batches.source(batch.name, name, size=_size(path), state="quarantined", code=code)


def _size(path: Path) -> int:
    """Bytes of a file, 0 where it cannot be asked."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _source_name(batch: BatchInput, path: Path) -> str:
    return str(path.relative_to(batch.path))


def _text(name: str) -> str:
    """A name as text that can be stored and shown; bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


def _quarantine(library: Library, batch: BatchInput, path: Path, code: str) -> None:
    """Keep a copy of a refused file, with the reason beside it, under a name of our own.

    What is no file, or cannot be read, has the reason only. Nothing is written a second time.
    """
    name = _source_name(batch, path)
    before = batches.find_source(library.store, batch.name, name)
    folder = library.home.quarantine / short_id(batch.name, name)
    known = before is not None and (before.code, before.size) == (code, _size(path))
    if known and (folder / "reason.json").exists():
        return
    if path.is_file() and not path.is_symlink():
        with contextlib.suppress(OSError):  # the code says that it cannot be read
            copy_durably(path, folder / "file")
    reason = {"batch": batch.name, "name": _text(_source_name(batch, path)), "code": code}
    write_durably(folder / "reason.json", json.dumps(reason, ensure_ascii=False).encode())
