"""The ticked sheet comes back: what was made there, what cannot be, and rows that fit nothing.

A row counts only where its code and what is written in it are those of one correction; whatever was
changed in between is named by its row and nothing is guessed. The file itself is never written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitize.batch.cells import Sheet as Cells
from digitize.batch.cells import cell_text, read_csv, read_xlsx
from olketanu.errors import InputError
from store.catalogue import corrections
from store.catalogue.corrections import CONFIRMED, DONE, REFUSED, Mark
from workflow.delta import lines
from workflow.delta.corrections import (
    Corrected,
    Correction,
    content_of,
    open_corrections,
)
from workflow.delta.sheet import cells, column_codes, columns, is_ticked
from workflow.library import Library

NEEDED = ("number", "field", "was", "now", "done", "cannot", "note", "code")
_COMPARED = ("number", "field", "was", "now")
_HEAD_LINES = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was not taken: its line in the file, its code as written, and why.

    ``reason``: unclear-mark, both-marks, unknown-row, edited-row (``detail``: the columns),
    repeated-row.
    """

    line: int
    code: str
    reason: str
    detail: str = ""

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "line": self.line,
            "row": self.code,
            "problem": self.reason,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class Taken:
    """Counts of rows: newly made, newly refused, left open, and told before; and the problems."""

    sheet: str
    done: int
    refused: int
    unticked: int
    known: int
    problems: tuple[Problem, ...]

    def as_json(self) -> dict[str, object]:
        """The last JSON line."""
        return {
            "sheet": self.sheet,
            "done": self.done,
            "refused": self.refused,
            "unticked": self.unticked,
            "known": self.known,
            "problems": len(self.problems),
        }


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]

    @property
    def code(self) -> str:
        return self.cells["code"]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a row may speak of: open corrections by code, and marks of those that were."""

    open: Mapping[str, tuple[Corrected, Correction]]
    marks: Mapping[str, Mark]


def take_sheet(library: Library, path: Path, *, actor: str, dry_run: bool = False) -> Taken:
    """Note what is ticked in the sheet at ``path`` (XLSX, or CSV) and return what was understood.

    Ticked rows wait for the next import to confirm them; others stay open.

    Raises:
        InputError: ``error.delta-unreadable``: no such sheet; ``error.delta-columns``: a column is
        missing or stands there twice.
    """
    rows = _rows(path)
    open_ = {
        one.code: (found, one)
        for found in open_corrections(library.store)
        for one in found.corrections
    }
    known = _Known(open_, corrections.marks(library.store))
    problems: list[Problem] = []
    marks: list[Mark] = []
    counts = dict.fromkeys(("unticked", "known"), 0)
    seen: set[str] = set()
    for row in rows:
        found = _read(row, known, seen)
        seen.add(row.code)
        if isinstance(found, Problem):
            problems.append(found)
        elif isinstance(found, Mark):
            marks.append(found)
        else:
            counts[found] += 1
    if marks and not dry_run:
        with library.store.transaction(actor) as tx:
            corrections.mark(tx, marks, path.name)
    done = sum(1 for one in marks if one.state == DONE)
    told = (done, len(marks) - done, counts["unticked"], counts["known"])
    return Taken(str(path), *told, tuple(problems))


def _rows(path: Path) -> list[_Row]:
    """The rows below the headings, by column; blank ones are left out."""
    read: Callable[[Path], Cells] = read_csv if path.suffix.lower() == ".csv" else read_xlsx
    try:
        lines_ = read(path)
    except (InputError, OSError) as error:
        raise InputError("error.delta-unreadable", file=path.name) from error
    for at, (_, texts) in enumerate(lines_[:_HEAD_LINES]):
        codes = column_codes(texts)
        if "code" in codes or "done" in codes:
            _require_columns(codes, path)
            return [_row(line, texts, codes) for line, texts in lines_[at + 1 :] if any(texts)]
    raise InputError("error.delta-unreadable", file=path.name)


def _require_columns(codes: Sequence[str | None], path: Path) -> None:
    names = {column.code: column.heading for column in columns()}
    wrong = [names[code] for code in NEEDED if codes.count(code) != 1]
    if wrong:
        raise InputError("error.delta-columns", file=path.name, columns=", ".join(wrong))


def _row(line: int, texts: Sequence[str], codes: Sequence[str | None]) -> _Row:
    return _Row(line, {code: text for code, text in zip(codes, texts, strict=True) if code})


def _read(row: _Row, known: _Known, seen: set[str]) -> Problem | Mark | str:
    """A mark to note, why the row cannot be taken, or what it is counted as."""
    ticks = [is_ticked(row.cells[name]) for name in ("done", "cannot")]
    if None in ticks:
        return Problem(row.line, row.code, "unclear-mark", row.cells["done"] or row.cells["cannot"])
    if all(ticks):
        return Problem(row.line, row.code, "both-marks")
    if not any(ticks):
        return "unticked"
    if row.code in seen:
        return Problem(row.line, row.code, "repeated-row")
    if row.code not in known.open:
        told = known.marks.get(row.code)
        if told is not None and told.state == CONFIRMED:
            return "known"
        return Problem(row.line, row.code, "unknown-row")
    return _mark(row, *known.open[row.code], state=DONE if ticks[0] else REFUSED)


def _mark(
    row: _Row, found: Corrected, correction: Correction, *, state: str
) -> Problem | Mark | str:
    own = lines.entry(found)
    line = next(one for one in own.lines if one.code == correction.code)
    texts = (cell_text(text) for text in cells(own, line))
    wanted = dict(zip((column.code for column in columns()), texts, strict=True))
    names = {column.code: column.heading for column in columns()}
    edited = [names[code] for code in _COMPARED if row.cells[code] != wanted[code]]
    if edited:
        return Problem(row.line, row.code, "edited-row", ", ".join(edited))
    note = row.cells["note"].removeprefix(wanted["note"]).strip(" ;") if state == REFUSED else ""
    told = correction.mark
    if told is not None and told.state == state and (state == DONE or note in ("", told.note)):
        return "known"
    change, one = found.change, correction.difference
    content = (one.tag, content_of(one.was), content_of(one.now))
    return Mark(correction.code, change.record, change.catalogue, state, *content, note)
