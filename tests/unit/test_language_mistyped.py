"""Words typed with look-alike letters, and how they are meant."""

import pytest

from language.mistyped import foreign_words, has_foreign, has_mixed, lone_letters, mixed_words


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Атамyра", "Атамұра"),
        ("кyнделікті", "күнделікті"),
        ("тayлар", "таулар"),
        ("oqушы"[:0] + "жyмыс", "жұмыс"),
        ("гaзeт", "газет"),
        ("Қaрағанды", "Қарағанды"),
        ("тiл", "тіл"),
        ("гауhар", "гауһар"),
        ("Kазақстан", "Казақстан"),
    ],
)
def test_a_kazakh_word_gets_its_own_letters_by_harmony(word: str, meant: str) -> None:
    (found,) = mixed_words(word, kazakh=True)
    assert (found.word, found.meant) == (word, meant)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Иcтория", "История"),
        ("KАРАГАНДА", "КАРАГАНДА"),
        ("шахтёpы", "шахтёры"),
        ("Сomputer", "Computer"),
        ("дiтей", "дітей"),
        ("ХVIII", "XVIII"),
    ],
)
def test_other_words_get_the_plain_twin_of_the_leading_alphabet(word: str, meant: str) -> None:
    (found,) = mixed_words(word)
    assert found.meant == meant


def test_the_catalogue_s_words_decide_before_anything_else() -> None:
    known = {"бұлақ": 3, "булак": 1, "непрерывных": 2}
    (found,) = mixed_words("Бyлақ", kazakh=True, known={"бұлақ": 3, "булақ": 1})
    assert (found.meant, found.sure) == ("Бұлақ", 0.99)
    (found,) = mixed_words("неnрерывных", known=known)
    assert found.meant == "непрерывных"
    (found,) = mixed_words("неnрерывных")
    assert found.meant is None


@pytest.mark.parametrize(
    "text",
    [
        "История шахты",
        "Computer science",
        "COVID-центр",
        "XXго века",
        "XX-го века",
        "IIIкв. отчёт",
        "Nш 14",
        "файл T3м2",
        "user@почта",
        "ІТ мамандары",
    ],
)
def test_what_is_right_or_a_mark_is_left_alone(text: str) -> None:
    assert list(mixed_words(text)) == []


def test_words_are_told_with_their_place() -> None:
    found = list(mixed_words("О шaхтах и рудникaх"))
    assert [(one.at, one.word) for one in found] == [(2, "шaхтах"), (11, "рудникaх")]


@pytest.mark.parametrize(
    ("word", "meant"),
    [("Ѳлке", "Өлке"), ("Ҡарағанды", "Қарағанды"), ("мыӊ", "мың"), ("ћалық", "һалық")],
)
def test_letters_of_neighbours_become_kazakh_ones_in_kazakh(word: str, meant: str) -> None:
    (found,) = foreign_words(word, kazakh=True)
    assert found.meant == meant
    assert has_foreign(word)


def test_in_russian_a_foreign_letter_has_no_sure_reading() -> None:
    (found,) = foreign_words("Ѳедоръ")
    assert found.meant is None


@pytest.mark.parametrize("text", ["Өлке тарихы", "История", "Coal", "Ё і һ", ""])
def test_letters_of_kazakh_and_russian_are_not_foreign(text: str) -> None:
    assert not has_foreign(text)
    assert not has_mixed(text)
    assert list(foreign_words(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Шахта c историей", [(6, "c", "с")]),
        ("B забое", [(0, "B", "В")]),
        ("уголь a не руда", [(6, "a", "а")]),
        ("Витамин C и здоровье", []),
        ("класс B автомобиля", []),
        ("С историей", []),
    ],
)
def test_latin_letters_as_russian_words_are_told(
    text: str, found: list[tuple[int, str, str]]
) -> None:
    assert [(one.at, one.word, one.meant) for one in lone_letters(text)] == found
