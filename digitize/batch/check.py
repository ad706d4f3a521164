"""What is wrong with a batch before anything runs: folders, rows, images, values.

Pure: images were looked at in a limited child before, their inspections come as an argument.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from digitize.batch.finding import Finding, finding
from digitize.batch.folder import FoundDocument, display_name, natural_key
from digitize.batch.manifest import Manifest, ManifestRow
from digitize.batch.match import Pairing, pair
from digitize.scan.codes import REFUSALS
from digitize.scan.inspection import Inspection
from language.dates import parse_date
from language.lookalikes import repair
from olketanu.errors import BadFileError

Inspections = Mapping[Path, Inspection | BadFileError]
LEAST_DPI = 300
_SIZE_DIFFERENCE = 0.15
_LEAST_YEAR = 1850  # of the date's year: earlier is a slip of the hand in local history
_LAST_NUMBER = re.compile(r"(\d+)\D*$")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CHECKED_TEXTS = ("title", "author", "source", "collection")


def check(
    batch: Path,
    manifest: Manifest | None,
    found: Sequence[FoundDocument],
    inspections: Inspections,
    today: datetime.date | None = None,
) -> list[Finding]:
    """Return every finding about the batch: those of the sheet first, then by document.

    ``inspections`` holds, by path, what inspecting gave or the error that it raised; files without
    an entry are not judged. ``today`` (by default the date in UTC) decides which contracts ended.
    """
    day = today or datetime.datetime.now(datetime.UTC).date()
    pairing = pair(found, manifest)
    findings = list(manifest.findings) if manifest is not None else []
    if manifest is not None:
        findings.extend(_check_folders(pairing, manifest))
        for row in manifest.rows:
            findings.extend(_check_row(row, day))
    for document in found:
        findings.extend(_check_names(document))
        findings.extend(_check_images(document, inspections, batch))
    findings.extend(_check_copies(found, inspections, batch))
    return findings


def _check_folders(pairing: Pairing, manifest: Manifest) -> Iterator[Finding]:
    folders = [row.folder for row in manifest.rows]
    for row in pairing.unused:
        first = manifest.rows[folders.index(row.folder)].line
        if first != row.line:
            yield finding("ROW_TWICE", "error", row.folder, line=row.line, first=first)
        else:
            yield finding("ROW_WITHOUT_FOLDER", "error", row.folder, line=row.line)
    for paired in pairing.documents:
        if paired.row is None:
            yield finding("FOLDER_WITHOUT_ROW", "error", paired.document.name)


def _check_row(row: ManifestRow, today: datetime.date) -> Iterator[Finding]:
    yield from _check_rights(row, today)
    yield from _check_date(row, today)
    for name in _CHECKED_TEXTS:
        text = getattr(row, name) or ""
        for word in _WORD.findall(text):
            good = repair(word)
            if good != word:
                facts = {"line": row.line, "word": word, "good": good}
                yield finding("LOOKALIKE_LETTERS", "warning", row.folder, **facts)


def _check_rights(row: ManifestRow, today: datetime.date) -> Iterator[Finding]:
    rights = row.rights
    if rights.code != "until":
        return
    if rights.until is None and rights.contract is None:
        yield finding("CONTRACT_MISSING", "error", row.folder, line=row.line)
    if rights.until is not None and rights.until < today:
        facts = {"line": row.line, "date": rights.until.isoformat()}
        yield finding("RIGHTS_ENDED", "warning", row.folder, **facts)


def _check_date(row: ManifestRow, today: datetime.date) -> Iterator[Finding]:
    if row.date is None:
        return
    facts = {"line": row.line, "date": row.date}
    date = parse_date(row.date)
    if date is None:
        yield finding("DATE_IMPOSSIBLE", "error", row.folder, **facts)
    elif str(date) > today.isoformat():
        yield finding("DATE_IN_FUTURE", "error", row.folder, **facts)
    elif date.year < _LEAST_YEAR:
        yield finding("DATE_TOO_EARLY", "warning", row.folder, **facts)


def _check_names(document: FoundDocument) -> Iterator[Finding]:
    """Order and gaps of the numbers in the names of one document's files, folder by folder."""
    if document.root.is_dir() and not document.files:
        yield finding("EMPTY_FOLDER", "error", document.name)
    for names in _by_folder(document.files):
        plain = sorted(names)
        if plain != sorted(names, key=natural_key):
            facts = {"order": ", ".join(sorted(names, key=natural_key)[:3])}
            yield finding("ODD_ORDER", "warning", document.name, **facts)
        missing = _missing(names)
        if missing:
            shown = ", ".join(map(str, missing[:5])) + ("…" if len(missing) > 5 else "")
            yield finding("GAP_IN_NUMBERS", "warning", document.name, numbers=shown)


