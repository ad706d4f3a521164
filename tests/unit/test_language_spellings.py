"""Older spellings and scripts as they are written today, and where a text is in one of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.fold import fold
from language.identify import evidence, identify, variant
from language.prereform import is_old, modern
from language.spelling import today
from language.stem import stem
from language.tote import to_cyrillic as from_arabic
from language.yanalif import is_yanalif
from language.yanalif import to_cyrillic as from_latin
from search.analysis import query_keys, tokens

OLD = {
    "Въ разсказѣ новаго учителя": "В рассказе нового учителя",
    "большія рѣки синяго моря": "большие реки синего моря",
    "изслѣдованіе безполезныхъ ископаемыхъ": "исследование бесполезных ископаемых",
    "Карагандинскій каменноугольный рудникъ": "Карагандинский каменноугольный рудник",
    "исторія русскія степи": "история русские степи",
    "нынѣшнія древнія линіи": "нынешние древние линии",
    "изъ-за съѣзда двухъэтажный": "из-за съезда двухэтажный",
    "Ѳедоръ, мѵро; онѣ, ея": "Федор, миро; они, ее",
    "ВЪ АКМОЛИНСКОЙ ОБЛАСТИ": "В АКМОЛИНСКОЙ ОБЛАСТИ",
    "бывшаго большаго хорошаго чужаго": "бывшего большого хорошего чужого",
    "черезчуръ безчисленныя возстанія": "чересчур бесчисленные восстания",
    "низкій разный возъ": "низкий разный воз",
    "оффиціальная коммиссія": "официальная комиссия",
    "отъискать благо": "отыскать благо",
}
LATIN = {
    "Eꞑʙekci qazaq": "Еңбекші қазақ",
    "Qaraƣandь kɵmiri": "Қарағанды көмірі",
    "oquvcь tuvƣan avьl": "оқушы туған ауыл",
    "ədeʙijet yjrenyv": "әдебиет үйрену",
    "Lenincil ças": "Леніншіл жас",
    "qьjьn ajaq qojuv": "қиын аяқ қою",
}
ARABIC = {
    "قازاق ءتىلى": "қазақ тілі",
    "مەكتەپ": "мектеп",
    "قاراعاندى": "қарағанды",
    "ءوندىرىس": "өндіріс",
    "كومىر": "көмір",
    "ادەبيەت": "әдебиет",
    "بۇلاعى": "бұлағы",
    "اياق": "аяқ",
    "كىتاپ": "кітап",
}


@pytest.mark.parametrize(("old", "new"), OLD.items())
def test_russian_of_before_1918_is_written_as_today(old: str, new: str) -> None:
    assert modern(old) == new


@pytest.mark.parametrize(("old", "new"), LATIN.items())
def test_latin_kazakh_of_1929_is_written_in_cyrillic(old: str, new: str) -> None:
    assert from_latin(old) == new


@pytest.mark.parametrize(("old", "new"), ARABIC.items())
def test_kazakh_in_arabic_letters_is_written_in_cyrillic(old: str, new: str) -> None:
    assert from_arabic(old) == new


def test_the_alphabet_of_1938_gives_u_and_v_other_sounds() -> None:
    assert from_latin("ūlt vagon") == "ұлт вагон"


@pytest.mark.parametrize(
    "text",
    [
        "Городская библиотека открыла зал для чтения старых газет; съезд, объект, Чикаго.",
        "КазНЭБ и СПИДом, АРМы: низкий воз, возить, разный, изба, безымянный",
        "Қарағанды облысының өлкетану мұражайы",
        "",
    ],
)
def test_a_text_of_today_comes_back_unchanged(text: str) -> None:
    assert modern(text) == text
    assert " ".join(map(today, text.split())) == " ".join(text.split())


@given(st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюяѣіѳѵ АБЪѢ-.", max_size=30))
def test_a_modern_spelling_of_a_modern_spelling_changes_nothing(text: str) -> None:
    assert modern(modern(text)) == modern(text)


@given(st.text(max_size=30))
def test_any_word_has_a_spelling_of_today(text: str) -> None:
    assert isinstance(today(text), str)
    assert isinstance(variant(text), str)
    assert fold(fold(today(text))) == fold(today(text))


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Въ степи кочевали киргизы, и рудникъ стоялъ безъ работы", "rus", "ru-1918"),
        ("объединеніе горныхъ заводовъ", "rus", "ru-1918"),
        ("Qaraƣandь kɵmiri çumьscьlarь", "kaz", "kk-1929"),
        ("Qarağandy oblysynyñ ölketanu", "kaz", "kk-2021"),
        ("قازاق ءتىلى مەكتەپ", "kaz", ""),
        ("Қарағанды облысының тарихы, іс жүзінде", "kaz", ""),
        ("Въ", "und", ""),
        ("The history of the city", "eng", ""),
    ],
)
def test_script_and_spelling_are_told(text: str, language: str, found: str) -> None:
    assert identify(text, "und") in (language, "rus" if language == "und" else language)
    assert variant(text) == found


def test_evidence_is_signed() -> None:
    assert evidence("Қарағанды облысы") > 3
    assert evidence("Постановление исполкома городского совета") < -2
    assert evidence("1954 Karaganda") == 0.0


def test_a_soft_sign_in_a_russian_word_is_no_sign_of_yanalif() -> None:
    assert not is_yanalif("Web-модуль и боль")
    assert today("Web-модуль") == "Web-модуль"
    assert not is_old("кітап")


def test_every_age_of_a_word_is_found_by_the_word_of_today() -> None:
    assert fold("Қарағанды") == fold("Qaraƣandь") == fold("قاراعاندى")
    assert fold("Еңбекші жаңа") == fold("Eꞑʙekci çaꞑa")
    assert stem("новаго", "rus") == stem("нового", "rus")
    keys = set(query_keys("рудник", "rus"))
    assert {token.key for token in tokens("рудникѣ", "rus")} <= keys
    assert {token.key for token in tokens("объединеніемъ", "rus")} <= set(query_keys("объединение"))
    kazakh = {token.key for token in tokens("kɵmirdiꞑ", "kaz")}
    assert kazakh & set(query_keys("көмір", "kaz")) or kazakh & set(query_keys("көмірдің", "kaz"))
