"""A made corpus of digitised documents: the same pages for the same number, no text of anybody.

Documents of 1 to 200 pages, half Kazakh, half Russian. Words follow Zipf and Mandelbrot over
25,000 lemmas a language, each in one of its forms; a document repeats 14 lemmas of its topic; after
some words their usual neighbour comes. Kazakh pages hold lines and words in Russian. 1.5 % of the
words carry an error as recognition makes them. The pages of a smaller corpus are the first of a
larger one. Only doubles of a frozen generator are drawn (``numpy.random.RandomState``, ``random``),
so that every machine makes the same.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.search.vocabulary import FUNCTION, SLOTS, lexicon, names

CONFUSIONS = Path(__file__).parents[2] / "corpora" / "lexicon" / "confusions.tsv"
LANGUAGES = ("kaz", "rus")
SEED = 2022

TOPICS = 14
_PAGES, _STEEPNESS = 200, 1.5  # the longest document; mean 11 pages
_WORDS, _SPREAD, _FEWEST, _MOST = 300, 50, 90, 480  # of a page
_LINE = (6, 10)
_OFFSET, _EXPONENT = 2.7, 1.15  # Zipf and Mandelbrot
_TOPIC, _NEIGHBOUR, _NUMBER, _ERROR = 0.12, 0.15, 0.015, 0.015
_OTHER_LINE = {"kaz": 0.06, "rus": 0.02}
_OTHER_WORD = {"kaz": 0.03, "rus": 0.01}
_STOP, _COMMA = 0.09, 0.08

KINDS = ("newspaper_issue", "book", "journal_issue", "newspaper_article", "photograph")
CATALOGUES = ("articles", "books", "local_history", "periodicals", "ecology", "children")
CLASSES = ("94(574.31)", "622.33(574.31)", "821.512.122", "37(574.31)", "58(574.31)", "908(574.31)")

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Description:
    """What a catalogue says of a document: equal for all its pages."""

    title: str
    names: tuple[str, ...]
    subjects: tuple[str, ...]
    kind: str
    catalogue: str
    udc: str
    date: str
    language: str

    @property
    def year(self) -> int:
        """The year of its date."""
        return int(self.date[:4])


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``text`` holds lines that end in a newline, ``languages`` one code a line."""

    key: str
    document: str
    text: str
    languages: tuple[str, ...]
    about: Description


@dataclass(frozen=True, slots=True)
class Document:
    """A document; ``topics`` are numbers of lemmas in the lexicon of its language."""

    key: str
    about: Description
    topics: tuple[int, ...]
    pages: tuple[Page, ...]


def pages(count: int) -> Iterator[Page]:
    """Yield the first ``count`` pages."""
    return islice((page for document in documents() for page in document.pages), count)


def documents(seed: int = SEED) -> Iterator[Document]:
    """Yield documents without end."""
    number = 0
    while True:
        yield _document(number, seed)
        number += 1


def _document(number: int, seed: int) -> Document:
    lots = np.random.RandomState((seed * 100_003 + number) % 2**32)
    draw = random.Random(f"{seed} {number}")
    language = LANGUAGES[draw.random() < 0.5]
    chosen = drawn_topics(language, draw)
    about = described(language, chosen, draw)
    key = f"d{number:06d}"
    sizes = np.clip(_WORDS + _SPREAD * lots.standard_normal(_length(draw)), _FEWEST, _MOST)
    cuts = [0, *np.cumsum(sizes.astype(np.int64)).tolist()]
    text = Running(language, chosen, cuts[-1], lots, draw)
    made = tuple(
        Page(f"{key}/p{place:04d}", key, *text.lines(start, end), about)
        for place, (start, end) in enumerate(pairwise(cuts), 1)
    )
    return Document(key, about, chosen, made)


