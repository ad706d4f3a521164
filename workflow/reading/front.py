"""The front page: what the library holds that a visitor may see, and what is new in it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalog.isbd.words import html_language
from language.identify import identify
from olketanu.errors import UsageError
from store import changes
from store.catalogue import records
from store.digitised import holdings
from store.digitised.holdings import Holding
from store.digitised.pages import first_page
from workflow.library import Library
from workflow.naming import DocumentTitle
from workflow.reading.access import Opened, Visit, open_document, title_of
from workflow.reading.refusals import WithdrawnError

NEWEST = 12
"""Documents that are shown as new."""
LANGUAGES = ("kaz", "rus")
"""Languages that are counted each alone; all others are counted together."""
OTHER = "other"

_LOOKED_AT = 240
"""Documents that are looked at for new ones: where nearly all is closed, fewer are shown."""
_PORTION = 24
_THUMBNAIL = 200
_KEPT = 8  # front pages: visitors differ by role and place alone


@dataclass(frozen=True, slots=True)
class Count:
    """Documents and pages in one language, or in the others together (``OTHER``).

    A document counts for the language that its sheet names, else for that of most of its pages; a
    page for the language of most of its words.
    """

    language: str
    documents: int
    pages: int


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page of a document: its key, and the size of its picture on the screen."""

    page: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class New:
    """A document that came in lately; ``day`` is when (ISO 8601), ``language`` a BCP 47 tag."""

    id: str
    title: str
    language: str
    kind: str
    date: str
    pages: int
    day: str
    cover: Cover | None


@dataclass(frozen=True, slots=True)
class Front:
    """What one visitor is shown: ``records`` counts the descriptions in the catalogue."""

    documents: int
    pages: int
    records: int
    counts: tuple[Count, ...]
    newest: tuple[New, ...]


class Fronts:
    """Front pages as the library stands, kept until something happens in it or the day ends.

    Safe for threads: a page made twice is the same.
    """

    def __init__(self) -> None:
        self._kept: tuple[int, dict[Visit, Front]] = (-1, {})

    def front(self, library: Library, visit: Visit) -> Front:
        """Return the front page of a visitor."""
        seq = changes.last_seq(library.store)
        kept_seq, kept = self._kept
        if kept_seq == seq and visit in kept:
            return kept[visit]
        made = front_of(library, visit)
        others = list(kept.items())[-_KEPT:] if kept_seq == seq else ()
        self._kept = (seq, {**dict(others), visit: made})
        return made


def front_of(library: Library, visit: Visit) -> Front:
    """Return the front page of a visitor as the library stands now."""
    held = [
        one for one in holdings.list_holdings(library.store) if visit.may("view_text", one.rights)
    ]
    pages: Counter[str] = Counter()
    for one in held:
        pages[one.document] += one.pages
    return Front(
        documents=len(pages),
        pages=pages.total(),
        records=records.count_active(library.store),
        counts=tuple(_counts(held)),
        newest=tuple(_newest(library, visit, pages)),
    )


def _counts(held: Iterable[Holding]) -> Iterator[Count]:
    """The languages that there are."""
    leading: dict[str, Holding] = {}
    pages: Counter[str] = Counter()
    for one in held:
        pages[_named(one.page_language)] += one.pages
        if one.document not in leading or one.pages > leading[one.document].pages:
            leading[one.document] = one
    documents = Counter(_named(one.language or one.page_language) for one in leading.values())
    for language in (*LANGUAGES, OTHER):
        if documents[language] or pages[language]:
            yield Count(language, documents[language], pages[language])


def _named(language: str) -> str:
    return language if language in LANGUAGES else OTHER


def _newest(library: Library, visit: Visit, pages: Mapping[str, int]) -> Iterator[New]:
    found = 0
    for offset in range(0, _LOOKED_AT, _PORTION):
        for identifier in holdings.newest_documents(library.store, _PORTION, offset):
            opened = _opened(library, identifier, visit)
            if opened is not None and opened.access.text:
                yield _new(library, opened, pages[identifier])
                found += 1
            if found == NEWEST:
                return


def _opened(library: Library, identifier: str, visit: Visit) -> Opened | None:
    try:
        return open_document(library, identifier, visit)
    except (UsageError, WithdrawnError):
        return None


def _new(library: Library, opened: Opened, pages: int) -> New:
    document, main = opened.document, opened.main
    seen = main.view if main else None
    title = title_of(library, opened)
    return New(
        id=document.id,
        title=title.text,
        language=_language(title),
        kind=seen.kind if seen else document.kind,
        date=(seen.host_date or seen.date or "") if seen else "",
        pages=pages,
        day=document.created[:10],
        cover=_cover(library, opened),
    )


def _language(title: DocumentTitle) -> str:
    language = "" if title.is_supplied else identify(title.text, "")
    return html_language(language) if language else ""


def _cover(library: Library, opened: Opened) -> Cover | None:
    page = first_page(library.store, opened.document.id)
    if page is None or not opened.access.image:
        return None
    if f"web/{page.key}-{_THUMBNAIL}.jpg" not in opened.document.files:
        return None
    height = max(1, round(page.frame.height * _THUMBNAIL / page.frame.width))
    return Cover(page.key, _THUMBNAIL, height)
