"""A record under examination: what several checks read of it is worked out once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from catalog.place import Cell, cells
from catalog.quality.selector import Selector
from catalog.record import Record
from catalog.view import BibliographicView, view
from language.identify import evidence

Made = TypeVar("Made")

_SURE = 2.0  # language.identify: one letter that only Kazakh has weighs 3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a check may know beside the record.

    ``year`` is this year. ``words`` are the catalogue's words in small letters with their counts.
    ``local`` are the library's own fields and subfields (``28X``, ``70X$y``), ``local_in`` those of
    a catalogue alone, by its code. ``own_link`` tells of an address whether our document is there;
    None: it is not ours.
    """

    year: int
    words: Mapping[str, int] = field(default_factory=dict)
    local: tuple[str, ...] = ()
    local_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own_link: Callable[[str], bool | None] | None = None


@dataclass(frozen=True)
class Subject:
    """``cells`` holds every text; ``kazakh`` tells whether the record speaks Kazakh."""

    record: Record
    around: Surroundings

    @property
    def form(self) -> str:
        """The format whose rules and fields it follows."""
        return self.record.format if self.record.format in ("marc21", "irbis") else "rusmarc"

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every text of the record."""
        return tuple(cells(self.record))

    @cached_property
    def view(self) -> BibliographicView:
        """The bibliographic view."""
        return view(self.record)

    @cached_property
    def kazakh(self) -> bool:
        """Whether its language or its title is Kazakh."""
        return "kaz" in self.view.languages or evidence(self.view.title) > _SURE

    def select(self, selector: Selector) -> tuple[Cell, ...]:
        """The texts that a rule looks at, those of one field and code together."""
        return self.once(selector, lambda subject: subject._selected(selector))

    def once(self, key: object, make: Callable[["Subject"], Made]) -> Made:
        """Return what ``make`` gives for this record; asked again by that ``key``, it is kept."""
        if key not in self._kept:
            self._kept[key] = make(self)
        found: Made = self._kept[key]
        return found

    def _selected(self, selector: Selector) -> tuple[Cell, ...]:
        kinds = self._by_kind.items()
        return tuple(cell for kind, same in kinds if selector.means(*kind) for cell in same)

    @cached_property
    def _by_kind(self) -> dict[tuple[str, str, str], list[Cell]]:
        """The texts by host, tag and code: a selector is asked once for all of a kind."""
        kinds: dict[tuple[str, str, str], list[Cell]] = {}
        for cell in self.cells:
            place = cell.place
            kinds.setdefault((place.host, place.tag, place.code), []).append(cell)
        return kinds

    @cached_property
    def _kept(self) -> dict[object, Any]:
        return {}