class Running:
    """So many words of running text, to be cut into lines."""

    def __init__(
        self,
        language: str,
        topics: tuple[int, ...],
        count: int,
        lots: np.random.RandomState,
        draw: random.Random,
    ) -> None:
        self._ends = _line_ends(count, lots)
        line_of = np.searchsorted(self._ends, np.arange(count), side="right")
        own = LANGUAGES.index(language)
        others = lots.random_sample(len(self._ends)) < _OTHER_LINE[language]
        self._codes = np.where(others, 1 - own, own)
        spoken = self._codes[line_of]
        stray = lots.random_sample(count) < _OTHER_WORD[language]
        spoken = np.where(stray, 1 - spoken, spoken)
        forms = np.empty(count, np.int64)
        for code in (0, 1):
            mask = spoken == code
            about = topics if code == own else ()
            drawn = _forms(LANGUAGES[code], about, int(mask.sum()), lots)
            forms[mask] = drawn + code * _STRIDE
        figures = lots.random_sample(count) < _NUMBER
        forms[figures] = -1 - (2030 * lots.random_sample(int(figures.sum()))).astype(np.int64)
        self.words = _printed(forms, lots, draw)

    def lines(self, start: int, end: int) -> tuple[str, tuple[str, ...]]:
        """Return the text of the words ``start`` to ``end`` (exclusive), and a code a line."""
        first = int(np.searchsorted(self._ends, start, side="right"))
        last = int(np.searchsorted(self._ends, end - 1, side="right"))
        inner = self._ends[first:last].tolist()
        cut = [" ".join(self.words[a:b]) for a, b in pairwise([start, *inner, end])]
        return "\n".join(cut) + "\n", tuple(
            LANGUAGES[code] for code in self._codes[first : last + 1].tolist()
        )


_STRIDE = 2**31


