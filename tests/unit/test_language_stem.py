import pytest

from language import stem_kk
from language.stem import stem

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
def test_typed_without_kazakh_letters_they_have_one_stem_too(forms: str) -> None:
    assert len({stem_kk.stem_plain(form) for form in forms.split()}) == 1


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
