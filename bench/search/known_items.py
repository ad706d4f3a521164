"""What a reader looks for and knows to be there, and the ways in which he may type it.

Two sets. Topics: three words of a document's topic that stand together on one of its pages. Names:
persons and places of ``words/known_items.tsv``, each told of by one document in Kazakh or Russian
and mentioned by the way in some others.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from bench.search import inflect_kaz
from bench.search.corpus import (
    LANGUAGES,
    Document,
    Page,
    Running,
    described,
    documents,
    drawn_topics,
    misread,
)
from bench.search.vocabulary import WORDS, lexicon

_KAZAKH = str.maketrans("әғқңөұүіһ", "агкноууих")
_ALPHABETS = ("latin-2021", "latin-2018", "latin-passport")
_SHORTEST_MISREAD = 5
_MENTIONS = (4, 2)  # of a name: on the page that tells of it, on others in all


@dataclass(frozen=True, slots=True)
class Query:
    """A query of a class, and the key of the document that is right."""

    kind: str
    text: str
    right: str


def made_documents(pages: int) -> list[Document]:
    """Return whole documents of the corpus with at most so many pages together."""
    chosen: list[Document] = []
    for document in documents():
        pages -= len(document.pages)
        if pages < 0:
            return chosen
        chosen.append(document)
    return chosen


def topic_queries(chosen: list[Document], count: int, *, real: bool = False) -> Iterator[Query]:
    """Yield queries for so many items, half in each language, in every class.

    Half of all topics are made-up words, which no list knows; ``real``: of real ones alone.
    """
    draw = random.Random(f"topics {count}")
    left = dict.fromkeys(LANGUAGES, count // 2)
    while any(left.values()):
        document = draw.choice(chosen)
        language = document.about.language
        found = _together(document, draw, real=real) if left[language] else ()
        if len(found) == 3:
            left[language] -= 1
            group = f"{language} real" if real else language
            for kind, text in _asked_topics(language, found, draw).items():
                yield Query(f"{group} {kind}", text, document.key)


def _together(document: Document, draw: random.Random, *, real: bool) -> tuple[int, ...]:
    """Three topics that stand on one page; fewer where there are not as many."""
    page, words = draw.choice(document.pages), lexicon(document.about.language)
    said = set(page.text.lower().replace(",", " ").replace(".", " ").split())
    forms = _forms(document.about.language, document.topics)
    there = [
        topic
        for topic in document.topics
        if not said.isdisjoint(forms[topic]) and (words.lemmas[topic].real or not real)
    ]
    return tuple(draw.sample(there, min(3, len(there))))


@cache
def _forms(language: str, topics: tuple[int, ...]) -> dict[int, frozenset[str]]:
    words = lexicon(language)
    return {
        topic: frozenset(
            words.form(topic, slot) for slot in range(len(words.names[words.lemmas[topic].part]))
        )
        for topic in topics
    }


def _asked_topics(language: str, topics: tuple[int, ...], draw: random.Random) -> dict[str, str]:
    words = [lexicon(language).dictionary_form(topic) for topic in topics]
    other = [_other_form(language, topic, draw) for topic in topics]
    wrong = draw.randrange(len(words))
    read = [misread(word, draw) if n == wrong else word for n, word in enumerate(words)]
    kinds = {"dictionary": words, "inflected": other, "one error": read}
    if language == "kaz":
        kinds["no Kazakh letters"] = list(map(without_kazakh_letters, words))
        kinds["inflected, no Kazakh letters"] = list(map(without_kazakh_letters, other))
        kinds |= {name: [latin(word, name) for word in words] for name in _ALPHABETS}
    return {kind: " ".join(chosen) for kind, chosen in kinds.items()}


def _other_form(language: str, topic: int, draw: random.Random) -> str:
    """Draw a form by its share that is not the dictionary's."""
    words = lexicon(language)
    part, plain = words.lemmas[topic].part, words.dictionary_form(topic)
    while True:
        slot = int(np.searchsorted(words.shares(part), draw.random()))
        form = words.form(topic, slot)
        if form != plain:
            return form


