"""Records of another system that we have corrected, and the sheet that tells of them."""

import io
from collections.abc import Mapping
from dataclasses import replace

from openpyxl import load_workbook

from olketanu.home import Home
from olketanu.settings import CataloguesSettings, Settings
from tests.unit.made_imports import article, edit, file_of, taken
from workflow.delta.listing import list_corrections
from workflow.library import open_library

EXTERNAL = Settings(catalogues=CataloguesSettings({"articles": "external"}))
"""Another system is the master of articles."""


def correct_records(home: Home) -> None:
    """Three records of theirs, the titles of which we have changed."""
    folder = home.root.parent / "imports"
    folder.mkdir()
    with open_library(home) as opened:
        library = replace(opened, settings=EXTERNAL)
        taken(library, file_of(folder, [article(n, f"Шахта {n}") for n in "123"]))
        for number in "123":
            edit(library, number, article(number, f"Шахта тарихы {number}"))


def tick(sheet: bytes, marks: Mapping[int, tuple[str, str]], note: str = "") -> bytes:
    """The sheet with marks in the boxes (done, cannot) of these rows, from 2, and a note there."""
    book = load_workbook(io.BytesIO(sheet))
    page = book.worksheets[0]
    for row, (done, cannot) in marks.items():
        page.cell(row, 7).value, page.cell(row, 8).value = done or None, cannot or None
        page.cell(row, 9).value = note or None
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def states(home: Home) -> list[str]:
    """Where the corrections stand, in the order of the records."""
    with open_library(home) as library:
        return [one.state for one in list_corrections(library)[0]]
