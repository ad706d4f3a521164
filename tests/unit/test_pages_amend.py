"""Corrections apply by place and old text, survive a new recognition, or are handed back."""

from dataclasses import replace

import pytest

from pages.amend import Amendment, replay
from pages.text import Box, Line, PageFrame, PageText, Region, Word


def _page(words: list[str], shift: int = 0) -> PageText:
    made = tuple(
        Word(t, t, Box(100 + 200 * i + shift, 100 + shift, 280 + 200 * i + shift, 140 + shift), 0.6)
        for i, t in enumerate(words)
    )
    box = Box(100 + shift, 100 + shift, 1500 + shift, 140 + shift)
    line = Line(box, (100, 130, 1500, 130), "rus", "Cyrl", made)
    frame = PageFrame("a" * 64, 0, None, 0, 2000, 3000, 300)
    return PageText(frame, (Region("r1", "text", box, (line,)),), "made", (), ())


def _text(page: PageText) -> str:
    return "\n".join(line.text for line in page.lines())


SECOND = Box(300, 100, 480, 140)


def test_a_corrected_word_keeps_what_the_engine_read() -> None:
    page, left = replay(_page(["Наш", "Карагапда"]), [_amend("Карагапда", "Караганда")])
    word = page.lines()[0].words[1]
    assert (word.text, word.raw, word.confidence, left) == ("Караганда", "Карагапда", 1.0, ())


def _amend(old: str, new: str, kind: str = "text", box: Box = SECOND) -> Amendment:
    return Amendment("p0001", kind, box, old, new)


@pytest.mark.parametrize("shift", [-12, 5, 12])
@pytest.mark.parametrize("reading", ["Карагапда", "Карзгапда", "Караганда"])
def test_an_amendment_survives_shifted_boxes_and_another_reading(shift: int, reading: str) -> None:
    page, left = replay(_page(["Наш", reading], shift), [_amend("Карагапда", "Караганда")])
    assert (_text(page), left) == ("Наш Караганда", ())


def test_an_amendment_on_other_text_is_handed_back() -> None:
    before = _page(["Наш", "пароход"])
    amendment = _amend("Карагапда", "Караганда")
    assert replay(before, [amendment]) == (before, (amendment,))


def test_an_amendment_where_nothing_stands_is_handed_back() -> None:
    amendment = _amend("слово", "Слово", box=Box(100, 2000, 300, 2050))
    assert replay(_page(["Наш"]), [amendment])[1] == (amendment,)


def test_one_word_becomes_two_that_share_its_box() -> None:
    page, left = replay(_page(["Наш", "большойгород"]), [_amend("большойгород", "большой город")])
    words = page.lines()[0].words
    assert [w.text for w in words] == ["Наш", "большой", "город"]
    assert words[1].box.left == 300
    assert words[1].box.right <= words[2].box.left
    assert words[2].box.right == 480
    assert left == ()


def test_two_words_become_one_over_both_boxes() -> None:
    both = Box(100, 100, 480, 140)
    page, _ = replay(_page(["Кара", "ганда"]), [_amend("Кара ганда", "Караганда", box=both)])
    (word,) = page.lines()[0].words
    assert (word.text, word.box) == ("Караганда", both)


def test_an_empty_new_text_takes_the_words_away() -> None:
    page, _ = replay(_page(["Наш", "|||"]), [_amend("|||", "")])
    assert _text(page) == "Наш"


def test_a_word_the_engine_did_not_see_is_added() -> None:
    page, left = replay(_page(["Наш"]), [_amend("", "город", box=Box(300, 102, 480, 138))])
    assert (_text(page), left) == ("Наш город", ())


def test_the_language_of_a_line_is_changed() -> None:
    page, left = replay(_page(["Наш"]), [_amend("rus", "kaz", "language", Box(90, 90, 1510, 150))])
    assert (page.lines()[0].language, left) == ("kaz", ())


def test_the_kind_of_a_region_is_changed_and_an_unknown_kind_handed_back() -> None:
    box = Box(100, 100, 1500, 140)
    good = _amend("text", "headline", "region_kind", box)
    bad = _amend("text", "poem", "region_kind", box)
    page, left = replay(_page(["Наш"]), [good, bad])
    assert (page.regions[0].kind, left) == ("headline", (bad,))


def test_replaying_twice_gives_the_same_page() -> None:
    amendments = [
        _amend("Карагапда", "Караганда"),
        _amend("", "город", box=Box(520, 100, 700, 140)),
    ]
    once, _ = replay(_page(["Наш", "Карагапда"]), amendments)
    twice, left = replay(once, amendments[:1])
    assert replace(twice, regions=once.regions) == once
    assert (_text(twice), left) == (_text(once), ())
