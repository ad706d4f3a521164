"""From a document to its draft, and from a draft to a record: the two steps that others call."""

from collections import Counter
from collections.abc import Mapping, Sequence

from catalog.crosswalk.convert import convert
from catalog.drafting.article import article_elements
from catalog.drafting.draft import Draft, Element, Evidence
from catalog.drafting.imprint import imprint_elements
from catalog.drafting.masthead import masthead_elements
from catalog.drafting.merge import Merged, merge
from catalog.drafting.rusmarc import ARTICLES, ISSUES, Context, rusmarc_record
from catalog.drafting.sheet import sheet_elements
from catalog.record import Record
from pages.text import PageText

_LEAST_SHARE = 0.2


def draft_document(
    kind: str, row: Mapping[str, object] | None, pages: Sequence[tuple[str, PageText]]
) -> Merged:
    """Return the draft of a document of ``kind`` from its row of the sheet and its pages in order.

    ``pages`` are (key, text). Languages come from the pages where the sheet names none: each that
    has a fifth of the words or more, the most frequent first.
    """
    sheet = sheet_elements({**row, "kind": kind}) if row else ()
    return merge(kind, sheet, (*_page_elements(kind, pages), *_languages(pages)))


def to_record(draft: Draft, context: Context, format: str = "rusmarc") -> Record:
    """Return the draft as a record in ``format`` (rusmarc or marc21).

    There is one writer of drafts; MARC 21 comes out of it by the crosswalk: both say the same.
    """
    return convert(rusmarc_record(draft, context), format).record


def _page_elements(kind: str, pages: Sequence[tuple[str, PageText]]) -> tuple[Element, ...]:
    if kind in ISSUES:
        return masthead_elements(pages)
    if kind == "book_part":
        return article_elements(pages)
    if kind in ARTICLES:
        return (*masthead_elements(pages), *article_elements(pages))
    if kind == "card":
        return ()
    return imprint_elements(pages)


def _languages(pages: Sequence[tuple[str, PageText]]) -> list[Element]:
    words: Counter[str] = Counter()
    for _, page in pages:
        for line in page.lines():
            words[line.language] += len(line.words)
    words.pop("und", None)
    whole = sum(words.values())
    ordered = sorted(words, key=lambda code: (-words[code], code))
    text = ", ".join(f"{code} {words[code]}" for code in ordered)
    evidence = (Evidence(None, None, None, "page-languages", text),)
    taken = [code for code in ordered if words[code] >= _LEAST_SHARE * whole]
    return [Element("language", code, None, evidence) for code in taken]
