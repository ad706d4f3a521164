"""Show a document: by its identifier, or by the address that field 856 $u holds."""

from collections.abc import Callable
from dataclasses import dataclass

from digitize.scan.pdf_input import ENGINE, REFUSED, STEP
from digitize.work.twins import SAME_PICTURE
from olketanu.errors import UsageError
from pages.words import load
from store.catalogue import findings
from store.digitised import documents, rights
from store.digitised import pages as page_rows
from store.identifiers import is_valid
from workflow.document.steps import steps_of
from workflow.library import Library
from workflow.summary import DocumentLine, document_line

KEPT = "kept"


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One page of a shown document; ``text`` is empty unless it was asked for.

    ``engine`` names what read the page, None where nobody has or can tell. ``text_layer`` is what
    became of the text layer of a PDF: ``kept``, why it was refused (a code), or None without one.
    """

    key: str
    state: str
    code: str | None
    width: int
    height: int
    languages: tuple[str, ...]
    engine: str | None
    text_layer: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document as people and machines see it.

    ``same_pictures`` are earlier documents that show the same pictures under other bytes.
    """

    line: DocumentLine
    title: str
    address: str
    rights: str
    pages: tuple[ShownPage, ...]
    same_pictures: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        rows = [
            {
                "page": page.key,
                "state": page.state,
                "code": page.code,
                "languages": list(page.languages),
                "engine": page.engine,
                "text_layer": page.text_layer,
                "text": page.text,
            }
            for page in self.pages
        ]
        shown = {"title": self.title, "address": self.address, "rights": self.rights}
        same = {"same_pictures": list(self.same_pictures)}
        return {**self.line.as_json(), **shown, **same, "page_list": rows}

    def rows(self, words: Callable[[str], str]) -> list[tuple[str, str]]:
        """Label names and values for a person."""
        same = [("same-pictures", ", ".join(self.same_pictures))] if self.same_pictures else []
        return [
            ("document", self.line.document),
            ("title", self.title),
            ("kind", words(f"kind.{self.line.kind}")),
            ("state", words(f"state.{self.line.state}")),
            ("rights", words(f"rights.{self.rights}")),
            ("languages", "+".join(self.line.languages)),
            ("record", self.line.record_words(words)),
            ("address", self.address),
            ("pdf", self.line.pdf or ""),
            *same,
        ]


def resolve(library: Library, address: str) -> str:
    """Return the document id that ``address`` (an id, or a URL ending in /d/<id>) names.

    Raises:
        UsageError: ``error.unknown-document``.
    """
    identifier = address.rstrip("/").rpartition("/d/")[2].split("/")[0]
    if not is_valid(identifier) or documents.find_document(library.store, identifier) is None:
        raise UsageError("error.unknown-document", document=address)
    return identifier


def describe_document(library: Library, address: str, *, with_text: bool) -> ShownDocument:
    """Return everything about one document; UsageError where there is none."""
    document = documents.get_document(library.store, resolve(library, address))
    rows = page_rows.list_pages(library.store, document.id)
    pages = tuple(_shown(library, page, with_text=with_text) for page in rows)
    told = findings.list_findings(library.store, document.id, SAME_PICTURE)
    return ShownDocument(
        line=document_line(library, document),
        title=document.title or document.name,
        address=library.address(document.id),
        rights=rights.get_rights(library.store, document.id).code,
        pages=pages,
        same_pictures=tuple(str(finding.facts["document"]) for finding in told),
    )


def _shown(library: Library, page: page_rows.Page, *, with_text: bool) -> ShownPage:
    engine, text_layer = _read_by(library, page)
    return ShownPage(
        *(page.key, page.state, page.code, page.frame.width, page.frame.height),
        *(page.languages, engine, text_layer),
        page_text(library, page.document, page.key) if with_text else "",
    )


def _read_by(library: Library, page: page_rows.Page) -> tuple[str | None, str | None]:
    """What read the page, and what became of its text layer, as its ALTO says."""
    steps = steps_of(library.home, page)
    if STEP in steps:
        return ENGINE, KEPT
    engine = steps.get("recognise", {}).get("engine")
    return engine, steps.get(REFUSED, {}).get("reason")


def page_text(library: Library, document: str, page: str) -> str:
    """Return the current text of a page, empty where it has none."""
    path = library.home.words(document, page)
    return load(path.read_bytes()).text if path.is_file() else ""
