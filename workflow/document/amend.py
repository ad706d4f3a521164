"""Amend: a person's correction of what a page says, kept apart from recognition for ever."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from olketanu.errors import LockedError, UsageError
from pages.amend import Amendment, replay
from pages.text import REGION_KINDS, Box, Line, PageText, Region, around
from store import changes
from store.database import Transaction
from store.digitised import amendments
from store.digitised import pages as page_rows
from store.digitised.amendments import NewAmendment, StoredAmendment
from store.digitised.pages import Page, page_subject
from workflow.document.current_text import recognised_page

_SIDES = 4
LANGUAGES = ("kaz", "rus", "eng", "und")
"""What a region may be written in (ISO 639-2)."""
_VALUES = {"region_kind": REGION_KINDS, "language": LANGUAGES}


@dataclass(frozen=True, slots=True)
class Correction:
    """What the person saw wrong: ``old`` text on ``page``, ``new`` text; ``box`` where it is.

    ``kind`` is ``text``, or for a whole region ``region_kind`` or ``language``; then ``old`` is any
    text of the region (or empty where a box is given) and ``new`` one of ``REGION_KINDS`` of
    :mod:`pages.text`, or of ``LANGUAGES``.
    """

    page: str
    old: str
    new: str
    box: Box | None
    reason: str
    actor: str
    kind: str = "text"

    def as_form(self) -> dict[str, str]:
        """As an act keeps it, without page and actor."""
        box = "" if self.box is None else ",".join(map(str, self.box))
        told = {"kind": self.kind, "old": self.old, "new": self.new, "box": box}
        return told | {"reason": self.reason}

    @classmethod
    def from_options(cls, page: str, told: Mapping[str, str | None]) -> Self:
        """From the command line, or a form; UsageError ``error.bad-box``."""
        text = told.get("box")
        return cls(
            page,
            told.get("old") or "",
            told.get("new") or "",
            _box(text) if text else None,
            told.get("reason") or "",
            told.get("actor") or "staff",
            told.get("kind") or "text",
        )


def meant(page: PageText, correction: Correction) -> tuple[Amendment, Line]:
    """Return the amendment that a correction of a page means, and the line it is about.

    Raises:
        UsageError: ``error.amend-not-found``: no such words; ``error.amend-ambiguous``: several
            places, so a box is needed; ``error.amend-kind``: no such kind of region, or language.
    """
    if correction.kind in _VALUES:
        region = place_region(page, correction)
        line = region.lines[0]
        box, old = region.box, region.kind if correction.kind == "region_kind" else line.language
    else:
        (box, line), old = place(page, correction), correction.old
    return Amendment(correction.page, correction.kind, box, old, correction.new), line


def keep(
    tx: Transaction, document: str, made: Iterable[Amendment], reason: str
) -> tuple[StoredAmendment, ...]:
    """Keep amendments of a document as one change of the transaction's actor."""
    change = changes.new_change_set(tx, reason or "amend")
    return tuple(
        amendments.add_amendment(tx, _of(document, amendment), change) for amendment in made
    )


def withdraw(tx: Transaction, document: str, made: Iterable[Amendment]) -> None:
    """Take amendments of one page of a document back, the last of them first.

    Raises:
        UsageError: ``error.unknown-amendment``: one of them is gone already.
        LockedError: ``error.amendment-followed``: a later correction changes what one of them
            made, and would find no place any more.
    """
    gone = list(made)
    for key in {amendment.page for amendment in gone}:
        row = page_rows.get_page(tx, document, key)
        lost = _unapplied(tx, row)
        for amendment in reversed([one for one in gone if one.page == key]):
            amendments.withdraw_amendment(tx, _of(document, amendment))
        if len(_unapplied(tx, row)) > len([one for one in lost if one not in gone]):
            raise LockedError("error.amendment-followed", page=page_subject(document, key))


def _unapplied(tx: Transaction, row: Page) -> tuple[Amendment, ...]:
    known = amendments.list_amendments(tx, row.document, row.key)
    return replay(recognised_page(tx, row), [stored.amendment for stored in known])[1]


def _of(document: str, amendment: Amendment) -> NewAmendment:
    told = (amendment.kind, amendment.box, amendment.old, amendment.new)
    return NewAmendment(document, amendment.page, *told)


def place(page: PageText, correction: Correction) -> tuple[Box, Line]:
    """Return the box and the line of the words that the correction means; see ``meant``."""
    wanted = correction.old.split()
    found = [
        (box, line)
        for line in page.lines()
        for box in _runs(line, wanted)
        if correction.box is None or _meets(box, correction.box)
    ]
    if not found:
        raise UsageError("error.amend-not-found", text=correction.old, page=correction.page)
    if len(found) > 1:
        boxes = "; ".join(",".join(map(str, box)) for box, _ in found)
        raise UsageError("error.amend-ambiguous", text=correction.old, boxes=boxes)
    return found[0]


def place_region(page: PageText, correction: Correction) -> Region:
    """Return the region that the correction means; errors as ``meant``."""
    values = _VALUES[correction.kind]
    if correction.new not in values:
        raise UsageError("error.amend-kind", kind=correction.new, kinds=", ".join(values))
    wanted = " ".join(correction.old.split())
    found = [
        region
        for region in page.regions
        if region.lines
        and wanted in " ".join(line.text for line in region.lines)
        and (correction.box is None or _meets(region.box, correction.box))
    ]
    if not found:
        raise UsageError("error.amend-not-found", text=correction.old, page=correction.page)
    if len(found) > 1:
        boxes = "; ".join(",".join(map(str, region.box)) for region in found)
        raise UsageError("error.amend-ambiguous", text=correction.old, boxes=boxes)
    return found[0]


def _runs(line: Line, wanted: list[str]) -> list[Box]:
    """Boxes of the places in the line at which the wanted words stand one after the other."""
    count = len(wanted)
    starts = range(len(line.words) - count + 1) if count else range(0)
    runs = [line.words[i : i + count] for i in starts]
    return [
        around(word.box for word in run) for run in runs if [word.text for word in run] == wanted
    ]


def _meets(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) > max(one.left, other.left)
    return across and min(one.bottom, other.bottom) > max(one.top, other.top)


def _box(text: str) -> Box:
    parts = text.split(",")
    if len(parts) != _SIDES or not all(part.strip().isdigit() for part in parts):
        raise UsageError("error.bad-box", text=text)
    return Box(*(int(part) for part in parts))
