"""Text that another program recognised (ALTO, hOCR) becomes the recognised text of a page."""

import errno
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from digitize.batch.folder import natural_key
from digitize.recognition.repair import languages_of, name_languages
from digitize.work.stages import LANGUAGE, imported_key, is_imported
from olketanu.errors import InputError, UsageError
from pages.alto import write_alto
from pages.foreign.file import MOST_BYTES, choose, foreign_pages
from pages.foreign.page import ForeignPage, settle
from pages.text import PageText, ProcessingStep
from store.digitised import documents
from store.digitised import pages as page_rows
from store.digitised.pages import Page, Recognised
from store.disk.files import write_durably
from workflow.document.show import resolve
from workflow.library import Library

ALL = "all"
"""Stands for every page of a document."""

_SUFFIXES = {".xml", ".alto", ".hocr", ".html", ".htm", ".xhtml"}


@dataclass(frozen=True, slots=True)
class ImportedText:
    """What was taken over: words, their mean confidence (0–1 or None), the lines' languages."""

    document: str
    page: str
    engine: str
    words: int
    confidence: float | None
    languages: tuple[str, ...]


def import_text(
    library: Library, address: str, key: str, source: Path, *, actor: str, dry_run: bool
) -> tuple[ImportedText, ...]:
    """Store the text of ``source`` as what was recognised on a page; the caller assembles anew.

    ``key`` is a page key, or ``ALL``: then ``source`` is a file with as many pages as the document,
    or a folder with as many files, in natural order; pages without text in it are left alone, and
    nothing is written before every page was found to fit. Languages are named from the text, line
    by line, as after recognition. Amendments stay. The same file again changes nothing.

    Raises:
        UsageError: ``error.unknown-document``, ``error.unknown-page``, ``error.import-waiting``
            (a page has not been recognised yet: a run under way would write over the text),
            ``error.import-count``.
        InputError: ``error.import-unreadable``, and those of ``pages.foreign.file.read_foreign``.
    """
    document = resolve(library, address)
    rows = page_rows.list_pages(library.store, document)
    if key != ALL:
        rows = [page_rows.get_page(library.store, document, key)]
    for row in rows:
        if row.state == "waiting":
            raise UsageError("error.import-waiting", document=document, page=row.key)
    planned = tuple(
        _told(row, text) for row, text, _ in _texts(rows, source, skip_empty=key == ALL)
    )
    if not dry_run:
        time = documents.get_document(library.store, document).created
        for row, text, digest in _texts(rows, source, skip_empty=key == ALL):
            _store(library, row, text, digest=digest, time=time, actor=actor)
    return planned


def _told(row: Page, text: PageText) -> ImportedText:
    words = sum(len(line.words) for line in text.lines())
    mean = text.confidence
    confidence = None if mean is None else round(mean, 4)
    languages = languages_of(text.regions)
    return ImportedText(row.document, row.key, text.engine, words, confidence, languages)


def _store(
    library: Library, row: Page, text: PageText, *, digest: str, time: str, actor: str
) -> None:
    """The file first, then the row that speaks of it."""
    made = imported_key(row.frame, digest, row.document, row.key)
    alto = write_alto(text, page_id=row.key, source=row.frame.master, time=time)
    write_durably(library.home.recognised(row.document, row.key, made), alto)
    told = _told(row, text)
    outcome = Recognised(
        *("text", None, made, hashlib.sha256(alto).hexdigest()),
        *(told.confidence, told.languages, told.words),
    )
    with library.store.transaction(actor) as tx:
        page_rows.set_recognised(tx, row.document, row.key, outcome)


def drop_import(
    library: Library, address: str, key: str, *, actor: str, dry_run: bool
) -> tuple[ImportedText, ...]:
    """Send pages with imported text back to recognition; what is returned has no words.

    ``key`` as of :func:`import_text`; of ``ALL`` the pages whose text was not imported stay.

    Raises:
        UsageError: ``error.import-none``: no text was imported; ``error.unknown-…``.
    """
    document = resolve(library, address)
    rows = page_rows.list_pages(library.store, document)
    if key != ALL:
        rows = [page_rows.get_page(library.store, document, key)]
    dropped = [row for row in rows if is_imported(row.recognised_key)]
    if not dropped:
        raise UsageError("error.import-none", document=document, page=key)
    if not dry_run:
        with library.store.transaction(actor) as tx:
            for row in dropped:
                page_rows.set_waiting(tx, document, row.key)
    return tuple(ImportedText(document, row.key, "", 0, None, ()) for row in dropped)


def _texts(
    rows: list[Page], source: Path, *, skip_empty: bool
) -> Iterator[tuple[Page, PageText, str]]:
    """Every page with its text and the hash of the file that says it."""
    for row, page, digest in _pages(rows, source):
        try:
            text = settle(page, row.frame)
        except InputError as error:
            if skip_empty and error.key == "error.foreign-no-text":
                continue
            raise
        told = text.provenance[0]
        steps = (
            replace(told, settings=(*told.settings, ("sha256", digest))),
            ProcessingStep(LANGUAGE.name, LANGUAGE.version),
        )
        yield row, replace(text, regions=name_languages(text.regions), provenance=steps), digest


def _pages(rows: list[Page], source: Path) -> Iterator[tuple[Page, ForeignPage, str]]:
    """Every page with what the file of its place says: a file each, or one for all."""
    if source.is_dir():
        files = [path for path in source.iterdir() if path.suffix.lower() in _SUFFIXES]
        _require(len(files), len(rows))
        files.sort(key=lambda path: natural_key(path.name))
        for row, file in zip(rows, files, strict=True):
            data = _bytes_of(file)
            page = choose(foreign_pages(data, file.name), 0, file.name)
            yield row, page, hashlib.sha256(data).hexdigest()
        return
    data = _bytes_of(source)
    digest = hashlib.sha256(data).hexdigest()
    pages = foreign_pages(data, source.name)
    if len(rows) > 1:
        _require(len(pages), len(rows))
    for number, row in enumerate(rows):
        at = number if len(rows) > 1 else row.position - 1
        yield row, choose(pages, at, source.name), digest


def _require(told: int, pages: int) -> None:
    if told != pages:
        raise UsageError("error.import-count", told=told, pages=pages)


def _bytes_of(file: Path) -> bytes:
    """The file, read no further than what :func:`read_foreign` refuses."""
    try:
        if file.exists() and not file.is_file():  # a pipe would be waited for
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError("error.import-unreadable", file=str(file), reason=error) from error
