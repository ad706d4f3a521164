from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitize.recognition.repair import (
    languages_of,
    name_languages,
    repair_regions,
    variants_of,
)
from pages.text import Box, Line, Region, Word
from tests.unit.true_pages import TRUTH, true_pages

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


def placed(found: Region, left: int, top: int) -> Region:
    height = 20 * len(found.lines)
    return replace(found, box=Box(left, top, left + 2000, top + height))


def test_a_headline_that_does_not_tell_takes_the_language_of_the_text_below_it() -> None:
    page = (
        placed(region(KAZAKH, KAZAKH, KAZAKH), 0, 0),
        placed(region("Темиртау"), 3000, 0),
        placed(region(RUSSIAN, RUSSIAN), 3000, 60),
    )
    assert [lines[0] for lines in languages(*page)] == ["kaz", "rus", "rus"]


def test_a_short_line_that_tells_clearly_speaks_for_itself() -> None:
    assert languages(region(RUSSIAN, RUSSIAN, "Құрметті қала"))[0][2] == "kaz"


def test_what_is_counted_tells_a_roman_numeral_and_a_number_its_label() -> None:
    (found,) = repair_regions((region("ХХ ғасыр", "І5ВМ 978-601-99-9101-0"),))
    assert [line.text for line in found.lines] == ["XX ғасыр", "ISBN 978-601-99-9101-0"]
    assert [line.words[0].raw for line in found.lines] == ["ХХ", "І5ВМ"]


def test_older_spellings_of_a_page_are_listed() -> None:
    old = region("Рудникъ стоялъ безъ работы въ степи")
    assert variants_of((old, region(KAZAKH))) == ("ru-1918",)
    assert variants_of((region(KAZAKH), region(RUSSIAN))) == ()


@pytest.mark.parametrize("document", sorted(path.name for path in TRUTH.iterdir()))
def test_lines_of_the_sample_pages_have_their_true_language(document: str) -> None:
    told = lines = 0
    for _, page in true_pages(document):
        blocks = [part for region in page.regions for part in _blocks(region)]
        for true, named in zip(blocks, name_languages(tuple(blocks)), strict=True):
            for one, other in zip(true.lines, named.lines, strict=True):
                if other.script == "Cyrl":
                    told += one.language == other.language
                    lines += 1
    assert told >= 0.97 * lines
    assert lines > 10


def _blocks(region: Region) -> list[Region]:
    """The lines of a region parted where the next line does not stand below the one before."""
    blocks: list[list[Line]] = []
    for line in region.lines:
        last = blocks[-1][-1].box if blocks else None
        follows = last is not None and 0 <= line.box.top - last.top < 3 * last.height
        if follows and last is not None and abs(line.box.left - last.left) < 2 * last.height:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [
        Region(f"{region.id}-{n}", region.kind, _around(lines), tuple(lines))
        for n, lines in enumerate(blocks)
    ]


def _around(lines: list[Line]) -> Box:
    return Box(
        min(line.box.left for line in lines),
        min(line.box.top for line in lines),
        max(line.box.right for line in lines),
        max(line.box.bottom for line in lines),
    )
