"""Cards of pages whose text should be read: the least sure first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from olketanu.errors import UsageError
from pages.amend import Amendment
from pages.codec import amendment_from_dict, amendment_to_dict
from store.catalogue import findings
from store.database import Reader, Transaction
from store.digitised import documents
from store.digitised import pages as page_rows
from store.digitised.amendments import list_amendments
from store.digitised.pages import Page
from store.digitised.proofreading import DAMAGED, count_unsure, is_read, set_read, unsure_pages
from workflow.desk.card import EVERYTHING, Act, Doing, Facts, Place, Waiting, Wanted
from workflow.document.amend import Correction, keep, meant, withdraw
from workflow.document.current_text import current_page
from workflow.library import Library
from workflow.proofreading.page_card import PageCard, is_damaged, page_card
from workflow.proofreading.typed_lines import typed_amendments
from workflow.quality.limits import read_limits

AMEND = "amend"


@dataclass(frozen=True, slots=True)
class PageTextCards:
    """The kind ``page``; the key of a card is ``<document>/<page>``.

    ``correct`` keeps what was typed, and the page goes on waiting; ``accept`` keeps it and says
    that the page is read; ``damaged`` keeps it and says that the original is damaged, a second time
    that it is not. Pages that are no longer unsure may be corrected too. ``amend`` keeps one
    correction that a person tells by the words that stand there, or of a whole region.
    """

    name: str = "page"

    @property
    def acts(self) -> Mapping[str, Doing]:
        """What can be done."""
        return {"correct": _correct, "accept": _accept, "damaged": _damaged, AMEND: _amend}

    def waiting(
        self, reader: Reader, wanted: Wanted = EVERYTHING, most: int | None = None
    ) -> Iterator[Waiting]:
        """Unsure pages of documents whose files are ready, the least sure first."""
        sure = read_limits().confidence
        for one in unsure_pages(reader, sure, wanted.batch, wanted.language, most):
            key, title = f"{one.document}/{one.page}", f"{one.title} · {one.position}"
            scan = (one.batch, one.language, one.document)
            yield Waiting(self.name, key, one.since, title, *scan)

    def tally(self, reader: Reader) -> Mapping[Place, int]:
        """How many such pages there are."""
        return count_unsure(reader, read_limits().confidence)

    def version(self, reader: Reader, key: str) -> str:
        """What changes with recognition, corrections, and what was said of the page."""
        return page_version(reader, page_of(reader, key))

    def title(self, reader: Reader, key: str) -> str:
        """The title of the document, or its name, with the number of the page."""
        return page_title(reader, page_of(reader, key))

    def shown(self, library: Library, key: str) -> PageCard:
        """The lines of the page as they are now; UsageError where it is unknown or has no text."""
        page = page_of(library.store, key)
        return page_card(library, page.document, page.key)

    def undo(self, _library: Library, tx: Transaction, act: Act, facts: Facts) -> None:
        """Take back what was typed, and what was said of the page.

        Raises:
            LockedError: ``error.amendment-followed``.
        """
        page = page_of(tx, act.key)
        withdraw_kept(tx, page.document, facts)
        if act.name == "accept":
            set_read(tx, page, read=bool(facts["was_read"]))
        elif act.name == "damaged":
            set_damaged(tx, act.key, damaged=not facts["damaged"])


PAGE_TEXTS = PageTextCards()


def page_of(reader: Reader, key: str) -> Page:
    """Return the page that a key names; UsageError ``error.unknown-card``."""
    document, _, page = key.partition("/")
    try:
        return page_rows.get_page(reader, document, page)
    except UsageError as error:
        raise UsageError("error.unknown-card", card=key) from error


def page_title(reader: Reader, page: Page) -> str:
    """Return what a person knows a page by."""
    document = documents.get_document(reader, page.document)
    return f"{document.title or document.name} · {page.position}"


def page_version(reader: Reader, page: Page) -> str:
    """Return what changes with the text of a page, and with what was said of it."""
    known = list_amendments(reader, page.document, page.key)
    newest = known[-1].id if known else 0
    told = f"{is_read(reader, page):d}{is_damaged(reader, page):d}"
    return f"{(page.recognised_key or '')[:16]}-{len(known)}-{newest}-{told}"


def keep_typed(tx: Transaction, page: Page, made: Iterable[Amendment]) -> dict[str, object]:
    """Keep amendments of a page; return the facts that :func:`withdraw_kept` asks for."""
    kept = list(made)
    if kept:
        keep(tx, page.document, kept, "desk")
    return {"amendments": [amendment_to_dict(one) for one in kept]}


def withdraw_kept(tx: Transaction, document: str, facts: Facts) -> None:
    """Take back what :func:`keep_typed` kept; errors as of ``workflow.document.amend.withdraw``."""
    told = facts.get("amendments", [])
    if isinstance(told, list):
        withdraw(tx, document, [amendment_from_dict(one) for one in told])


def set_damaged(tx: Transaction, key: str, *, damaged: bool) -> None:
    """Say that the original of a page is damaged, or that it is not."""
    if damaged:
        findings.add_finding(tx, key, DAMAGED, reopen=True)
    else:
        findings.close_findings(tx, key, DAMAGED)


def _correct(_library: Library, tx: Transaction, act: Act) -> Facts:
    page = page_of(tx, act.key)
    made = typed_amendments(current_page(tx, page), page.key, act.form)
    if not made:
        raise UsageError("error.nothing-corrected")
    return keep_typed(tx, page, made)


def _amend(_library: Library, tx: Transaction, act: Act) -> Facts:
    page = page_of(tx, act.key)
    correction = Correction.from_options(page.key, {**act.form, "actor": act.actor})
    made, line = meant(current_page(tx, page), correction)
    (kept,) = keep(tx, page.document, [made], correction.reason)
    facts = {"amendments": [amendment_to_dict(made)], "amendment": kept.id}
    return {**facts, "line": line.text}


def _accept(_library: Library, tx: Transaction, act: Act) -> Facts:
    page = page_of(tx, act.key)
    made = typed_amendments(current_page(tx, page), page.key, act.form)
    facts = keep_typed(tx, page, made) | {"was_read": is_read(tx, page)}
    set_read(tx, page, read=True)
    return facts


def _damaged(_library: Library, tx: Transaction, act: Act) -> Facts:
    """What could be read is kept all the same."""
    page = page_of(tx, act.key)
    damaged = not is_damaged(tx, page)
    facts = keep_typed(tx, page, typed_amendments(current_page(tx, page), page.key, act.form))
    set_damaged(tx, act.key, damaged=damaged)
    return facts | {"damaged": damaged}
