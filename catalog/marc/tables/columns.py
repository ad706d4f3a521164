r"""Columns of a table: a row becomes a record, a record a row, nothing is lost.

A column's target says where its cells belong (``to`` in a profile):

    200 1_ $a    a subfield; adjacent columns of one tag and indicators make one field
    610          whole fields of the tag, one a line, as MarcEdit writes them: ``0\$aАлтын``
    001          a control field
    LDR          the leader
    *            fields that have no column of their own, one a line: ``=300  \\$aПримечание``
    order        the tags in the order of the record's fields; ``order marc21`` as heading names
                 the record format too
    -            nothing: the column is passed over

Rows of the program's own always have the last three, so that any record comes back as it was; rows
made by hand need none of them, their fields stand in the order of their tags.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from catalog.marc import mrk
from catalog.place import LEADER
from catalog.record import ControlField, DataField, Field, Record, Subfield

REST, ORDER, NOTHING = "*", "order", "-"
_BLANK_LEADER = " " * 24
_TARGET = re.compile(
    r"(?P<tag>LDR|\*|order|-|[0-9A-Za-z]{3,5})"
    r"(?: (?P<marks>[0-9A-Za-z _#|]{2}))?(?: ?\$(?P<code>\S))?"
)
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a cell belongs; ``code`` is empty for whole fields and all that are no subfield."""

    tag: str
    indicators: str = "  "
    code: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, known by any of its ``headings``; the first is written.

    ``split`` parts repeats in a cell; ``aliases`` are pairs, the library's word in small letters
    and the code that it stands for.
    """

    headings: tuple[str, ...]
    target: Target
    split: str = ""
    aliases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns of a table; ``constants`` are (target, value) that each row by hand gets."""

    columns: tuple[Column, ...]
    constants: tuple[tuple[Target, str], ...] = ()
    leader: str = _BLANK_LEADER


def target(text: str) -> Target:
    """Return the target that ``text`` names; ValueError where it names none."""
    found = _TARGET.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    marks = (found["marks"] or "  ").replace("_", " ").replace("#", " ")
    return Target(found["tag"], marks, found["code"] or "")


def complete(columns: Columns) -> Columns:
    """Return the columns with those that a row of any record needs."""
    there = {column.target.tag for column in columns.columns}
    kept = tuple(c for c in columns.columns if c.target.tag != NOTHING)
    added = tuple(Column((tag,), Target(tag)) for tag in (LEADER, REST, ORDER) if tag not in there)
    return Columns((*kept, *added), columns.constants, columns.leader)


def known(heading: str, columns: Columns) -> Column | None:
    """Return the column of a heading, by its names or by a target as heading; else None."""
    wanted = _folded(heading)
    if wanted.split()[:1] == [ORDER]:
        return Column((heading,), Target(ORDER))
    for column in columns.columns:
        if wanted in map(_folded, column.headings):
            return column
    try:
        return Column((heading,), target(heading))
    except ValueError:
        return None


def record_of(cells: Sequence[tuple[Column, str]], columns: Columns, form: str) -> Record:
    """Return the record of a row, given as its columns with their texts; ValueError if none."""
    filled = [(column, text) for column, text in cells if text.strip()]
    leader, order = columns.leader, None
    fields: list[Field] = []
    for place, run in groupby(filled, key=lambda cell: _run(cell[0])):
        several = list(run)
        if place[0] == LEADER:
            leader = mrk.blanks_in(several[0][1])
        elif place[0] == ORDER:
            order = several[0][1].split()
        else:
            fields += _fields(several, form)
    if order is None:
        fields += _constants(fields, columns)
        fields.sort(key=lambda field: field.tag)
    else:
        fields = list(_ordered(fields, order))
    return Record(form, leader.ljust(len(_BLANK_LEADER)), tuple(fields))


def row_of(record: Record, columns: Columns) -> list[str]:
    """Return the cells of a record under ``columns``, which must be :func:`complete`.

    What does not fit its column exactly stands under ``*``. InputError as ``mrk.line``.
    """
    cells = _cells(record, columns)
    shown = [(column, cells[at]) for at, column in enumerate(columns.columns)]
    if not _is(record, shown, columns):
        bare = Columns(tuple(c for c in columns.columns if c.target.tag in (LEADER, REST, ORDER)))
        own = dict(zip(map(_run, bare.columns), _cells(record, bare).values(), strict=True))
        cells = {at: own.get(_run(column), "") for at, column in enumerate(columns.columns)}
    return [cells[at] for at in range(len(columns.columns))]


