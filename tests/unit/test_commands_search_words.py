"""What people read of a search: carets, bars, bold words."""

import io
import sys
from collections.abc import Callable
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.output import folded, screen_width, show, show_folded
from commands.search.facets import bar, facet_lines
from commands.search.notices import expansion_lines, pointed
from olketanu.messages.translate import choose_language
from search.query.expand import Expansion
from search.query.parse import parse
from search.results.request import Bucket, Facet
from workflow.hits.told import by_decade, date_words, notice_words


@pytest.mark.parametrize(
    ("query", "span", "below"),
    [
        ("қара (тас", (5, 6), "     ^"),
        ("год:19x4 тас", (4, 8), "    ^^^^"),
        ("тас", (3, 3), "   ^"),
        ("й\u0306 (", (3, 4), "  ^"),
        ("煤 (", (2, 3), "   ^"),
        ("а\tб\n(", (4, 5), "    ^"),
    ],
)
def test_carets_stand_under_the_place(query: str, span: tuple[int, int], below: str) -> None:
    shown, carets = pointed(query, span)
    assert carets == "    " + below
    assert "\n" not in shown
    assert "\t" not in shown


def test_of_a_long_query_the_piece_about_the_place_is_shown() -> None:
    query = "сөз " * 60 + "(" + " сөз" * 60
    shown, carets = pointed(query, (240, 241))
    assert shown[carets.index("^")] == "("
    assert shown.startswith("    …")
    assert shown.endswith("…")
    assert len(shown) < 80


def test_letters_that_run_to_the_left_get_no_caret() -> None:
    assert pointed("قارا (تاس", (5, 6)) == ("    «(»",)


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_any_place_of_any_query_can_be_pointed_at(query: str, first: int, length: int) -> None:
    start = min(first, len(query))
    lines = pointed(query, (start, min(len(query), start + length)))
    assert not [line for line in lines if set(line) & set("\x1b\n\r\t\u202e")]
    assert all(screen_width(line) <= 160 for line in lines)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_bar_is_as_long_as_its_share_and_never_empty(one: int, other: int) -> None:
    count, most = sorted((one, other))
    assert 1 <= len(bar(count, most)) <= len(bar(most, most)) == 24
    assert len(bar(count, most)) <= 1 + 24 * count / most


def test_many_years_are_told_by_decade() -> None:
    years = [(str(year), 2) for year in range(1920, 1990)]
    assert by_decade(years) == [(f"19{n}0–19{n}9", 20) for n in range(2, 9)]
    assert by_decade(years[:24]) == years[:24]


def test_values_have_names_and_bars_in_a_column() -> None:
    choose_language("ru")
    try:
        facets = [
            Facet("language", (Bucket("kaz", 120), Bucket("rus", 60), Bucket("xxx", 1)), 2),
            Facet("form", ()),
            Facet("catalogue", (Bucket("local_history", 7),)),
            Facet("year", (Bucket("1954", 2), Bucket("1955", 1))),
        ]
        assert facet_lines(facets) == [
            *("", "Язык", "  казахский  120  " + "█" * 24, "  русский     60  " + "█" * 12),
            *("  xxx          1  ▎", "  … и ещё 2"),
            *("", "Каталог", "  Краеведение  7  " + "█" * 24),
            *("", "Год", "  1954  2  " + "█" * 24, "  1955  1  " + "█" * 12),
        ]
    finally:
        choose_language("en")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "1998-10-10"), ("kk", "10.10.1998"), ("ru", "10.10.1998")]
)
def test_dates_are_written_as_in_the_language(language: str, words: str) -> None:
    choose_language(language)
    try:
        assert date_words("1998-10-10") == words
        assert date_words("1998") == "1998"
    finally:
        choose_language("en")


def test_what_was_searched_beside_is_said_once_a_kind() -> None:
    choose_language("kk")
    try:
        made = [
            Expansion("name", "Караганда", ("Қарағанды",), (0, 9)),
            Expansion("pattern", "шах*", ("шахта",), (10, 14)),
            Expansion("ocr", "Қарағанды", ("караганды", "карагапды"), (0, 9)),
            Expansion("name", "Балхаш", ("Балқаш", "Қарағанды"), (15, 21)),
        ]
        assert expansion_lines(made) == [
            "Сондай-ақ ізделді: Қарағанды, Балқаш",
            "Аз табылғандықтан, ұқсас сөздер де ізделді "
            "(қате терілген не қате танылған болуы мүмкін): карагапды",
        ]
        assert expansion_lines(made[1:2]) == []
    finally:
        choose_language("en")


@given(st.text("ab ", max_size=120), st.integers(1, 30))
def test_folded_lines_hold_all_the_words(text: str, room: int) -> None:
    lines = [text[start:end] for start, end in folded(text, room)]
    assert all(len(line) <= room for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    if all(len(word) <= room for word in text.split()):
        assert " ".join(lines).split() == text.split()


class Screen(io.StringIO):
    """A standard output that is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(stream: Any, tell: Callable[[], None]) -> str:
    command = click.Command("show", callback=tell)
    kept, sys.stdout = sys.stdout, stream
    try:
        command.main([], standalone_mode=False)
    finally:
        sys.stdout = kept
    return str(stream.getvalue())


def test_words_stand_out_on_a_terminal_alone() -> None:
    def tell() -> None:
        show("жаңа мектеп\x1b[5m салды", [(5, 11)])

    assert shown(Screen(), tell) == "жаңа \x1b[1mмектеп\x1b[0m\ufffd[5m салды\n"
    assert shown(io.StringIO(), tell) == "жаңа мектеп\ufffd[5m салды\n"


def test_a_snippet_is_folded_to_the_width_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")

    def tell() -> None:
        show_folded("   ", "қаланың шетінде жаңа мектеп салды, ол үлкен", [(21, 27)])

    assert shown(io.StringIO(), tell).count("\n") == 1
    assert shown(Screen(), tell) == (
        "   қаланың шетінде жаңа \x1b[1mмектеп\x1b[0m\n   салды, ол үлкен\n"
    )


@pytest.mark.parametrize(
    ("query", "name"),
    [("вид:роман", "книга"), ("язык:марс", "казахский"), ("каталог:нет", "Краеведение")],
)
def test_the_values_of_a_field_are_told_by_their_names(query: str, name: str) -> None:
    choose_language("ru")
    try:
        (notice,) = parse(query).notices
        assert name in notice_words(notice).split(": ", 1)[1]
        assert "_" not in notice_words(notice)
    finally:
        choose_language("en")
