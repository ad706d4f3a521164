"""A saved list written to a file: as text, HTML, DOCX or PDF, or as catalogue cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.lists.card_layout import Form, face_text, lay_out
from catalog.lists.cards import Card, CardFile, Divider, card_file
from catalog.lists.compile import CompiledList, compile_list
from catalog.lists.definition import Definition
from catalog.lists.entry import Entry
from catalog.lists.markup import list_html, list_text
from olketanu.errors import UsageError
from store.disk.files import write_durably
from workflow.library import Library
from workflow.lists import find_entries

FORMS = ("txt", "html", "docx", "pdf")
CARD_FORMS = ("txt", "docx", "pdf")
_TEXT_CARD = Form(width=48, lines=15, indent=3, mark_width=14)
_RULE = "\n" + "-" * 62 + "\n"


@dataclass(frozen=True, slots=True)
class Target:
    """``form`` is one of ``FORMS``; None: that of the ending of the name."""

    path: Path
    form: str | None = None

    def chosen(self, forms: Sequence[str]) -> str:
        """The form; UsageError ``error.list-form`` when the ending names none of ``forms``."""
        form = self.form or self.path.suffix.lower().removeprefix(".")
        if form not in forms:
            raise UsageError("error.list-form", file=str(self.path), forms=", ".join(forms))
        return form


@dataclass(frozen=True, slots=True)
class PrintedCards:
    """How many cards (run-on cards are not counted) and dividers were written."""

    cards: int
    dividers: int


def print_list(library: Library, definition: Definition, target: Target, *, dry_run: bool) -> int:
    """Write the list and return the number of its entries; the same records, the same bytes.

    Raises:
        UsageError: ``error.list-form``; ``error.list-empty``: no record.
        MissingToolError: the extra ``print`` is not installed.
        CannotWriteError: the target cannot be written.
    """
    form = target.chosen(FORMS)
    compiled = compile_list(definition, _entries(library, definition))
    data = list_bytes(compiled, form)
    if not dry_run:
        write_durably(target.path.resolve(), data)
    return compiled.entries


def print_cards(
    library: Library, definition: Definition, target: Target, *, dry_run: bool
) -> PrintedCards:
    """Write the cards of a list in the order of their card file.

    Raises:
        As :func:`print_list`.
    """
    form = target.chosen(CARD_FORMS)
    own = library.settings.cards
    filing = CardFile(own.order, own.classes, definition.alphabet, own.dividers)
    entries = _entries(library, definition)
    filed = card_file(filing, entries)
    dated = max((entry.entered for entry in entries), default="")
    data = card_bytes(filed, form, own.sheet, dated)
    if not dry_run:
        write_durably(target.path.resolve(), data)
    dividers = sum(isinstance(one, Divider) for one in filed)
    return PrintedCards(len(filed) - dividers, dividers)


def list_bytes(compiled: CompiledList, form: str) -> bytes:
    """Return the list in one of ``FORMS``; the libraries of print load only where they are used."""
    if form == "pdf":
        from workflow.print.list_pdf import list_pdf

        return list_pdf(compiled)
    if form == "docx":
        from workflow.print.list_docx import list_docx

        return list_docx(compiled)
    return (list_html if form == "html" else list_text)(compiled).encode()


def card_bytes(
    filed: tuple[Card | Divider, ...], form: str, sheet: str = "a4", dated: str = ""
) -> bytes:
    """Return cards in one of ``CARD_FORMS``; ``sheet`` (a4, card) is for PDF."""
    if form == "pdf":
        from workflow.print.card_pdf import cards_pdf

        return cards_pdf(filed, sheet)
    if form == "docx":
        from workflow.print.card_docx import cards_docx

        return cards_docx(filed, dated)
    return (_RULE.join(map(_drawn, filed)) + "\n").encode()


def _drawn(one: Card | Divider) -> str:
    if isinstance(one, Divider):
        return "\n".join(filter(None, (one.mark, *one.captions)))
    faces = lay_out(one, _TEXT_CARD, lambda text, style: float(len(text)))
    return _RULE.join(face_text(face, _TEXT_CARD) for face in faces)


def _entries(library: Library, definition: Definition) -> Sequence[Entry]:
    """Nobody prints an empty sheet on purpose: a condition or a day is wrong."""
    entries = find_entries(library, definition)
    if not entries:
        raise UsageError("error.list-empty", list=definition.title)
    return entries
