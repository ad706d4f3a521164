"""The correction sheet on paper, in Excel and in Word says the same, and nothing in it acts."""

import io
import re
import zipfile

import pytest
from openpyxl import load_workbook

from olketanu.messages.translate import choose_language
from workflow.delta.html import html_sheet
from workflow.delta.letter import word_sheet
from workflow.delta.sheet import Entry, Line, Sheet, column_codes, is_ticked
from workflow.delta.workbook import workbook_sheet

WRONG = Line("0bc4d5f6", "210", "заменить", "## $aАлма-Ата $d1985", "## $aАлматы $d1985", "=1+1")
NEW = Line("1bc4d5f6", "606[2]", "добавить", "", "#0 $a<b>Өлкетану</b>")
HOST = Line("2bc4d5f6", "461", "заменить", "#0\n001 77\n200 1# $aА", "#0\n001 77\n200 1# $aБ")
SHEET = Sheet(
    "Правочный лист",
    "Библиотека · Статьи",
    "# — пустой индикатор",
    "2026-11-29",
    (Entry("=1201", "Қарқаралы", (WRONG, NEW)), Entry("", "Құттықтаймыз!", (HOST,))),
)


@pytest.fixture(autouse=True)
def _russian() -> None:
    choose_language("ru")


def test_html_shows_what_changed_and_escapes_what_came() -> None:
    page = html_sheet(SHEET).decode()
    assert '<html lang="ru">' in page
    assert "## $a<del>Алма-Ата</del> $d1985" in page
    assert "## $a<ins>Алматы</ins> $d1985" in page
    assert "&lt;b&gt;Өлкетану&lt;/b&gt;" in page
    assert "<b>без номера</b>Құттықтаймыз!" in page
    assert page.count("☐") == 6


def test_html_holds_no_script_and_asks_for_nothing_from_outside() -> None:
    page = html_sheet(SHEET).decode()
    assert not re.search(r"<script|javascript:|https?:|url\(|\bon\w+=", page)


def test_html_replaces_signs_that_command_a_printer() -> None:
    line = Line("0bc4d5f6", "300", "удалить", "## $aа\x1bб\x00", "")
    sheet = Sheet("а", "б", "в", "2026-11-29", (Entry("7", "т", (line,)),))
    assert "## $aа�б�" in html_sheet(sheet).decode()


def test_a_workbook_holds_a_row_a_correction_and_every_cell_is_text() -> None:
    page = load_workbook(io.BytesIO(workbook_sheet(SHEET))).worksheets[0]
    rows = [[cell.value or "" for cell in row] for row in page.iter_rows()]
    assert rows[0] == [
        *("№ записи", "Заглавие", "Поле", "Что сделать", "Было", "Стало"),
        *("Сделано", "Нельзя", "Примечание", "Код строки"),
    ]
    assert rows[1] == [
        *("=1201", "Қарқаралы", "210", "заменить", "## $aАлма-Ата $d1985"),
        *("## $aАлматы $d1985", "", "", "=1+1", "0bc4d5f6"),
    ]
    assert [row[-1] for row in rows[1:]] == ["0bc4d5f6", "1bc4d5f6", "2bc4d5f6"]
    told = [cell for row in page.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in told} == {"s"}
    assert all(cell.quotePrefix for cell in told)


def test_a_workbook_has_no_formula_anywhere_in_its_cells() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_sheet(SHEET))) as archive:
        pages = [archive.read(n).decode() for n in archive.namelist() if "worksheets/sheet" in n]
    assert len(pages) == 2
    assert not any("<f>" in page for page in pages)


def test_a_word_sheet_reads_back_and_is_the_same_bytes_every_time() -> None:
    docx = pytest.importorskip("docx")
    data = word_sheet(SHEET)
    assert data == word_sheet(SHEET)
    paper = docx.Document(io.BytesIO(data))
    (table,) = paper.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][:4] == ["Поле", "Что сделать", "Было", "Стало"]
    assert set(rows[1]) == {"=1201   Қарқаралы"}
    assert rows[2] == [
        *("210", "заменить", "## $aАлма-Ата $d1985", "## $aАлматы $d1985"),
        *("☐", "☐", "=1+1", "0bc4d5f6"),
    ]
    assert rows[4][0] == "без номера   Құттықтаймыз!"
    bold = [run.text for run in table.rows[2].cells[3].paragraphs[0].runs if run.font.bold]
    assert bold == ["Алматы"]


def test_headings_are_known_in_three_languages_whatever_their_case() -> None:
    assert column_codes(["жазба НӨМІРІ", " Было ", "Row  code", "цена"]) == [
        *("number", "was", "code", None),
    ]


@pytest.mark.parametrize(
    ("mark", "means"),
    [("✓", True), ("Х", True), ("x", True), ("Иә", True), ("", False), ("нет", False), ("?", None)],
)
def test_a_mark_is_yes_or_no_or_unclear(mark: str, means: bool | None) -> None:
    assert is_ticked(mark) is means
