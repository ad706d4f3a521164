"""A bibliographic list put together: entries in order under headings, numbered, with an index."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from catalog.isbd.block import Block, Run
from catalog.lists.definition import Definition
from catalog.lists.entry import Entry
from catalog.lists.filing import class_key
from catalog.lists.headings import Heading, Words, heading_of, language_rank
from catalog.lists.names import NameIndex, index_names
from language.collation import filing_key

_LAST = "\U0010ffff"
_SEPARATOR = "\u2002"
_NO_INDEX = NameIndex()


@dataclass(frozen=True, slots=True)
class CompiledList:
    """A list ready to be set.

    ``body``: headings from level 1 (the title stands apart) and entries with their numbers.
    ``dated`` is the newest day on which a record of the list was entered, or empty.
    """

    title: str
    language: str
    body: tuple[Block, ...]
    index: NameIndex = _NO_INDEX
    dated: str = ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Everything behind the title."""
        return self.body + self.index.head + self.index.lines

    @property
    def entries(self) -> int:
        """How many entries the list has."""
        return sum(block.kind == "entry" for block in self.body)


def compile_list(definition: Definition, entries: Iterable[Entry]) -> CompiledList:
    """Return the list that ``definition`` makes of ``entries``; their order does not matter."""
    words = Words(definition.language, definition.alphabet)
    filed = sorted((_filed(definition, entry, words) for entry in entries), key=lambda one: one.key)
    body: list[Block] = []
    above: tuple[Heading, ...] = ()
    for number, one in enumerate(filed, 1):
        body += _new_headings(above, one.headings, words.code)
        body.append(numbered(one.entry.block, number))
        above = one.headings
    listed = [one.entry for one in filed]
    index = index_names(listed, words) if definition.names else _NO_INDEX
    dated = max((entry.entered for entry in listed), default="")
    return CompiledList(definition.title, words.code, tuple(body), index, dated)


def numbered(block: Block, number: int) -> Block:
    """The block of an entry with its number before it, a run of the element ``number``."""
    runs = (Run(f"{number}.", element="number"), Run(_SEPARATOR), *block.runs)
    return replace(block, kind="entry", runs=runs)


def order_key(entry: Entry, order: tuple[str, ...], alphabet: str) -> tuple[object, ...]:
    """Return the key of ``entry`` in an order (``definition.ORDERS``); ids end all ties."""
    title = filing_key(entry.title, alphabet=alphabet)
    heading = filing_key(entry.filed, name=bool(entry.heading), alphabet=alphabet)
    marks = (*entry.view.udc, *entry.view.bbk)
    keys: dict[str, object] = {
        "class": class_key(marks[0]) if marks else _LAST,
        "author": (heading, title),
        "title": title,
        "date": _backwards(entry.view.date or ""),
        "entered": _backwards(entry.entered),
        "language": language_rank(entry),
    }
    ends = (heading, title, _backwards(entry.view.date or ""), entry.record)
    return (*(keys[name] for name in order), *ends)


@dataclass(frozen=True, slots=True)
class _Filed:
    entry: Entry
    headings: tuple[Heading, ...]
    key: tuple[object, ...]


def _filed(definition: Definition, entry: Entry, words: Words) -> _Filed:
    above = tuple(heading_of(level, entry, words) for level in definition.headings)
    keys = tuple((heading.key, heading.text) for heading in above)
    return _Filed(entry, above, (keys, order_key(entry, definition.order, definition.alphabet)))


def _new_headings(
    before: tuple[Heading, ...], now: tuple[Heading, ...], language: str
) -> Iterator[Block]:
    """The headings that change, and all below the first that does."""
    same = 0
    while same < len(now) and before[same : same + 1] == now[same : same + 1]:
        same += 1
    for level, heading in enumerate(now[same:], same + 1):
        yield Block("heading", (Run(heading.text),), language, level)


def _backwards(day: str) -> tuple[int, ...]:
    """A key that puts later days first, and what has no day last."""
    digits = [int(part) for part in day.split("-") if part.isdecimal()]
    year, month, date = (*digits, 0, 0, 0)[:3]
    return (-year, -month, -date)
