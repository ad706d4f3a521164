"""A reader's question, the bars of its years, and the line that shows a hit."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.text import Box, PageFrame
from pages.words import load, project
from search.results.cutting import hit_line
from search.results.marks import Mark
from search.results.request import WINDOW, Bucket
from tests.unit.found_library import page_text
from workflow.reading.search.dated import asked_by_date
from workflow.reading.search.question import LAST_PAGE, LONGEST, ORDERS, SHOWN, read_question
from workflow.reading.search.years import HEIGHT, WIDTH, years_of

NAMES = ["q", "in", "lang", "kind", "catalogue", "from", "to", "sort", "exact", "page"]
GOOD = ["text", "catalogue", "all", "kaz", "book", "books", "1954", "1950-1959", *ORDERS, "1", "7"]
ANSWERS = st.dictionaries(
    st.sampled_from(NAMES), st.lists(st.text(max_size=400) | st.sampled_from(GOOD), max_size=4)
)


@given(told=ANSWERS)
def test_a_question_comes_back_from_its_address(told: dict[str, list[str]]) -> None:
    asked = read_question(told)
    again = read_question(asked.parameters())
    assert again == asked.asking(page=asked.page)
    assert len(asked.q) <= LONGEST
    assert 1 <= asked.page <= LAST_PAGE
    assert asked.request((), 1).offset + SHOWN <= WINDOW


@given(told=ANSWERS, code=st.text(string.ascii_lowercase, min_size=2, max_size=9))
def test_a_value_chosen_twice_is_as_before(told: dict[str, list[str]], code: str) -> None:
    asked = read_question(told).asking()
    if not asked.has("kind", code):
        assert asked.turned("kind", code).turned("kind", code) == asked
        assert asked.turned("kind", code).filters() != asked.filters()


def test_without_words_the_newest_come_first() -> None:
    everything = read_question({"in": ["all"]})
    assert everything.request((), 1).order == everything.ordered == "newest"
    assert "relevance" not in everything.orders
    assert read_question({"q": ["қала"]}).request((), 1).order == "relevance"


def test_dates_that_are_none_are_told_and_left_out() -> None:
    asked = read_question({"q": ["қала"], "from": ["кеше"], "to": ["1954"]})
    assert (asked.since, asked.until, asked.misread) == ("", "1954", "кеше")


DATED = [
    ("10.10.1998", "", "1998-10-10", "all"),
    ("степной горняк 14.09.1996", "степной горняк", "1996-09-14", ""),
    ("14 сентября 1996 г., Степной горняк", "Степной горняк", "1996-09-14", ""),
    ("газет 1998 жылғы 10 қазан", "газет", "1998-10-10", ""),
    ("май 2009 года шахта", "шахта", "2009-05", ""),
]


@pytest.mark.parametrize(("typed", "words", "day", "where"), DATED)
def test_a_date_among_the_words_is_asked_for_as_one(
    typed: str, words: str, day: str, where: str
) -> None:
    asked = asked_by_date(read_question({"q": [typed], "page": ["3"]}), year_alone=False)
    assert asked is not None
    assert (asked.q, asked.since, asked.until, asked.where, asked.page) == (
        words,
        day,
        day,
        where,
        1,
    )
    assert asked.filters().first == day


@pytest.mark.parametrize(
    "typed",
    ["дата:10.10.1998", '"вышел 10.10.1998"', "10.10.1998 11.10.1998", "шахта", "32.13.1998"],
)
def test_what_is_no_date_of_its_own_is_left_as_it_is(typed: str) -> None:
    assert asked_by_date(read_question({"q": [typed]}), year_alone=True) is None


def test_a_year_alone_is_a_word_before_it_is_a_date() -> None:
    asked = read_question({"q": ["шахта 1954"]})
    assert asked_by_date(asked, year_alone=False) is None
    by_year = asked_by_date(asked, year_alone=True)
    assert by_year is not None
    assert (by_year.q, by_year.since) == ("шахта", "1954")
    assert asked_by_date(asked.within("1950", ""), year_alone=True) is None


YEARS = st.dictionaries(st.integers(1, 9999), st.integers(0, 10_000), max_size=300)


@given(counts=YEARS)
def test_bars_hold_every_entry_once_and_stay_in_the_plot(counts: dict[int, int]) -> None:
    buckets = [Bucket(f"{year:04}", count) for year, count in sorted(counts.items())]
    years = years_of(buckets)
    if not any(counts.values()):
        assert years is None
        return
    assert years is not None
    assert sum(bar.count for bar in years.bars) == sum(counts.values())
    assert [bar.first for bar in years.bars] == sorted(bar.first for bar in years.bars)
    for bar in years.bars:
        assert 0 <= bar.left < bar.left + bar.width <= years.right <= WIDTH + 0.1
        assert 0 <= bar.top <= HEIGHT - bar.height + 0.1
        within = range(int(bar.first), int(bar.last) + 1)
        assert bar.count == sum(counts.get(year, 0) for year in within)


def test_few_years_are_bars_of_their_own_and_many_are_decades() -> None:
    few = years_of([Bucket("1950", 2), Bucket("1954", 4)])
    assert few is not None
    assert [(bar.years, bar.height) for bar in few.bars] == [("1950", 48), ("1954", 96)]
    many = years_of([Bucket("1908", 1), Bucket("1954", 4), Bucket("1959", 1), Bucket("2004", 1)])
    assert many is not None
    assert [bar.years for bar in many.bars] == ["1900–1909", "1950–1959", "2000–2009"]
    assert (many.first, many.last) == ("1908", "2004")  # no year to come is promised


def test_the_first_and_the_last_year_have_room_for_their_names() -> None:
    beside = years_of([Bucket("1998", 1), Bucket("1999", 2)])
    alone = years_of([Bucket("1998", 1)])
    assert beside is not None
    assert alone is not None
    assert beside.right >= 100
    assert alone.first == alone.last


FRAME = PageFrame("0" * 64, 0, None, 0, 2000, 3000, 300)
LONG_LINE = " ".join(["қала", "шахта", "мектеп"] * 4)
WORDS = load(project(page_text(FRAME, (("kaz", "қысқа жол"), ("kaz", LONG_LINE))), "0" * 64))


@given(places=st.lists(st.integers(0, len(WORDS.text)), min_size=1, max_size=9))
def test_the_line_of_a_hit_lies_on_the_page_and_holds_a_hit(places: list[int]) -> None:
    ends = [WORDS.text.find(" ", place) for place in places]
    found = {(p, e) for p, e in zip(places, ends, strict=True) if e > p}
    marks = [Mark(start, end, 0, 1.0) for start, end in sorted(found)]
    box = hit_line(WORDS, marks)
    if box is None:
        assert not any(WORDS.boxes(mark.start, mark.end) for mark in marks)
        return
    assert Box(0, 0, *WORDS.size) == Box(*map(min, box, (0, 0)), *map(max, box[2:], WORDS.size))
    held = [b for mark in marks for b in WORDS.boxes(mark.start, mark.end)]
    assert any(box.left <= b.left and b.right <= box.right and box.top <= b.top for b in held)


def test_of_a_long_line_the_piece_about_the_hit_is_shown() -> None:
    start = WORDS.text.rfind("мектеп")
    box = hit_line(WORDS, [Mark(start, start + 6, 0, 1.0)])
    assert box is not None
    assert box.width < 1000
    on_line = [word for word in WORDS.packed if word.top > 150]
    cut = [word for word in on_line if word.left < box.left < word.right]
    cut += [word for word in on_line if word.left < box.right < word.right]
    assert all(min(box.right, w.right) - max(box.left, w.left) <= 16 for w in cut)  # the margin
    assert hit_line(WORDS, []) is None
