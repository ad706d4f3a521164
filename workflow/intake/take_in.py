"""Intake: every input looked at, then the bytes a master, and only then the rows.

One transaction a document. What cannot be used is quarantined alone; its neighbours go on.
"""

import os
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from catalog.rights import Rights
from digitize.batch.folder import (
    FoundDocument,
)
from digitize.batch.manifest import ManifestRow
from digitize.batch.match import Paired
from digitize.scan.codes import CHANGED, NO_ACCESS
from digitize.scan.inspection import Inspection
from digitize.work.pool import WorkerPool
from olketanu.errors import BadFileError, UsageError
from olketanu.progress import Progress
from store.catalogue import findings
from store.database import Transaction
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.batches import SourceFile
from store.digitised.documents import Document, NewDocument
from store.disk import masters
from store.disk.space import require_free
from workflow.intake.inputs import BatchInput, Told, is_known, source_name, text_of
from workflow.intake.look import Looked, look_at
from workflow.intake.page_frames import labelled, pages_of
from workflow.intake.refuse import quarantine, refused
from workflow.library import Library

KINDS_BY_DEFAULT = "other"
_NOT_KEPT = frozenset({"rights", "cells", "line", "each"})

Good = tuple[Path, Inspection]


def take_in(
    library: Library, pool: WorkerPool, found: Sequence[BatchInput], told: Told, progress: Progress
) -> None:
    """Take in every new document of the batches, in their order. A second time does nothing."""
    for batch in found:
        if not batch.found and not batch.refused:
            raise UsageError("error.nothing-found", folder=str(batch.path))
        for entry in batch.refused:
            quarantine(library, batch, entry.path, entry.code)
        with library.store.transaction() as tx:
            batches.add_batch(tx, batch.name, text_of(str(batch.path)))
            for entry in batch.refused:
                batches.set_source(tx, refused(batch, entry.path, entry.code))
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
        quarantine(library, batch, path, code)
    with library.store.transaction() as tx:
        if not twin:  # another run may have taken in the same scans meanwhile
            twin = _twin(library, batch, document.document, [seen.sha256 for _, seen in good])
        for path, code in bad:
            batches.set_source(tx, refused(batch, path, code))
        for master in placed:
            masters.add_master(tx, master)
        made = twin or (_add(tx, library, batch, document, told, good) if placed else None)
        state = "duplicate-of" if twin else "done"
        for path, seen in good:
            batches.set_source(tx, _taken(batch, path, seen, state, made))
            for code in seen.warnings if made else ():
                findings.add_finding(
                    tx, str(made), code, {"name": text_of(source_name(batch, path))}
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
    printed = row.printed_pages if row else None
    _add_pages(tx, made.id, good, backward=made.script == "Arab", printed=printed)
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


def _add_pages(
    tx: Transaction, document: str, good: Sequence[Good], *, backward: bool, printed: str | None
) -> None:
    """Add the pages of masters that the document lacks, each where its file stands.

    Where people have changed the order, or an older scan has gone from the folder, new pages come
    last.
    """
    before = page_rows.list_pages(tx, document)
    held = {page.frame.master for page in before}
    new = [
        page
        for _, seen in good
        if seen.sha256 not in held
        for page in pages_of(seen, backward=backward)
    ]
    if not new:
        return
    page_rows.add_pages(tx, document, new if before else labelled(new, printed))
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


def _taken(
    batch: BatchInput, path: Path, seen: Inspection, state: str, document: str | None
) -> SourceFile:
    name = source_name(batch, path)
    size, sha256 = seen.size, seen.sha256
    return batches.source(
        batch.name, name, sha256=sha256, size=size, state=state, document=document
    )
