from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from digitize.recognition.image import Grey
from digitize.recognition.profiles import Look, Profile, profile_for
from digitize.recognition.recognise import EngineIdentity
from digitize.recognition.second_look import Reader, agreed, look_again
from pages.text import Box, Line, Region, Word

PROFILE = profile_for("old-soviet", "newspaper_issue", 0, 1)
ANYWHERE = Box(0, 0, 9, 9)


def reading(text: str, confidence: float) -> tuple[Word, ...]:
    return tuple(Word(part, part, ANYWHERE, confidence) for part in text.split())


def said(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


class Ruler:
    """Reads the dark box of a line's picture; its one word says how large the picture was."""

    def __init__(self, page: tuple[Region, ...] = ()) -> None:
        self.page = page
        self.seen: list[Grey] = []

    def identity(self, profile: Profile) -> EngineIdentity:
        return EngineIdentity("ruler", "1", ())

    def recognise(self, image: Grey, profile: Profile, dpi: int) -> tuple[Region, ...]:
        self.seen.append(image)
        return self.page

    def recognise_lines(
        self, images: Sequence[Grey], profile: Profile, dpi: int
    ) -> list[tuple[Word, ...]]:
        return [(self._word(image),) for image in images]

    def quarter_turns(self, image: Grey) -> int:
        return 0

    def _word(self, image: Grey) -> Word:
        rows, columns = np.nonzero(image < 128)
        ends = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        return Word("read", "read", Box(*map(int, ends)), 0.9)


def page_of(box: Box, confidence: float) -> tuple[Region, ...]:
    word = Word("doubt", "doubt", box, confidence)
    baseline = (box.left, box.bottom, box.right, box.bottom)
    return (Region("r1", "text", box, (Line(box, baseline, "und", "und", (word,)),)),)


def test_the_reading_that_most_agree_on_wins() -> None:
    readings = [reading("тавлис", 0.6), reading("тавліс", 0.6), reading("тавліс", 0.6)]
    assert said(agreed(readings)) == "тавліс"


def test_a_sure_reading_weighs_more_than_unsure_ones() -> None:
    assert (
        said(agreed([reading("обот", 0.2), reading("обор", 0.3), reading("сбор", 0.95)])) == "сбор"
    )


def test_the_first_of_equals_is_kept() -> None:
    assert said(agreed([reading("бір", 0.5), reading("екі", 0.5)])) == "бір"


def test_nothing_never_takes_the_place_of_something() -> None:
    assert said(agreed([reading("сөз", 0.1), (), (), ()])) == "сөз"


@pytest.mark.parametrize("look", [*PROFILE.looks, Look(0.5, 0.8, 0.0)])
def test_words_of_every_look_lie_where_the_ink_is(look: Look) -> None:
    image = np.full((300, 900), 255, dtype=np.uint8)
    image[100:140, 200:600] = 0
    regions = page_of(Box(190, 95, 620, 145), 0.0)
    profile = replace(PROFILE, looks=(look,))
    (region,), count = look_again(image, regions, Reader(Ruler(), profile, 300))
    (line,) = region.lines
    assert count == 1
    assert line.box == Box(190, 95, 620, 145)
    assert line.words[0].text == "read"
    assert line.words[0].box == pytest.approx(Box(200, 100, 600, 140), abs=4)


def test_sure_lines_and_profiles_without_looks_are_left_alone() -> None:
    image = np.full((300, 900), 255, dtype=np.uint8)
    image[100:140, 200:600] = 0
    box = Box(190, 95, 620, 145)
    sure = page_of(box, 0.99)
    assert look_again(image, sure, Reader(Ruler(), PROFILE, 300)) == (sure, 0)
    doubtful, modern = page_of(box, 0.1), profile_for("modern", "newspaper_issue", 0, 1)
    assert look_again(image, doubtful, Reader(Ruler(), modern, 300)) == (doubtful, 0)


def test_print_under_a_stain_is_shown_again_without_it() -> None:
    image = np.full((300, 900), 255, dtype=np.uint8)
    image[100:140, 200:600] = 160
    image[110:130, 220:580:20] = 40
    engine = Ruler(page_of(Box(190, 95, 620, 145), 0.99))
    regions, _ = look_again(image, (), Reader(engine, PROFILE, 300))
    assert regions == engine.page
    (shown,) = engine.seen
    assert shown[105, 210] > 240
    assert shown[115, 220] < 128


def test_a_page_that_is_hardly_readable_is_shown_again_without_stains() -> None:
    image = np.full((300, 900), 255, dtype=np.uint8)
    image[100:140, 200:600] = 40
    box = Box(200, 100, 600, 140)
    engine = Ruler(page_of(box, 0.97))
    assert look_again(image, page_of(box, 0.5), Reader(engine, PROFILE, 300))[0] == engine.page
    engine = Ruler(page_of(box, 0.97))
    look_again(image, page_of(box, 0.9), Reader(engine, PROFILE, 300))
    assert engine.seen == []


def test_a_second_reading_of_the_page_counts_only_when_it_says_more() -> None:
    image = np.full((300, 900), 255, dtype=np.uint8)
    image[100:140, 200:600] = 40
    first = page_of(Box(200, 100, 250, 140), 0.95)
    engine = Ruler(page_of(Box(190, 95, 620, 145), 0.94))
    assert look_again(image, first, Reader(engine, PROFILE, 300))[0] == first
    assert len(engine.seen) == 1
