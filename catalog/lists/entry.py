"""An entry of a list: a record seen, described, and what shelf and card file need besides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from catalog.data import rows
from catalog.isbd.block import Block, Run
from catalog.lists.filing import filed_title
from catalog.record import ControlField, DataField, Field, Record
from catalog.view import BibliographicView, view

_TITLE = ("", "title", "part_number", "part_title")
_WHOLE = "*"
_PART = re.compile(r"(?P<before>\W*?)(?P<codes>\w+|\*)(?P<behind>\W*)")
_STRAY = " ,"  # what a person leaves at the ends of subfields
_MARK = re.compile(r"(?P<upper>.*\S)\s*[\s/]\s*(?P<lower>[^\W\d_]\S*(?: \d+)?)", re.DOTALL)

_FULL_STOP = re.compile(r"(?<=\w\w)\.$")  # the stop of an initial belongs to the name


@dataclass(frozen=True, slots=True)
class ShelfMark:
    """Шифр: the class mark stands above the author mark; either may be empty."""

    class_mark: str = ""
    author_mark: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in a list.

    ``block`` is its description; ``heading`` the name it begins with (empty: it is under its
    title); ``entered`` the day it came into the catalogue (ISO 8601); ``people`` are persons that
    it is about.
    """

    record: str
    view: BibliographicView
    block: Block
    heading: str
    title: str
    entered: str
    catalogues: tuple[str, ...]
    subjects: tuple[str, ...]
    rubrics: tuple[str, ...]
    people: tuple[str, ...]
    shelf: ShelfMark

    @property
    def filed(self) -> str:
        """The heading under which the entry stands in a card file."""
        return self.heading or self.title


def make_entry(
    record: Record, block: Block, *, entered: str = "", catalogues: tuple[str, ...] = ()
) -> Entry:
    """Return the entry of ``record``, of which ``block`` is the description."""
    seen = view(record)
    heading = "".join(run.text for run in heading_runs(block)).strip()
    return Entry(
        record=block.record,
        view=seen,
        block=block,
        heading=_FULL_STOP.sub("", heading),
        title=_filed_title(block, seen, record),
        entered=entered[:10],
        catalogues=catalogues,
        subjects=tuple(_values(record, "subject")),
        rubrics=tuple(_values(record, "rubric")),
        people=tuple(_values(record, "person")),
        shelf=_shelf_mark(record, seen),
    )


def heading_runs(block: Block) -> tuple[Run, ...]:
    """The runs at the beginning of a description that are its heading (element ``heading``)."""
    runs = []
    for run in block.runs:
        if run.element != "heading":
            break
        runs.append(run)
    return tuple(runs)


def _shelf_mark(record: Record, seen: BibliographicView) -> ShelfMark:
    """The mark as the record has it; the class of the record where it has only an author mark."""
    upper, lower, whole = (
        next(_values(record, element), "")
        for element in ("class_mark", "author_mark", "shelf_mark")
    )
    if not upper and (parted := _MARK.fullmatch(whole)):
        upper, lower = parted["upper"], lower or parted["lower"]
    return ShelfMark(upper or whole or next(iter((*seen.bbk, *seen.udc)), ""), lower)


def _values(record: Record, element: str) -> Iterator[str]:
    kind = "rusmarc" if record.format == "unimarc" else record.format
    for row in rows("lists/fields.tsv"):
        if (row["element"], row["format"]) == (element, kind):
            texts = (_text(field, row["parts"]) for field in record.all(row["tag"]))
            yield from filter(None, texts)


def _text(field: Field, parts: str) -> str:
    """The subfields in the order and with the signs of a template («a|, b| (f)»)."""
    if isinstance(field, ControlField):
        return field.data.strip()
    if not isinstance(field, DataField):
        return ""
    made = ""
    for part in filter(None, map(_PART.fullmatch, parts.split("|"))):
        for subfield in field.subfields:
            value = subfield.value.strip(_STRAY)
            if value and (part["codes"] == _WHOLE or subfield.code in part["codes"]):
                made += f"{part['before'] if made else ''}{value}{part['behind']}"
    return made


def _filed_title(block: Block, seen: BibliographicView, record: Record) -> str:
    """The title as the description begins with it, of a volume that of the whole with its part."""
    runs = block.runs[len(heading_runs(block)) :]
    own = takewhile(lambda run: run.element in _TITLE, runs)
    printed = "".join(run.text for run in own).strip(" .")
    skipped = _skipped(record) if printed.startswith(seen.title) else 0
    return filed_title(printed or seen.title, seen.language or "und", skipped)


def _skipped(record: Record) -> int:
    """MARC 21 245, second indicator: characters of an initial article."""
    if record.format != "marc21":
        return 0
    second = next((field.indicators[1] for field in record.data("245")), "0")
    return int(second) if second.isdecimal() else 0
