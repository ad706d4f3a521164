"""What people call a document: the one place that says so to readers.

The name of its folder or file is the library's own matter and is never among it.
"""

from dataclasses import dataclass

from catalog.isbd.words import html_language
from catalog.supplied_title import supplied_title
from olketanu.messages.translate import language, speaking
from olketanu.settings import LANGUAGES
from store.digitised.documents import Document
from workflow.library import Library
from workflow.record.draft import last_draft


@dataclass(frozen=True, slots=True)
class DocumentTitle:
    """A title; ``is_supplied``: nobody gave it, it is made of what is known, in our words."""

    text: str
    is_supplied: bool = False


def document_title(library: Library, document: Document, *, reads: bool) -> DocumentTitle:
    """Return the title of the sheet, else the printed one that was found, else one supplied.

    It is for a document that has no record with a title. Whoever may not read the text (``reads``)
    learns none of them: a title supplied for them says nothing but the id.
    """
    if not reads:
        return DocumentTitle(supplied_title(document.kind, {}, document.id), is_supplied=True)
    given = (document.title or "").strip() or last_draft(library, document).first("title")
    if given:
        return DocumentTitle(given)
    told = supplied_title(document.kind, document.manifest or {}, document.id)
    return DocumentTitle(told, is_supplied=True)


def title_in_record(library: Library, document: Document, written_in: str, *, reads: bool) -> str:
    """Return the title as a description gives it: one that is supplied in square brackets.

    ``written_in`` is the language of the description (ISO 639-2), "" where it is not known: a title
    is supplied in it (GOST 7.1-2003), or in the language of messages. Else as
    :func:`document_title`.
    """
    tongue = html_language(written_in)
    with speaking(tongue if tongue in LANGUAGES else language()):
        title = document_title(library, document, reads=reads)
    return f"[{title.text}]" if title.is_supplied else title.text
