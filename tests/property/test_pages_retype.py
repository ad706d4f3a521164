"""What a person types into a line is what the page reads after the amendments made of it."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from pages.amend import replay
from pages.retype import Place, differences, retype
from pages.text import Box, Line, PageFrame, PageText, Region, Word

WORDS = st.text("аәбвгқң.-1", min_size=1, max_size=7)
TYPED = st.lists(WORDS, max_size=8)
PRINTED = st.lists(st.lists(WORDS, min_size=1, max_size=7), min_size=1, max_size=4)


def page_of(printed: list[list[str]], letter: int = 20, lap: int = 0) -> PageText:
    """Lines of words side by side; neighbours lie over each other by ``lap`` pixels."""
    lines = tuple(_line(number, words, letter, lap) for number, words in enumerate(printed))
    frame = PageFrame("a" * 64, 0, None, 0, 2000, 3000, 300)
    region = Region("r1", "text", Box(0, 0, 2000, 3000), lines)
    return PageText(frame, (region,), "made", (), ())


def _line(number: int, words: list[str], letter: int, lap: int) -> Line:
    top = 100 + 60 * number
    starts = accumulate((letter * len(word) + 12 for word in words), initial=100)
    placed = tuple(
        Word(word, word, Box(left, top, left + letter * len(word) + 12 + lap, top + 40), 0.7)
        for word, left in zip(words, starts, strict=False)
    )
    box = Box(100, top, placed[-1].box.right, top + 40)
    return Line(box, (100, top + 35, box.right, top + 35), "kaz", "Cyrl", placed)


def texts(page: PageText) -> list[str]:
    return [line.text for line in page.lines()]


@given(PRINTED, TYPED, st.integers(-12, 6), st.data())
def test_amendments_of_a_typed_line_give_the_typed_text(
    printed: list[list[str]], typed: list[str], lap: int, data: st.DataObject
) -> None:
    page = page_of(printed, lap=lap)
    number = data.draw(st.integers(0, len(printed) - 1))
    made = retype(page, "p0001", Place(0, number), "  ".join(typed))
    assert made is not None
    amended, unapplied = replay(page, made)
    wanted = [" ".join(words) for words in printed]
    wanted[number] = " ".join(typed)
    assert (texts(amended), unapplied) == ([text for text in wanted if text], ())


@given(PRINTED, TYPED)
def test_replayed_twice_they_change_nothing_more(
    printed: list[list[str]], typed: list[str]
) -> None:
    page = page_of(printed)
    made = retype(page, "p0001", Place(0, 0), " ".join(typed)) or ()
    once, _ = replay(page, made)
    again, unapplied = replay(page, [*made])
    assert (texts(again), unapplied) == (texts(once), ())


@given(PRINTED, st.data())
def test_a_changed_word_leaves_its_neighbours_to_the_engine(
    printed: list[list[str]], data: st.DataObject
) -> None:
    words = list(printed[0])
    at = data.draw(st.integers(0, len(words) - 1))
    words[at] += "х"
    (made,) = retype(page_of(printed), "p0001", Place(0, 0), " ".join(words)) or ()
    assert (made.old, made.new) == (printed[0][at], words[at])


@given(TYPED, TYPED)
def test_the_pieces_of_two_texts_are_the_texts(old: list[str], new: list[str]) -> None:
    pieces = differences(" ".join(old), " ".join(new))
    assert " ".join(was for was, _ in pieces if was) == " ".join(old)
    assert " ".join(now for _, now in pieces if now) == " ".join(new)
