"""The numbers that are printed on the pages of a document, as the document job reckoned them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from digitize.output.mets import read_labels
from olketanu.home import Home
from store.digitised.pages import Page

_KEPT = 64  # documents; one of 300 pages holds some 20 kB


def labelled(home: Home, document: str, pages: Iterable[Page]) -> Iterator[Page]:
    """Yield ``pages`` of a document, each with its printed number where one is known.

    A number that the librarian's sheet gives stays; the others are counted from the print.
    """
    path = home.mets(document)
    try:
        stat = path.stat()
        known = _read(path, (stat.st_mtime_ns, stat.st_size, stat.st_ino))
    except FileNotFoundError:
        known = {}
    return (replace(page, label=page.label or known.get(page.key)) for page in pages)


@lru_cache(maxsize=_KEPT)
def _read(path: Path, _stamp: tuple[int, int, int]) -> Mapping[str, str]:
    return read_labels(path.read_bytes())
