"""What a whole request costs above the engine: groups, facets, snippets, suggestions, completion.

    python -m bench.search.requests [--pages 3000] [--records 6150] [--engine whoosh]

The made pages and records are indexed; then single requests are timed in CPU milliseconds, sixty
a class, after ten others. ``engine`` is the engine's own search for the best 500, ``answer`` the
whole answer with three facets and groups, ``facets`` counting three facets with what matches at
hand, ``shown`` the ten best pages read, marked, cut and boxed: ``cold`` from the bytes of their
words projections, ``warm`` from words that are kept; ``columns`` what a session does once for the
facets of an index. Results are put into ``bench/results/search_requests.json``.
"""

import argparse
import gc
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.search.made_entries import kept_pages, kept_records
from bench.search.peers.base import Question
from bench.search.peers.ours import entry_of, written
from bench.search.questions import questions
from pages.text import Box, Line, PageFrame, PageText, Region, Word
from pages.words import load, project
from search.analysis import line_tokens
from search.engine.base import SearchEngine, open_engine
from search.engine.wanted import Keys
from search.query.filters import NO_FILTERS, Choice, Filters
from search.query.parse import parse
from search.query.plan import Planner
from search.results.answer import Part, answer
from search.results.columns import Columns
from search.results.complete import LOOKED_AT, beginnings, completions, wanted_for
from search.results.facets import Sets, count_facet
from search.results.highlight import AnalysedPage, analyse_page, mark_boxes, snippet
from search.results.marks import Marker
from search.results.request import WINDOW, Answer, Request
from search.results.suggest import SPELLED_BY, Sources, suggestions
from search.results.suggest import written as spelled
from search.schema import Entry, analyse

RESULTS = Path(__file__).parents[1] / "results" / "search_requests.json"
FACETS = ("form", "language", "catalogue")
_CLASSES = ("rare", "medium", "common", "and", "or", "phrase", "prefix")
_WARMING = 10

Times = dict[str, list[float]]


class Collection:
    """An index of made entries, and the words projections of its pages."""

    def __init__(self, engine: str, pages: int, records: int, folder: Path) -> None:
        self.part = Part(open_engine(engine, folder))
        self.entries: dict[str, Entry] = {}
        for made in (kept_pages(pages), kept_records(records) if records else ()):
            for one in made:
                entry = entry_of(one)
                self.entries[entry.key] = entry
                self.part.engine.replace(analyse(entry))
        self.part.engine.commit()
        self._projected: dict[str, bytes] = {}

    def words(self, key: str) -> bytes:
        """Return the projection of a page, made when it is first asked for."""
        if key not in self._projected:
            entry = self.entries[key]
            self._projected[key] = project(_printed(entry.text, entry.line_languages), "0" * 64)
        return self._projected[key]


def _printed(text: str, languages: tuple[str, ...]) -> PageText:
    """A page with a printed line for each line of ``text``, every word 60 pixels wide."""
    lines = []
    for number, line in enumerate(text.splitlines()):
        top, words = 40 * number, line.split()
        boxes = [Box(70 * n, top, 70 * n + 60, top + 30) for n in range(len(words))]
        printed = tuple(Word(word, word, box, 0.9) for word, box in zip(words, boxes, strict=True))
        if printed:
            whole = Box(0, top, 70 * len(words), top + 30)
            code = languages[number] if number < len(languages) else "und"
            lines.append(Line(whole, (0, top, 70, top), code, "Cyrl", printed))
    frame = PageFrame("0" * 64, 0, None, 0, 3000, 4000, 300)
    return PageText(frame, (Region("r1", "text", Box(0, 0, 3000, 4000), tuple(lines)),), "", (), ())


