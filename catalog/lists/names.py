"""The auxiliary index of names at the end of a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.isbd.block import Block, Run
from catalog.lists.entry import Entry
from catalog.lists.headings import Words
from language.collation import sort_key

_SEPARATOR = "\u2002"


@dataclass(frozen=True, slots=True)
class NameIndex:
    """``head``: the heading, and a line on the brackets where any are; ``lines``: a name each.

    Both are empty where nobody is named.
    """

    head: tuple[Block, ...] = ()
    lines: tuple[Block, ...] = ()


def index_names(entries: Iterable[Entry], words: Words) -> NameIndex:
    """Return the index of persons and bodies with the numbers of their entries, counted from 1.

    A number in brackets: the entry is about the person, who has no part in the work.
    """
    found: dict[str, dict[int, bool]] = {}
    for number, entry in enumerate(entries, 1):
        for person in entry.people:
            found.setdefault(person, {}).setdefault(number, True)
        for name in entry.view.names:
            found.setdefault(name.text, {})[number] = False
    if not found:
        return NameIndex()
    head = [Block("heading", (Run(words("names")),), words.code, 1)]
    if any(about for places in found.values() for about in places.values()):
        head.append(Block("note", (Run(words("names_note"), "emphasis"),), words.code))
    filed = sorted(found, key=lambda text: sort_key(text, words.alphabet))
    return NameIndex(tuple(head), tuple(_line(name, found[name], words.code) for name in filed))


def _line(name: str, places: dict[int, bool], language: str) -> Block:
    numbers = (f"({n})" if about else str(n) for n, about in sorted(places.items()))
    runs = (Run(name, element="name"), Run(_SEPARATOR), Run(", ".join(numbers)))
    return Block("note", runs, language)
