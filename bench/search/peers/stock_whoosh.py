"""Whoosh as it comes: its StandardAnalyzer over the text in memory.

Words of one letter and stop words are kept (``stoplist=None``), as ours are: else it would index
fewer words than we do, and could not be asked for half of the phrases.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh import fields, index, query, sorting
from whoosh.analysis import StandardAnalyzer

from bench.search.corpus import Page
from bench.search.peers.base import FACETS, SHOWN, Question

MEMORY = 512  # megabytes before it spills to disk
PREFIX_OF_FUZZY = 1  # Whoosh's own default


class AllFields:
    """The documents and fields of our schema: words twice, with positions and exact; facets."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._index: Any = index.create_in(str(folder), fields.Schema(**self._fields()))
        self._writer: Any = self._index.writer(limitmb=MEMORY)
        self._searcher: Any = None

    def _fields(self) -> dict[str, fields.FieldType]:
        analyzer = StandardAnalyzer(stoplist=None)
        text = {
            name: fields.TEXT(analyzer=analyzer) for name in ("text", "title", "names", "subjects")
        }
        return {
            **text,
            "exact": fields.TEXT(analyzer=analyzer, phrase=False),
            **{name: fields.ID(sortable=True) for name in FACETS},
            "date": fields.ID(sortable=True),
            "udc": fields.ID(),
            "document": fields.ID(),
            "key": fields.ID(unique=True, stored=True),
            "shown": fields.STORED(),
        }

    def fill(self, made: Iterable[Page]) -> None:
        """Index pages and records, write everything and open it for questions."""
        for page in made:
            self._add(page)
        self._writer.commit()
        self._searcher = self._index.searcher()

    def _add(self, page: Page) -> None:
        about = page.about
        self._writer.add_document(
            text=page.text,
            exact=page.text,
            title=about.title,
            names=" ".join(about.names),
            subjects=" ".join(about.subjects),
            kind=about.kind,
            language=about.language,
            catalogue=about.catalogue,
            date=about.date,
            udc=about.udc,
            document=page.document,
            key=page.key,
            shown={"title": about.title, "date": about.date},
        )

    def ask(self, question: Question) -> int | None:
        """Find the best ten and return how many there are in all."""
        if question.what == "page":
            return None
        facets = list(FACETS) if question.what == "facets" else None
        if facets and facets[0] not in self._searcher.schema:
            return None
        results = self._searcher.search(
            asked(question), limit=SHOWN, groupedby=facets, maptype=sorting.Count
        )
        for name in facets or ():
            results.groups(name)
        for hit in results:
            hit.fields()
        return len(results)


class OneField(AllFields):
    """The text alone."""

    def _fields(self) -> dict[str, fields.FieldType]:
        return {
            "text": fields.TEXT(analyzer=StandardAnalyzer(stoplist=None)),
            "key": fields.ID(unique=True, stored=True),
        }

    def _add(self, page: Page) -> None:
        self._writer.add_document(text=page.text, key=page.key)


def asked(question: Question) -> query.Query:
    """Return a question over the field ``text`` as Whoosh's parser would."""
    words = question.words
    terms = [query.Term("text", word) for word in words]
    match question.what:
        case "and":
            return query.And(terms)
        case "or":
            return query.Or(terms)
        case "phrase":
            return query.Phrase("text", list(words))
        case "prefix":
            return query.Prefix("text", words[0].rstrip("*"))
        case "wildcard":
            return query.Wildcard("text", words[0])
        case "fuzzy":
            return query.FuzzyTerm("text", words[0], maxdist=1, prefixlength=PREFIX_OF_FUZZY)
        case _:
            return terms[0]
