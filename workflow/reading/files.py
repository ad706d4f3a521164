"""What can be taken home of a document and of a record: files by the suffix of an address."""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from catalog.citation.bibtex import to_bibtex
from catalog.citation.ris import to_ris
from catalog.citation.work import cited_work
from catalog.crosswalk.convert import convert
from catalog.isbd.describe import describe
from catalog.isbd.text import to_text
from catalog.marc.exchange import write_exchange
from catalog.record import Record
from olketanu.errors import InputError, UsageError
from pages.words import load_lines
from store.catalogue import records
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from workflow.library import Library
from workflow.reading.access import Described, Opened, Visit, open_document, open_record
from workflow.reading.document import PDF, record_of
from workflow.reading.record import title_of
from workflow.reading.refusals import NotForThemError, UnfitError
from workflow.record.describe import library_style

_MARC = ("marcxml", "rusmarc.xml", "mrc")
_CITED = ("gost.txt", "bib", "ris")
RECORD_SUFFIXES = (*_MARC, *_CITED)
DOCUMENT_SUFFIXES = ("pdf", "txt", *RECORD_SUFFIXES)

_MEDIA = {
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "marcxml": "application/marcxml+xml",
    "rusmarc.xml": "application/xml",
    "mrc": "application/marc",
    "gost.txt": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}
_PAGE_BREAK = "\f"
_NO_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\\/:*?"<>|]+')
_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Download:
    """A file for a visitor: at ``path``, or its content in ``body``.

    ``title`` is that of the work, ``tag`` changes with the content, ``public`` says that everybody
    may have it.
    """

    identifier: str
    suffix: str
    title: str
    tag: str
    modified: datetime.datetime
    public: bool
    body: bytes = b""
    path: Path | None = None

    @property
    def media(self) -> str:
        """The Content-Type."""
        return _MEDIA[self.suffix]

    @property
    def plain_name(self) -> str:
        """A name of ASCII signs."""
        return f"{self.identifier}.{self.suffix}"

    @property
    def name(self) -> str:
        """A name that people know the work by, and that every system can save."""
        bare = " ".join(_NO_NAME.sub(" ", self.title).split())[:_NAME_LENGTH].strip(" .")
        return f"{bare} ({self.identifier}).{self.suffix}" if bare else self.plain_name


def document_file(library: Library, identifier: str, suffix: str, visit: Visit) -> Download:
    """Return a file of a document; ``suffix`` is one of ``DOCUMENT_SUFFIXES``.

    Raises:
        UsageError: ``error.unknown-document``, also where there is no such file of it.
        NotForThemError: the rights do not let the visitor have it.
        WithdrawnError: as :func:`workflow.reading.access.open_document`.
        UnfitError: the record does not fit into the format.
    """
    opened = open_document(library, identifier, visit)
    if suffix == "pdf":
        return _pdf(library, opened)
    if suffix == "txt":
        return _text(library, opened)
    if opened.main is not None:
        public = opened.access.public or not opened.main.is_draft
        return _of_record(library, opened.main, suffix, identifier, public=public)
    if suffix in _MARC:  # nobody has made a record yet; the sheet is none
        raise UsageError("error.unknown-document", document=identifier)
    record, day = record_of(library, opened), _time(opened.document.created)
    return _made(library, record, suffix, (identifier, day), public=opened.access.public)


def record_file(library: Library, identifier: str, suffix: str, visit: Visit) -> Download:
    """Return a record as a file; ``suffix`` is one of ``RECORD_SUFFIXES``.

    Raises:
        UsageError, MovedError, WithdrawnError: as :func:`workflow.reading.access.open_record`.
        UnfitError: the record does not fit into the format.
    """
    found = open_record(library, identifier, visit)
    return _of_record(library, found, suffix, identifier, public=not found.is_draft)


def _pdf(library: Library, opened: Opened) -> Download:
    document = opened.document
    if not opened.access.download:
        raise NotForThemError(document.id)
    path = library.home.pdf(document.id)
    if PDF not in document.files or not path.is_file():
        raise UsageError("error.unknown-document", document=document.id)
    return Download(
        identifier=document.id,
        suffix="pdf",
        title=title_of(record_of(library, opened)),
        tag=document.files[PDF],
        modified=_time_of(path),
        public=opened.access.public,
        path=path,
    )


def _text(library: Library, opened: Opened) -> Download:
    """The current text, pages apart by a form feed; split words are whole."""
    document = opened.document
    if not opened.access.text:
        raise NotForThemError(document.id)
    told = list(_texts(library, document))
    if not any(text for text, _ in told):
        raise UsageError("error.unknown-document", document=document.id)
    body = _PAGE_BREAK.join(text for text, _ in told).encode()
    return Download(
        identifier=document.id,
        suffix="txt",
        title=title_of(record_of(library, opened)),
        tag=sha256(body).hexdigest(),
        modified=max(time for _, time in told if time),
        public=opened.access.public,
        body=body,
    )


def _texts(library: Library, document: Document) -> Iterator[tuple[str, datetime.datetime | None]]:
    """The text of every page in order, and since when it stands so; "" and None without any."""
    for page in page_rows.list_pages(library.store, document.id):
        promised = f"words/{page.key}.json" in document.files
        path = library.home.words(document.id, page.key)
        yield _text_at(path) if promised else ("", None)


def _text_at(path: Path) -> tuple[str, datetime.datetime | None]:
    try:
        return load_lines(path.read_bytes())[0], _time_of(path)
    except FileNotFoundError:  # a page that loses its text while the document is made anew
        return "", None


def _of_record(
    library: Library, found: Described, suffix: str, identifier: str, *, public: bool
) -> Download:
    stored = found.stored
    changed = _time(records.changed_at(library.store, stored.id))
    return _made(library, stored.record, suffix, (identifier, changed), public=public)


def _made(
    library: Library,
    record: Record,
    suffix: str,
    known: tuple[str, datetime.datetime],
    *,
    public: bool,
) -> Download:
    identifier, changed = known
    body = _FORMS[suffix](library, record, identifier)
    return Download(
        identifier=identifier,
        suffix=suffix,
        title=title_of(record),
        tag=sha256(body).hexdigest(),
        modified=changed,
        public=public,
        body=body,
    )


def _exchange(form: str, container: str) -> Callable[[Library, Record, str], bytes]:
    def write(_library: Library, record: Record, _identifier: str) -> bytes:
        try:
            return b"".join(write_exchange([convert(record, form).record], container))
        except InputError as error:
            raise UnfitError(error) from error

    return write


def _gost(library: Library, record: Record, identifier: str) -> bytes:
    return to_text([describe(record, library_style(library.settings), identifier)]).encode()


def _bibtex(_library: Library, record: Record, identifier: str) -> bytes:
    return to_bibtex([cited_work(record, identifier)]).encode()


def _ris(_library: Library, record: Record, identifier: str) -> bytes:
    return to_ris([cited_work(record, identifier)]).encode()


_FORMS: Mapping[str, Callable[[Library, Record, str], bytes]] = {
    "marcxml": _exchange("marc21", "marcxml"),
    "rusmarc.xml": _exchange("rusmarc", "marcxchange"),
    "mrc": _exchange("marc21", "iso2709"),
    "gost.txt": _gost,
    "bib": _bibtex,
    "ris": _ris,
}


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def _time_of(path: Path) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(int(path.stat().st_mtime), datetime.UTC)
