"""Our own search, asked by the way that a reader's query takes: text, tree, plan, engine."""

import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bench.search.corpus import Page
from bench.search.peers.base import FACETS, SHOWN, Question
from search.engine.base import Numbers, open_engine
from search.engine.wanted import Wanted
from search.query.parse import parse
from search.query.plan import Planner
from search.query.tree import Word
from search.schema import Entry, analyse

_UNREAD = ("query.wildcard",)
"""Notices by which the query language says that it does not know what was asked."""

_FIELDS = {"kind": "form", "language": "language", "catalogue": "catalogue"}
"""The facets of the bench as our schema names them."""


class Whoosh:
    """The default engine."""

    engine = "whoosh"

    def __init__(self, folder: Path) -> None:
        self._engine = open_engine(self.engine, folder)
        self._members: dict[str, Mapping[str, Numbers]] = {}
        self.analysis = 0.0
        """CPU seconds that went into keys and not into the engine."""

    def add(self, page: Page) -> None:
        """Index a page or a record."""
        begin = time.process_time()
        analysed = analyse(entry_of(page))
        self.analysis += time.process_time() - begin
        self._engine.replace(analysed)

    def commit(self) -> None:
        """Write everything and open it for questions."""
        self._engine.commit()

    def ask(self, question: Question) -> int | None:
        """Find the best ten and return how many there are in all."""
        query = parse(written(question))
        if query.tree is None or any(notice.key in _UNREAD for notice in query.notices):
            return None
        if question.what == "fuzzy" and query.tree == Word(question.words[0]):
            return None
        wanted = Planner(self._engine).plan(query.tree)
        found = self._engine.search(wanted, SHOWN)
        if question.what == "facets":
            self._count(wanted)
        return found.total

    def _count(self, wanted: Wanted) -> None:
        matching = self._engine.matches(wanted)
        for facet in FACETS:
            name = _FIELDS[facet]
            if name not in self._members:
                self._members[name] = self._engine.members(name)
            for numbers in self._members[name].values():
                np.intersect1d(matching, numbers, assume_unique=True)


class Tantivy(Whoosh):
    """The fast engine."""

    engine = "tantivy"


def entry_of(page: Page) -> Entry:
    """Return a page or a record of the made corpus as our index takes it."""
    about, number = page.about, page.key.partition("/")[2]
    kind = "page" if page.document else "record"
    return Entry(
        key=page.key,
        kind="page" if page.document else "record",
        document=page.document,
        page=number if kind == "page" else "",
        record="" if kind == "page" else number,
        title=about.title,
        names=about.names,
        subjects=about.subjects,
        notes=() if kind == "page" else (page.text,),
        form=about.kind,
        date=about.date,
        text=page.text if kind == "page" else "",
        line_languages=page.languages if kind == "page" else (),
        languages=(about.language,),
        catalogues=(about.catalogue,),
        udc=(about.udc,),
        numbers=() if kind == "page" else (number,),
        public=True,
    )


def written(question: Question) -> str:
    """Return a question as a reader writes it."""
    match question.what:
        case "or":
            return " OR ".join(question.words)
        case "phrase":
            return '"' + " ".join(question.words) + '"'
        case "fuzzy":
            return f"{question.words[0]}~"
        case _:
            return " ".join(question.words)
