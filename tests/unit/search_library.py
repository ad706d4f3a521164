"""Entries of a small collection, and sessions over an index of them."""

from pathlib import Path
from typing import Any

from olketanu.home import Home
from search.engine.memory import MemoryEngine
from search.index.writer import IndexWriter
from search.schema import Entry, analyse
from search.session import Session


def page(document: str, number: int, text: str, **facts: Any) -> Entry:
    told: dict[str, Any] = {"languages": ("kaz",), "line_languages": ("kaz",), "public": True}
    told |= {"title": "", "record": "", "key": f"{document}/p{number:04d}"}
    return Entry(kind="page", document=document, page=f"p{number:04d}", text=text, **(told | facts))


def described(record: str, title: str, **facts: Any) -> Entry:
    told: dict[str, Any] = {"languages": ("kaz",), "form": "book", "public": True, "document": ""}
    told |= {"key": f"record/{record}", "record": record, "title": title}
    return Entry(kind="record", page="", **(told | facts))


def engine_of(*entries: Entry) -> MemoryEngine:
    engine = MemoryEngine()
    for entry in entries:
        engine.replace(analyse(entry))
    engine.commit()
    return engine


def session_of(root: Path, *entries: Entry) -> Session:
    home = Home(root)
    IndexWriter(home).rebuild(entries, 1)
    return Session(home)