def guarded(text: str) -> str:
    """Return the text so that no table program takes it for a formula (``=cmd``)."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return the text of :func:`guarded`."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text


def _folded(heading: str) -> str:
    # A star marks obligatory columns on the library's sheets; alone it is the column of the rest.
    return " ".join(heading.casefold().split()).rstrip("*") or heading.strip()


def _run(column: Column) -> tuple[str, str, bool]:
    """Adjacent columns of one run make one field."""
    return (column.target.tag, column.target.indicators, bool(column.target.code))


def _is(record: Record, cells: list[tuple[Column, str]], columns: Columns) -> bool:
    try:
        return record_of(cells, columns, record.format) == record
    except ValueError:
        return False


def _fields(cells: list[tuple[Column, str]], form: str) -> Iterator[Field]:
    column, text = cells[0]
    place = column.target
    if place.tag == REST:
        yield from (mrk.field_in(line, form) for line in _lines(text))
    elif place.tag.startswith("00"):
        yield ControlField(place.tag, mrk.blanks_in(text))
    elif not place.code:
        yield from (mrk.field_of(place.tag, line, form) for line in _lines(text))
    elif len(cells) == 1:
        for part in _parts(column, text):
            yield DataField(place.tag, place.indicators, (Subfield(place.code, part),))
    else:
        subfields = (Subfield(c.target.code, p) for c, t in cells for p in _parts(c, t))
        yield DataField(place.tag, place.indicators, tuple(subfields))


def _lines(text: str) -> list[str]:
    # Other line ends of Unicode are signs of the data.
    return [line for line in re.split("\r?\n", text) if line]


def _parts(column: Column, text: str) -> Iterator[str]:
    codes = dict(column.aliases)
    for part in text.split(column.split) if column.split else (text,):
        bare = part.strip()
        if bare:
            yield codes.get(bare.casefold(), bare)


def _constants(fields: list[Field], columns: Columns) -> list[Field]:
    there = {field.tag for field in fields}
    return [
        DataField(place.tag, place.indicators, (Subfield(place.code, value),))
        if place.code
        else ControlField(place.tag, value)
        for place, value in columns.constants
        if place.tag not in there
    ]


def _ordered(fields: list[Field], order: list[str]) -> Iterator[Field]:
    waiting: dict[str, list[Field]] = defaultdict(list)
    for field in fields:
        waiting[field.tag].append(field)
    for tag in order:
        if waiting[tag]:
            yield waiting[tag].pop(0)
    yield from (field for tag in sorted(waiting) for field in waiting[tag])


def _cells(record: Record, columns: Columns) -> dict[int, str]:
    waiting: dict[str, list[Field]] = defaultdict(list)
    for field in record.fields:
        waiting[field.tag].append(field)
    cells = dict.fromkeys(range(len(columns.columns)), "")
    for place, run in groupby(enumerate(columns.columns), key=lambda at: _run(at[1])):
        if place[2]:
            cells |= _human(list(run), waiting[place[0]])
        else:
            at, column = next(run)
            cells[at] = _whole(column.target.tag, record, waiting)
    return cells


def _human(run: list[tuple[int, Column]], waiting: list[Field]) -> dict[int, str]:
    """Cells of subfield columns; the fields that they hold are taken from the waiting ones."""
    if len(run) == 1:
        ((at, column),) = run
        held: list[str] = []
        while waiting and (texts := _texts(waiting[0], run)) and (column.split or not held):
            held.append(texts[at])
            waiting.pop(0)
        return {at: f"{column.split} ".join(held)} if held else {}
    texts = _texts(waiting[0], run) if waiting else {}
    if texts:
        waiting.pop(0)
    return texts


def _texts(field: Field, run: list[tuple[int, Column]]) -> dict[int, str]:
    """The cell of each subfield where the columns hold the field exactly; else nothing."""
    if not isinstance(field, DataField) or field.indicators != run[0][1].target.indicators:
        return {}
    held: dict[int, str] = {}
    columns = iter(run)
    for subfield in field.subfields:
        at = next((at for at, c in columns if c.target.code == subfield.code), None)
        if at is None or not subfield.value.isprintable():
            return {}
        held[at] = subfield.value
    return held


def _whole(tag: str, record: Record, waiting: dict[str, list[Field]]) -> str:
    if tag == LEADER:
        return mrk.blanks_out(record.leader)
    if tag == ORDER:
        return " ".join(field.tag for field in record.fields)
    if tag == REST:
        left = [field for fields in waiting.values() for field in fields]
        waiting.clear()
        return "\n".join(mrk.line(field, record) for field in left)
    fields = waiting.pop(tag, [])
    return "\n".join(mrk.line(field, record).removeprefix(f"={tag}  ") for field in fields)
