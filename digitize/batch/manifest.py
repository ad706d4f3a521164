"""The librarian's sheet of a batch, read: one row a document, values as the codes of the program.

``manifest.xlsx`` or ``manifest.csv`` in the batch folder, headings in Kazakh, Russian or English.
What cannot be understood becomes a finding, never an exception; the row is kept with the safe value
(rights closed, kind other).
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from catalog.rights import CLOSED, Rights
from digitize.batch import table
from digitize.batch.cells import Sheet, read_csv, read_xlsx
from digitize.batch.finding import Finding, finding
from language.dates import parse_date
from olketanu.errors import InputError

NAMES = ("manifest.xlsx", "manifest.csv")
_CONTRACT_SIGNS = " №#:"
_LANGUAGE_SIGNS = re.compile(r"\s*[+,;/&]\s*")
_HEADER_LINES = 10
_TEXTS = (
    "title",
    "author",
    "source",
    "date",
    "number",
    "printed_pages",
    "udc",
    "collection",
    "record_number",
    "inventory_number",
    "contract",
    "branch",
    "note",
)


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One row. Text fields are None where the cell is empty.

    ``folder`` names the document's folder or file; ``kind``, ``language`` (``kaz``, ``kaz+rus`` …)
    and ``script`` are codes; ``date`` is as written (dates of Excel as ISO 8601); ``each`` means
    that every file of the folder is a document of its own; ``line`` counts from 1 in the sheet;
    ``cells`` is the row as written, for the copy with results.
    """

    folder: str
    kind: str = "other"
    rights: Rights = CLOSED
    language: str | None = None
    script: str | None = None
    title: str | None = None
    author: str | None = None
    source: str | None = None
    date: str | None = None
    number: str | None = None
    printed_pages: str | None = None
    udc: str | None = None
    collection: str | None = None
    record_number: str | None = None
    inventory_number: str | None = None
    contract: str | None = None
    branch: str | None = None
    note: str | None = None
    each: bool = False
    line: int = 0
    cells: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages one by one (``kaz+rus`` gives two); empty where none is known."""
        codes = (self.language or "").split("+")
        return tuple(code for code in codes if code not in ("", "und"))


@dataclass(frozen=True, slots=True)
class Manifest:
    """A sheet that was read: its rows, what was found wrong, its headings and their language."""

    path: Path
    rows: tuple[ManifestRow, ...]
    findings: tuple[Finding, ...]
    language: str
    headings: tuple[str, ...]


def find_manifest(folder: Path) -> Path | None:
    """Return the sheet of a batch folder (XLSX before CSV), or None; case does not matter."""
    return next(iter(_sheets(folder)), None)


def read_manifest(folder: Path) -> Manifest | None:
    """Return the batch's sheet with values normalised, or None where the folder has none.

    InputError ``error.manifest-unreadable`` where the file is damaged, ``error.manifest-headings``
    where no line names a folder column.
    """
    path = find_manifest(folder)
    if path is None:
        return None
    sheet = read_xlsx(path) if path.suffix.casefold() == ".xlsx" else read_csv(path)
    top = _header(sheet, path)
    headings = sheet[top][1]
    codes = [table.heading_code(text) for text in headings]
    language = table.heading_language(list(headings))
    findings = [*_check_alone(folder), *_check_headings(headings, codes, language)]
    rows: list[ManifestRow] = []
    for line, cells in sheet[top + 1 :]:
        if any(cells):
            row, found = _row(line, cells, codes, language)
            findings.extend(found)
            rows.extend([row] if row is not None else [])
    return Manifest(path, tuple(rows), tuple(findings), language, headings)


def _sheets(folder: Path) -> list[Path]:
    present = {path.name.casefold(): path for path in sorted(folder.iterdir()) if path.is_file()}
    return [present[name] for name in NAMES if name in present]


def _check_alone(folder: Path) -> list[Finding]:
    """A warning where the folder holds a second sheet, which would not be read."""
    used, *others = (path.name for path in _sheets(folder))
    return [finding("TWO_MANIFESTS", "warning", "", used=used, left=left) for left in others]


def _header(sheet: Sheet, path: Path) -> int:
    """Index of the line of headings: among the first lines, the one that names the folder."""
    for index, (_, cells) in enumerate(sheet[:_HEADER_LINES]):
        codes = {table.heading_code(cell) for cell in cells} - {None}
        if "folder" in codes and len(codes) > 1:
            return index
    raise InputError("error.manifest-headings", file=path.name)


def _check_headings(
    headings: tuple[str, ...], codes: list[str | None], language: str
) -> list[Finding]:
    found: list[Finding] = []
    for heading, code in zip(headings, codes, strict=True):
        if heading and code is None:
            near = table.nearest_heading(heading, language)
            name = "UNKNOWN_HEADING" if near else "UNKNOWN_HEADING_FAR"
            found.append(finding(name, "warning", "", value=heading, good=near or ""))
    for column in table.columns():
        if column.required and column.code not in codes:
            name = column.heading[language]
            found.append(finding("MISSING_COLUMN", "error", "", column=name))
        if codes.count(column.code) > 1:
            name = column.heading[language]
            found.append(finding("COLUMN_TWICE", "warning", "", column=name))
    return found


def _row(
    line: int, cells: tuple[str, ...], codes: list[str | None], language: str
) -> tuple[ManifestRow | None, list[Finding]]:
    """The row of a line, and findings about it; no row where it names no folder."""
    texts: dict[str, str] = {}
    for code, cell in zip(codes, cells, strict=False):
        if code is not None and cell:
            texts.setdefault(code, cell)
    reading = _Reading(texts, line, language, [])
    for column in table.columns():
        if column.required and column.code in codes and column.code not in texts:
            reading.note("MISSING_VALUE", column=column.heading[language])
    if "folder" not in texts:
        return None, reading.findings
    row = ManifestRow(
        folder=texts["folder"],
        kind=reading.code("kind") or "other",
        rights=reading.rights(),
        language=reading.languages(),
        script=reading.code("script"),
        each=reading.code("each") == "yes",
        line=line,
        cells=cells,
        **{name: texts.get(name) for name in _TEXTS},
    )
    return row, reading.findings


@dataclass(frozen=True, slots=True)
class _Reading:
    """A row under way: its texts by column, and what is found wrong with them."""

    texts: Mapping[str, str]
    line: int
    language: str
    findings: list[Finding]

    def note(self, code: str, **facts: object) -> None:
        """Keep an error about this line."""
        facts = {"line": self.line, **facts}
        place = self.texts.get("folder", str(self.line))
        self.findings.append(finding(code, "error", place, **facts))

    def code(self, column: str) -> str | None:
        """The code in a column of fixed values; None, with a finding, where it is unknown."""
        text = self.texts.get(column)
        if text is None:
            return None
        code = table.value_code(column, text)
        if code is None:
            self._unknown(column, text)
        return code

    def languages(self) -> str | None:
        """The language, or several with «+» between, each once, in the order written."""
        parts = _LANGUAGE_SIGNS.split(self.texts.get("language", ""))
        codes = [table.value_code("language", part) for part in parts if part]
        known = [code for code in codes if code is not None]
        if len(parts) > 1 and len(known) == len(codes):
            return "+".join(dict.fromkeys(known))
        return self.code("language")

    def rights(self) -> Rights:
        """The rights: a code, or ``until`` with a full date or a contract; closed when unknown."""
        text, contract = self.texts.get("rights"), self.texts.get("contract")
        if text is None:
            return Rights("closed", None, contract)
        code = table.value_code("rights", text)
        if code is not None:
            return Rights(code, None, contract)
        date = parse_date(text)
        if date is not None and date.day:
            day = datetime.date(date.year, date.month, date.day)
            return Rights("until", day, contract)
        named = _contract_in(text)
        if named is not None:
            return Rights("until", None, contract or named)
        self._unknown("rights", text)
        return Rights("closed", None, contract)

    def _unknown(self, column: str, text: str) -> None:
        heading = next(c for c in table.columns() if c.code == column).heading[self.language]
        good = table.nearest_value(column, text, self.language)
        known = ", ".join(table.value_names(column, self.language))
        code = "UNKNOWN_VALUE" if good else "UNKNOWN_VALUE_FAR"
        self.note(code, column=heading, value=text, good=good or "", known=known)


def _contract_in(text: str) -> str | None:
    """The number in «до договора № 5», or None where the text says something else."""
    folded = table.fold(text)
    for alias in table.aliases("rights", "until"):
        rest = folded.removeprefix(alias)
        if rest != folded and " " in alias and rest.strip(_CONTRACT_SIGNS):
            return text[len(text) - len(rest) :].strip(_CONTRACT_SIGNS)
    return None
