"""The card of a correction that a reader suggests: the line as it is, and as it would be."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from olketanu.errors import UsageError
from pages.codec import language_tag
from pages.retype import Place, differences, line_at
from pages.text import Box, Line, PageText
from store.catalogue.findings import Finding
from store.database import Reader
from store.digitised import documents
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from store.digitised.pages import Page
from workflow.document.current_text import current_page
from workflow.library import Library

_MARGIN = 2  # heights of the line that are shown around it
_MEETS = 0.5  # share of the lower of two lines that makes them the same


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a reader sent: ``old`` words at ``box`` (None: no place was told), ``new`` ones."""

    box: Box | None
    old: str
    new: str
    note: str


@dataclass(frozen=True, slots=True)
class CorrectionCard:
    """``line`` is what stands at the place now, None where nothing does any more.

    ``proposed`` is the whole line as it would be, "" where the old words are not in it;
    ``pieces`` are both in pieces (was, is).
    """

    finding: Finding
    document: Document
    page: Page
    title: str
    suggested: Suggested
    line: Line | None
    proposed: str
    pieces: tuple[tuple[str, str], ...]

    @property
    def tag(self) -> str:
        """The language of the line as HTML has it (BCP 47), "" without a line."""
        return "" if self.line is None else language_tag(self.line.language, self.line.script)

    @property
    def view(self) -> Box | None:
        """The part of the page to be looked at: the line with what stands above and below it."""
        if self.line is None:
            return None
        box, frame = self.line.box, self.page.frame
        wide = max(_MARGIN * box.height, frame.width // 20)
        return Box(
            max(box.left - wide, 0),
            max(box.top - _MARGIN * box.height, 0),
            min(box.right + wide, frame.width),
            min(box.bottom + _MARGIN * box.height, frame.height),
        )


def suggested(finding: Finding) -> Suggested:
    """Return what a finding ``reader-correction`` says."""
    facts = finding.facts
    box = facts.get("box")
    told = (str(facts.get(name) or "") for name in ("old", "new", "note"))
    return Suggested(Box(*box) if box else None, *told)


def correction_card(library: Library, finding: Finding) -> CorrectionCard:
    """Return the card of a suggestion, whatever its status; UsageError: its page is unknown."""
    store = library.store
    document, _, key = finding.subject.partition("/")
    row = page_rows.get_page(store, document, key)
    known = documents.get_document(store, document)
    told = suggested(finding)
    line = _line(store, row, told)
    proposed = "" if line is None else proposal(line, told)
    return CorrectionCard(
        *(finding, known, row, known.title or known.name, told, line, proposed),
        differences(line.text, proposed) if line is not None and proposed else (),
    )


def _line(reader: Reader, row: Page, told: Suggested) -> Line | None:
    """The line that a suggestion is about; None also where the page lost its text since then."""
    try:
        page = current_page(reader, row)
    except UsageError:
        return None
    place = place_of(page, told)
    return None if place is None else line_at(page, place)


def place_of(page: PageText, told: Suggested) -> Place | None:
    """Return the line that a suggestion is about: the one at its box, else the one that says so."""
    places = [
        Place(r, n) for r, region in enumerate(page.regions) for n in range(len(region.lines))
    ]
    if told.box is None:
        found = [place for place in places if proposal(line_at(page, place), told)]
        return found[0] if len(found) == 1 else None
    shares = [(_share(line_at(page, place).box, told.box), place) for place in places]
    share, place = max(shares, default=(0.0, None), key=lambda pair: pair[0])
    return place if share >= _MEETS else None


def proposal(line: Line, told: Suggested) -> str:
    """Return the whole line with the suggestion carried out; "" where it does not fit the line.

    Words that the suggestion changes must stand in the line, once; those that it only repeats may
    have been corrected since.
    """
    words, old, new = line.text.split(), told.old.split(), told.new.split()
    if words == old:
        return " ".join(new)
    for was, now in _changes(old, new) or [(old, new)]:
        at = [n for n in range(len(words) - len(was) + 1) if words[n : n + len(was)] == was]
        if not was or len(at) != 1:
            return ""
        words[at[0] : at[0] + len(was)] = now
    return " ".join(words)


def _changes(old: list[str], new: list[str]) -> list[tuple[list[str], list[str]]]:
    """What becomes of which words; added ones take the word before, or else behind them along."""
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "insert" and a:
            found.append((old[a - 1 : b], new[c - 1 : d]))
        elif tag == "insert":
            found.append((old[a : b + 1], new[c : d + 1]))
        elif tag != "equal":
            found.append((old[a:b], new[c:d]))
    return found


def _share(one: Box, other: Box) -> float:
    """How much of the smaller box lies in the other."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    smaller = max(1, min(one.width * one.height, other.width * other.height))
    return max(0, width) * max(0, height) / smaller
