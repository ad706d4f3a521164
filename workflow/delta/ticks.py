"""The ticked sheet as it comes back: the rows that somebody has marked, whoever wrote the file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitize.batch.cells import Sheet as Cells
from digitize.batch.cells import csv_cells, xlsx_cells
from olketanu.errors import InputError
from olketanu.messages.translate import choose_language
from workflow.delta.sheet import column_codes, columns, is_ticked

NEEDED = ("number", "field", "was", "now", "done", "cannot", "note", "code")
BOXES = ("done", "cannot")
_HEAD_LINES = 10
_ZIP = b"PK"


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its line in the file; ``cells`` are those of ``NEEDED``, by code of the column."""

    line: int
    cells: Mapping[str, str]

    @property
    def code(self) -> str:
        """The code of the row."""
        return self.cells["code"]


@dataclass(frozen=True, slots=True)
class Marked:
    """Rows with a mark in one of the boxes, understood or not; how many others there are."""

    rows: tuple[Row, ...]
    unticked: int

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {"rows": [[r.line, dict(r.cells)] for r in self.rows], "unticked": self.unticked}


def marked_from_json(data: Mapping[str, Any]) -> Marked:
    """Return what :meth:`Marked.to_json` wrote."""
    return Marked(tuple(Row(line, cells) for line, cells in data["rows"]), data["unticked"])


def read_marked(data: bytes, name: str) -> Marked:
    """Read a sheet, a workbook or CSV as its first bytes say; blank rows are left out.

    Raises:
        InputError: ``error.delta-unreadable``: no such sheet; ``error.delta-columns``: a column is
            missing or stands there twice. Both tell ``name``.
    """
    read: Callable[[bytes, str], Cells] = xlsx_cells if data.startswith(_ZIP) else csv_cells
    try:
        lines = read(data, name)
    except InputError as error:
        raise InputError("error.delta-unreadable", file=name) from error
    for at, (_, texts) in enumerate(lines[:_HEAD_LINES]):
        codes = column_codes(texts)
        if "code" in codes or "done" in codes:
            _require_columns(codes, name)
            return _marked([_row(*one, codes) for one in lines[at + 1 :] if any(one[1])])
    raise InputError("error.delta-unreadable", file=name)


def task(payload: dict[str, Any]) -> dict[str, Any]:
    """Read the sheet at ``path`` that is called ``name``: a task of a limited child.

    What is wrong with it is told in ``language``.
    """
    choose_language(payload["language"])
    return read_marked(Path(payload["path"]).read_bytes(), payload["name"]).to_json()


def _marked(rows: Sequence[Row]) -> Marked:
    kept = tuple(
        row for row in rows if any(is_ticked(row.cells[box]) is not False for box in BOXES)
    )
    return Marked(kept, len(rows) - len(kept))


def _require_columns(codes: Sequence[str | None], name: str) -> None:
    names = {column.code: column.heading for column in columns()}
    wrong = [names[code] for code in NEEDED if codes.count(code) != 1]
    if wrong:
        raise InputError("error.delta-columns", file=name, columns=", ".join(wrong))


def _row(line: int, texts: Sequence[str], codes: Sequence[str | None]) -> Row:
    told = zip(codes, texts, strict=True)
    return Row(line, {code: text for code, text in told if code in NEEDED})
