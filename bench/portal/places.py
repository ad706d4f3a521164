"""What there is to ask for in a home: its pages, its records, words of its texts."""

import json
import random
import re
from dataclasses import dataclass

from olketanu.home import Home
from store.catalogue import records
from store.digitised import documents, rights
from store.digitised import pages as page_rows
from workflow.library import open_library

_WORD = re.compile(r"\w{5,}")
_READ, _WORDS = 300, 2000


@dataclass(frozen=True, slots=True)
class Places:
    """``pages`` are (document, page key); ``records`` ids; ``words`` come as often as in texts."""

    pages: tuple[tuple[str, str], ...]
    records: tuple[str, ...]
    words: tuple[str, ...]


def places_of(home: Home, *, only_open: bool = False, seed: int = 11) -> Places:
    """Read what a home holds; of documents only those that readers may open, if so told."""
    draw = random.Random(seed)
    with open_library(home, reading=True) as library:
        pages = tuple(
            (one.id, key)
            for one in documents.list_documents(library.store)
            if not only_open or rights.get_rights(library.store, one.id).code == "open"
            for key in page_rows.list_keys(library.store, one.id)
        )
        found = records.iterate_records(library.store)
        held = tuple(stored.id for stored in found if stored.status == "active")
    words: list[str] = []
    for document, page in draw.sample(pages, min(_READ, len(pages))):
        text = json.loads(home.words(document, page).read_bytes())["text"]
        words += _WORD.findall(text)
    return Places(pages, held, tuple(draw.sample(words, min(_WORDS, len(words)))))
