from hypothesis import given
from hypothesis import strategies as st

from digitize.recognition.repair import languages_of, name_languages, repair_regions
from pages.text import Box, Line, Region, Word

KAZAKH = "Қарағанды облысының өлкетану мұражайы ғылыми қызметкерлерге ашылды"
RUSSIAN = "Городская библиотека открыла зал для чтения старых газет и журналов"


def region(*lines: str, number: int = 1) -> Region:
    made = []
    for row, text in enumerate(lines):
        words = tuple(
            Word(word, word, Box(50 * place, 20 * row, 50 * place + 40, 20 * row + 15), 0.9)
            for place, word in enumerate(text.split())
        )
        box = Box(0, 20 * row, 2000, 20 * row + 15)
        made.append(Line(box, (0, 20 * row + 12, 2000, 20 * row + 12), "und", "und", words))
    return Region(f"r{number}", "text", Box(0, 0, 2000, 20 * len(lines)), tuple(made))


def languages(*regions: Region) -> list[list[str]]:
    return [[line.language for line in found.lines] for found in name_languages(regions)]


def test_latin_twins_in_a_cyrillic_word_are_repaired_and_the_raw_reading_is_kept() -> None:
    (repaired,) = repair_regions((region("кiтапхaна"),))  # Latin i and a
    (word,) = repaired.lines[0].words
    assert word.text == "кітапхана"
    assert word.raw == "кiтапхaна"


@given(st.lists(st.text("абвқңіAaBcIVХ15-.", min_size=1, max_size=9), min_size=1, max_size=6))
def test_repair_keeps_words_boxes_and_raw_and_a_second_repair_changes_nothing(
    words: list[str],
) -> None:
    before = region(" ".join(words))
    once = repair_regions((before,))
    assert repair_regions(once) == once
    pairs = zip(before.lines[0].words, once[0].lines[0].words, strict=True)
    for old, new in pairs:
        assert (new.raw, new.box, new.confidence) == (old.raw, old.box, old.confidence)
        assert len(new.text) == len(old.text)


def test_every_long_line_has_its_own_language() -> None:
    assert languages(region(KAZAKH, RUSSIAN, KAZAKH)) == [["kaz", "rus", "kaz"]]


def test_a_short_line_takes_the_language_of_its_region() -> None:
    assert languages(region(KAZAKH, KAZAKH, "заман,"), region(RUSSIAN, "1996")) == [
        ["kaz", "kaz", "kaz"],
        ["rus", "rus"],
    ]


def test_a_region_that_does_not_tell_takes_the_language_of_the_page() -> None:
    assert languages(region(KAZAKH, KAZAKH), region("17")) == [["kaz", "kaz"], ["kaz"]]


def test_a_page_that_does_not_tell_is_undetermined() -> None:
    assert languages(region("17"), region("1996 — 2004")) == [["und"], ["und"]]


def test_latin_letters_in_a_cyrillic_region_are_not_named_kazakh() -> None:
    named = name_languages((region(KAZAKH, "ISBN 978-601-7000-11-2"),))
    assert named[0].lines[1].language != "kaz"
    assert [line.script for line in named[0].lines] == ["Cyrl", "Latn"]


def test_languages_are_listed_by_their_share_without_the_undetermined() -> None:
    named = name_languages((region(KAZAKH, KAZAKH, RUSSIAN),))
    assert languages_of(named) == ("kaz", "rus")
    assert languages_of(name_languages((region("17"),))) == ()
