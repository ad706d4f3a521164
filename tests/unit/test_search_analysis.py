import pytest

from search.analysis import fingerprint, line_tokens, query_keys, tokens


def keys(text: str, language: str) -> list[str]:
    return [token.key for token in tokens(text, language)]


def test_a_word_with_kazakh_letters_is_kazakh_on_any_line() -> None:
    assert keys("қалаларда", "rus") == keys("қалаларда", "kaz") == ["кала"]


def test_a_word_without_them_follows_its_line() -> None:
    assert keys("шахталар", "kaz") == ["шахта"]
    assert keys("шахтами", "rus") == ["шахт"]


def test_each_line_of_a_page_has_its_language() -> None:
    found = [token.key for token in line_tokens("шахталар\nшахтами\nшахты", ("kaz", "rus"))]
    assert found == ["шахта", "шахт", "шахт"]


def test_hyphens_part_words_and_apostrophes_do_not() -> None:
    assert [token.text for token in tokens("қазақ-орыс, об'единение", "rus")] == [
        "қазақ",
        "орыс",
        "об'единение",
    ]


def test_a_soft_hyphen_is_nothing() -> None:
    assert keys("мек\u00adтеп", "kaz") == ["мектеп"]


def test_a_lookalike_from_recognition_does_not_hide_a_word() -> None:
    assert keys("Кaрaгaнда", "rus") == keys("Караганда", "rus")


def test_a_word_of_unknown_language_has_the_keys_of_both() -> None:
    assert set(query_keys("китаптарын")) >= {"китап"}
    assert set(query_keys("шахтами")) >= {"шахт"}
    assert query_keys("шахтами", "rus") == ("шахт",)
    assert query_keys("қалада") == ("кала",)


def test_a_latin_word_has_the_keys_of_its_cyrillic_spellings() -> None:
    assert "караганды" in query_keys("Qaraghandylyq"[:10])
    assert "китап" in query_keys("kitaptar")


def test_signs_alone_are_no_words() -> None:
    assert list(tokens("— № ь ,", "rus")) == []
    assert query_keys("ь") == ()


def test_the_fingerprint_is_the_same_within_one_version() -> None:
    assert len(fingerprint()) == 16
    assert fingerprint() == fingerprint()


@pytest.mark.parametrize("word", ["угольный", "общественной", "край", "подъём", "семья"])
def test_a_russian_word_is_asked_for_by_its_own_letters(word: str) -> None:
    (token,) = tokens(word, "rus")
    assert token.key in query_keys(word)