def _by_folder(files: Iterable[Path]) -> list[list[str]]:
    folders: dict[Path, list[str]] = {}
    for path in files:
        folders.setdefault(path.parent, []).append(display_name(path))
    return list(folders.values())


def _missing(names: list[str]) -> list[int]:
    """Numbers left out between the least and the greatest, where every name ends in its own one."""
    matches = [_LAST_NUMBER.search(Path(name).stem) for name in names]
    numbers = {int(match[1]) for match in matches if match is not None}
    if len(numbers) != len(names) or len(numbers) < 2:
        return []
    missing = range(min(numbers), max(numbers) + 1)
    return [n for n in missing if n not in numbers] if len(missing) <= 2 * len(numbers) else []


def _check_images(
    document: FoundDocument, inspections: Inspections, batch: Path
) -> Iterator[Finding]:
    sizes: list[tuple[float, float]] = []
    for path in document.files:
        seen = inspections.get(path)
        place = _place(path, batch)
        if isinstance(seen, BadFileError):
            if seen.code in REFUSALS:
                facts = {"file": path.name, **seen.facts}
                yield finding(seen.code, "error", place, **facts)
            else:
                yield finding("BAD_FILE", "error", place, reason=seen.code)
        elif seen is not None:
            yield from _check_inspection(seen, place)
            sizes.extend(_inches(seen))
    if _differ(sizes):
        yield finding("MIXED_SIZES", "warning", document.name)


def _check_inspection(seen: Inspection, place: str) -> Iterator[Finding]:
    for code in seen.warnings:
        yield finding(code, "warning", place)
    scans = [frame for frame in seen.frames if frame.source != "pdf-render"]
    if any(not frame.dpi_known for frame in scans):
        yield finding("DPI_MISSING", "warning", place, least=LEAST_DPI)
    low = [frame.dpi for frame in scans if frame.dpi_known and frame.dpi < LEAST_DPI]
    if low:
        yield finding("DPI_LOW", "warning", place, dpi=min(low), least=LEAST_DPI)


def _inches(seen: Inspection) -> list[tuple[float, float]]:
    """Short and long side of every frame."""
    sides = [sorted((frame.width / frame.dpi, frame.height / frame.dpi)) for frame in seen.frames]
    return [(short, long) for short, long in sides]


def _differ(sizes: list[tuple[float, float]]) -> bool:
    """Whether the longest page is longer, or the widest wider, than the least by 15 %."""
    if len(sizes) < 2:
        return False
    return any(max(side) > min(side) * (1 + _SIZE_DIFFERENCE) for side in zip(*sizes, strict=True))


def _check_copies(
    found: Sequence[FoundDocument], inspections: Inspections, batch: Path
) -> Iterator[Finding]:
    """The same bytes twice, anywhere in the batch."""
    first: dict[str, str] = {}
    for path in (path for document in found for path in document.files):
        seen = inspections.get(path)
        if isinstance(seen, Inspection):
            place = _place(path, batch)
            other = first.setdefault(seen.sha256, place)
            if other != place:
                yield finding("SAME_IMAGE", "warning", place, other=other)


def _place(path: Path, batch: Path) -> str:
    """The path below the batch as text; the bare name of a file from elsewhere."""
    below = path.relative_to(batch) if path.is_relative_to(batch) else Path(path.name)
    return "/".join(display_name(Path(part)) for part in below.parts)
