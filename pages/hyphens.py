"""Whether two parts at a line end are one word, and whether the hyphen between them belongs to it.

What is asked, in this order: the signs themselves (figures, abbreviations, capitals), the pages'
own vocabulary, the shape of the two parts, ``corpora/lexicon/hyphen.txt``. What nothing speaks for
is a word that was split.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from olketanu import APP_ROOT
from pages.alto import HYPHENS
from pages.text import PageText

RULES = APP_ROOT / "corpora" / "lexicon" / "hyphen.txt"
DASHES = "—–="
"""What a recogniser reads for a hyphen now and then; with a blank before it, it is a dash."""

JUNK = "‘’'`°·‚*|~^"
"""Signs that specks are read as, behind a hyphen or before the word that goes on."""

SPLIT_SIGNS = HYPHENS + DASHES
"""Signs at the end of a word that may say that it goes on in the next line."""

_SHORTEST = 2  # letters of a part that a line end may leave alone
_TWICE = 3  # letters that two parts must share to be a doubled word (бір-бірін, еле-еле)
_SURE = 6  # letters from which the beginning of a word tells which one it is
_REACH = 16  # letters of a beginning that are kept: more tell nothing more
_KNOWN = 4  # letters from which a part that is also a word counts as one
_OFTEN = 1  # times that a word must stand elsewhere before a part without hyphen is joined to it
_EDGE = re.compile(r"^\W+|\W+$")
_INTENSE = re.compile("[пмс]$")


class Rule(NamedTuple):
    """Left and right parts between which a hyphen belongs to the word."""

    left: re.Pattern[str]
    right: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """What ``hyphen.txt`` holds: rules, and lists under a name.

    ``vowels`` begin a syllable; after ``open`` letters it may begin with one (рай-он), after a
    consonant only where one of the ``prefixes`` ends (без-опасный); ``copulas`` continue no word.
    """

    pairs: tuple[Rule, ...]
    vowels: frozenset[str]
    open: frozenset[str]
    prefixes: frozenset[str]
    copulas: frozenset[str]


class Vocabulary:
    """Forms printed whole, with or without hyphen; grows page by page, in reading order."""

    __slots__ = ("_begun", "_forms", "_split")

    def __init__(self, pages: Iterable[PageText] = ()) -> None:
        self._forms: Counter[str] = Counter()
        self._begun: set[str] = set()
        self._split = False
        for page in pages:
            self.add(page)

    def add(self, page: PageText) -> None:
        """Take in every word that neither ends in a hyphen nor stands after one at a line end."""
        for form in self._whole_forms(page):
            if form not in self._forms:
                self._begun.update(form[:n] for n in range(_SURE, min(len(form), _REACH) + 1))
            self._forms[form] += 1

    def _whole_forms(self, page: PageText) -> Iterator[str]:
        for line in page.lines():
            for word in line.words:
                form = core(word.text)
                if not form:
                    continue
                tail, self._split = self._split, is_split(word.text)
                if not tail and not self._split:
                    yield form

    def __contains__(self, form: str) -> bool:
        return form in self._forms

    def count(self, form: str) -> int:
        """How often the form stands whole."""
        return self._forms[form]

    def begins(self, start: str) -> bool:
        """Whether a form begins so; False for a beginning of fewer than six letters."""
        return start[:_REACH] in self._begun


def core(text: str) -> str:
    """A word without the punctuation around it, in the spelling of vocabulary and rules."""
    return _EDGE.sub("", text.casefold().replace("ё", "е"))


@cache
def load_rules(path: Path = RULES) -> Rules:
    """Return what the file holds; ValueError on a line without `` : `` or an unknown ``@name``."""
    names: dict[str, str] = {}
    pairs = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if not text:
            continue
        name, equals, patterns = text.partition(" = ")
        if equals:
            names[name] = patterns
            continue
        left, colon, right = text.partition(" : ")
        if not colon:
            raise ValueError(f"{path.name}: {line}")
        pairs.append(Rule(_any_of(left, names), _any_of(right, names)))
    lists = ("@vowel", "@open", "@prefix", "@copula")
    return Rules(tuple(pairs), *(frozenset(names.get(name, "").split()) for name in lists))


def is_split(text: str) -> bool:
    """Whether a word's last sign may say that it goes on in the next line."""
    return len(text) > 1 and _end(text)[-1] in SPLIT_SIGNS


def content(left: str, right: str, vocabulary: Vocabulary, *, far: bool = False) -> str | None:
    """The one word that two parts make, as printed, or None where they are two words.

    ``left`` is the last word of a line, ``right`` the first of the next; ``far`` says that a column
    or page end lies between, where the next line may be another text's. Punctuation at the outer
    ends stays; the hyphen goes unless it belongs to the word.
    """
    left, right = _end(left), right.lstrip(JUNK) or right
    if left[-1] in HYPHENS:
        return _of_hyphen(left[:-1], right, vocabulary, far=far)
    if left[-1] in DASHES:
        return _of_dash(left[:-1], right, vocabulary)
    return None if far else _of_nothing(left, right, vocabulary)


def vouched(left: str, right: str, vocabulary: Vocabulary) -> bool:
    """Whether the pages print the word elsewhere that a part with a hyphen and ``right`` make."""
    first, second = core(left), core(right)
    if not first or not second or _end(left)[-1] not in HYPHENS:
        return False
    return first + second in vocabulary or f"{first}-{second}" in vocabulary


def _end(text: str) -> str:
    """The word without specks behind its hyphen; others as they are."""
    bare = text.rstrip(JUNK + ".,")
    return bare if bare and bare[-1] in SPLIT_SIGNS else text


