"""A reader's suggestion: what a line of a page should say. Staff decides about it at the desk."""

import unicodedata
from dataclasses import dataclass

from olketanu.errors import UsageError
from pages.text import Box
from store.catalogue.findings import Finding, add_finding
from store.digitised.pages import page_subject
from workflow.library import Library
from workflow.reading.access import Visit
from workflow.reading.page.text import ShownLine, current_text, lines_of, shown_regions
from workflow.reading.page.view import open_page
from workflow.reading.refusals import NotForThemError

SUGGESTED = "reader-correction"
"""Code of the finding. Facts: ``box`` of the line (pixels of the frame), ``old`` and ``new`` text,
``note``."""
LONGEST = 300
"""Characters of a line, and of a note."""
READER = "reader"
"""The actor of what somebody without an account does."""

_SIGNS = {"Cc": " ", "Cf": "", "Cs": "", "Co": "", "Cn": ""}
"""What becomes of signs that nothing is printed with, by their category in Unicode."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a reader typed: the line by its box, what it should say, and anything else."""

    box: Box
    new: str
    note: str = ""

    def plain(self) -> "Suggestion":
        """Return it with both texts in one line, as Unicode composes them, and nothing hidden."""
        return Suggestion(self.box, _plain(self.new), _plain(self.note))


def suggest(
    library: Library, document: str, page: str, visit: Visit, suggestion: Suggestion
) -> Finding:
    """Leave a suggestion for the desk; the same one again is the same finding.

    Signs that print nothing are dropped, blanks made one. Of who suggests it nothing is kept.

    Raises:
        UsageError, NotForThemError, WithdrawnError: as of ``open_page``.
        UsageError: ``error.line-changed``: no line stands there any more;
            ``error.suggestion-empty``: nothing is changed and nothing noted;
            ``error.suggestion-long``.
    """
    held = open_page(library, document, page, visit)
    if not held.opened.access.text:
        raise NotForThemError(document)
    line = find_line(library, held.row.document, held.row.key, suggestion.box)
    told = suggestion.plain()
    if max(len(told.new), len(told.note)) > LONGEST:
        raise UsageError("error.suggestion-long", most=LONGEST)
    if told.new == _plain(line.text) and not told.note:
        raise UsageError("error.suggestion-empty")
    facts = {"box": list(line.box), "old": line.text, "new": told.new, "note": told.note}
    with library.store.transaction(actor=READER) as tx:
        return add_finding(tx, page_subject(held.row.document, held.row.key), SUGGESTED, facts)


def find_line(library: Library, document: str, page: str, box: Box) -> ShownLine:
    """Return the line that stands in ``box`` now; UsageError ``error.line-changed``."""
    text = current_text(library.home, document, page)
    for line in lines_of(shown_regions(text, ())) if text else ():
        if line.box == box:
            return line
    raise UsageError("error.line-changed")


def _plain(text: str) -> str:
    """One line of text as Unicode composes it."""
    kept = "".join(_SIGNS.get(unicodedata.category(sign), sign) for sign in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())