def without_kazakh_letters(word: str) -> str:
    """Return a word as it is typed on a Russian keyboard."""
    return word.lower().translate(_KAZAKH)


def latin(word: str, alphabet: str) -> str:
    """Return a Kazakh word in one of the Latin alphabets, small letters."""
    word = word.lower()
    if alphabet != "latin-passport":  # the two alphabets write one i in partia, medeniet
        word = word.replace("ия", "я").replace("ию", "ю")
    return "".join(_latin(alphabet).get(letter, letter) for letter in word)


@cache
def _latin(alphabet: str) -> dict[str, str]:
    column = 1 + _ALPHABETS.index(alphabet)
    rows = (line.split("\t") for line in _lines("latin.tsv"))
    return {row[0]: row[column].strip("-") for row in rows}


def _lines(name: str) -> list[str]:
    lines = (WORDS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@dataclass(frozen=True, slots=True)
class _Name:
    kind: str
    kaz: str
    rus: str
    rus_forms: tuple[str, ...]

    def form(self, language: str, draw: random.Random) -> str:
        """Draw a form that is not the first one, where there is another."""
        if language == "rus":
            return draw.choice(self.rus_forms)
        *before, last = self.kaz.split()
        case = draw.choice(("gen", "dat", "acc", "loc", "abl", "rel"))
        return " ".join((*before, last[0] + inflect_kaz.noun(last.lower(), f"..{case}")[1:]))

    def plain(self, language: str) -> str:
        return self.kaz if language == "kaz" else self.rus


@cache
def _names() -> tuple[_Name, ...]:
    rows = (line.split("\t") for line in _lines("known_items.tsv"))
    return tuple(_Name(kind, kaz, rus, tuple(forms.split("; "))) for kind, kaz, rus, forms in rows)


def name_pages(copies: int = 1) -> Iterator[Page]:
    """Yield pages that tell of one name each, and mention others; ``copies`` a name and language.

    The document of a name is ``n<number>``: in Kazakh for even numbers, in Russian for odd ones.
    """
    for number, name in enumerate(_names()):
        for copy in range(copies):
            yield _told_page(number, name, copy)


def _told_page(number: int, name: _Name, copy: int) -> Page:
    draw = random.Random(f"name {number} {copy}")
    lots = np.random.RandomState(7000 + 100 * number + copy)
    language = _told_in(number)
    topics = drawn_topics(language, draw)
    running = Running(language, topics, 300, lots, draw)
    told, mentioned = _MENTIONS
    for _ in range(told if copy == 0 else 0):
        running.words[draw.randrange(300)] += f" {name.form(language, draw)}"
    for other in draw.sample(_names(), mentioned):
        running.words[draw.randrange(300)] += f" {other.form(language, draw)}"
    key = f"n{number:04d}" if copy == 0 else f"m{number:04d}{copy}"
    text, languages = running.lines(0, 300)
    return Page(f"{key}/p0001", key, text, languages, described(language, topics, draw))


def _told_in(number: int) -> str:
    return LANGUAGES[number % 2]


def name_queries() -> Iterator[Query]:
    """Yield queries for every name in every class."""
    draw = random.Random("names")
    for number, name in enumerate(_names()):
        language = _told_in(number)
        other = LANGUAGES[1 - number % 2]
        for kind, text in _asked_name(name, language, other, draw).items():
            yield Query(f"{language} name {kind}", text, f"n{number:04d}")


def _asked_name(name: _Name, language: str, other: str, draw: random.Random) -> dict[str, str]:
    plain = name.plain(language)
    words = plain.lower().replace("-", " ").split()
    longest = max(range(len(words)), key=lambda n: len(words[n]))
    read = [misread(word, draw) if n == longest else word for n, word in enumerate(words)]
    write: dict[str, str] = {
        "dictionary": plain,
        "inflected": name.form(language, draw),
        "latin-passport": latin(plain, "latin-passport"),
        "one error": " ".join(read),
        "other language": name.plain(other),
    }
    if language == "kaz":
        write["no Kazakh letters"] = without_kazakh_letters(plain)
        write |= {alphabet: latin(plain, alphabet) for alphabet in _ALPHABETS[:2]}
    return write
