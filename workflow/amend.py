"""Amend: a person's correction of what a page says, kept apart from recognition for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from olketanu.errors import UsageError
from pages.alto import read_alto
from pages.text import Box, Line, PageText
from store import amendments, changes
from store import pages as page_rows
from store.amendments import NewAmendment
from workflow.documents import resolve
from workflow.library import Library

_SIDES = 4


@dataclass(frozen=True, slots=True)
class Correction:
    """What the person saw wrong: ``old`` text on ``page``, ``new`` text; ``box`` where it is."""

    page: str
    old: str
    new: str
    box: Box | None
    reason: str
    actor: str

    @classmethod
    def from_options(cls, page: str, told: Mapping[str, str | None]) -> Self:
        """From the command line; UsageError ``error.bad-box``."""
        text = told["box"]
        return cls(
            page,
            told["old"] or "",
            told["new"] or "",
            None if text is None else _box(text),
            told["reason"] or "",
            told["actor"] or "staff",
        )


@dataclass(frozen=True, slots=True)
class Amended:
    """What was done: the amendment's number (None when only tried) and the line as it was."""

    document: str
    amendment: int | None
    line: str


def amend_page(library: Library, address: str, correction: Correction, *, dry_run: bool) -> Amended:
    """Record the correction; the next run, or the caller, assembles the document anew.

    Raises:
        UsageError: ``error.amend-not-found``: no such words; ``error.amend-ambiguous``: several
            places, so a box is needed.
    """
    document = resolve(library, address)
    row = page_rows.get_page(library.store, document, correction.page)
    path = library.home.document(document) / "alto" / f"{row.key}.xml"
    if not path.is_file():
        raise UsageError("error.amend-no-text", document=document, page=correction.page)
    box, line = place(read_alto(path.read_bytes()), correction)
    if dry_run:
        return Amended(document, None, line.text)
    with library.store.transaction(actor=correction.actor) as tx:
        change = changes.new_change_set(tx, correction.reason or "amend")
        new = NewAmendment(document, row.key, "text", box, correction.old, correction.new)
        stored = amendments.add_amendment(tx, new, change)
    return Amended(document, stored.id, line.text)


def place(page: PageText, correction: Correction) -> tuple[Box, Line]:
    """Return the box and the line of the words that the correction means; see ``amend_page``."""
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


def _runs(line: Line, wanted: list[str]) -> list[Box]:
    """Boxes of the places in the line at which the wanted words stand one after the other."""
    count = len(wanted)
    starts = range(len(line.words) - count + 1) if count else range(0)
    runs = [line.words[i : i + count] for i in starts]
    return [
        Box(
            min(w.box.left for w in run),
            min(w.box.top for w in run),
            max(w.box.right for w in run),
            max(w.box.bottom for w in run),
        )
        for run in runs
        if [w.text for w in run] == wanted
    ]


def _meets(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) > max(one.left, other.left)
    return across and min(one.bottom, other.bottom) > max(one.top, other.top)


def _box(text: str) -> Box:
    parts = text.split(",")
    if len(parts) != _SIDES or not all(part.strip().isdigit() for part in parts):
        raise UsageError("error.bad-box", text=text)
    return Box(*(int(part) for part in parts))
