"""The ticked sheet comes back: what was made there, what cannot be, and rows that fit nothing.

A row counts only where its code and what is written in it are those of one correction; whatever was
changed in between is named by its row and nothing is guessed. The file itself is never written.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from digitize.batch.cells import MOST_BYTES, cell_text
from olketanu.errors import InputError
from store.catalogue.corrections import DONE, REFUSED
from workflow.delta import lines
from workflow.delta.corrections import Corrected
from workflow.delta.marking import (
    Open,
    Problem,
    Tick,
    meant,
    open_now,
    problems_told,
    taking,
)
from workflow.delta.sheet import Line, cells, columns, is_ticked
from workflow.delta.ticks import BOXES, Marked, Row, read_marked
from workflow.desk.acts import get_done, perform
from workflow.desk.card import Act
from workflow.library import Library

_COMPARED = ("number", "field", "was", "now")


@dataclass(frozen=True, slots=True)
class Told:
    """A row that is, or would be, taken: DONE or REFUSED with the reason, of which correction."""

    tick: Tick
    record: str
    number: str
    title: str
    told: Line

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        one, told = self.tick, self.told
        row = {"line": one.line, "row": one.code, "record": self.record, "number": self.number}
        what = {"field": told.field, "was": told.was, "now": told.now}
        return {**row, **what, "mark": one.state, "note": one.note}


@dataclass(frozen=True, slots=True)
class Taken:
    """Counts of rows: newly made, newly refused, left open, and told before; and the problems.

    ``rows`` are those that were only tried; ``act`` is the number of the act, None without one.
    """

    sheet: str
    done: int
    refused: int
    unticked: int
    known: int
    problems: tuple[Problem, ...]
    rows: tuple[Told, ...] = ()
    act: int | None = None

    def as_json(self) -> dict[str, object]:
        """The last JSON line."""
        return {
            "sheet": self.sheet,
            "done": self.done,
            "refused": self.refused,
            "unticked": self.unticked,
            "known": self.known,
            "problems": len(self.problems),
            "act": self.act,
        }


@dataclass(frozen=True, slots=True)
class Looked:
    """A sheet that was looked at: what taking it would come to, and the act that takes it.

    ``act`` is None where nothing of it would be new.
    """

    taken: Taken
    act: Act | None


def take_sheet(library: Library, path: Path, *, actor: str, dry_run: bool = False) -> Taken:
    """Note what is ticked in the sheet at ``path`` (XLSX, or CSV) and return what was understood.

    Ticked rows wait for the next import to confirm them; others stay open.

    Raises:
        InputError: as :func:`workflow.delta.ticks.read_marked`.
    """
    looked = look_at(library, read_marked(_bytes(path), path.name), str(path), actor)
    return looked.taken if dry_run or looked.act is None else take(library, looked)


def look_at(library: Library, marked: Marked, sheet: str, actor: str) -> Looked:
    """Return what the marked rows of a sheet would come to; nothing is written."""
    now = open_now(library.store)
    read = [_read(row, now) for row in marked.rows]
    ticks = [one.tick for one in read if isinstance(one, Told)]
    found = meant(now, ticks)
    unread = [one for one in read if isinstance(one, Problem)]
    problems = sorted([*found.problems, *unread], key=lambda one: one.line)
    new = {tick.line for tick, _ in found.marks}
    rows = tuple(one for one in read if isinstance(one, Told) and one.tick.line in new)
    done = sum(one.tick.state == DONE for one in rows)
    counts = (done, len(rows) - done, marked.unticked, found.known)
    taken = Taken(sheet, *counts, tuple(problems), rows)
    return Looked(taken, taking(ticks, sheet, actor) if rows else None)


def take(library: Library, looked: Looked) -> Taken:
    """Do what was looked at, as it is by now."""
    if looked.act is None:
        return looked.taken
    number = perform(library, looked.act)
    facts = get_done(library.store, number).facts
    done, refused, known = (int(str(facts[name])) for name in ("done", "refused", "known"))
    before = looked.taken
    problems = sorted({*before.problems, *problems_told(facts)}, key=lambda one: one.line)
    counts = (done, refused, before.unticked, known)
    return Taken(before.sheet, *counts, tuple(problems), act=number)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError("error.delta-unreadable", file=path.name)
        return path.read_bytes()
    except OSError as error:
        raise InputError("error.delta-unreadable", file=path.name) from error


def _read(row: Row, now: Open) -> Told | Problem:
    """What a row with a mark says, or why it cannot be understood."""
    ticks = [is_ticked(row.cells[box]) for box in BOXES]
    if None in ticks:
        return Problem(row.line, row.code, "unclear-mark", row.cells["done"] or row.cells["cannot"])
    if all(ticks):
        return Problem(row.line, row.code, "both-marks")
    tick = Tick(row.line, row.code, DONE if ticks[0] else REFUSED)
    if row.code not in now.corrections:
        return Told(tick, "", "", "", Line(row.code, "", "", "", ""))
    return _compared(row, tick, now.corrections[row.code][0])


def _compared(row: Row, tick: Tick, found: Corrected) -> Told | Problem:
    own = lines.entry(found)
    line = next(one for one in own.lines if one.code == row.code)
    texts = (cell_text(text) for text in cells(own, line))
    wanted = dict(zip((column.code for column in columns()), texts, strict=True))
    names = {column.code: column.heading for column in columns()}
    edited = [names[code] for code in _COMPARED if row.cells[code] != wanted[code]]
    if edited:
        return Problem(row.line, row.code, "edited-row", ", ".join(edited))
    if tick.state == REFUSED:
        note = row.cells["note"].removeprefix(wanted["note"]).strip(" ;")
        tick = replace(tick, note=note)
    return Told(tick, found.change.record, own.number, own.title, line)
