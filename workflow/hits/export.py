"""Hits of a search written to a file: a list by the standard, records, citations, a table."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalog.citation.bibtex import to_bibtex
from catalog.citation.csl import to_csl_json
from catalog.citation.ris import to_ris
from catalog.citation.work import cited_work
from catalog.crosswalk.convert import convert
from catalog.isbd.describe import describe
from catalog.lists.compile import compile_list
from catalog.lists.definition import Definition
from catalog.lists.entry import make_entry
from catalog.marc.reading import container_of
from catalog.record import Record
from olketanu.errors import InputError, UsageError
from olketanu.messages.translate import language
from olketanu.progress import SILENT, Progress
from olketanu.settings import Settings
from store.disk.files import write_durably
from workflow.exchange.proof import AUTO, Wanted, place_checked
from workflow.hits.table import works_table
from workflow.hits.works import Lead, Work, Works
from workflow.library import Library
from workflow.print.write import FORMS as LIST_FORMS
from workflow.print.write import Target, list_bytes
from workflow.record.describe import library_style

GOST = "gost"
RECORDS = ("rusmarc", "marc21")
_TEXTS: Mapping[str, Callable[[Iterable[Work]], str]] = {
    "ris": lambda works: to_ris(cited_work(work.record, work.id) for work in works),
    "bibtex": lambda works: to_bibtex(cited_work(work.record, work.id) for work in works),
    "csl-json": lambda works: to_csl_json(cited_work(work.record, work.id) for work in works),
    "csv": works_table,
}
FORMS = (GOST, *RECORDS, *_TEXTS)


@dataclass(frozen=True, slots=True)
class HitsExport:
    """What to write: ``form`` is one of ``FORMS``.

    A list (``gost``) has a ``title`` and stands in the ``edition`` of the standard (None: as the
    library describes); whether it is text, HTML, DOCX or PDF says the ending of the file's name,
    as it says the container of records. ``replacing``: an older file may go.
    """

    target: Path
    form: str
    title: str = ""
    edition: str | None = None
    replacing: bool = False


@dataclass(frozen=True, slots=True)
class ExportedHits:
    """The file that is there and what it holds.

    ``bare`` works are documents without a record, to ``proposed`` of which one is proposed;
    ``lost`` are (work, fields) that the format of records could not hold; ``fell_back`` says why
    the file is another than wanted.
    """

    target: Path
    form: str
    works: int
    bare: int
    proposed: int
    lost: tuple[tuple[str, str], ...] = ()
    fell_back: InputError | None = None

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "file": str(self.target),
            "form": self.form,
            "works": self.works,
            "without_record": self.bare,
            "proposed": self.proposed,
            "lost": [list(one) for one in self.lost],
            "fell_back": self.fell_back.key if self.fell_back else None,
        }


def export_hits(
    library: Library,
    leads: Sequence[Lead],
    order: HitsExport,
    progress: Progress = SILENT,
    *,
    dry_run: bool,
) -> ExportedHits:
    """Write the works, in the order of ``leads``; a list by the standard in that of the alphabet.

    Raises:
        UsageError: ``error.no-hits``; ``error.file-exists``; ``error.list-form``: the ending of
            the name of a list.
        MissingToolError: the extra ``print`` is not installed. InputError: a record does not fit
            the container. CannotWriteError.
    """
    if not leads:
        raise UsageError("error.no-hits")
    require_free(order.target, replacing=order.replacing)
    works = Works(library, leads, progress)
    if order.form in RECORDS:
        return _placed(works, order, dry_run=dry_run)
    if order.form == GOST:
        data = _list(library.settings, works, order)
    else:
        data = _TEXTS[order.form](works).encode("utf-8", "replace")
    if not dry_run:
        write_durably(order.target.resolve(), data)
    return ExportedHits(order.target, order.form, works.count, works.bare, works.proposed)


def require_free(target: Path, *, replacing: bool) -> None:
    """Raise UsageError ``error.file-exists`` where a file would be lost."""
    if target.exists() and not replacing:
        raise UsageError("error.file-exists", file=str(target))


def _list(settings: Settings, works: Works, order: HitsExport) -> bytes:
    form = Target(order.target).chosen(LIST_FORMS)
    style = library_style(settings)
    style = replace(style, edition=order.edition or style.edition)
    words = language()
    definition = Definition(
        _printable(order.title),
        alphabet="ru" if words == "ru" else "kk",
        language=words,
        style=style.edition,
        names=False,
    )
    entries = (
        make_entry(
            work.record,
            describe(work.record, style, work.lead.record),
            entered=work.entered,
            catalogues=work.catalogues,
        )
        for work in works
    )
    return list_bytes(compile_list(definition, entries), form)


def _printable(title: str) -> str:
    """The title without signs that no document can hold or that turn the order of reading."""
    return "".join(sign for sign in title if unicodedata.category(sign)[0] != "C")


def _placed(works: Works, order: HitsExport, *, dry_run: bool) -> ExportedHits:
    lost: list[tuple[str, str]] = []

    def converted() -> Iterator[Record]:
        lost.clear()
        for work in works:
            made = convert(work.record, order.form)
            if made.lost:
                lost.append((work.id, " ".join(map(str, made.lost))))
            yield made.record

    wanted = Wanted(order.target, order.form, _container(order))
    placed = place_checked(wanted, converted, dry_run=dry_run)
    told = (works.count, works.bare, works.proposed, tuple(lost), placed.fell_back)
    return ExportedHits(placed.target, order.form, *told)


def _container(order: HitsExport) -> str:
    """Long records make MARCXML of ISO 2709, beside it: never in the place of another file."""
    container = container_of(order.target.name)
    beside = order.target.with_suffix(".xml")
    return AUTO if order.replacing or not beside.exists() else container
