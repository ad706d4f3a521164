"""The words of the made corpus: real ones from our own lists, the rest made after their pattern.

A lexicon stands in the order of frequency: function words, then real and made words mixed, then
made words alone. Words are made letter by letter as the real ones go (pairs decide the next), and a
Kazakh one keeps to vowel harmony.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

from bench.search import inflect_kaz, inflect_rus

WORDS = Path(__file__).parent / "words"
FUNCTION_WORDS = Path(__file__).parents[2] / "corpora" / "lexicon" / "function_words.tsv"
HEADWORDS = Path(__file__).parents[2] / "tests" / "stemming" / "open.tsv"

LEMMAS = 25_000
SLOTS = 128
"""More than the forms of any word: lemma * SLOTS + slot is the number of a form."""
_SHORTEST, _LONGEST = 4, 12
_SHARES = {"kaz": {"n": 0.72, "a": 0.12, "v": 0.16}, "rus": {"n": 0.6, "a": 0.2, "v": 0.2}}
_BACK, _FRONT = frozenset("аоұы"), frozenset("әөүіеэ")
_FOREIGN = frozenset("яёюэвфхцчщьъ")

Inflector = Callable[[str, str, str], str]
PARTS: dict[str, dict[str, tuple[dict[str, float], Inflector]]] = {
    "kaz": {
        "n": (inflect_kaz.NOUN, inflect_kaz.noun),
        "a": (inflect_kaz.ADJECTIVE, inflect_kaz.adjective),
        "v": (inflect_kaz.VERB, inflect_kaz.verb),
    },
    "rus": {
        "n": (inflect_rus.NOUN, inflect_rus.noun),
        "p": (inflect_rus.NOUN, inflect_rus.person),
        "s": (inflect_rus.NOUN, inflect_rus.soft),
        "a": (inflect_rus.ADJECTIVE, inflect_rus.adjective),
        "v": (inflect_rus.VERB, inflect_rus.verb),
    },
}
"""Forms with their shares, and who makes them, by language and part of speech."""

FUNCTION = "f"
"""The part of speech of words that have one form."""


@dataclass(frozen=True, slots=True)
class Lemma:
    """A word: its dictionary form, its part of speech, what stem it loses a vowel to, or ""."""

    word: str
    part: str
    lost: str = ""
    real: bool = True


class Lexicon:
    """The lemmas of a language in the order of frequency, with their forms."""

    def __init__(self, language: str, lemmas: tuple[Lemma, ...]) -> None:
        self.language = language
        self.lemmas = lemmas
        self._parts = PARTS[language]
        self.names = {part: tuple(shares) for part, (shares, _) in self._parts.items()}
        self.names[FUNCTION] = ("",)

    def form(self, lemma: int, slot: int) -> str:
        """Return a form by the number of its lemma and its place in ``names`` of the part."""
        one = self.lemmas[lemma]
        if one.part == FUNCTION:
            return one.word
        return self._parts[one.part][1](one.word, self.names[one.part][slot], one.lost)

    def shares(self, part: str) -> tuple[float, ...]:
        """Return the cumulated shares of the forms of a part of speech; the last is 1."""
        if part == FUNCTION:
            return (1.0,)
        weights = self._parts[part][0].values()
        return tuple(share / sum(weights) for share in accumulate(weights))

    def dictionary_form(self, lemma: int) -> str:
        """Return the word as a dictionary has it: of a Kazakh verb the noun in -у."""
        one = self.lemmas[lemma]
        if one.part == "v" and self.language == "kaz":
            return inflect_kaz.verb(one.word, "inf..")
        return one.word


@cache
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of ``kaz`` or ``rus``; the same in every run."""
    draw = random.Random(f"lexicon {language}")
    function = [Lemma(word, FUNCTION) for word in function_words(language)]
    real = list(_listed(language))
    draw.shuffle(real)
    taken = {one.word for one in function + real}
    made = list(_made(language, real, LEMMAS - len(function) - len(real), taken, draw))
    mixed = real + made[: len(real)]
    draw.shuffle(mixed)
    return Lexicon(language, tuple(function + mixed + made[len(real) :]))


def function_words(language: str) -> tuple[str, ...]:
    """Return the function words of a language, in an order drawn by lot."""
    rows = (row.split("\t") for row in _rows(FUNCTION_WORDS))
    words = [word for code, word in rows if code == language]
    random.Random(language).shuffle(words)
    return tuple(words)


def names(language: str, what: str) -> tuple[str, ...]:
    """Return made-up names of persons: ``what`` is surname or given."""
    rows = (row.split("\t") for row in _rows(WORDS / "names.tsv"))
    return next(tuple(row[2].split()) for row in rows if row[:2] == [language, what])


def _rows(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _listed(language: str) -> Iterator[Lemma]:
    seen = set(function_words(language))
    for row in _rows(WORDS / f"{language}.txt"):
        part, *entries = row.split()
        for entry in entries:
            word, _, lost = entry.partition("/")
            if word not in seen:
                seen.add(word)
                yield Lemma(word, part, lost)
    if language == "kaz":
        for word in dict.fromkeys(row.split("\t")[0] for row in list(_rows(HEADWORDS))[1:]):
            if word not in seen and not word.endswith("у"):
                yield Lemma(word, "n")


def _made(
    language: str, real: list[Lemma], count: int, taken: set[str], draw: random.Random
) -> Iterator[Lemma]:
    """Yield so many words that are not ``taken``, by parts of speech."""
    chains = {part: _chain(real, part) for part in _SHARES[language]}
    parts, shares = list(_SHARES[language]), list(_SHARES[language].values())
    while count:
        part = draw.choices(parts, shares)[0]
        word = _word(chains[part], draw)
        if word in taken or not _fits(word, language, part):
            continue
        taken.add(word)
        count -= 1
        yield Lemma(word, part, real=False)


def _chain(real: list[Lemma], part: str) -> dict[str, list[str]]:
    """Letters that follow a pair of letters in the words of a part of speech; "$" ends a word."""
    following: dict[str, list[str]] = defaultdict(list)
    for one in real:
        if one.part == part:
            signs = f"^^{one.word}$"
            for place in range(len(one.word) + 1):
                following[signs[place : place + 2]].append(signs[place + 2])
    return following


def _word(chain: dict[str, list[str]], draw: random.Random) -> str:
    signs = "^^"
    while signs[-1] != "$" and len(signs) < _LONGEST + 3:
        signs += draw.choice(chain[signs[-2:]])
    return signs[2:].rstrip("$")


def _fits(word: str, language: str, part: str) -> bool:
    if not _SHORTEST <= len(word) <= _LONGEST:
        return False
    if language == "rus":
        return part != "v" or word.endswith(("ать", "ять", "ить", "аться", "овать"))
    letters = set(word)
    return not (letters & _FOREIGN or (letters & _BACK and letters & _FRONT))
