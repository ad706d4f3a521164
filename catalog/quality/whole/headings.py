"""Headings of persons: their parts where they stand, and a key for all spellings of one person."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.place import Cell, Place
from catalog.quality.subject import Subject
from language.fold import fold

_TAGS = {
    "rusmarc": ("700", "701", "702", "600"),
    "marc21": ("100", "700", "600"),
    "irbis": ("700", "701", "702", "961", "600"),
}
_CODES = {"rusmarc": ("a", "b"), "marc21": ("a",), "irbis": ("a", "b")}
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """``cells`` are surname and initials (RUSMARC, ИРБИС) or the whole name (MARC 21)."""

    cells: tuple[Cell, ...]

    @property
    def text(self) -> str:
        """The parts with a comma between."""
        return ", ".join(cell.value for cell in self.cells)

    @property
    def key(self) -> str:
        """Letters of the name, folded: what is the same person but for marks and blanks."""
        return " ".join(_LETTERS.findall(fold(self.text)))


def headings(subject: Subject) -> Iterator[Heading]:
    """Yield the personal headings that have more than a surname."""
    found: dict[Place, dict[str, Cell]] = {}
    for cell in subject.cells:
        code = cell.place.code.lower()  # ИРБИС has codes in either case
        if cell.place.tag in _TAGS[subject.form] and code in _CODES[subject.form]:
            found.setdefault(cell.place.field, {}).setdefault(code, cell)
    for parts in found.values():
        heading = Heading(tuple(parts[c] for c in _CODES[subject.form] if c in parts))
        if " " in heading.key and "a" in parts:
            yield heading


def surname_length(key: str) -> int:
    """Return how many letters of a heading's key are the surname."""
    return len(key.partition(" ")[0])
