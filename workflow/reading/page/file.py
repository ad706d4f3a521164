"""What can be taken home of one page beside its picture: its text, plain or with its places."""

from dataclasses import dataclass

from olketanu.errors import UsageError
from pages.plain import plain_text
from workflow.library import Library
from workflow.reading.access import Visit
from workflow.reading.page.text import current_text
from workflow.reading.page.view import open_page
from workflow.reading.refusals import NotForThemError

PAGE_SUFFIXES = ("txt", "alto.xml")
_MEDIA = {"txt": "text/plain; charset=utf-8", "alto.xml": "application/xml"}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file: the name it is saved under, its Content-Type, its bytes.

    ``tag`` changes with the bytes, ``public`` says that everybody may have it.
    """

    name: str
    media: str
    tag: str
    public: bool
    body: bytes


def page_file(library: Library, place: tuple[str, str], suffix: str, visit: Visit) -> PageFile:
    """Return the text of the page of ``place`` (document, page key) as printed, or as ALTO.

    ``suffix`` is one of ``PAGE_SUFFIXES``.

    Raises:
        UsageError, WithdrawnError: as :func:`workflow.reading.page.view.open_page`; UsageError
            ``error.unknown-page`` also for a page without text.
        NotForThemError: the text may not be seen, or not be taken away.
    """
    held = open_page(library, *place, visit)
    access, row = held.opened.access, held.row
    if not (access.text and access.download):
        raise NotForThemError(row.document)
    name = f"alto/{row.key}.xml"
    text = current_text(library.home, row.document, row.key)
    tag = held.opened.document.files.get(name)
    if text is None or tag is None:
        raise UsageError("error.unknown-page", document=row.document, page=row.key)
    path = library.home.document(row.document) / name
    body = plain_text(text).encode() if suffix == "txt" else path.read_bytes()
    public = access.public
    return PageFile(f"{row.document}-{row.key}.{suffix}", _MEDIA[suffix], tag, public, body)
