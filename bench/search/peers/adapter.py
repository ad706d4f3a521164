"""Our engines alone, asked for what the stock engines are asked for: one field, one form of a word.

No session, no languages, no other fields: what an adapter costs on top of its library. A word is
looked for as it is written (folded); rows of words stand in the field of stems.
"""

import time
from collections.abc import Iterable
from pathlib import Path

from bench.search.corpus import Page
from bench.search.peers.base import SHOWN, Question
from bench.search.peers.ours import entry_of
from language.fold import fold
from search.analysis import query_keys
from search.engine.base import open_engine
from search.engine.wanted import Either, Every, Keys, Row, Wanted
from search.schema import analyse

_MOST = 200  # words of a prefix, as in our queries


class Tantivy:
    """The adapter of the fast engine."""

    engine = "tantivy"

    def __init__(self, folder: Path) -> None:
        self._engine = open_engine(self.engine, folder)
        self.analysis = 0.0
        """CPU seconds that went into keys and not into the engine."""

    def fill(self, made: Iterable[Page]) -> None:
        """Index pages and records; their analysis is timed apart."""
        for page in made:
            begin = time.thread_time()
            analysed = analyse(entry_of(page))
            self.analysis += time.thread_time() - begin
            self._engine.replace(analysed)
        self._engine.commit()

    def ask(self, question: Question) -> int | None:
        """Find the best ten and return how many there are in all."""
        wanted = self._wanted(question)
        return None if wanted is None else self._engine.search(wanted, SHOWN).total

    def _wanted(self, question: Question) -> Wanted | None:
        match question.what:
            case "rare" | "medium" | "common":
                return _word(question.words[0])
            case "and":
                return Every(tuple(map(_word, question.words)))
            case "or":
                return Either(tuple(map(_word, question.words)))
            case "phrase":
                return Row("text", tuple(query_keys(word) for word in question.words))
            case "prefix":
                held = self._engine.words("exact", fold(question.words[0].rstrip("*")))
                often = sorted(held, key=lambda pair: -pair[1])[:_MOST]
                return Keys("exact", tuple(word for word, _ in often))
            case _:
                return None


class Whoosh(Tantivy):
    """The adapter of the default engine."""

    engine = "whoosh"


def _word(word: str) -> Keys:
    return Keys("exact", (fold(word),))
