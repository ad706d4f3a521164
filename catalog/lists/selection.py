"""What a list takes: a saved query over records as a value."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.view import BibliographicView

_RELATION = re.compile(r"[:+]")


@dataclass(frozen=True, slots=True)
class Selection:
    """Every condition that is set must hold; of several values of one condition any will do.

    ``entered_from`` and ``entered_to`` are days (ISO 8601, both inclusive) on which records came
    into the catalogue; ``udc`` and ``bbk`` beginnings of class marks, also of a later part of a
    compound («33:62» is under 62, too); ``records`` ids. Drafts are taken only where ``drafts``
    says so: nobody has looked at them yet.
    """

    catalogues: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    udc: tuple[str, ...] = ()
    bbk: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    entered_from: str = ""
    entered_to: str = ""
    drafts: bool = False

    def may_take(self, record: str, entered: str, catalogues: tuple[str, ...]) -> bool:
        """Whether the record of this id may belong to the list, as far as its row tells.

        ``entered`` begins with a day. The status is not looked at: whoever reads rows knows it.
        """
        day = entered[:10]
        return (
            (not self.records or record in self.records)
            and (not self.catalogues or not set(self.catalogues).isdisjoint(catalogues))
            and (not self.entered_from or day >= self.entered_from)
            and (not self.entered_to or (bool(day) and day <= self.entered_to))
        )

    def takes(self, seen: "BibliographicView") -> bool:
        """Whether a record that may belong to the list does, as far as its view tells."""
        return (
            (not self.kinds or seen.kind in self.kinds)
            and (not self.languages or not set(self.languages).isdisjoint(seen.languages))
            and (not self.udc or _under(seen.udc, self.udc))
            and (not self.bbk or _under(seen.bbk, self.bbk))
        )


def _under(marks: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    parts = (part for mark in marks for part in (mark, *_RELATION.split(mark)))
    return any(part.startswith(wanted) for part in parts)
