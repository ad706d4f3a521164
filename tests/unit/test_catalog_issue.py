"""Numbers, dates and pages of issues in the spellings that catalogues hold."""

import pytest

from catalog.issue import (
    Issue,
    issue_statement,
    issue_text,
    page_range,
    pages_text,
    parse_issue,
    year_of,
)


@pytest.mark.parametrize(
    ("text", "year", "issue"),
    [
        ("№ 14 (17 янв.)", 1985, Issue("14", "1985-01-17")),
        ("№ 41 (3027) (10 қазан)", 1998, Issue("41 (3027)", "1998-10-10")),
        ("2 сент.", 1996, Issue(None, "1996-09-02")),
        ("N 3.", 2004, Issue("3", "2004")),
        ("№ 3-4", None, Issue("3-4", None)),
        ("Т. 320, № 1 : Науки о Земле", 2012, Issue("1", "2012", "320")),
        ("17 қаңтар 1985 жыл", None, Issue(None, "1985-01-17")),
        ("№ 5 (30 февр.)", 1985, Issue("5", "1985")),
        ("10 казан", 1998, Issue(None, "1998-10-10")),
        ("", None, Issue(None, None)),
    ],
)
def test_an_issue_is_read_in_every_spelling(text: str, year: int | None, issue: Issue) -> None:
    assert parse_issue(text, year) == issue


@pytest.mark.parametrize("language", ["kaz", "rus"])
@pytest.mark.parametrize("month", range(1, 13))
def test_a_written_issue_is_read_back(language: str, month: int) -> None:
    date = f"1998-{month:02d}-09"
    text = issue_text("41 (3027)", date, language)
    assert parse_issue(text, 1998) == Issue("41 (3027)", date)


def test_the_month_is_in_the_language_of_the_document() -> None:
    assert issue_text("41", "1998-10-10", "kaz") == "№ 41 (10 қазан)"
    assert issue_text("41", "1998-10-10", "rus") == "№ 41 (10 окт.)"
    assert issue_text(None, "1998-10-10", "rus") == "10 окт."
    assert issue_text("41", "1998", "kaz") == "№ 41"


@pytest.mark.parametrize(
    ("text", "pages"),
    [("С. 18-19", "18-19"), ("Б. 3", "3"), ("С. 2 – 3, 5", "2-3, 5"), ("3-б.", "3"), ("", None)],
)
def test_pages_are_read_without_the_word_before_them(text: str, pages: str | None) -> None:
    assert page_range(text) == pages


def test_pages_are_written_in_the_language_of_the_document() -> None:
    assert pages_text("3", "kaz") == "Б. 3"
    assert pages_text("3", "rus") == "С. 3"
    assert pages_text("3", None) == "С. 3"


def test_a_year_is_four_figures_alone() -> None:
    assert year_of("[1985?]") == 1985
    assert year_of("1985123") is None
    assert year_of(None) is None


@pytest.mark.parametrize(
    ("text", "year", "language", "statement"),
    [
        ("N 3.", 2004, "rus", "№ 3"),
        ("N 3 2 сент.", 1996, "rus", "№ 3 (2 сент.)"),
        ("12 октября 1998 г., № 41 (3027)", None, "rus", "№ 41 (3027) (12 окт.)"),
        ("№ 27 (4 февр.)", 1959, "kaz", "№ 27 (4 ақпан)"),
        ("17 қаңтар", 1985, "kaz", "17 қаңтар"),
        ("1985 жылғы 17 қаңтар", None, "kaz", "17 қаңтар"),
        ("Т. 320, № 1 : Науки о Земле", 2012, "rus", "Т. 320, № 1 : Науки о Земле"),
        ("Вып. 35 (54)", 2014, "rus", "Вып. 35 (54)"),
        ("14–20 июня (N 18)", 2002, "rus", "14–20 июня (№ 18)"),
        ("2012", 2012, "rus", ""),
        ("Nota 5", 2012, "rus", "Nota 5"),
    ],
)
def test_number_and_date_take_one_form_and_more_than_that_stays(
    text: str, year: int | None, language: str, statement: str
) -> None:
    assert issue_statement(text, year, language) == statement


def test_kazakh_pages_may_stand_before_their_word() -> None:
    assert pages_text("5–9", "kaz", after=True) == "5–9-б."
    assert pages_text("5–9", "rus", after=True) == "С. 5–9"
