"""Sources of articles that are written as text, as cards and notes have them."""

import pytest

from catalog.source_text import SourceText, is_source, parse_source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "Индустриальная Караганда. – 1998. – 10 окт. – С. 3",
            SourceText("Индустриальная Караганда", None, None, None, 1998, "10 окт", "С. 3"),
        ),
        (
            "Источник: Простор. - 1977. - № 4. - С. 100-104.",
            SourceText("Простор", None, None, None, 1977, "№ 4", "С. 100-104"),
        ),
        (
            "Дереккөз: Жұлдыз. — 1985. — № 3. — 5-9-б.",
            SourceText("Жұлдыз", None, None, None, 1985, "№ 3", "5-9-б."),
        ),
        (
            "Новая школа / К. Ом // Огни. – 1976. – Т. 2, № 5 (3 февр.), с. 2",
            SourceText("Огни", None, None, None, 1976, "Т. 2, № 5 (3 февр.)", "с. 2"),
        ),
        (
            "В кн.: Наш край / сост. Н. Юн. – Караганда : Санат, 2003. – С. 15–20",
            SourceText("Наш край", "сост. Н. Юн", "Караганда", "Санат", 2003, "", "С. 15–20"),
        ),
        (
            "// Город. – Алматы, [1999]",
            SourceText("Город", None, "Алматы", None, 1999, "", None),
        ),
    ],
)
def test_a_source_is_read_part_by_part(text: str, source: SourceText) -> None:
    assert parse_source(text) == source
    assert is_source(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Библиогр.: с. 5–9",
        "На обл. загл.: Город – 1998",
        "Начало – в 1998 году",
        "Рез. на каз. яз.",
        "Окончание. Начало: № 10",
        "Прил.: Карта. – 1 л.",
        "Печатается по изданию 1975 г.",
    ],
)
def test_other_notes_are_no_source(text: str) -> None:
    assert not is_source(text)
