"""The made corpus of the benches of search: its forms, its shape, the same every time."""

import random
import re
from collections import Counter
from itertools import islice

import pytest

from bench.search import inflect_kaz, inflect_rus
from bench.search.corpus import LANGUAGES, documents, misread, pages
from bench.search.known_items import latin, without_kazakh_letters
from bench.search.made_entries import records
from bench.search.peers.ours import entry_of
from bench.search.vocabulary import Inflector, Lexicon, lexicon

KAZAKH = (
    ("мектеп", "", ".p3.loc", "мектебінде"),
    ("қала", "", "pl..abl", "қалалардан"),
    ("сөз", "", "..ins", "сөзбен"),
    ("кітап", "", ".p1p.acc", "кітабымызды"),
    ("халық", "халқ", ".p3.gen", "халқының"),
    ("халық", "халқ", "..gen", "халықтың"),
    ("ауыл", "", "..rel", "ауылдағы"),
    ("әке", "", ".p1s.dat", "әкеме"),
    ("адам", "", "..abl", "адамнан"),
    ("фестиваль", "", "pl.p3.", "фестивальдері"),
    ("лагерь", "", ".p3.loc", "лагерінде"),
)
VERBS = (
    ("оқы", "pres.", "оқиды"),
    ("тап", "ip", "табып"),
    ("айт", "perf.", "айтқан"),
    ("кел", "past.K", "келдік"),
    ("жаз", "neg.past", "жазбады"),
    ("бар", "inf.p3.dat", "баруына"),
)
RUSSIAN = (
    (inflect_rus.noun, "книга", "", "pl1", "книг"),
    (inflect_rus.noun, "рынок", "рынк", "sg4", "рынком"),
    (inflect_rus.noun, "область", "", "sg4", "областью"),
    (inflect_rus.noun, "здание", "", "sg5", "здании"),
    (inflect_rus.noun, "аптека", "", "pl1", "аптек"),
    (inflect_rus.soft, "лагерь", "лагер", "sg1", "лагеря"),
    (inflect_rus.person, "шахтёр", "", "pl3", "шахтёров"),
    (inflect_rus.adjective, "городской", "", "m0", "городской"),
    (inflect_rus.adjective, "средний", "", "f3", "среднюю"),
    (inflect_rus.verb, "участвовать", "", "3p", "участвуют"),
    (inflect_rus.verb, "сражаться", "", "part.m1", "сражающегося"),
)


@pytest.mark.parametrize(("word", "lost", "name", "form"), KAZAKH)
def test_a_kazakh_noun_takes_its_endings(word: str, lost: str, name: str, form: str) -> None:
    assert inflect_kaz.noun(word, name, lost) == form


@pytest.mark.parametrize(("stem", "name", "form"), VERBS)
def test_a_kazakh_verb_takes_its_endings(stem: str, name: str, form: str) -> None:
    assert inflect_kaz.verb(stem, name) == form


@pytest.mark.parametrize(("inflect", "word", "lost", "name", "form"), RUSSIAN)
def test_a_russian_word_takes_its_endings(
    inflect: Inflector, word: str, lost: str, name: str, form: str
) -> None:
    assert inflect(word, name, lost) == form


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_can_be_made_and_shares_add_up(language: str) -> None:
    words = lexicon(language)
    assert len(words.lemmas) == len({one.word for one in words.lemmas})
    for number, lemma in enumerate(words.lemmas[:1500]):
        names = words.names[lemma.part]
        assert len(names) == len(words.shares(lemma.part))
        assert all(words.form(number, slot).isalpha() for slot in range(len(names)))
    assert all(words.shares(part)[-1] == pytest.approx(1) for part in words.names)


def test_the_same_pages_are_made_again_and_a_smaller_corpus_begins_a_larger_one() -> None:
    larger = list(pages(60))
    assert list(pages(25)) == larger[:25]


def test_a_page_names_the_language_of_each_of_its_lines() -> None:
    for page in pages(60):
        assert page.text.endswith("\n")
        assert len(page.languages) == page.text.count("\n")


def test_the_corpus_has_the_shape_of_a_digitised_collection() -> None:
    chosen = list(islice(documents(), 40))
    made = [page for document in chosen for page in document.pages]
    assert all(1 <= len(document.pages) <= 200 for document in chosen)
    assert {page.about.language for page in made} == set(LANGUAGES)
    sizes = [len(page.text.split()) for page in made]
    assert 270 < sum(sizes) / len(sizes) < 330
    counts = Counter(word for page in made for word in re.findall(r"\w+", page.text.lower()))
    times = Counter(counts.values())
    assert times[1] > 0.4 * len(counts), "most words of a real text come once"


def forms(words: Lexicon, lemma: int) -> set[str]:
    slots = range(len(words.names[words.lemmas[lemma].part]))
    return {words.form(lemma, slot) for slot in slots}


def test_a_document_repeats_the_words_of_its_topic() -> None:
    for document in islice(documents(), 20):
        words = lexicon(document.about.language)
        said = Counter(
            word for page in document.pages for word in re.findall(r"\w+", page.text.lower())
        )
        of_topic = sum(
            said[form]
            for topic in document.topics
            for form in {
                words.form(topic, n) for n in range(len(words.names[words.lemmas[topic].part]))
            }
        )
        assert of_topic > 0.05 * sum(said.values())


def test_recognition_errors_change_a_word_and_leave_something_of_it() -> None:
    draw = random.Random(1)
    for word in ("қарағанды", "шахта", "мектеп"):
        read = {misread(word, draw) for _ in range(30)}
        assert len(read) > 5
        assert all(0 < len(one) <= len(word) + 2 for one in read)


def test_a_kazakh_word_is_typed_in_other_letters() -> None:
    assert without_kazakh_letters("Қарағанды") == "караганды"
    assert latin("Қарағанды", "latin-2021") == "qarağandy"
    assert latin("Қарағанды", "latin-2018") == "qaraǵandy"
    assert latin("Жезқазған", "latin-passport") == "zhezkazgan"


def test_pages_and_records_become_entries_with_keys_of_their_own() -> None:
    made = [entry_of(one) for one in (*pages(30), *records(30))]
    assert {entry.kind for entry in made} == {"page", "record"}
    assert len({entry.key for entry in made}) == len(made)
    assert all(bool(entry.document) != bool(entry.record) for entry in made)
