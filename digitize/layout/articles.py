"""Articles out of the marked pages of an issue."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from catalog.data import rows
from digitize.layout.kinds import confidence_of, measure_of, prints_of
from digitize.layout.mark import page_label
from digitize.layout.owners import PageCut, Piece, cut_page
from digitize.layout.pose import pose_of
from pages.text import Article, Line, PageText, Region, RegionRef

CUT_KINDS = ("newspaper_issue", "journal_issue")
SURE, GUESSED, UNTITLED = 0.9, 0.75, 0.5
"""How sure a cut is: all blocks under a headline; some by their column; no headline at all."""
_SAME_TITLE = 0.7
_TITLE_LENGTH = 60  # characters of the first line that stands for a missing headline
_SCRAP = 3  # lines without headline that are an article; fewer are what the print left over
_NOTE_WORDS = 9


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands of an article on one page; ``on`` and ``began`` are page numbers it points to."""

    key: str
    label: str
    regions: tuple[Region, ...]
    title: str
    guessed: bool
    on: str | None
    began: str | None

    @property
    def lines(self) -> list[Line]:
        return [line for region in self.regions for line in region.lines]


def cut(
    pages: Iterable[PageText | None], kind: str, keys: Sequence[str] = ()
) -> tuple[Article, ...]:
    """Return the articles of a document in reading order.

    ``pages`` are marked pages (:func:`digitize.layout.mark.mark_regions`) in order with people's
    amendments applied, None for a page without text; ``kind`` is the document's kind: issues of
    newspapers and journals are cut, of any other kind nothing is read and () returned. ``keys`` are
    the page keys; without them pages are ``p0001`` … by position.
    """
    if kind not in CUT_KINDS:
        return ()
    chains: list[list[_Part]] = []
    for number, page in enumerate(pages):
        if page is None:
            continue
        key = keys[number] if keys else f"p{number + 1:04d}"
        label = page_label(page) or str(number + 1)
        for part in _parts(page, key, label):
            _chain_of(chains, part, kind).append(part)
    written = [chain for chain in chains if any(part.lines for part in chain)]
    return tuple(_article(number, chain) for number, chain in enumerate(written, start=1))


def _parts(page: PageText, key: str, label: str) -> list[_Part]:
    """The articles of one page; a headline without text under it is none."""
    pose = pose_of(page)
    measure = measure_of(prints_of(page.regions, pose), pose)
    if measure is None:
        return []
    pieces = [Piece(region.kind, pose.straight(region.box)) for region in page.regions]
    made = []
    for found in cut_page(pieces, measure.line):
        regions = tuple(page.regions[number] for number in found.pieces)
        rest = regions[len(found.heads) :]
        lines = sum(len(region.lines) for region in rest)
        if lines >= (1 if found.heads else _SCRAP) or any(r.kind == "table" for r in rest):
            made.append(_part(key, label, found, regions))
    return made


def _part(key: str, label: str, found: PageCut, regions: tuple[Region, ...]) -> _Part:
    heads = regions[: len(found.heads)]
    title = " ".join(line.text for region in heads for line in region.lines)
    lines = [line for region in regions for line in region.lines]
    on, began = (_note(lines, note) for note in ("on", "from"))
    return _Part(key, label, regions, title, found.guessed, on, began)


def _note(lines: Sequence[Line], note: str) -> str | None:
    """The page number of a note on where an article goes on, or began."""
    for line in lines:
        if len(line.words) > _NOTE_WORDS:
            continue
        for pattern in _patterns(note):
            if match := pattern.search(line.text):
                return match["page"]
    return None


@cache
def _patterns(note: str) -> tuple[re.Pattern[str], ...]:
    table = rows("abbreviations/continued.tsv")
    return tuple(re.compile(r["pattern"], re.IGNORECASE) for r in table if r["note"] == note)


def _chain_of(chains: list[list[_Part]], part: _Part, kind: str) -> list[_Part]:
    """The article that a part goes on with; a new one where it begins one."""
    waiting = [chain for chain in chains if _waits_for(chain[-1], part)]
    if part.began is not None or waiting:
        best = max(waiting, key=lambda chain: _likeness(chain[0], part), default=None)
        if best is not None and (part.began or _likeness(best[0], part) >= _SAME_TITLE):
            return best
    if kind == "journal_issue" and not part.title and _starts_page(chains, part):
        return chains[-1]
    chains.append([])
    return chains[-1]


def _waits_for(last: _Part, part: _Part) -> bool:
    """Whether a part of another page says that it goes on where this one stands."""
    there = last.on == part.label or (last.on is not None and part.began == last.label)
    return last.key != part.key and there


def _starts_page(chains: Sequence[Sequence[_Part]], part: _Part) -> bool:
    return bool(chains) and all(chain[-1].key != part.key for chain in chains)


def _likeness(first: _Part, part: _Part) -> float:
    """How like two titles are; a part without one may be of any article."""
    if not part.title:
        return _SAME_TITLE
    one, other = first.title.casefold(), part.title.casefold()
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _article(number: int, chain: Sequence[_Part]) -> Article:
    lines = [line for part in chain for line in part.lines]
    title = next((part.title for part in chain if part.title), "")
    sure = UNTITLED if not title else GUESSED if any(p.guessed for p in chain) else SURE
    heads = [r.lines for p in chain for r in p.regions if r.kind == "headline"]
    read = confidence_of([line for found in heads for line in found]) if heads else 1.0
    regions = tuple(RegionRef(p.key, r.id) for p in chain for r in p.regions)
    shown = title or lines[0].text[:_TITLE_LENGTH]
    return Article(f"a{number:04d}", shown, regions, _language(lines), round(sure * read, 3))


def _language(lines: Sequence[Line]) -> str:
    """The language of most words; equal numbers by code."""
    count: Counter[str] = Counter()
    for line in lines:
        count[line.language] += len(line.words)
    return min(count, key=lambda code: (code == "und", -count[code], code), default="und")
