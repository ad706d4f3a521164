"""Letters, look-alikes, identification, dates and order of words."""

import pytest

from language.collation import sort_key
from language.dates import PartialDate, find_dates, parse_date, weekday_of
from language.identify import identify
from language.letters import KAZAKH_ALPHABET, RUSSIAN_ALPHABET, has_kazakh, is_latin, script_of
from language.lookalikes import mixed, repair


def test_the_alphabets_are_whole() -> None:
    assert len(KAZAKH_ALPHABET) == 42
    assert len(RUSSIAN_ALPHABET) == 33
    assert set(RUSSIAN_ALPHABET) < set(KAZAKH_ALPHABET)


def test_kazakh_letters_are_seen_in_either_case() -> None:
    assert has_kazakh("ҚАРАҒАНДЫ")
    assert has_kazakh("іс")
    assert not has_kazakh("Караганда, Iran")


@pytest.mark.parametrize(
    ("text", "script"),
    [("Қазақ тілі", "Cyrl"), ("Qazaq tili", "Latn"), ("قازاق", "Arab"), ("1954, №", "und")],
)
def test_the_script_of_most_letters_is_told(text: str, script: str) -> None:
    assert script_of(text) == script


def test_latin_letters_with_marks_are_latin() -> None:
    assert all(map(is_latin, "aǵşəı"))
    assert not any(map(is_latin, "ағ1-"))


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("Кaрaганда", "Караганда"),
        ("тapих", "тарих"),
        ("iс", "іс"),
        ("қahарман", "қаһарман"),
        ("Қазақcтан", "Қазақстан"),
        ("ХІХ", "XIX"),
        ("XІX", "XIX"),
        ("978-5-0З-001234-Х", "978-5-03-001234-X"),
    ],
)
def test_a_lookalike_of_the_wrong_script_is_repaired(word: str, right: str) -> None:
    assert repair(word) == right


@pytest.mark.parametrize(
    "word", ["COVID-центр", "СССР", "XX", "ХХ", "Иван", "МИ", "X", "1954", "ә"]
)
def test_what_has_one_reading_is_left_alone(word: str) -> None:
    assert repair(word) == word


def test_a_word_of_two_scripts_is_mixed() -> None:
    assert mixed("Кaраганда")
    assert not mixed("Караганда")
    assert not mixed("Karaganda 1954")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Қарағанды облысы", "kaz"),
        ("ауыл туралы айтып берді", "kaz"),
        ("совхоз тарихы жазылды", "kaz"),
        ("мен сол жылы туралы айтып берді", "kaz"),
        ("В городе Караганде", "rus"),
        ("шахтёры Караганды добыли", "rus"),
        ("Постановление исполкома городского совета", "rus"),
        ("The history of the city", "eng"),
        ("1954 № 12", "und"),
        ("", "und"),
    ],
)
def test_the_language_of_a_line_is_told(text: str, language: str) -> None:
    assert identify(text) == language


def test_without_evidence_the_default_answers() -> None:
    assert identify("1954", "kaz") == "kaz"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("17 қаңтар 1985", "1985-01-17"),
        ("1985 жылғы 17 қаңтар", "1985-01-17"),
        ("1985 жылғы қаңтардың 17-сі", "1985-01-17"),
        ("17 января 1985 года", "1985-01-17"),
        ("Среда, 5 марта 1947 г.", "1947-03-05"),
        ("1947 жылдың 5-наурызы", "1947-03-05"),
        ("12.03.1985", "1985-03-12"),
        ("1985-01-17", "1985-01-17"),
        ("№ 25 (1234) 20 желтоқсан, 1986 жыл", "1986-12-20"),
        ("январь 1985", "1985-01"),
        ("1985 ж. қаңтар", "1985-01"),
        ("Алматы, 1985", "1985"),
    ],
)
def test_a_printed_date_is_read(text: str, iso: str) -> None:
    assert str(parse_date(text)) == iso


@pytest.mark.parametrize("text", ["", "31 февраля 1985", "тираж 19850", "31.02.1985", "маршрут 5"])
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert parse_date(text) is None


def test_the_fullest_date_wins_and_places_are_told() -> None:
    text = "1954 жылы; 17 қаңтар 1985"
    assert str(parse_date(text)) == "1985-01-17"
    assert [text[one.start : one.end] for one in find_dates(text)] == ["1954", "17 қаңтар 1985"]


def test_weekdays_are_read_and_agree_with_their_dates() -> None:
    assert weekday_of("Сәрсенбі, 5 наурыз") == 2
    assert weekday_of("в среду") == PartialDate(1947, 3, 5).weekday() == 2
    assert weekday_of("наурыз") is None
    assert PartialDate(1947, 3).weekday() is None


def test_kazakh_and_russian_words_stand_in_the_order_of_the_alphabet() -> None:
    ordered = (
        "ана ау әке бала газ ғалым ел ёлка кол қала нан ңа оқу өлке тау ұлы үй хан һәм ыдыс іс"
    )
    assert sorted(sorted(ordered.split()), key=sort_key) == ordered.split()


def test_figures_stand_by_value_and_words_before_longer_ones() -> None:
    texts = ["Қала 10", "Қала 9", "Қалада", "Қала"]
    assert sorted(texts, key=sort_key) == ["Қала", "Қала 9", "Қала 10", "Қалада"]
