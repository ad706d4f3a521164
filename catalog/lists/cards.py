"""Catalogue cards and dividers: what stands on them, and in which order they are filed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.isbd.block import Run
from catalog.lists.compile import order_key
from catalog.lists.entry import Entry, ShelfMark, heading_runs
from catalog.lists.headings import Heading, Words, heading_of, language_rank

CLASSES = ("bbk", "udc")
_OF_DOCUMENT = {"kaz": "kk", "rus": "ru"}


@dataclass(frozen=True, slots=True)
class Card:
    """A main card: ``body`` is the description without its heading, ``tracing`` lines at the foot.

    ``language`` (kk, ru, en) is that of the words printed on it: the document's, where it is one
    of these.
    """

    shelf: ShelfMark
    heading: str
    body: tuple[Run, ...]
    tracing: tuple[str, ...]
    language: str = "kk"
    record: str = ""


@dataclass(frozen=True, slots=True)
class Divider:
    """Бөлгіш, разделитель: a class mark or a letter, with its captions (Kazakh, Russian)."""

    mark: str
    captions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardFile:
    """How cards are filed.

    ``systematic``: by classes (``CLASSES``) with dividers, in a class Kazakh before Russian, in a
    language the newest first. ``alphabetical``: by ``alphabet`` with a divider a letter.
    """

    arrangement: str = "systematic"
    classes: str = "bbk"
    alphabet: str = "kk"
    dividers: bool = True


def make_card(entry: Entry) -> Card:
    """Return the main card of an entry."""
    language = _OF_DOCUMENT.get(entry.block.language, "ru")
    rest = entry.block.runs[len(heading_runs(entry.block)) :]
    return Card(
        shelf=entry.shelf,
        heading=entry.heading,
        body=_trimmed(rest),
        tracing=tuple(_tracing(entry, Words(language))),
        language=language,
        record=entry.record,
    )


def card_file(form: CardFile, entries: Iterable[Entry]) -> tuple[Card | Divider, ...]:
    """Return cards and dividers in the order in which they are filed."""
    level = "letter" if form.arrangement == "alphabetical" else form.classes
    kazakh, russian = Words("kk", form.alphabet), Words("ru", form.alphabet)
    filed = [(heading_of(level, entry, kazakh), entry) for entry in entries]
    filed.sort(key=lambda one: (one[0].key, one[0].text, _within(form, one[1])))
    made: list[Card | Divider] = []
    above: Heading | None = None
    for heading, entry in filed:
        if form.dividers and heading != above:
            made.append(_divider(heading, heading_of(level, entry, russian)))
        above = heading
        made.append(make_card(entry))
    return tuple(made)


def _within(form: CardFile, entry: Entry) -> tuple[object, ...]:
    order = ("author",) if form.arrangement == "alphabetical" else ("date",)
    rank = "" if form.arrangement == "alphabetical" else language_rank(entry)
    return (rank, *order_key(entry, order, form.alphabet))


def _divider(kazakh: Heading, russian: Heading) -> Divider:
    captions = (kazakh.caption, russian.caption)
    return Divider(kazakh.mark, tuple(dict.fromkeys(filter(None, captions))))


def _tracing(entry: Entry, words: Words) -> Iterator[str]:
    """Subjects, numbered, then the full class marks."""
    if entry.subjects:
        yield " ".join(f"{n}. {subject}." for n, subject in enumerate(entry.subjects, 1))
    marks = (("udc", entry.view.udc), ("bbk", entry.view.bbk))
    classes = [f"{words(name)} {'; '.join(numbers)}" for name, numbers in marks if numbers]
    if classes:
        yield "; ".join(classes)


def _trimmed(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs without blanks before the first sign."""
    kept = list(runs)
    while kept and not kept[0].text.strip():
        del kept[0]
    if kept:
        first = kept[0]
        kept[0] = Run(first.text.lstrip(), first.style, first.element)
    return tuple(kept)
