import sys
import unicodedata

import pytest

from bench.stemming import LISTS, agreement, groups
from language.fold import fold
from language.kazakh.stemmer import stems_of_plain
from language.stem import _snowball, stem

NEIGHBOURS = str.maketrans("әғқңөұүһі", "агкноуухи")
KAZAKH = [
    "кітап кітаптар кітаптың кітабы кітабымыз кітаптарымыздан кітаптарына кітаппен кітабында",
    "кітапхана кітапханада кітапханасының кітапханалардың",
    "халық халқы халқының халықтың",
    "қала қалада қаласы қаласында қаладағы қаланың қалалар қалаға",
    "облыс облысы облысының облыстағы облысындағы",
    "тарих тарихы тарихының тарихтан тарихын",
    "ауыл ауылы ауылда ауылдар ауылдарының",
    "Қарағанды Қарағандыда Қарағандының Қарағандыдағы Қарағандыға",
    "шахта шахтасы шахтада шахталар",
    "ел елі елінің елдің еліміз",
    "жазушы жазушысы жазушылар жазушының",
    "басшылық басшылығы басшылығының",
    "ақын ақыны ақынның ақындар",
    "аудан ауданы ауданында аудандар",
    "Қазақстан Қазақстанда Қазақстанның",
    "мектеп мектебі мектебінде мектепке мектептер",
    "орын орны орнында",
    "тұтқын тұтқындар тұтқындарының",
]


@pytest.mark.parametrize("forms", KAZAKH)
def test_the_forms_of_a_kazakh_noun_have_one_stem(forms: str) -> None:
    assert len({stem(form, "kaz") for form in forms.split()}) == 1


@pytest.mark.parametrize("forms", KAZAKH)
def test_typed_without_kazakh_letters_they_are_found_too(forms: str) -> None:
    for form in forms.lower().split():
        keys = [fold(key) for key in stems_of_plain([form.translate(NEIGHBOURS)])]
        assert fold(stem(form, "kaz")) in keys
        assert len(keys) <= 4


def test_different_kazakh_words_keep_different_stems() -> None:
    words = "кітап кітапхана кітапханашы қараған Қарағанды тарих тарихи тарихшы қала қалам ел ер"
    assert len({stem(word, "kaz") for word in words.split()}) == len(words.split())


@pytest.mark.parametrize(
    "forms",
    [
        "шахта шахты шахте шахтами",
        "история истории историю исторія исторіи",
        "завод завода заводъ заводы",
        "шахтёр шахтер шахтёры шахтёров",
    ],
)
def test_the_forms_of_a_russian_word_have_one_stem(forms: str) -> None:
    assert len({stem(form, "rus") for form in forms.split()}) == 1


def test_a_word_of_an_unknown_language_is_left_alone() -> None:
    assert stem("Кітаптар", "und") == "кітаптар"
    assert stem("papers", "eng") == "paper"


@pytest.mark.parametrize("name", ["open.tsv", "heldout.tsv"])
def test_the_lists_of_kazakh_forms_keep_their_measure(name: str) -> None:
    measured = agreement(groups(LISTS / name), lambda form: fold(stem(form, "kaz")))
    assert measured["precision"] >= 0.98
    assert measured["recall"] >= 0.97


@pytest.mark.parametrize(
    ("forms", "key"),
    [
        ("жазды жазған жазып жазамын жазбаймын жазғандардың жазуға жазсын", "жазу"),
        ("тапты тауып табады таппаған табуды табыңыз", "табу"),
        ("оқыды оқиды оқып оқитындар оқыған оқуға оқысын", "оқу"),
        ("қойды қояды қоятын қойып қоюға қоймайды", "қою"),
        ("киді киеді киген киіп киюге кимейді", "кию"),
        ("деді дейді деген дейтін десе деп", "деу"),
        ("көркі көріктің көрікке", "көрік"),
        ("менің маған мені менде менен", "мен"),
        ("кітаптарындағылардың кітабыңыз кітаптікі кітаптарымыздан", "кітап"),
        ("Сәтбаевтың Сәтбаевтің Сәтбаевпен", "сәтбаев"),
    ],
)
def test_a_kazakh_stem_is_the_dictionary_form(forms: str, key: str) -> None:
    assert {stem(form, "kaz") for form in forms.split()} == {key}


def test_a_word_that_no_list_holds_loses_its_endings_by_rule() -> None:
    forms = "бұзылмасбек бұзылмасбектің бұзылмасбекке бұзылмасбегі бұзылмасбектер"
    assert len({stem(form, "kaz") for form in forms.split()}) == 1


@pytest.mark.parametrize("name", ["жетпісбай", "ұзақсай", "қыдырәлі", "ақирекбұлақ", "тоқпақбай"])
def test_a_name_that_no_list_holds_keeps_its_second_half(name: str) -> None:
    assert stem(name, "kaz") == name
    ending = "пен" if name.endswith("қ") else "мен"
    assert stem(name + ending, "kaz") == name


def test_the_pure_stemmer_gives_the_stems_of_the_compiled_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("Stemmer")
    pytest.importorskip("snowballstemmer")
    words = ["шахтами", "исторіи", "городскаго", "краеведение", "libraries", "папье-маше", "ъ"]
    compiled = [stem_of(word) for word in words for stem_of in (_snowball("rus"), _snowball("eng"))]
    _snowball.cache_clear()
    monkeypatch.setitem(sys.modules, "Stemmer", None)
    pure = [stem_of(word) for word in words for stem_of in (_snowball("rus"), _snowball("eng"))]
    _snowball.cache_clear()
    assert pure == compiled


def test_without_the_compiled_stemmer_the_pure_one_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "Stemmer", None)
    monkeypatch.setitem(sys.modules, "snowballstemmer", None)
    _snowball.cache_clear()
    with pytest.raises(ImportError, match="snowballstemmer"):
        _snowball("rus")
    assert stem("кітаптар", "kaz") == "кітап"


@pytest.mark.parametrize("language", ["kaz", "rus", "und"])
def test_a_long_run_of_combining_marks_is_cut(language: str) -> None:
    noise = "а" + "\u0301\u0323" * 200_000 + "б"
    assert fold(noise) == "аб"
    assert fold(noise[: 1 + 32]) == "а"


@pytest.mark.parametrize("language", ["kaz", "rus", "und"])
@pytest.mark.parametrize("word", ["Сарайынан", "ёлки", "йод"])
def test_case_and_normal_form_do_not_change_a_stem(word: str, language: str) -> None:
    assert stem(unicodedata.normalize("NFD", word).upper(), language) == stem(word, language)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Караганды облысынын шахталарында", "қарағанды облыс шахта"),
        ("қарагандылык жумысшылардын кенестері", "қарағандылық жұмысшы кеңес"),
    ],
)
def test_text_without_the_letters_of_kazakh_is_read_as_if_it_had_them(text: str, keys: str) -> None:
    assert [stem(word, "kaz") for word in text.split()] == keys.split()


@pytest.mark.parametrize("forms", ["шахтёрлер шахтерлердің шахтёрдің шахтёр", "актёрлер актер"])
def test_a_loan_with_yo_has_the_stem_that_it_has_with_ye(forms: str) -> None:
    assert len({stem(word, "kaz") for word in forms.split()}) == 1


def test_letters_of_kazakh_that_stand_in_a_word_are_not_doubted() -> None:
    assert stem("жүмісшілар", "kaz") != "жұмысшы"


def test_the_russian_name_of_the_city_is_no_form_of_to_look() -> None:
    assert stems_of_plain(["караганда"]) == ("караганда",)
