"""Other names of places, bodies and persons: see-references as data, found in a query.

The files lie in ``corpora/authorities/``; the pairs of ``corpora/gazetteer/karaganda.tsv`` are
names too. A name is recognised by its keys, so in any ending, spelling and alphabet.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, product

from catalog.data import rows
from language.fold import fold
from language.letters import has_kazakh
from language.stem import stem
from search.analysis import query_keys, words
from search.query.tree import Alias, KeySet, KeySets

_FILES = ("authorities/places.tsv", "authorities/bodies.tsv", "authorities/persons.tsv")
_GAZETTEER = "gazetteer/karaganda.tsv"
_LANGUAGES = {"kk": "kaz", "ru": "rus"}
_HARD = "бвгджзклмнпрстфхцчшщ"
_CASES = {
    **dict.fromkeys(_HARD, ("а", "у", "ом", "е")),
    "а": ("ы", "и", "е", "у", "ой"),
    "й": ("я", "ю", "ем", "е"),
    "ь": ("и", "я", "ю", "ем"),
    "я": ("и", "е", "ю", "ей"),
}
"""Endings of Russian nouns by the last letter of the nominative, which a consonant keeps."""
_ADJECTIVES = ("ый", "ий", "ой", "ое")
_MOST_ALIASES = 8
"""Other names that one name may stand for."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of what ``heading`` names.

    ``kind`` is ``exact`` or ``earlier`` (a former name); ``typed`` tells when the name alone stands
    for it: ``any``, ``capital`` (typed with a capital letter), ``same`` (so and without ending) or
    ``never``. A person has a ``forename`` beside; with it, or its initial, the name always counts.
    """

    heading: str
    kind: str
    language: str
    typed: str
    text: str
    forename: str = ""

    @property
    def full(self) -> str:
        """The name as people write it."""
        return f"{self.forename} {self.text}" if self.forename else self.text


@dataclass(frozen=True, slots=True)
class Found:
    """Words ``start`` to ``end`` (exclusive) of a query are a name of ``headings``."""

    start: int
    end: int
    headings: tuple[str, ...]
    aliases: tuple[Alias, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to type a name: the keys of each word; ``alone``: without the forename."""

    name: Name
    row: tuple[frozenset[str], ...]
    alone: bool


def names() -> tuple[Name, ...]:
    """Return every name of the authority files, those of one heading together."""
    return tuple(name for several in _by_heading().values() for name in several)


def find_names(typed: Sequence[str], language: str | None = None) -> list[Found]:
    """Return the names among the words ``typed``, the longest first found, none over another.

    ``language`` is that of the query where it is known. A name whose other names are all among its
    own keys is left out.
    """
    keys = [query_keys(word, language) for word in typed]
    found: list[Found] = []
    start = 0
    while start < len(typed):
        ways = _longest(typed, keys, start)
        if not ways:
            start += 1
            continue
        end = start + len(ways[0].row)
        headings = tuple(dict.fromkeys(way.name.heading for way in ways))
        aliases = tuple(_aliases(ways, keys[start:end]))[:_MOST_ALIASES]
        if aliases:
            found.append(Found(start, end, headings, aliases))
        start = end
    return found


def _longest(typed: Sequence[str], keys: Sequence[KeySet], start: int) -> list[_Way]:
    """The ways that begin at ``start`` and take most words; those with a forename prevail."""
    fitting = {
        id(way): way
        for key in keys[start]
        for way in _ways(key[:1]).get(key, ())
        if _fits(way, typed, keys, start)
    }
    if not fitting:
        return []
    longest = max(len(way.row) for way in fitting.values())
    return [way for way in fitting.values() if len(way.row) == longest]


def _fits(way: _Way, typed: Sequence[str], keys: Sequence[KeySet], start: int) -> bool:
    end = start + len(way.row)
    if end > len(typed):
        return False
    if any(wanted.isdisjoint(held) for wanted, held in zip(way.row, keys[start:end], strict=True)):
        return False
    rule = way.name.typed if way.alone else "any"
    if rule == "same" and any(
        fold(word) != fold(written)
        for word, written in zip(typed[start:end], words(way.name.text), strict=True)
    ):
        return False
    return rule == "any" or (rule != "never" and typed[start][:1].isupper())


