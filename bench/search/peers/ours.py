"""Our own search from end to end: a library home, its index, and the session that answers."""

import time
from collections.abc import Iterable
from pathlib import Path
from unittest.mock import patch

from bench.search.asking import Asking
from bench.search.corpus import Page
from bench.search.peers.base import SHOWN, Question
from search.index import writer
from search.results.request import Request
from search.schema import Analysed, Entry, analyse

_FIELDS = {"kind": "form", "language": "language", "catalogue": "catalogue"}
"""The facets of the bench as our schema names them."""

_TOP = 10  # values of a facet; those of the bench have fewer


class Whoosh:
    """The default engine."""

    engine = "whoosh"

    def __init__(self, folder: Path) -> None:
        self._asking = Asking(folder, self.engine)
        self._asked = 0
        self.analysis = 0.0
        """CPU seconds that went into keys and not into the engine."""

    def fill(self, made: Iterable[Page]) -> None:
        """Index pages and records; the writer's analysis is timed where it calls it."""
        with patch.object(writer, "analyse", self._analyse):
            self._asking.fill(map(entry_of, made))

    def ask(self, question: Question) -> int | None:
        """Find the best ten and return how many there are in all."""
        facets = tuple(_FIELDS.values()) if question.what in ("facets", "page") else ()
        self._asked += 1
        request = Request(
            written(question),
            limit=SHOWN,
            facets=facets,
            top=_TOP + self._asked,  # no request is like another: no answer is one given before
            grouped=question.what == "page",
        )
        return self._asking.ask(request).total

    def _analyse(self, entry: Entry) -> Analysed:
        begin = time.process_time()
        analysed = analyse(entry)
        self.analysis += time.process_time() - begin
        return analysed


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
