"""Cards of corrections that readers suggest: the oldest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from olketanu.errors import UsageError
from pages.retype import line_at
from store.catalogue import findings
from store.catalogue.findings import Finding
from store.catalogue.page_findings import count_on_pages, open_on_pages
from store.database import Reader, Transaction
from store.digitised.pages import Page
from workflow.desk.card import EVERYTHING, Act, Doing, Facts, Place, Waiting, Wanted
from workflow.document.current_text import current_page
from workflow.library import Library
from workflow.proofreading.correction_card import (
    CorrectionCard,
    correction_card,
    place_of,
    proposal,
    suggested,
)
from workflow.proofreading.page_texts import (
    keep_typed,
    page_of,
    page_title,
    page_version,
    withdraw_kept,
)
from workflow.proofreading.typed_lines import line_amendments, typed_text
from workflow.reading.page.suggestion import SUGGESTED


@dataclass(frozen=True, slots=True)
class CorrectionCards:
    """The kind ``correction``; the key of a card is the id of the finding.

    ``accept`` keeps the line as it stands in the field ``text`` (the reader's words, unless they
    were edited) in the name of the member of staff; ``reject`` keeps why (``reason``).
    """

    name: str = "correction"

    @property
    def acts(self) -> Mapping[str, Doing]:
        """What can be done."""
        return {"accept": _accept, "reject": _reject}

    def waiting(
        self, reader: Reader, wanted: Wanted = EVERYTHING, most: int | None = None
    ) -> Iterator[Waiting]:
        """Open suggestions, the oldest first."""
        for one in open_on_pages(reader, SUGGESTED, wanted.batch, wanted.language, most):
            title = f"{one.title} · {one.position}"
            scan = (one.batch, one.language, one.document)
            yield Waiting(self.name, one.id, one.since, title, *scan)

    def tally(self, reader: Reader) -> Mapping[Place, int]:
        """How many suggestions are open."""
        return count_on_pages(reader, SUGGESTED)

    def version(self, reader: Reader, key: str) -> str:
        """What changes with the text of the page and the state of the suggestion."""
        finding = _finding(reader, key)
        return f"{page_version(reader, page_of(reader, finding.subject))}-{finding.status}"

    def title(self, reader: Reader, key: str) -> str:
        """The page, as that of a page is told."""
        return page_title(reader, page_of(reader, _finding(reader, key).subject))

    def shown(self, library: Library, key: str) -> CorrectionCard:
        """The line as it is and as it would be."""
        return correction_card(library, _finding(library.store, key))

    def undo(self, _library: Library, tx: Transaction, act: Act, facts: Facts) -> None:
        """Take back what was kept, and let the suggestion wait again.

        Raises:
            LockedError: ``error.amendment-followed``.
        """
        finding = _finding(tx, act.key)
        withdraw_kept(tx, page_of(tx, finding.subject).document, facts)
        findings.reopen_finding(tx, finding.id)


CORRECTIONS = CorrectionCards()


def _finding(reader: Reader, key: str) -> Finding:
    try:
        found = findings.get_finding(reader, key)
    except UsageError as error:
        raise UsageError("error.unknown-card", card=key) from error
    if found.code != SUGGESTED:
        raise UsageError("error.unknown-card", card=key)
    return found


def _open(tx: Transaction, key: str) -> Finding:
    found = _finding(tx, key)
    if found.status != "open":
        raise UsageError("error.correction-decided")
    return found


def _accept(_library: Library, tx: Transaction, act: Act) -> Facts:
    finding = _open(tx, act.key)
    page = page_of(tx, finding.subject)
    facts = _kept(tx, page, finding, act.form.get("text", ""))
    findings.close_finding(tx, finding.id)
    return facts


def _kept(tx: Transaction, page: Page, finding: Finding, typed: str) -> dict[str, object]:
    text, told = current_page(tx, page), suggested(finding)
    place = place_of(text, told)
    if place is None:
        raise UsageError("error.correction-no-line")
    proposed = proposal(line_at(text, place), told)
    wanted = typed_text(typed) or proposed
    if not wanted:
        raise UsageError("error.correction-does-not-fit", text=told.old)
    made = line_amendments(text, page.key, place, wanted)
    return keep_typed(tx, page, made) | {"edited": wanted != proposed}


def _reject(_library: Library, tx: Transaction, act: Act) -> Facts:
    finding = _open(tx, act.key)
    findings.close_finding(tx, finding.id)
    return {"reason": act.form.get("reason", "").strip()}