def _aliases(ways: Sequence[_Way], held: Sequence[KeySet]) -> Iterator[Alias]:
    """The other names, each once, in the order of the files."""
    found: dict[str, Alias] = {}
    for way, other in chain.from_iterable(map(_with_others, ways)):
        rows_ = tuple(row for row in _rows(other, alone=way.alone) if not _within(row, held))
        if rows_:
            text = other.text if way.alone else other.full
            former = "earlier" in (other.kind, way.name.kind)
            same = found.get(text, Alias(text, "former" if former else "name", ()))
            if way.alone and _is_common(other):
                forms = dict.fromkeys((*same.forms, *_forms(other)))
                found[text] = replace(same, forms=tuple(forms))
            else:
                found[text] = replace(same, rows=tuple(dict.fromkeys((*same.rows, *rows_))))
    yield from found.values()


def _is_common(name: Name) -> bool:
    """Whether the stem of a name is that of common words, or of other names."""
    return name.typed in ("same", "never") and len(words(name.text)) == 1


def _forms(name: Name) -> KeySet:
    """The folded forms of a name of one word: its cases, where it is no adjective."""
    cases = () if name.text.endswith(_ADJECTIVES) else _cases(name.text, name.language)
    return tuple(dict.fromkeys(map(fold, (name.text, *cases))))


def _with_others(way: _Way) -> Iterator[tuple[_Way, Name]]:
    return ((way, other) for other in _by_heading()[way.name.heading])


def _within(row: KeySets, held: Sequence[KeySet]) -> bool:
    """Whether what is typed asks for ``row`` already."""
    return len(row) == len(held) and all(
        set(own).issuperset(keys) for keys, own in zip(row, held, strict=True)
    )


def _rows(name: Name, *, alone: bool) -> Iterator[KeySets]:
    """The ways in which a text has the name: as rows of keys."""
    own = tuple(_keys(word, name.language) for word in words(name.text))
    if alone or not name.forename:
        yield own
        return
    given = words(name.forename)
    short = tuple(
        tuple(dict.fromkeys((*_keys(word, name.language), fold(word[:1])))) for word in given
    )
    yield (*short, *own)
    yield (*own, *short)


@cache
def _keys(word: str, language: str) -> tuple[str, ...]:
    """The keys under which an index has ``word`` of a name in this language.

    The Russian stemmer takes some ends of names for endings (Кокчетав, but Кокчетава), so the cases
    of a Russian name are stemmed too.
    """
    keys = [fold(stem(form, language)) for form in (word, *_cases(word, language))]
    if language == "kaz" and not has_kazakh(word):
        keys.append(fold(word))
    return tuple(dict.fromkeys(key for key in keys if key))


def _cases(word: str, language: str) -> tuple[str, ...]:
    """The oblique cases of a Russian noun in the singular."""
    last = word[-1:].lower()
    if language != "rus" or last not in _CASES:
        return ()
    begin = word if last in _HARD else word[:-1]
    return tuple(begin + end for end in _CASES[last])


@cache
def _ways(letter: str) -> Mapping[str, tuple[_Way, ...]]:
    """Every way to type a name that begins with this folded letter, by each key of its first word.

    Made letter by letter: a query needs a few, and stemming all names takes 50 ms.
    """
    found: dict[str, list[_Way]] = defaultdict(list)
    for name in _by_letter().get(letter, ()):
        alone = [True, False] if name.forename else [True]
        rows_ = ((row, one) for one in alone for row in _rows(name, alone=one))
        for row, way in ((row, _Way(name, tuple(map(frozenset, row)), one)) for row, one in rows_):
            for key in row[0]:
                found[key].append(way)
    return {key: tuple(ways) for key, ways in found.items()}


@cache
def _by_letter() -> Mapping[str, tuple[Name, ...]]:
    """Names by the first folded letters of the surname and of the forename."""
    found: dict[str, dict[Name, None]] = defaultdict(dict)
    for name in names():
        for text in filter(None, (name.text, name.forename)):
            found[fold(text)[:1]][name] = None
    return {letter: tuple(several) for letter, several in found.items()}


@cache
def _by_heading() -> Mapping[str, tuple[Name, ...]]:
    found: dict[str, dict[tuple[str, str, str], Name]] = defaultdict(dict)
    for name in _read():
        found[name.heading].setdefault((name.language, name.text, name.forename), name)
    return {heading: tuple(several.values()) for heading, several in found.items()}


def _read() -> Iterator[Name]:
    """The authority files first: what they say of a name of the gazetteer prevails."""
    for row in chain.from_iterable(map(rows, _FILES)):
        language = _LANGUAGES[row["language"]]
        yield Name(
            row["heading"],
            row["kind"],
            language,
            row["typed"],
            row["name"],
            row.get("forename", ""),
        )
    for row, (column, language) in product(rows(_GAZETTEER), _LANGUAGES.items()):
        yield Name(row["kk"], "exact", language, "any", row[column])
