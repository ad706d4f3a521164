"""Order of a card file: expected sequences are written by hand."""

from collections.abc import Sequence
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.collation import filing_key, initial, sort_key
from language.letters import KAZAKH_ALPHABET, RUSSIAN_ALPHABET

T = TypeVar("T")
SIGNS = st.sampled_from("аәеёиікқ АӘ19-«,. abç\u0301\x01\x02七")
TEXTS = st.text(SIGNS, max_size=8) | st.text(max_size=8)


def backwards(items: Sequence[T]) -> list[T]:
    """So that a key which tells nothing apart cannot pass: ``sorted`` keeps the order of equals."""
    return list(reversed(items))


def in_order(line: str, alphabet: str) -> None:
    expected = line.split(" | ")
    assert sorted(backwards(expected), key=lambda text: sort_key(text, alphabet)) == expected


def test_each_letter_of_kazakh_stands_at_its_place() -> None:
    in_order(" | ".join(KAZAKH_ALPHABET), "kk")
    in_order(" | ".join(f"{letter}я" for letter in KAZAKH_ALPHABET), "kk")


@pytest.mark.parametrize(
    "line",
    [
        "аз | аян | әже | бала | гүл | ғалым",
        "Екібастұз | ёлка | жаз",
        "кітап | қазақ | лашын",
        "наурыз | ңа | Ойыл | өзен | Павлодар",
        "Темір | ту | ұл | үй | факт",
        "хан | һәм | цирк",
        "ыдыс | іздеу | ь | эхо",
        "Қала | Қала 9 | Қала 10 | Қаладан | Қалалық",
        "17 қаңтар | 0100 күн | 1917 жыл | Абай",
        "қазақ-орыс сөздігі | Қазақ тілі | Қазақстан",
        "юрта | Яссы | Abai | steppe | 七",
    ],
)
def test_kazakh_order(line: str) -> None:
    in_order(line, "kk")


@pytest.mark.parametrize(
    "line",
    [
        "ёж | Ежов | ёлка | Елков | Ефим",
        "все | всё | всегда",
        "Караганда | Қараганда | Карагандинский",
        "Акмола | Әкмола | Актау",
        "Век XX | Вѣкъ | Весна",
        "улан | ұлан | улус | үлус",
        "2-й съезд | 19-й съезд | 100 лет | Съезд",
    ],
)
def test_russian_order(line: str) -> None:
    in_order(line, "ru")


def test_russian_letters_stand_at_their_places_but_for_yo() -> None:
    in_order(" | ".join(f"{letter}я" for letter in RUSSIAN_ALPHABET), "ru")
    assert sort_key("ёлка", "ru") < sort_key("елки", "ru")
    assert sort_key("елки", "kk") < sort_key("ёлка", "kk")


def test_signs_marks_and_case_count_only_where_all_else_is_equal() -> None:
    in_order("«Абай» | Абай | абай | (Абай) әні", "kk")
    assert sort_key("«Ескі» қала").letters == sort_key("ескі қала!").letters
    assert sort_key("Café").letters == sort_key("cafe").letters
    assert sort_key("ё").letters == sort_key("е\u0308").letters


def test_names_stand_before_titles_of_the_same_word() -> None:
    expected = [
        ("Абай", True),
        ("Абай, Қ.", True),
        ("Абай", False),
        ("Абай жолы", False),
        ("Абайдың әні", False),
        ("Абдуллин, А.", True),
        ("Абдуллин А. туралы сөз", False),
    ]
    keyed = sorted(backwards(expected), key=lambda one: filing_key(one[0], name=one[1]))
    assert keyed == expected


def test_the_entry_element_of_a_name_is_filed_before_forenames() -> None:
    names = ["Ким, Я.", "Ким Чен Ир", "Кима, А."]
    assert sorted(backwards(names), key=lambda name: filing_key(name, name=True)) == names


@pytest.mark.parametrize(
    ("heading", "alphabet", "letter"),
    [
        ("«Қарағанды»", "kk", "Қ"),
        ("Қарағанды", "ru", "К"),
        ("ёлка", "ru", "Е"),
        ("ёлка", "kk", "Ё"),
        ("École", "kk", "E"),
        ("100 күн", "kk", ""),
        ("…", "kk", ""),
        ("", "ru", ""),
    ],
)
def test_the_letter_under_which_a_heading_stands(heading: str, alphabet: str, letter: str) -> None:
    assert initial(heading, alphabet) == letter


@given(TEXTS, TEXTS, st.sampled_from(["kk", "ru"]))
def test_the_order_is_total(one: str, other: str, alphabet: str) -> None:
    """One key a text: with keys that compare like tuples of strings nothing more is needed."""
    a, b = sort_key(one, alphabet), sort_key(other, alphabet)
    assert (a < b) + (b < a) + (one == other) == 1
    assert [type(level) for level in (*a, *b)] == [str] * 6


@given(TEXTS, TEXTS)
def test_a_longer_text_stands_behind_what_it_begins_with(text: str, more: str) -> None:
    assert sort_key(f"{text} {more}").letters >= sort_key(text).letters


@given(st.integers(0, 10**30), st.integers(0, 10**30), st.integers(0, 3))
def test_figures_stand_by_value(one: int, other: int, zeros: int) -> None:
    a, b = sort_key("0" * zeros + str(one)).letters, sort_key(str(other)).letters
    assert (a < b, a == b) == (one < other, one == other)
