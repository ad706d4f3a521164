"""The delta written: whole records as a file in their dialect, or the correction sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from catalog.catalogues import catalogue_name
from catalog.marc.exchange import ReadOrder, write_exchange
from catalog.marc.profile import Profile
from catalog.marc.reading import CONTAINERS, container_of
from olketanu.errors import InputError, UsageError
from olketanu.messages.translate import language
from store.clock import utc_now
from store.disk.files import write_durably
from store.imports.files import ImportFile, list_files
from workflow.delta.corrections import Corrected, open_corrections
from workflow.delta.html import html_sheet
from workflow.delta.letter import word_sheet
from workflow.delta.lines import make_sheet
from workflow.exchange.profiles import profile_told
from workflow.exchange.proof import write_checked
from workflow.library import Library

SHEETS = ("sheet-xlsx", "sheet-docx", "sheet-html")
_SHEET_ENDINGS = {".xlsx": "sheet-xlsx", ".docx": "sheet-docx", ".html": "sheet-html"}


@dataclass(frozen=True, slots=True)
class DeltaOrder:
    """What to write. ``form`` is a container or one of ``SHEETS``, None: by the file's ending.

    Without ``everything`` what somebody has ticked as made is left out until the next import.
    ``since``: only records that were changed after the change set of this number.
    """

    target: Path
    form: str | None = None
    catalogue: str | None = None
    since: int | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """What was written, or would be. ``form`` is None where there was nothing to write.

    ``contested`` are records left out because they changed on both sides, ``numberless`` those that
    went out without a number to find them by, ``unfit`` those that such a file cannot hold (letters
    that its character set lacks, fields too long); ``waiting`` counts corrections left out as made.
    """

    file: str
    form: str | None
    charset: str | None
    records: int
    corrections: int
    waiting: int
    contested: tuple[str, ...]
    numberless: tuple[str, ...]
    unfit: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "file": self.file,
            "as": self.form,
            "charset": self.charset,
            "records": self.records,
            "corrections": self.corrections,
            "waiting": self.waiting,
            "contested": list(self.contested),
            "numberless": list(self.numberless),
            "unfit": list(self.unfit),
        }


@dataclass(frozen=True, slots=True)
class _Made:
    """The content of the file, and the records that it could take."""

    form: str | None
    charset: str | None
    data: bytes
    records: Sequence[Corrected]


@dataclass(frozen=True, slots=True)
class _Dialect:
    container: str
    format: str
    charset: str
    profile: Profile | None


def write_delta(library: Library, order: DeltaOrder, *, actor: str, dry_run: bool = False) -> Delta:
    """Write what is open to ``order.target``; nothing open, no file.

    Raises:
        UsageError: ``error.delta-dialects``: the records belong to several catalogues, or files of
            several dialects; ``error.ending``.
        InputError: the file reads back other than it was written.
        MissingToolError: of a Word sheet. CannotWriteError: the target cannot be written.
    """
    chosen, contested, waiting = _chosen(library, order)
    made = _made(library, order, chosen) if chosen else _Made(None, None, b"", ())
    if made.records and not dry_run:
        write_durably(order.target.resolve(), made.data)
        _note(library, order, made, actor)
    fitting = {one.change.arrival for one in made.records}
    return Delta(
        *(str(order.target), made.form if made.records else None, made.charset),
        *(len(made.records), sum(len(one.corrections) for one in made.records), waiting),
        contested=contested,
        numberless=tuple(one.name for one in made.records if one.number is None),
        unfit=tuple(one.name for one in chosen if one.change.arrival not in fitting),
    )


def sheet_of_open(library: Library, form: str) -> bytes | None:
    """Return the correction sheet of what is open as one of ``SHEETS``; None: nothing is.

    What somebody has ticked as made is left out. Nothing is written, neither file nor event.

    Raises:
        MissingToolError: of a Word sheet.
    """
    chosen, _, _ = _chosen(library, DeltaOrder(Path()))
    return _sheet(library, chosen, form) if chosen else None


def _chosen(library: Library, order: DeltaOrder) -> tuple[list[Corrected], tuple[str, ...], int]:
    """Records to write, names of contested ones, and how many corrections are left out as made."""
    chosen: list[Corrected] = []
    contested, waiting = [], 0
    for one in open_corrections(library.store, order.catalogue, order.since):
        if one.change.contested:
            contested.append(one.name)
            continue
        left = one if order.everything else one.without_waiting()
        waiting += len(one.corrections) - len(left.corrections)
        if left.corrections:
            chosen.append(left)
    return chosen, tuple(contested), waiting


def _made(library: Library, order: DeltaOrder, chosen: Sequence[Corrected]) -> _Made:
    form = order.form or _SHEET_ENDINGS.get(order.target.suffix.lower())
    if form in SHEETS:
        return _Made(form, None, _sheet(library, chosen, form), chosen)
    dialect = _dialect(library, chosen)
    form = form or _container(order.target, dialect)
    charset = dialect.charset if form == dialect.container else "utf-8"
    read = ReadOrder(form, dialect.format, charset, dialect.profile)
    fitting = [one for one in chosen if _fits(one, read)]
    stream = BytesIO()
    if fitting:
        write_checked((one.ours for one in fitting), read, stream, order.target)
    return _Made(form, charset, stream.getvalue(), fitting)


def _fits(found: Corrected, file: ReadOrder) -> bool:
    """Whether the file can hold the record: old character sets lack letters, ISO 2709 room."""
    try:
        told = (file.container or "iso2709", file.charset or "utf-8", file.profile)
        return any(True for _ in write_exchange([found.ours], *told))
    except InputError:
        return False


def _sheet(library: Library, chosen: Sequence[Corrected], form: str) -> bytes:
    codes = dict.fromkeys(one.change.catalogue for one in chosen)
    names = ", ".join(catalogue_name(code, language()) for code in codes)
    sheet = make_sheet(chosen, library.settings.library.name, names, utc_now()[:10])
    if form == "sheet-docx":
        return word_sheet(sheet)
    if form == "sheet-html":
        return html_sheet(sheet)
    # Excel takes time to load, and the others do without it.
    from workflow.delta.workbook import workbook_sheet

    return workbook_sheet(sheet)


def _dialect(library: Library, chosen: Sequence[Corrected]) -> _Dialect:
    """How the catalogue's last file was written; a file goes back to one catalogue."""
    found: dict[_Dialect, list[str]] = {}
    for code in dict.fromkeys(one.change.catalogue for one in chosen):
        last = _last_file(library, code)
        formats = {one.change.was.format for one in chosen if one.change.catalogue == code}
        for form in sorted(formats):
            profile = profile_told(last.told)
            dialect = _Dialect(last.container, form, last.charset, profile)
            found.setdefault(dialect, []).append(code)
    if sum(map(len, found.values())) > 1:
        told = (
            f"{', '.join(codes)}: {one.container}, {one.format}, {one.charset}"
            for one, codes in found.items()
        )
        raise UsageError("error.delta-dialects", dialects="; ".join(told))
    return next(iter(found))


def _last_file(library: Library, catalogue: str) -> ImportFile:
    known = [one for one in list_files(library.store, catalogue) if one.state != "undone"]
    return known[-1]


def _container(target: Path, dialect: _Dialect) -> str:
    container_of(target.name)  # refuses endings of other things
    ending = target.suffix.lower()
    fitting = [name for name, endings in CONTAINERS.items() if ending in endings]
    return dialect.container if not fitting or dialect.container in fitting else fitting[0]


def _note(library: Library, order: DeltaOrder, made: _Made, actor: str) -> None:
    told = {
        "form": made.form,
        "records": len(made.records),
        "corrections": sum(len(one.corrections) for one in made.records),
        "catalogues": sorted({one.change.catalogue for one in made.records}),
    }
    with library.store.transaction(actor) as tx:
        tx.note("delta.written", order.target.name, told)
