"""The report as a sheet for Excel: a row for every page, those that need somebody first."""

import csv
import io
import re
from collections.abc import Sequence

from catalog.marc.tables.columns import guarded
from olketanu.messages.translate import translate
from workflow.quality.survey import PageLine, Survey

_COLUMNS = (
    *("document", "name", "page", "state", "need", "marks", "reasons", "confidence"),
    *("words", "low", "garbage", "wrong", "languages", "dpi", "letters", "skew", "paper"),
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def sheet(survey: Survey) -> str:
    """Return the rows divided by semicolons, as Excel reads them here, with a line of headings."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\n")
    writer.writerow([translate(f"column.{name}") for name in _COLUMNS])
    pages = [page for document in survey.documents for page in document.pages]
    for page in sorted(pages, key=lambda page: (not page.marks, -page.need)):
        writer.writerow([_safe(cell) for cell in _row(page)])
    return buffer.getvalue()


def mark_words(page: PageLine) -> str:
    """Return what the page needs, in words."""
    codes = dict.fromkeys(mark.mark for mark in page.marks)
    return ", ".join(translate(f"mark.{code}") for code in codes)


def reason_words(page: PageLine) -> str:
    """Return why, in words."""
    return "; ".join(mark.words(translate) for mark in page.marks)


def _row(line: PageLine) -> Sequence[str]:
    page, text, light = line.quality.page, line.quality.text, line.quality.light
    skew = line.quality.skew
    return (
        *(page.document, line.name, page.key, translate(f"state.{page.state}")),
        *(f"{line.need:.1f}", mark_words(line), reason_words(line)),
        "" if page.confidence is None else f"{page.confidence:.0%}",
        *(str(text.words), str(text.low), str(text.garbage), f"{text.wrong:.1f}"),
        " ".join(f"{code} {count}" for code, count in text.languages),
        *(str(page.frame.dpi), str(text.letters)),
        *("" if skew is None else f"{skew:.1f}", "" if light is None else str(light.paper)),
    )


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: names of files come from outside."""
    return cell if _NUMBER.fullmatch(cell) else guarded(cell)
