"""UDC numbers proposed for a text: captions and keywords of the table found in it, and its places.

Lexical only: words meet by folded stems, phrases by all their words side by side. A place of the
gazetteer becomes the auxiliary of a class that takes one. Weak evidence gives nothing at all. The
weights were set on the project's own sample texts; they order proposals and are no probability.
"""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from catalog.data import rows
from catalog.reason import Reason
from catalog.udc.notation import parse
from catalog.udc.table import LANGUAGES, Row, Table, load_table
from language.fold import fold
from language.stem import stem

_TITLE_WEIGHT, _HEADLINE_WEIGHT, _BODY_WEIGHT = 4.0, 3.0, 1.0
_BODY_WORDS = 1500
_PHRASE_WEIGHT = 1.6
_ENOUGH, _MEDIUM, _HIGH = 2.5, 5.0, 9.0
_MOST = 5
_SEVERAL = 3
_PLACE_SHARE = 0.4
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d{4}")
_PLACED_CLASSES = ("3", "5", "6", "7", "9")


@dataclass(frozen=True, slots=True)
class Texts:
    """What is known of a document: ``title`` and ``headline`` weigh more than ``body``."""

    title: str = ""
    headline: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A number, its parts in words by language, confidence ``high|medium|low``, and why."""

    notation: str
    captions: Mapping[str, str]
    confidence: str
    reasons: tuple[Reason, ...]


def suggest(
    text: Texts | str, languages: Sequence[str], table: Table | None = None
) -> tuple[Suggestion, ...]:
    """Return up to five UDC numbers for ``text``, the best first; empty where nothing is sure.

    ``languages`` are ISO 639-2 codes of the text; both Kazakh and Russian are tried when none of
    them is known. Every notation returned parses.
    """
    texts = Texts(body=text) if isinstance(text, str) else text
    codes = [code for code in languages if code in LANGUAGES] or list(LANGUAGES)
    table = table or load_table()
    found = _Words(texts, codes)
    hits = [hit for row in table.rows.values() if (hit := found.hit(row)).score >= _ENOUGH]
    place = found.place()
    made: dict[str, Suggestion] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.score, hit.row.notation)):
        one = _suggestion(hit, place, table)
        made.setdefault(one.notation, one)
    return tuple(made.values())[:_MOST]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A row found: its points, the keywords that gave them, and whether the title has one."""

    row: Row
    score: float
    words: tuple[str, ...]
    named: bool


class _Words:
    """Stems of a text with their weights, by language."""

    def __init__(self, texts: Texts, codes: Sequence[str]) -> None:
        self._codes = codes
        self._weights: dict[str, defaultdict[str, float]] = {}
        self._runs: dict[str, str] = {}
        self._titles: dict[str, frozenset[str]] = {}
        for code in codes:
            weights: defaultdict[str, float] = defaultdict(float)
            run: list[str] = []
            for part, weight in (
                (texts.title, _TITLE_WEIGHT),
                (texts.headline, _HEADLINE_WEIGHT),
                (texts.body, _BODY_WEIGHT),
            ):
                stems = _stems(part, code)
                run += [*stems, "."]
                # A long book would name everything once; its words count per so many.
                share = min(1.0, _BODY_WORDS / max(1, len(stems)))
                for one in stems:
                    weights[one] += weight * share
            self._titles[code] = frozenset(_stems(f"{texts.title} {texts.headline}", code))
            self._weights[code] = weights
            self._runs[code] = " " + " ".join(run) + " "

    def hit(self, row: Row) -> _Hit:
        """What of the row stands in the text; keywords with the strongest first."""
        points: dict[str, float] = {}
        named = False
        for code in self._codes:
            for word in row.keywords[LANGUAGES[code]]:
                stems = tuple(_stems(word, code))
                value = self._value(stems, code)
                if value:
                    points[word] = max(value, points.get(word, 0.0))
                    named = named or self._titles[code].issuperset(stems)
        ordered = sorted(points, key=lambda word: (-points[word], word))
        return _Hit(row, sum(points.values()), tuple(ordered), named)

    def place(self) -> tuple[str, str] | None:
        """The most exact of the places that are often named: its number and the name found."""
        hits: defaultdict[str, float] = defaultdict(float)
        names: dict[str, str] = {}
        for row in rows("gazetteer/karaganda.tsv"):
            for code in self._codes:
                name = row[LANGUAGES[code]]
                value = self._value(tuple(_stems(name, code)), code)
                if value:
                    hits[row["place"]] += value
                    names.setdefault(row["place"], name)
        if not hits:
            return None
        enough = max(hits.values()) * _PLACE_SHARE
        best = max((n for n in hits if hits[n] >= enough), key=lambda n: (len(n), hits[n], n))
        return best, names[best]

    def _value(self, stems: tuple[str, ...], code: str) -> float:
        """Weight of a word or phrase: grows with the logarithm of how often it stands there."""
        if not stems:
            return 0.0
        weight = min(self._weights[code].get(one, 0.0) for one in stems)
        if not weight:
            return 0.0
        if len(stems) == 1:
            return math.log2(1 + weight)
        side_by_side = f" {' '.join(stems)} " in self._runs[code]
        return _PHRASE_WEIGHT * len(stems) * math.log2(1 + weight) if side_by_side else 0.0


@cache
def _stem_of(word: str, code: str) -> str:
    return fold(stem(word, code))


def _stems(text: str, code: str) -> list[str]:
    return [_stem_of(word.lower(), code) for word in _WORD.findall(text)]


def _suggestion(hit: _Hit, place: tuple[str, str] | None, table: Table) -> Suggestion:
    notation = hit.row.notation
    reasons = [Reason("udc-words", {"words": ", ".join(hit.words[:4])})]
    if place is not None and _takes_place(notation):
        notation = parse(notation + place[0]).normal
        reasons.append(Reason("udc-place", {"place": place[1], "number": place[0]}))
    return Suggestion(notation, _captions(notation, table), _grade(hit), tuple(reasons))


def _grade(hit: _Hit) -> str:
    """Words of the running text alone are weak, however often they come."""
    if hit.score >= _HIGH and hit.named:
        return "high"
    several = hit.named or len(hit.words) >= _SEVERAL
    return "medium" if hit.score >= _MEDIUM and several else "low"


def _takes_place(notation: str) -> bool:
    """Whether a place may follow: not where one stands already, nor on language and literature."""
    return notation.startswith(_PLACED_CLASSES) and "(" not in notation and '"' not in notation


def _captions(notation: str, table: Table) -> dict[str, str]:
    parts = table.explain(notation)
    return {
        code: " · ".join(captions[code] for _, captions in parts if captions.get(code))
        for code in LANGUAGES.values()
    }
