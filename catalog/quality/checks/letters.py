"""Checks of letters: other alphabets inside words."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from catalog.data import rows
from catalog.place import Cell
from catalog.quality.finding import Hit
from catalog.quality.repair import Edit
from catalog.quality.rule import Rule
from catalog.quality.subject import Subject
from language.mistyped import (
    Mistyped,
    foreign_words,
    has_foreign,
    has_mixed,
    lone_letters,
    mixed_words,
)

_OF_THE_REFORM = 1930  # before it ѳ and ѵ were letters of Russian


def mixed_script(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """Words that mix Latin and Cyrillic letters; the catalogue's words choose the reading."""
    for cell in subject.select(rule.select[subject.form]):
        if has_mixed(cell.value):
            yield from _hits(
                cell, mixed_words(cell.value, kazakh=subject.kazakh, known=_known(subject))
            )


def foreign_letter(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """Cyrillic letters that neither Kazakh nor Russian has, in records of these two alone."""
    languages = set(subject.view.languages)
    if not languages <= {"kaz", "rus"} or (subject.view.year or 9999) < _OF_THE_REFORM:
        return
    for cell in subject.select(rule.select[subject.form]):
        if has_foreign(cell.value):
            yield from _hits(cell, foreign_words(cell.value, kazakh=subject.kazakh))


def lone_letter(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """A Latin a, c, o or y that stands as a Russian word of one letter."""
    for cell in subject.select(rule.select[subject.form]):
        if not cell.value.isascii():
            yield from _hits(cell, lone_letters(cell.value))


def _known(subject: Subject) -> Mapping[str, int]:
    """The catalogue's words; without them the names that every catalogue of the country has."""
    return subject.around.words or _everywhere()


@cache
def _everywhere() -> Mapping[str, int]:
    table = rows("checks/words.tsv")
    return {row["pattern"]: 1 for row in table if row["list"] == "publisher"}


def _hits(cell: Cell, words: Iterable[Mistyped]) -> Iterator[Hit]:
    for one in words:
        edits = () if one.meant is None else (Edit(cell.place, one.word, one.meant, one.at),)
        facts = {"word": one.word, "meant": one.meant or "?"}
        yield Hit(cell.place, facts, edits, one.sure)
