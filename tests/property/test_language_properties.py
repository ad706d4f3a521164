from hypothesis import given, settings
from hypothesis import strategies as st

from language.collation import sort_key
from language.dates import find_dates, parse_date
from language.fold import fold, spellings
from language.identify import identify
from language.kazakh.stemmer import stems_of_plain
from language.letters import KAZAKH_ALPHABET
from language.lookalikes import repair
from language.stem import stem

unhurried = settings(deadline=None)
texts = st.text() | st.text(alphabet=KAZAKH_ALPHABET + "aıyqğ'ьǵşḥƣÍ̆ѣ 19.-")
kazakh_words = st.text(alphabet=KAZAKH_ALPHABET, min_size=1, max_size=20)


@unhurried
@given(texts)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@unhurried
@given(texts)
def test_case_does_not_change_the_key(text: str) -> None:
    assert fold(text.lower()) == fold(text)


@unhurried
@given(kazakh_words)
def test_the_key_of_a_word_has_plain_letters_only(word: str) -> None:
    assert set(fold(word)) <= set("абвгдежзиклмнопрстуфхцчшщыюя")


@unhurried
@given(texts)
def test_the_first_spelling_is_the_key(text: str) -> None:
    assert spellings(text)[0] == fold(text)


@unhurried
@given(texts)
def test_repair_is_stable_and_keeps_the_length(word: str) -> None:
    once = repair(word)
    assert repair(once) == once
    assert len(once) == len(word)


@unhurried
@given(kazakh_words, st.sampled_from(["kaz", "rus", "eng", "und"]))
def test_a_stem_is_never_empty(word: str, language: str) -> None:
    assert stem(word, language)
    assert all(stems_of_plain([word]))
    assert stems_of_plain([word])


@unhurried
@given(kazakh_words)
def test_the_kazakh_stem_of_a_stem_is_the_stem(word: str) -> None:
    once = stem(word, "kaz")
    assert stem(once, "kaz") == once


@unhurried
@given(texts)
def test_any_text_has_a_language_dates_and_an_order(text: str) -> None:
    assert identify(text) in {"kaz", "rus", "eng", "und"}
    assert (parse_date(text) is None) == (not find_dates(text))
    assert sort_key(text) == sort_key(text)
