"""The questions that are put to every engine: drawn from the corpus itself, the same for all.

Sixty a class. Words are those that stand in so many pages: ``rare`` in 2 to 5, ``medium`` in 1 of
300 to 1 of 60, ``common`` in more than 1 of 20. Half of the phrases hold a function word.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator

from bench.search.corpus import misread
from bench.search.made_entries import folder, kept_pages
from bench.search.peers.base import Question, What
from bench.search.vocabulary import function_words

EACH = 60
_WORD = re.compile(r"\w+")
_SHORTEST = 4
_SAMPLES = 4000


def questions(pages: int) -> tuple[Question, ...]:
    """Return the questions for a corpus of so many pages; made once, then kept beside it."""
    path = folder() / f"questions-{pages}.json"
    if not path.exists():
        rows = [(one.what, one.words) for one in _Drawing(pages).all()]
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return tuple(
        Question(what, tuple(words)) for what, words in json.loads(path.read_text("utf-8"))
    )


class _Drawing:
    """Draws questions from the words of a corpus and from some of its lines."""

    def __init__(self, pages: int) -> None:
        self._draw = random.Random(f"questions {pages}")
        self._pages = pages
        self._function = frozenset(function_words("kaz")) | frozenset(function_words("rus"))
        self._in_pages: Counter[str] = Counter()
        self._lines: list[list[str]] = []
        self._read()
        self._content = sorted(word for word in self._in_pages if self._is_content(word))

    def _read(self) -> None:
        every = max(1, self._pages // _SAMPLES)
        for number, page in enumerate(kept_pages(self._pages)):
            self._in_pages.update(set(_WORD.findall(page.text.lower())))
            if number % every == 0:
                line = self._draw.choice(page.text.lower().splitlines())
                self._lines.append(_WORD.findall(line))

    def _is_content(self, word: str) -> bool:
        return len(word) >= _SHORTEST and word.isalpha() and word not in self._function

    def all(self) -> Iterator[Question]:
        """Yield the questions class by class."""
        medium, common = self._within(1 / 300, 1 / 60), self._within(1 / 20, 1)
        rare = [word for word in self._content if 2 <= self._in_pages[word] <= 5]
        long = [word for word in medium if len(word) >= 7]
        make: dict[What, Callable[[], tuple[str, ...]]] = {
            "rare": lambda: (self._draw.choice(rare),),
            "medium": lambda: (self._draw.choice(medium),),
            "common": lambda: (self._draw.choice(common),),
            "and": lambda: self._beside(medium, common),
            "or": lambda: (self._draw.choice(medium), self._draw.choice(common)),
            "phrase": self._phrase,
            "prefix": lambda: (self._draw.choice(long)[:5] + "*",),
            "wildcard": lambda: self._wildcard(self._draw.choice(long)),
            "fuzzy": lambda: (misread(self._draw.choice(long), self._draw),),
            "facets": lambda: (self._draw.choice(common),),
            "page": lambda: (self._draw.choice(common),),
        }
        for what, one in make.items():
            for _ in range(EACH):
                yield Question(what, one())

    def _within(self, least: float, most: float) -> list[str]:
        low, high = least * self._pages, most * self._pages
        return [word for word in self._content if low <= self._in_pages[word] <= high]

    def _beside(self, medium: list[str], common: list[str]) -> tuple[str, ...]:
        """Two words of one line, neither rare; else a medium and a common one."""
        known = set(medium) | set(common)
        for _ in range(200):
            found = [word for word in self._draw.choice(self._lines) if word in known]
            if len(set(found)) > 1:
                return found[0], next(word for word in found if word != found[0])
        return self._draw.choice(medium), self._draw.choice(common)

    def _phrase(self) -> tuple[str, ...]:
        """Two or three neighbours; with a function word or without, by turns."""
        with_function = self._draw.random() < 0.5
        length = 2 + (self._draw.random() < 0.5)
        while True:
            line = self._draw.choice(self._lines)
            if len(line) < length:
                continue
            start = self._draw.randrange(len(line) - length + 1)
            words = line[start : start + length]
            if with_function == any(word in self._function for word in words):
                return tuple(words)

    def _wildcard(self, word: str) -> tuple[str, ...]:
        return (f"{word[:3]}*{word[-2:]}",)
