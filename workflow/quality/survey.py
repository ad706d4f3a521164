"""The quality of many documents: every page measured, marked and ranked by need."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from catalog.rights import is_open
from olketanu.progress import Progress
from store.digitised import documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from workflow.document.show import resolve
from workflow.library import Library
from workflow.quality.limits import Limits, read_limits
from workflow.quality.marks import MARKS, Mark, marks_of
from workflow.quality.page import PageQuality, measure_page


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page with its marks. ``need``: words expected to be wrong or lost, weighed by readers."""

    name: str
    quality: PageQuality
    marks: tuple[Mark, ...]
    need: float

    def as_json(self) -> dict[str, object]:
        """The ``page`` line."""
        page, text, light = self.quality.page, self.quality.text, self.quality.light
        return {
            "document": page.document,
            "name": self.name,
            "page": page.key,
            "position": page.position,
            "state": page.state,
            "code": page.code,
            "need": self.need,
            "marks": [mark.to_dict() for mark in self.marks],
            "confidence": page.confidence,
            "words": text.words,
            "characters": text.characters,
            "low": text.low,
            "garbage": text.garbage,
            "wrong": text.wrong,
            "languages": dict(text.languages),
            "dpi": page.frame.dpi,
            "letters": text.letters,
            "cut": round(text.cut, 4),
            "skew": self.quality.skew,
            "noise": self.quality.noise,
            "paper": None if light is None else light.paper,
            "uneven": None if light is None else light.uneven,
            "ink": None if light is None else round(light.ink, 4),
        }


@dataclass(frozen=True, slots=True)
class DocumentQuality:
    """A document with its pages in order; ``rights`` is the code in force today (no ``until``)."""

    document: Document
    rights: str
    pages: tuple[PageLine, ...]

    @property
    def need(self) -> float:
        """The needs of its marked pages together."""
        return round(sum(page.need for page in self.pages if page.marks), 2)

    @property
    def totals(self) -> "Totals":
        """What its pages amount to."""
        return total(self.pages)

    def as_json(self) -> dict[str, object]:
        """The ``document`` line."""
        totals = self.totals
        return {
            "document": self.document.id,
            "name": self.document.name,
            "batch": self.document.batch,
            "kind": self.document.kind,
            "rights": self.rights,
            "need": self.need,
            "pages": totals.states,
            "marks": totals.marks,
            "confidence": totals.confidence,
            "words": totals.words,
            "characters": totals.characters,
            "low": totals.low,
            "garbage": totals.garbage,
            "wrong": totals.wrong,
            "languages": totals.languages,
        }


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over pages.

    ``states`` counts pages by state, ``marks`` pages by mark, ``languages`` words by language,
    ``classes`` words by the lowest confidence of their class; ``confidence`` is the mean over words
    (0–1), or None without any.
    """

    states: dict[str, int]
    marks: dict[str, int]
    languages: dict[str, int]
    classes: dict[str, int]
    confidence: float | None
    words: int
    characters: int
    low: int
    garbage: int
    wrong: float


@dataclass(frozen=True, slots=True)
class Survey:
    """Documents of the scope, those in greatest need first."""

    documents: tuple[DocumentQuality, ...]

    @property
    def totals(self) -> Totals:
        """What all pages amount to."""
        return total([page for document in self.documents for page in document.pages])

    @property
    def worst_pages(self) -> tuple[PageLine, ...]:
        """Every page with a mark, those in greatest need first."""
        pages = [page for document in self.documents for page in document.pages if page.marks]
        return tuple(sorted(pages, key=lambda page: -page.need))

    def as_json(self) -> dict[str, object]:
        """The ``sum`` line."""
        totals = self.totals
        return {
            "documents": len(self.documents),
            "pages": totals.states,
            "marks": totals.marks,
            "languages": totals.languages,
            "classes": totals.classes,
            "confidence": totals.confidence,
            "words": totals.words,
            "characters": totals.characters,
            "low": totals.low,
            "garbage": totals.garbage,
            "wrong": totals.wrong,
        }


def survey(
    library: Library, progress: Progress, *, batch: str | None = None, address: str | None = None
) -> Survey:
    """Measure every page of a batch, of one document (id or address), or of the whole library.

    Raises:
        UsageError: ``error.unknown-document``.
    """
    found = documents.list_documents(library.store, batch=batch)
    if address is not None:
        wanted = resolve(library, address)
        found = [document for document in found if document.id == wanted]
    limits = read_limits()
    lines = []
    for number, document in enumerate(found):
        progress.step("quality", number, len(found), document.name)
        lines.append(survey_document(library, document, limits))
    return Survey(tuple(sorted(lines, key=lambda line: -line.need)))


def survey_document(library: Library, document: Document, limits: Limits) -> DocumentQuality:
    """Measure, mark and weigh the pages of one document."""
    code = _rights_code(library, document)
    measured = [
        measure_page(library.home, page, limits)
        for page in page_rows.list_pages(library.store, document.id)
    ]
    usual = median([q.text.words for q in measured if q.text.words] or [0])
    weight = limits.rights[code]
    lines = tuple(
        PageLine(
            name=document.name,
            quality=quality,
            marks=marks_of(quality, limits),
            need=round(weight * _lost(quality, usual, limits), 2),
        )
        for quality in measured
    )
    return DocumentQuality(document, code, lines)


def total(pages: Sequence[PageLine]) -> Totals:
    """Return the sums over these pages; every mark and class is named."""
    states: Counter[str] = Counter(dict.fromkeys(page_rows.PAGE_STATES, 0))
    marks: Counter[str] = Counter(dict.fromkeys(MARKS, 0))
    languages: Counter[str] = Counter()
    classes: Counter[str] = Counter({str(c.lowest): 0 for c in read_limits().classes})
    for line in pages:
        states[line.quality.page.state] += 1
        marks.update({mark.mark for mark in line.marks})
        languages.update(dict(line.quality.text.languages))
        classes.update({str(lowest): n for lowest, n in line.quality.text.classes})
    texts = [line.quality.text for line in pages]
    return Totals(
        states=dict(states),
        marks=dict(marks),
        languages=dict(languages.most_common()),
        classes=dict(classes),
        confidence=_confidence(pages),
        words=sum(text.words for text in texts),
        characters=sum(text.characters for text in texts),
        low=sum(text.low for text in texts),
        garbage=sum(text.garbage for text in texts),
        wrong=round(sum(text.wrong for text in texts), 2),
    )


def _rights_code(library: Library, document: Document) -> str:
    """The rights in force today: a term that runs is open, one that has ended is closed."""
    told = rights.get_rights(library.store, document.id)
    if is_open(told, datetime.datetime.now(datetime.UTC).date()):
        return "open"
    return "on_site" if told.code == "on_site" else "closed"


def _lost(quality: PageQuality, usual: float, limits: Limits) -> float:
    """Words of the page that a reader will look for in vain."""
    if quality.page.state in ("text", "waiting"):
        return quality.text.wrong
    return usual * limits.lost_pages(quality.page.code)


def _confidence(pages: Sequence[PageLine]) -> float | None:
    known = [
        (line.quality.page.confidence, line.quality.text.words)
        for line in pages
        if line.quality.page.confidence is not None
    ]
    words = sum(count for _, count in known)
    return round(sum(value * count for value, count in known) / words, 4) if words else None
