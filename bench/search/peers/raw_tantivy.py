"""Tantivy as it comes: its own tokenizer over the same documents and fields; one thread."""

import importlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.search.corpus import Page
from bench.search.peers.base import FACETS, SHOWN, Question

HEAP = 128_000_000  # bytes of one writing thread
_WORDS = ("text", "title", "names", "subjects")
_VALUES = ("date", "udc", "document", "key")


class Tantivy:
    """One index of the package ``tantivy``."""

    def __init__(self, folder: Path) -> None:
        self._tantivy: Any = importlib.import_module("tantivy")  # not of the default install
        folder.mkdir(parents=True)
        builder = self._tantivy.SchemaBuilder()
        for name in _WORDS:
            builder.add_text_field(name)
        builder.add_text_field("exact", index_option="freq")
        for name in FACETS:
            builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
        for name in _VALUES:
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("shown", stored=True, tokenizer_name="raw", index_option="basic")
        self._schema = builder.build()
        self._index = self._tantivy.Index(self._schema, path=str(folder))
        self._writer = self._index.writer(HEAP, 1)
        self._searcher: Any = None

    def fill(self, made: Iterable[Page]) -> None:
        """Index pages and records, write everything and open it for questions."""
        for page in made:
            self._add(page)
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _add(self, page: Page) -> None:
        about = page.about
        self._writer.add_document(
            self._tantivy.Document(
                text=page.text,
                exact=page.text,
                title=about.title,
                names=list(about.names),
                subjects=list(about.subjects),
                kind=about.kind,
                language=about.language,
                catalogue=about.catalogue,
                date=about.date,
                udc=about.udc,
                document=page.document,
                key=page.key,
                shown=f"{page.key}\t{about.title}\t{about.date}",
            )
        )

    def ask(self, question: Question) -> int | None:
        """Find the best ten and return how many there are in all."""
        if question.what == "page":
            return None
        asked = self._asked(question)
        result = self._searcher.search(asked, SHOWN)
        for _, address in result.hits:
            self._searcher.doc(address)
        if question.what == "facets":
            wanted = {name: {"terms": {"field": name}} for name in FACETS}
            self._searcher.aggregate(asked, wanted)
        return int(result.count)

    def _asked(self, question: Question) -> Any:  # noqa: ANN401 - the library is loaded late
        query, words = self._tantivy.Query, question.words
        terms = [query.term_query(self._schema, "text", word) for word in words]
        occur = self._tantivy.Occur
        match question.what:
            case "and":
                return query.boolean_query([(occur.Must, term) for term in terms])
            case "or":
                return query.boolean_query([(occur.Should, term) for term in terms])
            case "phrase":
                return query.phrase_query(self._schema, "text", list(words))
            case "prefix" | "wildcard":
                pattern = ".*".join(map(re.escape, words[0].split("*")))
                return query.regex_query(self._schema, "text", pattern)
            case "fuzzy":
                return query.fuzzy_term_query(self._schema, "text", words[0])
            case _:
                return terms[0]
