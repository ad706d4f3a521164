"""Search without an index: titles, names and subjects of the catalogue, read record by record.

Slow but right: records that may answer are picked by the beginnings of the words asked for, and
then asked in memory, by the same keys, as the index would be. Texts of pages are not searched.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from threading import Lock

from catalog.udc.table import load_table
from language.fold import spellings
from language.variants import beginnings
from olketanu.errors import LockedError
from search.analysis import query_keys
from search.engine.memory import MemoryEngine
from search.query.parse import parse
from search.query.tree import All, Any, Fuzzy, Node, Notice, Pattern, Phrase, Word
from search.results.answer import Part, answer
from search.results.request import Answer, Request
from search.schema import analyse
from store.catalogue import records
from workflow.entries import record_entries
from workflow.library import Library
from workflow.seeing import Seer

MOST_RECORDS = 1000
"""Records that are asked at most; the first by their ids."""

TURN = Lock()
"""One thread at a time: it keeps a core for seconds, and a server has others who want to read."""
PATIENCE = 1.0
"""Seconds that a thread waits for another one that searches so."""

_LETTERS = 4
_FUZZY_LETTERS = 1  # a fuzzy word keeps its first letter only

Groups = tuple[tuple[str, ...], ...]
"""Keys of words: a record has to hold a word of every group."""


def answer_from_catalogue(library: Library, request: Request, seer: Seer) -> Answer:
    """Return the records that ``seer`` may read, with a notice that nothing else was searched.

    LockedError ``error.search-busy`` where another thread of the process is at it.
    """
    if not TURN.acquire(timeout=PATIENCE):
        raise LockedError("error.search-busy")
    try:
        asked = replace(request, restricted=False, closed=(), hidden=())
        given = answer(asked, [Part(catalogue_engine(library, request.query, seer))])
    finally:
        TURN.release()
    told = Notice("query.catalogue-only", {"most": MOST_RECORDS})
    return replace(given, notices=(*given.notices, told))


def catalogue_engine(library: Library, query: str, seer: Seer) -> MemoryEngine:
    """Return an engine that holds the records that may answer ``query``, and ``seer`` may read."""
    tree = parse(query).tree
    groups = dict.fromkeys(needed(tree) if tree is not None else ())
    wanted = [_pattern(group) for group in groups]
    found = list(islice(_holding(library, wanted), MOST_RECORDS))
    engine = MemoryEngine()
    stored = list(records.get_records(library.store, found))
    for entry in record_entries(library, stored, seer.today):
        if entry.public or seer.may_read(library, entry.record):
            engine.replace(analyse(entry))
    engine.commit()
    return engine


def needed(node: Node) -> Groups:
    """Return what every answer to ``node`` holds: one of the keys of each group.

    Empty where nothing is sure: ranges of dates, values, alternatives one of which needs nothing.
    """
    match node:
        case Word(text):
            return _group(text)
        case Phrase(words):
            return tuple(group for word in words for group in _group(word))
        case Pattern(text):
            return _cut(re.split(r"[*?]", text)[0], None)
        case Fuzzy(text):
            return _cut(text, _FUZZY_LETTERS)
        case All(nodes):
            return tuple(group for one in nodes for group in needed(one))
        case Any(nodes):
            firsts = [next(iter(needed(one)), ()) for one in nodes]
            return (tuple(key for first in firsts for key in first),) if all(firsts) else ()
        case _:
            return ()


def _group(word: str) -> Groups:
    keys = (*query_keys(word), *spellings(word))
    kept = tuple(dict.fromkeys(key for key in keys if key))
    return (kept,) if kept else ()


def _cut(text: str, letters: int | None) -> Groups:
    kept = tuple(dict.fromkeys(form[:letters] for form in spellings(text) if form))
    return (kept,) if kept else ()


def _pattern(group: Sequence[str]) -> re.Pattern[str]:
    """What a record holds, as it is stored, that has a word of the group or a class named so."""
    words = beginnings(group, _LETTERS)
    classes = [
        re.escape(row.notation)
        for row in load_table().rows.values()
        if any(map(words.search, row.captions.values()))
    ]
    return re.compile(f'{words.pattern}|"(?:{"|".join(classes)})') if classes else words


def _holding(library: Library, wanted: Sequence[re.Pattern[str]]) -> Iterator[str]:
    """Yield the ids of records in force that hold a word of every group."""
    for identifier, content in records.iterate_contents(library.store):
        if all(pattern.search(content) for pattern in wanted):
            yield identifier
