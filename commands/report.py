"""``olketanu report quality``: what the library's pages are like, and where somebody must look."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.call import Group, current_call
from commands.output import emit, say, show, table
from commands.progress import Progress
from olketanu.errors import ExitCode
from olketanu.messages.translate import translate

if TYPE_CHECKING:
    from olketanu.home import Home
    from workflow.quality.survey import Survey

FORMATS = ("table", "csv", "html")
_BOM = "\ufeff"  # without it Excel takes UTF-8 for the system's code page


@click.group("report", cls=Group, help=translate("help.report"))
def report() -> None:
    """Reports over the library."""


@report.command("quality", help=translate("help.report.quality"))
@click.option("--batch", metavar="BATCH", help=translate("help.report.batch"))
@click.option("--document", "address", metavar="ID|URL", help=translate("help.report.document"))
@click.option(
    "--format",
    "wanted",
    type=click.Choice(FORMATS),
    default="table",
    help=translate("help.report.format"),
)
@click.option(
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=translate("help.report.output"),
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    default=20,
    help=translate("help.report.limit"),
)
def quality(
    *, batch: str | None, address: str | None, wanted: str, target: Path | None, limit: int
) -> int:
    """Measure the pages, mark those that need somebody, and rank them."""
    from workflow.library import open_library
    from workflow.quality.survey import survey

    call = current_call()
    with open_library(call.open_home()) as library, Progress(quiet=call.quiet) as progress:
        found = survey(library, progress, batch=batch, address=address)
        text = _text(found, wanted, limit, library.home)
    for document in found.documents:
        emit(document.as_json())
    for page in found.worst_pages:
        emit(page.as_json())
    emit(found.as_json())
    if target is None:
        show(text.rstrip("\n"))
    elif not call.dry_run:
        _write(target, text, wanted)
        say(translate("report.written", {"path": target}))
    return ExitCode.DONE


def _text(survey: "Survey", wanted: str, limit: int, home: "Home") -> str:
    from store.clock import utc_now
    from workflow.quality import html, sheet

    if wanted == "html":
        return html.page(survey, home, limit=limit, time=utc_now())
    return sheet.sheet(survey) if wanted == "csv" else _tables(survey, limit)


def _write(target: Path, text: str, wanted: str) -> None:
    from store.disk.files import write_durably

    write_durably(target.resolve(), (_BOM * (wanted == "csv") + text).encode("utf-8", "replace"))


def _tables(survey: "Survey", limit: int) -> str:
    from workflow.quality.html import formula, summary
    from workflow.quality.sheet import mark_words, reason_words

    documents: list[tuple[str, ...]] = [
        (known.document.id, known.document.name, str(len(known.pages)), f"{known.need:.1f}")
        for known in survey.documents[:limit]
        if known.need
    ]
    pages: list[tuple[str, ...]] = [
        (
            *(line.quality.page.document, line.quality.page.key, f"{line.need:.1f}"),
            *(mark_words(line), reason_words(line)),
        )
        for line in survey.worst_pages[:limit]
    ]
    parts = [summary(survey), *_counts(survey)]
    if documents:
        headings = ("document", "name", "pages", "need")
        parts += ["", translate("quality.worst-documents"), _table(headings, documents)]
    if pages:
        heads = ("document", "page", "need", "marks", "reasons")
        parts += ["", translate("quality.worst-pages"), _table(heads, pages), formula()]
    else:
        parts += ["", translate("quality.well")]
    return "\n".join(parts)


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return table([f"column.{name}" for name in headings], rows)


def _counts(survey: "Survey") -> list[str]:
    """A line each: pages by state and by mark, words by confidence and by language."""
    from workflow.quality.html import class_rows, language_rows, named

    totals = survey.totals
    lines = (
        ("quality.states", named(totals.states, "state")),
        ("quality.marks", named(totals.marks, "mark")),
        ("quality.classes", class_rows(totals)),
        ("quality.languages", language_rows(totals)),
    )
    return [
        f"{translate(key)}: " + ", ".join(f"{label} {count}" for label, count in rows)
        for key, rows in lines
        if rows
    ]
