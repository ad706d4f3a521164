"""UDC suggestions: by words of the table and places of the gazetteer, in both languages."""

import pytest

from catalog.udc.notation import is_valid
from catalog.udc.suggest import Texts, suggest


def best(text: Texts | str, language: str) -> str:
    found = suggest(text, [language])
    return found[0].notation if found else ""


@pytest.mark.parametrize(
    ("title", "body", "language", "notation"),
    [
        (
            "Слава шахтёров",
            "Шахтёры Караганды добыли уголь. На шахте новая лава.",
            "rus",
            "622.33(574.31)",
        ),
        (
            "Кеншілер даңқы",
            "Қарағанды көмір алабы. Шахтада шахтёрлер көмір өндірді.",
            "kaz",
            "622.33(574.31)",
        ),
        ("Спектакль в Темиртау", "Артисты театра на сцене. Театр полон.", "rus", "792(574.31)"),
        ("Мектеп мерейтойы", "Мектепте оқушылар мен мұғалімдер жиналды.", "kaz", "373"),
        ("Добыча в годы войны", "В годы войны. Ветераны войны.", "rus", '94(574)"1941/1945"'),
    ],
)
def test_the_subject_of_a_text_is_found(
    title: str, body: str, language: str, notation: str
) -> None:
    assert best(Texts(title=title, body=body), language) == notation


def test_inflected_words_and_places_are_found() -> None:
    found = suggest(Texts(title="Музеи Балхаша", body="В музее открыта выставка"), ["rus"])
    assert found[0].notation == "069(574.31)" or found[0].notation == "069"
    assert found[0].reasons[0].code == "udc-words"


@pytest.mark.parametrize("text", ["", "Здравствуйте", "Бүгін бәрі жақсы болды", "12345"])
def test_weak_evidence_gives_nothing(text: str) -> None:
    assert suggest(text, ["rus"]) == ()
    assert suggest(text, ["kaz"]) == ()


def test_suggestions_are_few_valid_different_and_explained_in_both_languages() -> None:
    text = "История Караганды: шахта, школа, театр, музей, больница, завод, река, стройка. " * 5
    found = suggest(Texts(title="История города Караганды", body=text), ["rus", "kaz"])
    assert 1 <= len(found) <= 5
    assert len({s.notation for s in found}) == len(found)
    for one in found:
        assert is_valid(one.notation)
        assert one.captions["kk"]
        assert one.captions["ru"]
        assert one.confidence in ("high", "medium", "low")
        assert one.reasons


def test_a_word_in_the_title_weighs_more_than_in_the_text() -> None:
    title = best(Texts(title="Библиотека и читатели", body="театр сцена"), "rus")
    assert title.startswith("02")


def test_both_languages_are_tried_where_none_is_known() -> None:
    assert suggest(Texts(title="Шахта, шахтёр, уголь"), ["und"])[0].notation == "622.33"


def test_running_text_alone_is_never_sure() -> None:
    body = "В годы войны здесь всё было иначе. " * 20
    for one in suggest(Texts(title="Город и люди", body=body), ["rus"]):
        assert one.confidence == "low"
    sure = suggest(Texts(title="Караганда в годы войны", body=body), ["rus"])[0]
    assert (sure.notation, sure.confidence) == ('94(574)"1941/1945"', "high")
