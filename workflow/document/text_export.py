"""The text of a document as files for other programs: plain text, ALTO, hOCR, METS."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import UsageError
from pages.alto import read_alto, write_alto
from pages.hocr import write_hocr
from pages.plain import plain_text
from pages.text import PageText
from store.digitised import documents
from store.digitised import pages as page_rows
from store.digitised.articles import list_articles
from store.disk.files import write_durably
from workflow.document.show import resolve
from workflow.library import Library

_PAGE_BREAK = "\f"


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, or would be: ``page`` is None for one of the whole document."""

    document: str
    page: str | None
    file: Path
    size: int


def export_text(
    library: Library, address: str, form: str, folder: Path, *, dry_run: bool
) -> tuple[Written, ...]:
    """Write a document's current text into ``folder`` and name the files.

    ``form`` is text (``<id>.txt``, pages apart by a form feed), alto or hocr (a file a page that
    has text, ``<id>-p0001.xml``, ``.hocr``; ALTO with the articles as tags), or mets
    (``<id>.xml``). Older files of these names are replaced.

    Raises:
        UsageError: ``error.unknown-document``, ``error.no-text`` (nothing recognised yet, or it
            was not assembled).
        CannotWriteError: the folder may not be written.
    """
    document = resolve(library, address)
    written = []
    for page, name, data in _files(library, document, form):
        if not dry_run:
            write_durably(folder / name, data)
        written.append(Written(document, page, folder / name, len(data)))
    if not written:
        raise UsageError("error.no-text", document=document)
    return tuple(written)


def _files(library: Library, document: str, form: str) -> Iterator[tuple[str | None, str, bytes]]:
    """Page key (or None), file name and content of every file."""
    if form == "mets":
        path = library.home.mets(document)
        if path.is_file():
            yield None, f"{document}.xml", path.read_bytes()
    elif form == "text":
        pages = [plain_text(page) for _, page in _texts(library, document)]
        if pages:
            yield None, f"{document}.txt", _PAGE_BREAK.join(pages).encode()
    elif form == "hocr":
        for key, page in _texts(library, document):
            data = write_hocr(page, page_id=key, source=page.frame.master)
            yield key, f"{document}-{key}.hocr", data
    else:
        yield from _altos(library, document)


def _altos(library: Library, document: str) -> Iterator[tuple[str, str, bytes]]:
    """The current ALTO of every page, with the articles of the document as tags."""
    articles = list_articles(library.store, document)
    time = documents.get_document(library.store, document).created
    for key, page in _texts(library, document):
        source = page.frame.master
        data = write_alto(page, page_id=key, source=source, time=time, articles=articles)
        yield key, f"{document}-{key}.xml", data


def _texts(library: Library, document: str) -> Iterator[tuple[str, PageText]]:
    """Key and current text of every page that has one, in order."""
    folder = library.home.document(document) / "alto"
    for page in page_rows.list_pages(library.store, document):
        path = folder / f"{page.key}.xml"
        if path.is_file():
            yield page.key, read_alto(path.read_bytes())
