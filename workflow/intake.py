"""Intake: from files in a batch folder to masters, documents and pages.

Every input is looked at by a limited child first (type by content, every frame decoded, hash). Then
the bytes become a master, and only then the rows appear, one transaction a document. What cannot be
used is quarantined alone; its neighbours go on.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from catalog.rights import Rights
from digitize.batch_folder import FoundDocument, find_documents, find_loose, is_batch
from digitize.inspection import Inspection
from digitize.manifest import Manifest, ManifestRow, read_manifest
from digitize.manifest_match import Paired, pair
from digitize.pool import WorkerPool
from digitize.runner import Progress
from digitize.worker import CANNOT_WRITE
from olketanu.errors import CannotWriteError, UsageError
from olketanu.settings import Settings
from pages.text import PageFrame
from store import batches, documents, findings, masters, rights
from store import pages as page_rows
from store.batches import SourceFile
from store.database import Transaction
from store.documents import NewDocument
from store.files import copy_durably, write_durably
from store.identifiers import short_id
from store.pages import NewPage
from workflow.library import Library

INSPECT_SECONDS = 300.0
KINDS_BY_DEFAULT = "other"
_NOT_KEPT = frozenset({"rights", "cells", "line", "each"})


@dataclass(frozen=True, slots=True)
class BatchInput:
    """A batch as it lies on the disk: its documents with their rows of the librarian's sheet."""

    name: str
    path: Path
    found: tuple[Paired, ...]
    manifest: Manifest | None


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
        found.append(_batch(folder, find_loose(files).documents, None))
    return tuple(found)


def _folder(path: Path) -> Iterator[BatchInput]:
    inner = [child for child in sorted(path.iterdir()) if child.is_dir() and is_batch(child)]
    for folder in inner or [path]:
        yield _batch(folder, find_documents(folder), read_manifest(folder))


def _batch(folder: Path, found: Sequence[FoundDocument], manifest: Manifest | None) -> BatchInput:
    return BatchInput(folder.name, folder, pair(found, manifest).documents, manifest)


def is_known(library: Library, batch: BatchInput, document: FoundDocument) -> bool:
    """Whether every file of the document was taken in (or refused) before, unchanged in size."""
    for path in document.files:
        source = batches.find_source(library.store, batch.name, _source_name(batch, path))
        if source is None or source.state == "waiting" or source.size != path.stat().st_size:
            return False
    return bool(document.files)


def take_in(
    library: Library, pool: WorkerPool, found: Sequence[BatchInput], told: Told, progress: Progress
) -> None:
    """Take in every new document of the batches, in their order. A second time does nothing."""
    for batch in found:
        if not batch.found:
            raise UsageError("error.nothing-found", folder=str(batch.path))
        with library.store.transaction() as tx:
            batches.add_batch(tx, batch.name, str(batch.path))
        new = [item for item in batch.found if not is_known(library, batch, item.document)]
        for number, item in enumerate(new):
            progress.step("intake", number, len(new), item.document.name)
            looked = look_at(pool, library.settings, item.document.files)
            _take_document(library, batch, item, told, looked)


def look_at(pool: WorkerPool, settings: Settings, files: Sequence[Path]) -> tuple[Looked, ...]:
    """Let the children look at the files; answers in the order of the files."""
    limit = settings.intake.max_megapixels
    tickets = {
        pool.submit("inspect", {"path": str(path), "max_megapixels": limit}, INSPECT_SECONDS): path
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


def _take_document(
    library: Library,
    batch: BatchInput,
    document: Paired,
    told: Told,
    looked: Sequence[Looked],
) -> None:
    good = [(item.path, item.inspection) for item in looked if item.inspection is not None]
    bad = [item for item in looked if item.code is not None]
    for item in bad:
        _quarantine(library, batch, item)
    twin = _twin(library, batch, document.document, [seen.sha256 for _, seen in good])
    placed = [] if twin else [_place(library, path, seen) for path, seen in good]
    with library.store.transaction() as tx:
        for item in bad:
            batches.set_source(tx, _source(batch, item.path, "quarantined", code=item.code))
        for master in placed:
            masters.add_master(tx, master)
        made = _add(tx, library, batch, document, told, good) if placed else twin
        state = "done" if placed else "duplicate-of"
        for path, seen in good:
            batches.set_source(tx, _source(batch, path, state, sha256=seen.sha256, document=made))
            for code in seen.warnings if made else ():
                findings.add_finding(tx, str(made), code, {"name": _source_name(batch, path)})


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
    good: Sequence[tuple[Path, Inspection]],
) -> str:
    row = paired.row
    made = documents.add_document(
        tx,
        NewDocument(
            batch=batch.name,
            name=paired.document.name,
            first_master=good[0][1].sha256,
            kind=(row.kind if row else None) or KINDS_BY_DEFAULT,
            language=row.language if row else None,
            script=row.script if row else None,
            title=row.title if row else None,
            manifest=_row_values(row),
            profile=_profile(told),
        ),
    )
    if not page_rows.list_pages(tx, made.id):
        page_rows.add_pages(tx, made.id, [p for _, seen in good for p in _pages(seen)])
    rights.set_rights(tx, made.id, _rights(library, row, told))
    return made.id


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


def _source(
    batch: BatchInput,
    path: Path,
    state: str,
    *,
    sha256: str | None = None,
    code: str | None = None,
    document: str | None = None,
) -> SourceFile:
    return batches.source(
        batch.name,
        _source_name(batch, path),
        sha256=sha256,
        size=path.stat().st_size,
        state=state,
        code=code,
        document=document,
    )


def _source_name(batch: BatchInput, path: Path) -> str:
    return str(path.relative_to(batch.path))


def _quarantine(library: Library, batch: BatchInput, item: Looked) -> None:
    """Keep a copy of a refused file, with the reason beside it, under a name of our own."""
    name = _source_name(batch, item.path)
    folder = library.home.quarantine / short_id(batch.name, name)
    copy_durably(item.path, folder / "file")
    reason = {"batch": batch.name, "name": name, "code": item.code}
    write_durably(folder / "reason.json", json.dumps(reason, ensure_ascii=False).encode())
