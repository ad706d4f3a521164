"""The current text of a document: amendments replayed, split words joined, ALTO and words written.

``texts.json`` says of each page what its two files were made of, so that those of a page that is
as before are taken over. Which words are joined depends on what all pages print.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml import etree

from digitize.output.former import Former
from digitize.output.pdf.outline import headlines, printed_number, region_tops
from digitize.output.pictures import digest
from digitize.work.stages import DOCUMENT_STAGES
from pages.alto import read_alto, write_alto
from pages.amend import replay
from pages.codec import amendment_from_dict, frame_from_dict
from pages.hyphens import Vocabulary
from pages.logical import join_stream
from pages.text import PageFrame, PageText, ProcessingStep
from pages.words import project

TEXTS = "texts.json"
_VERSION = 1
_STAGES = ("amend", "join", "alto", "words")
_HELD_WORDS = 100_000
"""Words of the pages that are held while a document is assembled: some 50 MB."""


@dataclass(frozen=True, slots=True)
class Source:
    """One page as the task names it; ``amendments`` stay dicts and go back as they came."""

    key: str
    master: Path
    frame: PageFrame
    recognised: Path | None
    amendments: tuple[dict[str, Any], ...]
    label: str | None


def source_from_dict(page: dict[str, Any]) -> Source:
    """One of the ``pages`` of the task (``digitize.output.assemble.task``)."""
    recognised = page["recognised"]
    return Source(
        key=str(page["key"]),
        master=Path(page["master"]),
        frame=frame_from_dict(page["frame"]),
        recognised=None if recognised is None else Path(recognised),
        amendments=tuple(page["amendments"]),
        label=page.get("label"),
    )


@dataclass(slots=True)
class Texts:
    """What the current text of all pages says; pages without text are missing.

    ``pages`` are those that are held, exactly as their ALTO says them; the others are to be read.
    """

    pages: dict[str, PageText] = field(default_factory=dict)
    words: dict[str, Counter[str]] = field(default_factory=dict)
    confidence: dict[str, float | None] = field(default_factory=dict)
    unapplied: dict[str, list[Any]] = field(default_factory=dict)
    printed: dict[str, int | None] = field(default_factory=dict)
    tops: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    headlines: list[tuple[tuple[str, str], str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Amended:
    """A recognised page with its amendments, the names of those that do not fit, what it is of."""

    page: PageText
    unapplied: list[Any]
    made_of: str


def write_texts(sources: list[Source], output: Path, time: str, former: Former) -> Texts:
    """Write ALTO and words of every page that has text into ``alto`` and ``words`` of ``output``.

    ``time`` (ISO 8601) stands in the files. Pages are gone through twice; those beyond a number of
    words are read anew each time, so that memory does not grow with the document. InputError when a
    recognised ALTO is not ours.
    """
    texts, vocabulary, held = Texts(), Vocabulary(), _Held(sources)
    for source, amended in zip(sources, held.first(), strict=True):
        if amended is None:
            texts.unapplied[source.key] = _names(source)
            continue
        texts.unapplied[source.key] = amended.unapplied
        vocabulary.add(amended.page)
    press = _Press(output, time, former, _read_made_of(former, output))
    made_of: dict[str, str] = {}
    joined = join_stream(held.second(), vocabulary)
    for index, (source, page) in enumerate(zip(sources, joined, strict=True)):
        if page is not None:
            made_of[source.key] = digest(
                held.made_of[source.key], time, _marks(page), *_made_with()
            )
            _write(press, source.key, page, made_of[source.key])
            _note(texts, page, source.key, index)
            if held.holds(source):
                texts.pages[source.key] = page
    told = {"v": _VERSION, "pages": made_of}
    (output / TEXTS).write_text(json.dumps(told, separators=(",", ":")) + "\n", "ascii")
    return texts


class _Held:
    """The amended pages, given out twice; ``made_of`` fills up the first time, by page key."""

    def __init__(self, sources: list[Source]) -> None:
        self.made_of: dict[str, str] = {}
        self._sources = sources
        self._pages: dict[str, PageText] = {}
        self._held: set[str] = set()
        self._room = _HELD_WORDS

    def first(self) -> Iterator[_Amended | None]:
        for source in self._sources:
            amended = _amended(source)
            if amended is not None:
                self.made_of[source.key] = amended.made_of
                self._hold(source.key, amended.page)
            yield amended

    def second(self) -> Iterator[PageText | None]:
        """The pages alone; each is let go of as it is given out."""
        for source in self._sources:
            page = self._pages.pop(source.key, None)
            amended = _amended(source) if page is None else None
            yield amended.page if amended is not None else page

    def holds(self, source: Source) -> bool:
        """Whether there is room for the page, and it is as its ALTO is read.

        What comes out of an ALTO file goes into one and out again as it is; a person may have
        typed what XML cannot hold, or have left a line without words.
        """
        return source.key in self._held and not source.amendments

    def _hold(self, key: str, page: PageText) -> None:
        self._room -= sum(len(line.words) for line in page.lines())
        if self._room >= 0:
            self._pages[key] = page
            self._held.add(key)


@dataclass(frozen=True, slots=True)
class _Press:
    """Where texts are written, and those that were there before."""

    output: Path
    time: str
    former: Former
    made_of: dict[str, str]


def _write(press: _Press, key: str, page: PageText, made_of: str) -> None:
    """Write the two files of a page, or link the former ones where they were made of the same."""
    alto, words = f"alto/{key}.xml", f"words/{key}.json"
    if press.made_of.get(key) == made_of:
        linked = [press.former.link(name, press.output / name) for name in (alto, words)]
        if all(linked):
            return
        for name in (alto, words):
            (press.output / name).unlink(missing_ok=True)
    written = write_alto(page, page_id=key, source=page.frame.master, time=press.time)
    (press.output / alto).write_bytes(written)
    (press.output / words).write_bytes(project(page, hashlib.sha256(written).hexdigest()))


def _note(texts: Texts, page: PageText, key: str, index: int) -> None:
    confidence = page.confidence
    texts.words[key] = _word_count(page)
    texts.confidence[key] = None if confidence is None else round(confidence, 4)
    texts.printed[key] = printed_number(page)
    texts.tops |= region_tops(page, key, index)
    texts.headlines += headlines(page, key)


def _amended(source: Source) -> _Amended | None:
    if source.recognised is None:
        return None
    data = source.recognised.read_bytes()
    page, unapplied = read_alto(data), []
    changes = [amendment_from_dict(amendment) for amendment in source.amendments]
    for amendment, name in zip(changes, _names(source), strict=True):
        page, left = replay(page, [amendment])
        unapplied.extend([name] * len(left))
    applied = len(changes) - len(unapplied)
    if applied:
        step = ProcessingStep("amend", "1", (("applied", str(applied)),))
        page = replace(page, provenance=(*page.provenance, step))
    told = [(a.kind, a.box, a.old, a.new) for a in changes]
    return _Amended(page, unapplied, digest(hashlib.sha256(data).hexdigest(), told))


def _names(source: Source) -> list[Any]:
    """What the amendments are called in the result: their ids, themselves where they have none."""
    return [amendment.get("id", amendment) for amendment in source.amendments]


def _marks(page: PageText) -> list[tuple[int, int, int, str]]:
    """Line, word, part and content of every part of a split word."""
    return [
        (n, w, word.hyphen.part, word.hyphen.content)
        for n, line in enumerate(page.lines())
        for w, word in enumerate(line.words)
        if word.hyphen is not None
    ]


def _made_with() -> list[Any]:
    """The versions of all that makes texts: another one may make other bytes."""
    stages = [[stage.name, stage.version] for stage in DOCUMENT_STAGES if stage.name in _STAGES]
    return [stages, etree.LXML_VERSION, etree.LIBXML_VERSION]


def _read_made_of(former: Former, scratch: Path) -> dict[str, str]:
    """What the former texts were made of, by page; empty where that is not known."""
    path = scratch / TEXTS
    if not former.link(TEXTS, path):
        return {}
    told = json.loads(path.read_bytes())
    path.unlink()  # it is the former file itself: it must not be written into
    return dict(told["pages"]) if told["v"] == _VERSION else {}


def _word_count(page: PageText) -> Counter[str]:
    count: Counter[str] = Counter()
    for line in page.lines():
        count[line.language] += len(line.words)
    return count
