"""Suggestions for a proof-reader, standard numbers and look-alikes in their surroundings."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.lookalikes import repair, repair_numeral
from language.standard_numbers import is_isbn, is_issn, repair_label, repair_number
from language.suggest import suggestions

TEXTS = Path(__file__).parents[2] / "scans" / "generator" / "texts"
LEXICON = {"қарағанды": 50, "караганда": 40, "шахтасы": 5, "өлке": 9, "көмір": 3, "щит": 1}


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Карағанды,", "Қарағанды,"),
        ("«Қараганды", "«Қарағанды"),
        ("ҚАРАҒАНДЬІ", "ҚАРАҒАНДЫ"),
        ("шахгасы", "шахтасы"),
        ("шит", "щит"),
        ("кемір", "көмір"),
    ],
)
def test_a_confused_word_is_suggested_as_it_was_meant(read: str, meant: str) -> None:
    assert suggestions(read, LEXICON)[0].text == meant


def test_suggestions_are_ranked_by_cost_and_bounded() -> None:
    lexicon = {"кол": 1, "қол": 1, "көл": 1, "құл": 1}
    found = suggestions("кбл", lexicon | {"кбв": 1})
    assert [s.text for s in found] == ["көл"]
    assert [s.text for s in suggestions("коп", {"кол": 1, "қоп": 9, "көп": 9}, limit=2)] == [
        "көп",
        "қоп",
    ]


@pytest.mark.parametrize("word", ["қарағанды", "мүлдембасқа", "", "—", "1954", "к" * 60])
def test_a_known_word_and_one_near_nothing_have_no_suggestion(word: str) -> None:
    assert suggestions(word, LEXICON) == ()


@given(st.text("абкқнңоөуүіи1-.", max_size=12))
def test_suggestions_are_words_of_the_lexicon(word: str) -> None:
    for found in suggestions(word, {"қоңыр": 1, "ана": 2, "оң": 3}):
        assert found.text.lower().strip("-.") in {"қоңыр", "ана", "оң"}
        assert found.cost >= 0


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("978-6О1-99-91О1-О", "978-601-99-9101-0"),
        ("978-601-99-9Ю1-0", None),
        ("О317-847І", "0317-8471"),
        ("0317-8472", None),
        ("кітап", None),
    ],
)
def test_a_standard_number_is_repaired_where_its_check_digit_agrees(
    read: str, right: str | None
) -> None:
    assert repair_number(read) == right


def test_check_digits_are_counted() -> None:
    assert is_isbn("978-601-99-9101-0")
    assert is_isbn("5-02-013850-9")
    assert not is_isbn("978-601-99-9101-1")
    assert is_issn("0317-8471")
    assert not is_issn("0317-8470")


def test_a_label_is_repaired_before_a_number_only() -> None:
    assert repair_label("І5ВМ", "978-601-99-9101-0") == "ISBN"
    assert repair_label("ІSSN:", "0317-8471") == "ISSN:"
    assert repair_label("І5ВМ", "болды") == "І5ВМ"


@pytest.mark.parametrize(
    ("word", "following", "right"),
    [
        ("ХХ", "ғасырда", "XX"),
        ("ХУІІІ", "века", "XVIII"),
        ("П", "съезд", "II"),
        ("ХІХ–ХХ", "вв.", "XIX–XX"),
        ("ХХ", "лет", "ХХ"),
        ("С", "веком", "С"),
        ("У", "съезда", "У"),
        ("ХХ-", "век", "ХХ-"),
    ],
)
def test_a_roman_numeral_is_told_by_what_is_counted(word: str, following: str, right: str) -> None:
    assert repair_numeral(word, following) == right


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("г0род", "город"),
        ("ра3ный", "разный"),
        ("0блыс", "Облыс"),
        ("К0ЛХОЗ", "КОЛХОЗ"),
        ("ты1ың", "тыіың"),
        ("19З0", "1930"),
        ("195З", "1953"),
    ],
)
def test_digits_in_words_and_letters_in_numbers_are_repaired(read: str, right: str) -> None:
    assert repair(read) == right


@pytest.mark.parametrize(
    "word", ["Т34М", "А0Б", "3-сынып", "СУ-155", "м3", "IIIкв", "12З", "т1л", "qьzьl", "КА3АХ"]
)
def test_what_may_be_meant_so_is_left_alone(word: str) -> None:
    assert repair(word) == word


def test_no_true_word_of_the_sample_texts_is_changed() -> None:
    words = [word for path in sorted(TEXTS.glob("*.toml")) for word in _words(path)]
    assert len(words) > 2000
    assert [word for word in words if repair(word) != word] == []


def test_injected_look_alikes_are_taken_out_again() -> None:
    latin = str.maketrans("аеорсх", "aeopcx")
    words = [w for path in sorted(TEXTS.glob("*.toml")) for w in _words(path) if w.isalpha()]
    worn = [word[:1] + word[1:].translate(latin) for word in words]
    hit = [(w, n) for w, n in zip(words, worn, strict=True) if w != n]
    right = sum(repair(noisy) == word for word, noisy in hit)
    assert right >= 0.99 * len(hit)


def _words(path: Path) -> Iterator[str]:
    for value in _strings(tomllib.loads(path.read_text("utf-8"))):
        yield from value.split()


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
