"""Pages of a document: key given once, order apart, and what recognition made of each."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from olketanu.errors import UsageError
from pages.text import Box, PageFrame
from store.database import Reader, Transaction, json_text, json_value

PAGE_STATES = ("waiting", "text", "image-only", "failed")
_SELECT = (
    "SELECT page.*, master, frame, crop, quarter_turn, width, height, dpi, source, text_layer "
    "FROM page JOIN page_frame ON page_frame.document = page.document "
    "AND page_frame.page = page.key "
)


@dataclass(frozen=True, slots=True)
class NewPage:
    """A page found at intake; ``label``: printed number, ``source``: image|pdf-image|pdf-render."""

    frame: PageFrame
    label: str | None = None
    source: str = "image"
    text_layer: bool = False


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the page job gave: state text, image-only or failed; ``confidence`` 0–1 or None.

    ``recognised_key`` names the ALTO file, ``alto_sha256`` is its hash; both None without a file.
    """

    state: str
    code: str | None = None
    recognised_key: str | None = None
    alto_sha256: str | None = None
    confidence: float | None = None
    languages: tuple[str, ...] = ()
    words: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``key`` (``p0001`` …) never changes; ``position`` counts from 1 and may."""

    document: str
    key: str
    position: int
    label: str | None
    frame: PageFrame
    source: str
    text_layer: bool
    state: str
    code: str | None
    recognised_key: str | None
    alto_sha256: str | None
    confidence: float | None
    languages: tuple[str, ...]
    words: int

    @property
    def recognised(self) -> Recognised:
        """The outcome of its page job."""
        return Recognised(
            *(self.state, self.code, self.recognised_key, self.alto_sha256),
            *(self.confidence, self.languages, self.words),
        )


def page_subject(document: str, key: str) -> str:
    """Return how events and findings name a page: ``<document>/<page>``."""
    return f"{document}/{key}"


def add_pages(tx: Transaction, document: str, new: Sequence[NewPage]) -> list[Page]:
    """Add pages behind those the document has; return the added ones with their keys."""
    count = tx.rows("SELECT count(*) AS n FROM page WHERE document = ?", (document,))[0]["n"]
    keys = [f"p{number:04d}" for number in range(count + 1, count + len(new) + 1)]
    for position, (key, page) in enumerate(zip(keys, new, strict=True), start=count + 1):
        tx.change(
            "page.added",
            page_subject(document, key),
            {"master": page.frame.master, "frame": page.frame.frame},
            "INSERT INTO page (document, key, position, label, state, languages, words) "
            "VALUES (?, ?, ?, ?, 'waiting', '[]', 0)",
            (document, key, position, page.label),
        )
        _add_frame(tx, document, key, page)
    added = set(keys)
    return [page for page in list_pages(tx, document) if page.key in added]


def get_page(reader: Reader, document: str, key: str) -> Page:
    """Return one page; UsageError where there is none."""
    rows = reader.rows(_SELECT + "WHERE page.document = ? AND page.key = ?", (document, key))
    if not rows:
        raise UsageError("error.unknown-page", document=document, page=key)
    return _page(rows[0])


def list_pages(reader: Reader, document: str) -> list[Page]:
    """Return the pages of a document in their present order."""
    rows = reader.rows(_SELECT + "WHERE page.document = ? ORDER BY position", (document,))
    return [_page(row) for row in rows]


def list_keys(reader: Reader, document: str) -> list[str]:
    """Return the keys of the pages of a document in their present order."""
    rows = reader.rows("SELECT key FROM page WHERE document = ? ORDER BY position", (document,))
    return [row["key"] for row in rows]


def list_failed(reader: Reader, batch: str) -> list[Page]:
    """Return the pages of a batch that may be tried again, in order: not those without text."""
    rows = reader.rows(
        _SELECT + "JOIN document ON document.id = page.document WHERE batch = ? "
        "AND page.code IS NOT NULL AND page.code <> 'NO_TEXT' ORDER BY seq, page.position",
        (batch,),
    )
    return [_page(row) for row in rows]


def first_page(reader: Reader, document: str) -> Page | None:
    """Return the page that stands first in a document, None where it has none."""
    rows = reader.rows(_SELECT + "WHERE page.document = ? ORDER BY position LIMIT 1", (document,))
    return _page(rows[0]) if rows else None


def count_pages(
    reader: Reader, document: str | None = None, batch: str | None = None
) -> dict[str, int]:
    """Return how many pages (of a document, a batch, all) are in each state; all are named."""
    rows = reader.rows(
        "SELECT page.state, count(*) AS n FROM page JOIN document ON document.id = page.document "
        "WHERE (?1 IS NULL OR page.document = ?1) AND (?2 IS NULL OR batch = ?2) "
        "GROUP BY page.state",
        (document, batch),
    )
    return dict.fromkeys(PAGE_STATES, 0) | {row["state"]: row["n"] for row in rows}


def reorder_pages(tx: Transaction, document: str, keys: Sequence[str]) -> None:
    """Put the pages into this order; keys stay.

    Raises:
        UsageError: ``error.page-order``: not exactly the pages of the document, each once.
    """
    before = [page.key for page in list_pages(tx, document)]
    if sorted(keys) != sorted(before):
        raise UsageError("error.page-order", document=document, pages=len(before))
    if list(keys) == before:
        return
    tx.note("document.reordered", document, {"pages": list(keys)})
    for position, key in enumerate(keys, start=1):
        tx.keep_books(
            "UPDATE page SET position = ? WHERE document = ? AND key = ?", (position, document, key)
        )


def set_recognised(tx: Transaction, document: str, key: str, outcome: Recognised) -> bool:
    """Write what a page job gave; return False, and write nothing, when it is so already."""
    if get_page(tx, document, key).recognised == outcome:
        return False
    kind = "page.waiting" if outcome.state == "waiting" else "page.recognised"
    tx.change(
        kind,
        page_subject(document, key),
        {"state": outcome.state, "code": outcome.code, "key": outcome.recognised_key},
        "UPDATE page SET state = ?, code = ?, recognised_key = ?, alto_sha256 = ?, confidence = ?, "
        "languages = ?, words = ? WHERE document = ? AND key = ?",
        (
            *(outcome.state, outcome.code, outcome.recognised_key, outcome.alto_sha256),
            *(outcome.confidence, json_text(outcome.languages), outcome.words, document, key),
        ),
    )
    return True


def set_waiting(tx: Transaction, document: str, key: str) -> bool:
    """Send a page back to recognition; return False when it waits already."""
    return set_recognised(tx, document, key, Recognised("waiting"))


def _add_frame(tx: Transaction, document: str, key: str, page: NewPage) -> None:
    frame = page.frame
    crop = None if frame.crop is None else json_text(frame.crop)
    tx.keep_books(
        "INSERT INTO page_frame (document, page, master, frame, crop, quarter_turn, width, height, "
        "dpi, source, text_layer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(document, key, frame.master, frame.frame, crop, frame.quarter_turn),
            *(frame.width, frame.height, frame.dpi, page.source, int(page.text_layer)),
        ),
    )


@lru_cache(maxsize=256)
def _codes(text: str) -> tuple[str, ...]:
    """The languages of a page: a long book has few combinations, and each page would parse one."""
    return tuple(json_value(text))


def _page(row: sqlite3.Row) -> Page:
    crop = json_value(row["crop"])
    frame = PageFrame(
        *(row["master"], row["frame"], None if crop is None else Box(*crop)),
        *(row["quarter_turn"], row["width"], row["height"], row["dpi"]),
    )
    return Page(
        *(row["document"], row["key"], row["position"], row["label"], frame),
        *(row["source"], bool(row["text_layer"]), row["state"], row["code"]),
        *(row["recognised_key"], row["alto_sha256"], row["confidence"]),
        *(_codes(row["languages"]), row["words"]),
    )
