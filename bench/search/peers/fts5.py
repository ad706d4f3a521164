"""SQLite's FTS5 without content: one field of text, facets in a table beside."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from bench.search.corpus import Page
from bench.search.peers.base import FACETS, SHOWN, Question

_MAKE = """
CREATE VIRTUAL TABLE words USING fts5(
    text, content='', tokenize="unicode61 remove_diacritics 0", prefix='4');
CREATE TABLE page (number INTEGER PRIMARY KEY, key TEXT, kind TEXT, language TEXT, catalogue TEXT);
"""


class Fts5:
    """One file."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._database = sqlite3.connect(folder / "fts5.sqlite3")
        self._database.executescript(_MAKE)
        self._number = 0

    def fill(self, made: Iterable[Page]) -> None:
        """Index pages and records, and write everything."""
        for page in made:
            self._add(page)
        self._database.commit()

    def _add(self, page: Page) -> None:
        self._number += 1
        about = page.about
        row = (self._number, page.key, about.kind, about.language, about.catalogue)
        self._database.execute("INSERT INTO page VALUES (?, ?, ?, ?, ?)", row)
        self._database.execute(
            "INSERT INTO words (rowid, text) VALUES (?, ?)", (self._number, page.text)
        )

    def ask(self, question: Question) -> int | None:
        """Find the best ten and return how many there are in all."""
        if question.what in ("wildcard", "fuzzy", "page"):
            return None
        text = _asked(question)
        self._database.execute(
            "SELECT key FROM words JOIN page ON number = words.rowid WHERE words MATCH ? "
            "ORDER BY rank LIMIT ?",
            (text, SHOWN),
        ).fetchall()
        if question.what == "facets":
            for name in FACETS:
                self._count_by(name, text)
        counted = self._database.execute("SELECT count(*) FROM words WHERE words MATCH ?", (text,))
        return int(counted.fetchone()[0])

    def _count_by(self, name: str, text: str) -> None:
        self._database.execute(
            f"SELECT {name}, count(*) FROM words JOIN page ON number = words.rowid "  # noqa: S608
            f"WHERE words MATCH ? GROUP BY {name}",  # the names are those of FACETS
            (text,),
        ).fetchall()


def _asked(question: Question) -> str:
    quoted = [f'"{word}"' for word in question.words]
    match question.what:
        case "or":
            return " OR ".join(quoted)
        case "phrase":
            return '"' + " ".join(question.words) + '"'
        case "prefix":
            return f'"{question.words[0].rstrip("*")}"*'
        case _:
            return " AND ".join(quoted)
