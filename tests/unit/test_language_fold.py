import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.fold import fold, fold_letters, spellings
from language.letters import KAZAKH_ALPHABET

SPELLINGS = [
    "Қарағанды Караганды Qaraghandy Qarağandy Qaragandy Karagandy qaragandy Qaraǵandy Qarağandı",
    "Әуезов Ауэзов Äuezov Auezov Áýezov A'uezov",
    "Жезқазған Жезказган Zhezqazghan Jezqazğan",
    "объединение объединеніе об'единение обʼединение",
    "Теңіз Тенгиз Tengiz Teñiz",
    "шёл шел шелъ",
    "Кaрлаг Карлаг Karlag",
    "Бөкей Бокей Bökei Bokey Bókeı",
]


@pytest.mark.parametrize("words", SPELLINGS)
def test_every_spelling_of_a_word_has_one_key(words: str) -> None:
    assert len({fold(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Караганда", "Қарағанды"), ("тыл", "тіл"), ("қала", "қалам"), ("Казахстан", "Қазақстан")],
)
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_figures_and_punctuation_stay() -> None:
    assert fold("«Орталық Қазақстан», 1954 ж. — №12") == "«орталык казакстан», 1954 ж. — №12"


def test_roman_numerals_fall_together_with_their_lookalikes() -> None:
    assert fold("XX") == fold("ХХ")


def test_a_stress_mark_does_not_count() -> None:
    assert fold("за\u0301мок") == "замок"


def test_latin_leaves_its_choices_open_in_a_query() -> None:
    assert spellings("Dmitry") == ("дмитры", "дмитри")
    assert "ссср" in spellings("CCCP")
    assert spellings("Қарағанды") == ("караганды",)


@given(st.text(KAZAKH_ALPHABET, min_size=1))
def test_a_word_of_letters_alone_folds_as_any_text_does(word: str) -> None:
    assert fold_letters(word) == fold(word)
