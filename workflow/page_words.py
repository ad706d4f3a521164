"""The words of pages with their index keys, read from the home and kept for the next query."""

from functools import lru_cache
from pathlib import Path

from olketanu.errors import InputError
from olketanu.home import Home
from pages.words import load
from search.results.highlight import AnalysedPage, analyse_page

_KEPT = 128  # analysed pages in memory: about 20 MB


def page_words(home: Home, document: str, page: str) -> AnalysedPage | None:
    """Return the words of a page as they stand now, None where it has none.

    A damaged file has none either: a search goes on without it, ``verify`` finds and mends it.
    """
    path = home.words(document, page)
    try:
        stat = path.stat()
        return _analysed(path, (stat.st_mtime_ns, stat.st_size, stat.st_ino))
    except (FileNotFoundError, InputError):
        return None


@lru_cache(maxsize=_KEPT)
def _analysed(path: Path, _stamp: tuple[int, int, int]) -> AnalysedPage:
    return analyse_page(load(path.read_bytes()))
