"""Batches: the sheet before the work, the check before the run, another try after it."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from digitize.batch.check import check
from digitize.batch.finding import Finding
from digitize.batch.folder import find_documents, scan_batch
from digitize.batch.manifest import read_manifest
from digitize.batch.sheet import FolderRow, ResultRow, write_results, write_template
from digitize.scan.inspection import Inspection
from digitize.work.limits import Limits
from digitize.work.pool import WorkerPool
from olketanu.errors import BadFileError, UsageError
from olketanu.home import open_home
from olketanu.settings import Settings, read_settings
from store import jobs
from store.digitised import batches
from store.digitised import pages as page_rows
from workflow.intake.inputs import BatchInput
from workflow.intake.look import look_at
from workflow.library import Library
from workflow.summary import DocumentLine, document_lines

MANIFEST_NAME = "manifest.xlsx"


@dataclass(frozen=True, slots=True)
class NewManifest:
    """The sheet that was written (or would be)."""

    path: Path
    rows: int


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """What the check found; ``documents`` counts the documents looked at."""

    documents: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """Findings that must be mended before the run."""
        return sum(finding.severity == "error" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Retried:
    """How much the next run will try again."""

    batch: str
    pages: int
    files: int


def new_manifest(folder: Path, language: str, *, dry_run: bool) -> NewManifest:
    """Write a sheet with a row for every document of the folder; an existing one is kept.

    Raises:
        UsageError: a sheet is there already, or the folder holds no documents.
    """
    found = find_documents(folder)
    if not found:
        raise UsageError("error.nothing-found", folder=str(folder))
    rows = [FolderRow(document.name) for document in found]
    target = folder / MANIFEST_NAME
    if not dry_run:
        write_template(target, rows, language)
    return NewManifest(target, len(rows))


def check_batch(folder: Path, home: Path | None) -> CheckedBatch:
    """Check sheet and files of a batch folder; children decode the images; nothing is written."""
    settings = read_settings(open_home(home).settings) if home else Settings()
    folder = folder.resolve()  # children work in folders of their own
    scanned = scan_batch(folder)
    found = scanned.documents
    inspections: dict[Path, Inspection | BadFileError] = {}
    with tempfile.TemporaryDirectory(prefix="olketanu-") as scratch:
        limits = Limits(memory_mb=settings.ocr.memory, nice=settings.run.nice)
        with WorkerPool(settings.run.worker_count, limits, Path(scratch)) as pool:
            for document in found:
                for item in look_at(pool, settings, document.files):
                    inspections[item.path] = item.inspection or BadFileError(
                        item.code or "UNREADABLE"
                    )
    findings = check(folder, read_manifest(folder), found, inspections)
    return CheckedBatch(len(found), (*scanned.findings, *findings))


def retry_batch(library: Library, name: str, *, dry_run: bool) -> Retried:
    """Set failed pages and refused files of a batch to be tried again by the next run."""
    store = library.store
    batches.get_batch(store, name)
    refused = batches.list_sources(store, name, state="quarantined")
    failed = page_rows.list_failed(store, name)
    if not dry_run:
        with store.transaction() as tx:
            for document in sorted({page.document for page in failed}):
                jobs.reopen(tx, document)
            for page in failed:
                page_rows.set_waiting(tx, page.document, page.key)
            for source in refused:
                batches.set_source(tx, replace(source, state="waiting"))
    return Retried(name, len(failed), len(refused))


def write_sheet(library: Library, batch: BatchInput) -> None:
    """Write a copy of the librarian's sheet with what became of each row, into ``exports/``."""
    if batch.manifest is None:
        return
    lines = {line.name: line for line in document_lines(library, batch=batch.name)}
    results = [
        _result(library, item.row.line, lines[item.document.name])
        for item in batch.found
        if item.row is not None and item.document.name in lines
    ]
    write_results(library.home.exports / f"{batch.name}.done.xlsx", batch.manifest, results)


def _result(library: Library, line: int, document: DocumentLine) -> ResultRow:
    return ResultRow(
        line=line,
        name=document.name,
        id=document.document,
        pages=document.text + document.image_only + document.failed,
        confidence=document.confidence,
        state=document.state,
        link=library.address(document.document),
    )
