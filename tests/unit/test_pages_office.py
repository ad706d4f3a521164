"""Packages of office programs say nothing of the time of their making."""

import io
import zipfile
from datetime import datetime

from openpyxl import Workbook, load_workbook

from pages.office import timeless


def made_at(year: int) -> io.BytesIO:
    book, held = Workbook(), io.BytesIO()
    book.properties.created = datetime.fromisoformat(f"{year}-05-06")
    book.worksheets[0]["A1"] = "created 1985"
    book.save(held)
    return held


def test_two_workbooks_of_different_days_are_the_same_bytes() -> None:
    assert made_at(2024).getvalue() != made_at(2025).getvalue()
    data = timeless(made_at(2024), "1980-01-01T00:00:00Z")
    assert data == timeless(made_at(2025), "1980-01-01T00:00:00Z")
    book = load_workbook(io.BytesIO(data))
    assert book.properties.created == datetime.fromisoformat("1980-01-01")
    assert book.worksheets[0]["A1"].value == "created 1985"


def test_without_a_time_of_its_own_a_package_keeps_what_it_tells() -> None:
    data = timeless(made_at(2024))
    assert load_workbook(io.BytesIO(data)).properties.created == datetime.fromisoformat(
        "2024-05-06"
    )
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
