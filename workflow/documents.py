"""Show a document: by its identifier, or by the address that field 856 $u holds."""

from collections.abc import Callable
from dataclasses import dataclass

from olketanu.errors import UsageError
from pages.words import load
from store import documents, rights
from store import pages as page_rows
from store.identifiers import is_valid
from workflow.library import Library
from workflow.summary import DocumentLine, document_line


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One page of a shown document; ``text`` is empty unless it was asked for."""

    key: str
    state: str
    code: str | None
    width: int
    height: int
    languages: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document as people and machines see it."""

    line: DocumentLine
    title: str
    address: str
    rights: str
    pages: tuple[ShownPage, ...]

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        rows = [
            {
                "page": page.key,
                "state": page.state,
                "code": page.code,
                "languages": list(page.languages),
                "text": page.text,
            }
            for page in self.pages
        ]
        shown = {"title": self.title, "address": self.address, "rights": self.rights}
        return {**self.line.as_json(), **shown, "page_list": rows}

    def rows(self, words: Callable[[str], str]) -> list[tuple[str, str]]:
        """Label names and values for a person."""
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
    pages = tuple(
        ShownPage(
            *(page.key, page.state, page.code, page.frame.width, page.frame.height),
            *(page.languages, page_text(library, document.id, page.key) if with_text else ""),
        )
        for page in page_rows.list_pages(library.store, document.id)
    )
    return ShownDocument(
        line=document_line(library, document),
        title=document.title or document.name,
        address=library.address(document.id),
        rights=rights.get_rights(library.store, document.id).code,
        pages=pages,
    )


def page_text(library: Library, document: str, page: str) -> str:
    """Return the current text of a page, empty where it has none."""
    path = library.home.words(document, page)
    return load(path.read_bytes()).text if path.is_file() else ""
