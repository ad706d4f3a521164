"""Correcting a page by its words, without its card: an act like those at the desk."""

from dataclasses import dataclass

from store.digitised import pages as page_rows
from store.digitised.pages import page_subject
from workflow.desk.acts import get_done, perform
from workflow.desk.card import Act
from workflow.document.amend import Correction, meant
from workflow.document.current_text import current_page
from workflow.document.show import resolve
from workflow.library import Library
from workflow.proofreading.page_texts import AMEND, PAGE_TEXTS


@dataclass(frozen=True, slots=True)
class Amended:
    """What was done: numbers of amendment and act (None when only tried), the line as it was."""

    document: str
    amendment: int | None
    line: str
    act: int | None

    def as_json(self, page: str) -> dict[str, object]:
        """One JSON line."""
        told = {"document": self.document, "page": page, "amendment": self.amendment}
        return {**told, "line": self.line, "act": self.act}


def amend_page(library: Library, address: str, correction: Correction, *, dry_run: bool) -> Amended:
    """Record the correction; the next run, or the caller, assembles the document anew.

    Raises:
        UsageError: as :func:`workflow.document.amend.meant`; ``error.unknown-…``.
    """
    document = resolve(library, address)
    row = page_rows.get_page(library.store, document, correction.page)
    if dry_run:
        _, line = meant(current_page(library.store, row), correction)
        return Amended(document, None, line.text, None)
    key = page_subject(document, row.key)
    told = Act(PAGE_TEXTS.name, key, AMEND, None, correction.actor, correction.as_form())
    number = perform(library, told)
    facts = get_done(library.store, number).facts
    return Amended(document, int(str(facts["amendment"])), str(facts["line"]), number)
