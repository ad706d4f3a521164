"""One draft out of what the sheet and the pages say: the sheet wins, nothing is hidden."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from catalog.drafting.draft import ELEMENTS, Draft, Element
from language.fold import fold


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources give different values of one element; ``kept`` is in the draft."""

    name: str
    kept: Element
    other: Element


@dataclass(frozen=True, slots=True)
class Merged:
    """The draft, and where its sources contradict each other."""

    draft: Draft
    conflicts: tuple[Conflict, ...]


def merge(kind: str, sheet: Iterable[Element], page: Iterable[Element]) -> Merged:
    """Return a draft of ``kind``: per element name the sheet's values, else those of the pages.

    A value that both give keeps the evidence of both. Languages of pages never contradict the
    sheet.
    """
    given, read = list(sheet), list(page)
    elements: list[Element] = []
    conflicts: list[Conflict] = []
    for name in ELEMENTS:
        ours = [e for e in given if e.name == name]
        theirs = [e for e in read if e.name == name]
        if not ours:
            elements += theirs
            continue
        confirmed = [_confirm(e, theirs) for e in ours]
        elements += confirmed
        others = [t for t in theirs if not any(_same(t, o) for o in ours)]
        if name != "language":
            conflicts += [Conflict(name, confirmed[0], other) for other in others]
    return Merged(Draft(kind, tuple(elements)), tuple(conflicts))


def _confirm(ours: Element, theirs: Sequence[Element]) -> Element:
    evidence = [one for other in theirs if _same(ours, other) for one in other.evidence]
    return replace(ours, evidence=(*ours.evidence, *evidence))


def _same(a: Element, b: Element) -> bool:
    left, right = _key(a.value), _key(b.value)
    if a.name == "author":
        # «Өтегенов, Д.» and «Өтегенов, Д. С.» are one person as far as a page can tell.
        return left.startswith(right) or right.startswith(left)
    return left == right


def _key(value: str) -> str:
    return "".join(sign for sign in fold(value) if sign.isalnum())
