"""A form as it stands: how the record would be described, and what the checks say of each row."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.isbd.describe import describe
from catalog.isbd.style import Style
from catalog.isbd.text import to_text
from catalog.place import Place, numbered, parse_place
from catalog.quality.finding import Finding
from catalog.quality.validate import Context, validate
from catalog.record import Record
from catalog.view import view
from olketanu.messages.translate import language
from workflow.checking.rules import library_rules, surroundings
from workflow.editing.evidence import Found
from workflow.editing.form import RecordForm, Row, read_form
from workflow.library import Library
from workflow.record.describe import library_style

_LETTERS_A_LINE = 56


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check says, in the language spoken; ``level`` is error, warning or hint."""

    level: str
    message: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with what belongs to it: ``spots`` are the numbers of the places on the pages."""

    row: Row
    spots: tuple[int, ...]
    remarks: tuple[Remark, ...]

    @property
    def lines(self) -> int:
        """How many lines its text takes."""
        return sum(1 + len(line) // _LETTERS_A_LINE for line in self.row.typed.text.split("\n"))


@dataclass(frozen=True, slots=True)
class Proof:
    """``description`` is empty while a row has a problem; ``remarks`` are of no row.

    ``free`` is the number of the first row that is not there yet.
    """

    rows: tuple[ShownRow, ...]
    description: str
    remarks: tuple[Remark, ...]

    @property
    def free(self) -> int:
        """The number for the inputs of a further row."""
        return max((one.row.number for one in self.rows), default=0) + 1

    @property
    def first_wrong(self) -> int | None:
        """The number of the first row that is no field."""
        return next((one.row.number for one in self.rows if one.row.problem), None)

    @property
    def is_whole(self) -> bool:
        """Whether every row is a field."""
        return self.first_wrong is None


@dataclass(frozen=True)
class Prover:
    """Reads what was typed into the form of ``record``; made once for a page."""

    record: Record
    found: Found
    context: Context
    style: Style

    def read(self, typed: Mapping[str, str]) -> Proof:
        """Return the form with what was typed, or untouched where nothing was."""
        form = read_form(self.record, typed)
        if form.record is None:
            return Proof(tuple(_shown(form, {}, self._spots(self.record))), "", ())
        remarks: dict[str, list[Remark]] = {}
        for one in validate(form.record, self.context):
            remarks.setdefault(_field_of(one.place), []).append(self._remark(one))
        rows = tuple(_shown(form, remarks, self._spots(form.record)))
        description = to_text([describe(form.record, self.style)]).strip()
        return Proof(rows, description, tuple(one for left in remarks.values() for one in left))

    def _remark(self, found: Finding) -> Remark:
        rule = self.context.rules.get(found.rule)
        return Remark(found.level, rule.message(language(), found.facts) if rule else found.rule)

    def _spots(self, record: Record) -> dict[str, tuple[int, ...]]:
        """Numbers of the places that each field was read at, by the place of the field."""
        spots: dict[str, tuple[int, ...]] = {}
        for name, places in view(record).sources.items():
            for place in {_field_of(parse_place(place)) for place in places}:
                spots[place] = (*spots.get(place, ()), *self.found.spots_of(name))
        return spots


def prover(library: Library, record: Record, catalogues: Iterable[str], found: Found) -> Prover:
    """Return what reads the form of a record of these catalogues by the library's rules.

    Raises:
        SettingsError: as ``library_rules``.
    """
    rules = library_rules(library)
    context = Context(rules, surroundings(library, rules)).within(catalogues)
    return Prover(record, found, context, library_style(library.settings))


def _shown(
    form: RecordForm, remarks: dict[str, list[Remark]], spots: Mapping[str, tuple[int, ...]]
) -> Iterable[ShownRow]:
    """The rows in order; what is said of a row is taken out of ``remarks``."""
    seen: Counter[str] = Counter()
    for row in form.rows:
        tag = row.typed.tag.strip()
        seen[tag] += 1
        place = numbered(tag, seen[tag])
        numbers = tuple(dict.fromkeys(spots.get(place, ())))
        yield ShownRow(row, numbers, tuple(remarks.pop(place, ())))


def _field_of(place: Place) -> str:
    """The field of the record that a place is in: of an embedded one the link around it."""
    return numbered(place.host, place.host_n) if place.host else numbered(place.tag, place.n)