def _any_of(patterns: str, names: dict[str, str]) -> re.Pattern[str]:
    found: list[str] = []
    for pattern in patterns.split():
        if pattern.startswith("@") and pattern not in names:
            raise ValueError(f"{RULES.name}: {pattern}")
        found += names[pattern].split() if pattern.startswith("@") else [pattern]
    return re.compile("|".join(translate(pattern) for pattern in found))


def _of_hyphen(stem: str, right: str, vocabulary: Vocabulary, *, far: bool) -> str | None:
    if not stem or not stem[-1].isalnum() or core(right) in load_rules().copulas:
        return None
    first, second = core(stem), core(right)
    case = _case(stem, right)
    # A line end never leaves one letter alone, a capital does not go on in another column.
    lone = len(first) < _SHORTEST and stem[-1].isalpha() and right[0].isalpha()
    odd = lone or case == "misread" or (case == "name" and far)
    if case is not None and odd and _is_listed(first.rpartition("-")[2], second):
        return f"{stem}-{right}"
    if case is None or lone or (odd and far):
        return None
    if case == "misread":
        # A small letter read as its capital: the hyphen and the place speak for one word.
        return None if second in vocabulary else stem + right.lower()
    if case in ("tied", "name") or _is_tied(first, second, vocabulary):
        return f"{stem}-{right}"
    return None if _are_two(first, second, vocabulary, far=far) else stem + right


def _of_dash(stem: str, right: str, vocabulary: Vocabulary) -> str | None:
    """A hyphen read as a dash: joined where no reading as two words is known."""
    first, second = core(stem), core(right)
    if len(first) < _SHORTEST or not stem[-1].isalpha() or not right[0].islower():
        return None
    if first + second not in vocabulary and (first in vocabulary or second in vocabulary):
        return None
    return _of_hyphen(stem, right, vocabulary, far=False)


def _of_nothing(left: str, right: str, vocabulary: Vocabulary) -> str | None:
    """A lost hyphen: joined where the whole is printed elsewhere and the parts never are."""
    if not left[-1].isalpha() or not right[0].islower():
        return None
    first, second = core(left), core(right)
    if min(len(first), len(second)) < _SHORTEST or len(first + second) < _SURE:
        return None
    # Each part stands in the vocabulary once: here.
    apart = max(vocabulary.count(first), vocabulary.count(second)) > 1
    whole = vocabulary.count(first + second) >= _OFTEN
    return left + right if whole and not apart else None


def _case(stem: str, right: str) -> str | None:
    """How two parts may meet by their letters: tied, split, name, misread, or None for never."""
    bare = _bare(stem)
    lead = right[0]
    # A suffix after an abbreviation or a number keeps its hyphen (США-да, 40-летие).
    short = len(bare) > 1 and bare.upper() == bare
    if stem[-1].isdigit() or not lead.isalpha():
        return "tied" if _is_numbered(stem, right) else None
    if short and lead.islower():
        return "tied"
    if lead.islower() or (short and _bare(right).upper() == _bare(right)):
        # A line end never leaves one letter alone.
        return "split" if len(core(right)) >= _SHORTEST else None
    if bare[:1].isupper():
        return "name" if len(bare) > 1 else None
    return "misread" if len(core(right)) >= _SHORTEST else None


def _is_numbered(stem: str, right: str) -> bool:
    """Whether a number meets a number, its suffix (40-летие) or its name (Ту-154)."""
    if stem[-1].isdigit():
        return right[0].isdigit() or right[0].islower()
    return right[0].isdigit() and _bare(stem)[:1].isupper()


def _bare(text: str) -> str:
    """A word without the punctuation around it, letters as they are but ё."""
    return _EDGE.sub("", text.replace("ё", "е").replace("Ё", "Е"))


def _is_tied(first: str, second: str, vocabulary: Vocabulary) -> bool:
    """Whether the hyphen between two parts belongs to the word."""
    with_hyphen = f"{first}-{second}"
    if with_hyphen in vocabulary:
        return True
    if first + second in vocabulary:
        return False
    if vocabulary.begins(with_hyphen[: len(first) + 4]):
        return True
    if vocabulary.begins((first + second)[: max(_SURE, len(first) + 2)]):
        return False
    # Of «научно-исследо-вательский» the last part counts; точь-в-точь comes back to its first.
    again = len(second) >= _TWICE and second in first.split("-")[:-1]
    last = first.rpartition("-")[2]
    return again or _is_shaped(last, second) or _is_listed(last, second)


def _are_two(first: str, second: str, vocabulary: Vocabulary, *, far: bool) -> bool:
    """Whether the hyphen is a speck: both parts are words of the pages, the whole is none.

    Over a column or page end the second part is enough: the next line may be another text's.
    """
    if vocabulary.begins((first + second)[: max(_SURE, len(first) + 2)]):
        return False
    known = len(second) >= _KNOWN and second in vocabulary
    return known and (far or (len(first) >= _KNOWN and first in vocabulary))


def _is_listed(first: str, second: str) -> bool:
    return any(r.left.match(first) and r.right.match(second) for r in load_rules().pairs)


def _is_shaped(first: str, second: str) -> bool:
    """Whether the two parts have the shape of a doubled word, or cannot be syllables of one."""
    if not first or not second:
        return False
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))))
    # «водопро-вод» is no doubled word: its second part says nothing of its own.
    if shared >= _TWICE and (shared < len(second) or first == second):
        return True
    # қып-қызыл, нан-пан
    intense = len(first) >= _TWICE and shared == len(first) - 1 and _INTENSE.search(first)
    echo = len(first) >= _TWICE and second[0] in "мп" and first[1:] == second[1:]
    if intense or echo:
        return True
    rules = load_rules()
    closed = first[-1] not in rules.open and first not in rules.prefixes
    return closed and len(first) > _SHORTEST and second[0] in rules.vowels