def measure(engine: str, pages: int, records: int) -> dict[str, object]:
    """Return the CPU milliseconds (median, 95th of a hundred) of every step, class by class."""
    with tempfile.TemporaryDirectory() as folder:
        made = Collection(engine, pages, records, Path(folder))
        by_class: dict[str, list[Question]] = defaultdict(list)
        for question in questions(pages):
            by_class[question.what].append(question)
        gc.collect()
        gc.freeze()  # what the bench holds itself is not swept again and again
        figures: dict[str, object] = {"columns": _summary(_columns(made.part.engine))}
        for what in _CLASSES:
            times: Times = defaultdict(list)
            for number, question in enumerate(by_class[what]):
                kept = times if number >= _WARMING else defaultdict(list)
                _ask(made, written(question), kept)
            figures[what] = _summary(times)
        figures["mistyped"] = _summary(_mistyped(made, by_class["fuzzy"]))
        figures["begun"] = _summary(_begun(made, by_class["medium"]))
        made.part.engine.close()
    return {"engine": engine, "pages": pages, "records": records, "cpu_milliseconds": figures}


def _columns(engine: SearchEngine) -> Times:
    """Time what a session does once for the facets of an index."""
    times: Times = defaultdict(list)
    for _ in range(3):
        with _timed(times, "first"):
            columns = Columns(engine)
            for name in (*FACETS, "date", "record"):
                columns.column(name)
    return times


def _ask(made: Collection, query: str, times: Times) -> None:
    tree = parse(query).tree
    if tree is None:
        return
    engine = made.part.engine
    wanted = Planner(engine).plan(tree)
    with _timed(times, "engine"):
        engine.search(wanted, WINDOW)
    mask = made.part.mask(wanted)
    with _timed(times, "facets"):
        sets = [Sets(made.part.columns, mask)]
        for name in FACETS:
            count_facet(name, sets, NO_FILTERS, 10)
    with _timed(times, "answer"):
        found = answer(Request(query, facets=FACETS), [made.part])
    pages = Filters(choices=(Choice("kind", ("page",)),))
    found = answer(Request(query, filters=pages, grouped=False), [made.part])
    for group in found.groups:
        made.words(group.key)
    keep: dict[str, AnalysedPage] = {}
    for step in ("shown cold", "shown warm"):
        with _timed(times, step):
            _show(made, found, keep)


def _show(made: Collection, found: Answer, keep: dict[str, AnalysedPage]) -> None:
    if found.asked is None:
        return
    marker = Marker(found.asked)
    for group in found.groups:
        key = group.best.key
        if key not in keep:
            keep[key] = analyse_page(load(made.words(key)))
        marks = keep[key].marks(marker)
        snippet(keep[key].words.text, marks)
        mark_boxes(keep[key].words, marks)


def _mistyped(made: Collection, asked: list[Question]) -> Times:
    """Time the suggestions to words with a slip in them."""
    times: Times = defaultdict(list)
    engine = made.part.engine

    def spell(form: str) -> str | None:
        hits = engine.search(Keys("exact", (form,)), SPELLED_BY).hits
        held = (made.entries[hit.key] for hit in hits)
        return spelled(form, (line_tokens(one.text, one.line_languages) for one in held))

    bare = Request("", grouped=False, limit=1, widen=False)  # as a session counts
    sources = Sources(engine, spell, lambda q: answer(replace(bare, query=q), [made.part]).total)
    for question in asked:
        with _timed(times, "suggestions"):
            suggestions(question.words[0], sources)
    return times


def _begun(made: Collection, asked: list[Question]) -> Times:
    """Time the completions of the first four letters of words."""
    times: Times = defaultdict(list)
    for question in asked:
        with _timed(times, "completions"):
            begun = beginnings(question.words[0][:4])
            hits = made.part.engine.search(wanted_for(begun, made.part.engine), LOOKED_AT).hits
            completions(begun, [made.entries[hit.key] for hit in hits])
    return times


@contextmanager
def _timed(times: Times, step: str) -> Iterator[None]:
    begin = time.process_time()
    yield
    times[step].append(1000 * (time.process_time() - begin))


def _summary(times: Times) -> dict[str, list[float]]:
    return {
        step: [
            round(statistics.median(taken), 2),
            round(statistics.quantiles(taken, n=20, method="inclusive")[-1], 2),
        ]
        for step, taken in times.items()
    }


def main(arguments: list[str], output: Callable[[str], object] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--records", type=int, default=6150)
    parser.add_argument("--engine", default="whoosh")
    told = parser.parse_args(arguments)
    figures = measure(told.engine, told.pages, told.records)
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    known[f"{told.engine} {told.pages}+{told.records}"] = figures
    RESULTS.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    output(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