def _line_ends(count: int, lots: np.random.RandomState) -> Numbers:
    shortest, longest = _LINE
    spread = (longest - shortest + 1) * lots.random_sample(count // shortest + 1)
    ends = np.cumsum(shortest + spread.astype(np.int64))
    return ends[: int(np.searchsorted(ends, count)) + 1]


@cache
def _shape(language: str) -> tuple[NDArray[np.float64], Numbers, Numbers, tuple[str, ...]]:
    """Cumulated shares of lemmas, the neighbour of each, its part of speech, and the parts."""
    words = lexicon(language)
    ranks = np.arange(1, len(words.lemmas) + 1)
    shares = np.cumsum((ranks + _OFFSET) ** -_EXPONENT)
    shares /= shares[-1]
    lots = np.random.RandomState(SEED)
    neighbours = np.searchsorted(shares, lots.random_sample(len(ranks)))
    parts = tuple(words.names)
    of = np.array([parts.index(one.part) for one in words.lemmas])
    return shares, neighbours, of, parts


def _forms(
    language: str, topics: tuple[int, ...], count: int, lots: np.random.RandomState
) -> Numbers:
    """Draw so many forms of words in a row: lemma * SLOTS + slot."""
    shares, neighbours, part_of, parts = _shape(language)
    lemmas = np.searchsorted(shares, lots.random_sample(count))
    if topics:
        told = lots.random_sample(count) < _TOPIC
        chosen = (len(topics) * lots.random_sample(int(told.sum()))).astype(np.int64)
        lemmas[told] = np.array(topics)[chosen]
    beside = np.flatnonzero(lots.random_sample(count) < _NEIGHBOUR)
    beside = beside[beside > 0]
    lemmas[beside] = neighbours[lemmas[beside - 1]]
    slots = np.zeros(count, np.int64)
    dice = lots.random_sample(count)
    for code, part in enumerate(parts):
        if part != FUNCTION:
            mask = part_of[lemmas] == code
            slots[mask] = np.searchsorted(lexicon(language).shares(part), dice[mask])
    return lemmas * SLOTS + slots


@cache
def _word(form: int) -> str:
    if form < 0:
        return str(-form)
    code, rest = divmod(form, _STRIDE)
    return lexicon(LANGUAGES[code]).form(*divmod(rest, SLOTS))


def _printed(forms: Numbers, lots: np.random.RandomState, draw: random.Random) -> list[str]:
    """Return the words as they stand on paper and as recognition reads them."""
    distinct, places = np.unique(forms, return_inverse=True)
    known = np.array([_word(form) for form in distinct.tolist()], dtype=object)
    words: list[str] = known[places].tolist()
    for place in np.flatnonzero(lots.random_sample(len(words)) < _ERROR).tolist():
        words[place] = misread(words[place], draw)
    signs = lots.random_sample(len(words))
    words[:1] = [word.capitalize() for word in words[:1]]
    for place in np.flatnonzero(signs < _STOP + _COMMA).tolist():
        if signs[place] < _COMMA:
            words[place] += ","
            continue
        words[place] += "."
        if place + 1 < len(words):
            words[place + 1] = words[place + 1].capitalize()
    return words


@cache
def _confusions() -> dict[str, tuple[str, ...]]:
    """What recognition reads in place of a letter; two for one are left out."""
    found: dict[str, list[str]] = {}
    for line in CONFUSIONS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            read, meant, _ = line.split("\t")
            found.setdefault(meant, []).append(read)
    return {meant: tuple(read) for meant, read in found.items()}


def misread(word: str, draw: random.Random) -> str:
    """Return ``word`` (small letters) with one error: a look-alike, or a letter lost."""
    known = _confusions()
    places = [n for n, letter in enumerate(word) if letter in known]
    if places and draw.random() < 0.85:
        place = places[int(draw.random() * len(places))]
        instead = known[word[place]]
        read = instead[int(draw.random() * len(instead))]
        return word[:place] + read + word[place + 1 :]
    place = int(draw.random() * len(word))
    return (word[:place] + word[place + 1 :]) or word


def _length(draw: random.Random) -> int:
    """Draw how many pages a document has: p(n) falls as n to the power of -1.5."""
    return int(np.searchsorted(_lengths(), draw.random())) + 1


@cache
def _lengths() -> NDArray[np.float64]:
    shares = np.cumsum(np.arange(1, _PAGES + 1) ** -_STEEPNESS)
    return np.asarray(shares / shares[-1])


def drawn_topics(language: str, draw: random.Random) -> tuple[int, ...]:
    """Draw nouns and adjectives: half real words, half made ones, the frequent ones more often."""
    real, made = _subjects(language)
    chosen: dict[int, None] = {}
    while len(chosen) < TOPICS // 2:
        chosen[real[int(draw.random() * len(real))]] = None
    while len(chosen) < TOPICS:
        chosen[made[int(len(made) * draw.random() ** 2)]] = None
    return tuple(chosen)


@cache
def _subjects(language: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    words = list(enumerate(lexicon(language).lemmas))
    nouns = [(n, one) for n, one in words if one.part not in (FUNCTION, "v") and len(one.word) > 3]
    real = tuple(n for n, one in nouns if one.real)
    return real, tuple(n for n, one in nouns if not one.real)


def described(language: str, topics: tuple[int, ...], draw: random.Random) -> Description:
    """Draw what the catalogue says; title and subjects are of the topics."""
    words = lexicon(language)
    heads = [words.dictionary_form(topic) for topic in topics]
    title = heads[: 2 + int(3 * draw.random())]
    title = [word if draw.random() < 0.5 else word.capitalize() for word in title]
    surnames, given = names(language, "surname"), names(language, "given")
    persons = tuple(
        f"{_one(surnames, draw)}, {_one(given, draw)}" for _ in range(1 + (draw.random() < 0.3))
    )
    date = f"{1900 + int(125 * draw.random())}-{1 + int(12 * draw.random()):02d}"
    return Description(
        title=" ".join(title).capitalize(),
        names=persons,
        subjects=tuple(word.capitalize() for word in heads[4:6]),
        kind=_one(KINDS, draw),
        catalogue=_one(CATALOGUES, draw),
        udc=_one(CLASSES, draw),
        date=f"{date}-{1 + int(28 * draw.random()):02d}",
        language=language,
    )


def _one(values: tuple[str, ...], draw: random.Random) -> str:
    """Draw one, the first ones more often."""
    return values[int(len(values) * draw.random() ** 1.5)]
