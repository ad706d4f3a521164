"""What a ticked sheet says becomes marks: one act a sheet, taken back as a whole.

The code of a row is made of the record and of what the correction changes, so it is the version by
which a row is locked: where the record has been changed since, there is no correction of that code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from olketanu.errors import LockedError, UsageError
from store.acts import last_form
from store.catalogue import corrections
from store.catalogue.corrections import CONFIRMED, DONE, REFUSED, Mark
from store.database import Reader, Transaction
from store.identifiers import is_valid, short_id
from workflow.delta.corrections import Corrected, Correction, content_of, open_corrections
from workflow.desk.card import Act, Doing, Facts
from workflow.library import Library

TAKE = "take"
_FILE, _TICKS = "sheet", "ticks"
_STATES = (DONE, REFUSED)
_PARTS = 4
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Tick:
    """A row that was ticked: its line in the file, its code, DONE or REFUSED, and why refused."""

    line: int
    code: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was not taken: its line in the file, its code as written, and why.

    ``reason``: unclear-mark (``detail``: the mark), both-marks, edited-row (``detail``: the
    columns), repeated-row, changed-row (the record was changed since), unknown-row.
    """

    line: int
    code: str
    reason: str
    detail: str = ""

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        told = {"line": self.line, "row": self.code, "problem": self.reason}
        return {**told, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Open:
    """What rows may speak of: open corrections by code, and the last marks."""

    corrections: Mapping[str, tuple[Corrected, Correction]]
    marks: Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class Meant:
    """What ticks come to: marks to be made, how many were made before, and rows not taken."""

    marks: tuple[tuple[Tick, Mark], ...]
    known: int
    problems: tuple[Problem, ...]


def open_now(reader: Reader) -> Open:
    """Return what is open at this moment."""
    found = {
        one.code: (record, one) for record in open_corrections(reader) for one in record.corrections
    }
    return Open(found, corrections.marks(reader))


def meant(now: Open, ticks: Iterable[Tick]) -> Meant:
    """Return what the ticks mean now; nothing is guessed, and one bad row hides no other."""
    marks: list[tuple[Tick, Mark]] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    known = 0
    for tick in ticks:
        found = _meaning(now, tick) if tick.code not in seen else "repeated-row"
        seen.add(tick.code)
        if isinstance(found, Mark):
            marks.append((tick, found))
        elif found == "known":
            known += 1
        else:
            problems.append(Problem(tick.line, tick.code, found))
    return Meant(tuple(marks), known, tuple(problems))


def taking(ticks: Iterable[Tick], sheet: str, actor: str) -> Act:
    """Return the act that notes these ticks of the file ``sheet``."""
    text = "\n".join(f"{one.line}\t{one.code}\t{one.state}\t{one.note}" for one in ticks)
    return taking_told(text, sheet, actor)


def taking_told(text: str, sheet: str, actor: str) -> Act:
    """Return the same act, of ticks as the form of another one told them."""
    plain = "\n".join(text.splitlines())  # browsers send line ends of their own
    name = tidy_name(sheet)
    key = short_id(SHEETS.name, name, plain)
    return Act(SHEETS.name, key, TAKE, None, actor, {_FILE: name, _TICKS: plain})


def tidy_name(name: str) -> str:
    """Return the name of a file as it is told again: without folders, or signs that are none."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:_LONGEST_NAME]


def ticks_told(act: Act) -> str:
    """Return the ticks of an act as text."""
    return act.form[_TICKS]


def problems_told(facts: Facts) -> tuple[Problem, ...]:
    """Return the rows that an act could not take, out of its facts."""
    told = facts["problems"]
    rows = told if isinstance(told, list) else []
    return tuple(Problem(one["line"], one["row"], one["problem"], one["detail"]) for one in rows)


@dataclass(frozen=True, slots=True)
class Sheets:
    """The kind ``sheet``: ticked correction sheets. It has no card at the desk."""

    name: str = "sheet"

    @property
    def acts(self) -> Mapping[str, Doing]:
        """Note what is ticked."""
        return {TAKE: _take}

    def version(self, _reader: Reader, key: str) -> str:
        """What was ticked is what was ticked; each row is locked by its code."""
        return key

    def title(self, reader: Reader, key: str) -> str:
        """The name of the file."""
        return last_form(reader, key)[_FILE]

    def undo(self, _library: Library, tx: Transaction, _act: Act, facts: Facts) -> None:
        """Let every row be what it was before.

        Raises:
            LockedError: ``error.sheet-followed``: something newer was told of one of them.
        """
        now, told = corrections.marks(tx), facts["marks"]
        made = told if isinstance(told, dict) else {}
        later = [code for code, seq in made.items() if code not in now or now[code].seq != seq]
        if later:
            raise LockedError("error.sheet-followed", rows=len(later))
        for code in made:
            corrections.withdraw_mark(tx, now[code])


SHEETS = Sheets()


def _take(_library: Library, tx: Transaction, act: Act) -> Facts:
    """Note the marks; what was told before, or is no longer open, is left as it is.

    UsageError ``error.nothing-ticked`` where that is all.
    """
    found = meant(open_now(tx), _ticks(act.form))
    if not found.marks:
        raise UsageError("error.nothing-ticked", sheet=act.form[_FILE])
    marks = [mark for _, mark in found.marks]
    numbers = corrections.mark(tx, marks, act.form[_FILE])
    done = sum(mark.state == DONE for mark in marks)
    return {
        "done": done,
        "refused": len(marks) - done,
        "known": found.known,
        "problems": [one.as_json() for one in found.problems],
        "marks": {mark.code: seq for mark, seq in zip(marks, numbers, strict=True)},
    }


def _meaning(now: Open, tick: Tick) -> Mark | str:
    """The mark, ``known`` where it was made before, or why it cannot be made."""
    if tick.code not in now.corrections:
        told = now.marks.get(tick.code)
        if told is not None and told.state == CONFIRMED:
            return "known"
        return "changed-row" if is_valid(tick.code) else "unknown-row"
    found, correction = now.corrections[tick.code]
    told = correction.mark
    if told is not None and told.state == tick.state and tick.note in ("", told.note):
        return "known"
    change, one = found.change, correction.difference
    content = (one.tag, content_of(one.was), content_of(one.now))
    return Mark(tick.code, change.record, change.catalogue, tick.state, *content, tick.note)


def _ticks(form: Mapping[str, str]) -> list[Tick]:
    """The ticks of a form; UsageError ``error.ticks`` where somebody has made them up."""
    found = []
    for row in form.get(_TICKS, "").splitlines():
        parts = row.split("\t")
        if len(parts) != _PARTS or parts[2] not in _STATES or not _is_number(parts[0]):
            raise UsageError("error.ticks")
        found.append(Tick(int(parts[0]), *parts[1:]))
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len("1048576")
