"""Words split at line, column and page ends are joined; hyphens of the word stay."""

import pytest

from pages.hyphens import Vocabulary
from pages.logical import (
    join_page,
    join_pages,
    join_stream,
    logical_text,
    logical_words,
)
from pages.plain import plain_text
from pages.text import Box, Line, PageFrame, PageText, Region, Word


def page_of(*regions: str, kind: str = "text") -> PageText:
    """A page whose regions are given as text, a line break a printed line."""
    made = []
    for r, text in enumerate(regions):
        lines = []
        for n, line in enumerate(text.split("\n")):
            top = 100 + 40 * n
            words = tuple(
                Word(t, t, Box(50 + r * 900 + 120 * i, top, 150 + r * 900 + 120 * i, top + 30), 0.9)
                for i, t in enumerate(line.split())
            )
            box = Box(50 + r * 900, top, 850 + r * 900, top + 30)
            baseline = (box.left, top + 24, box.right, top + 24)
            lines.append(Line(box, baseline, "rus", "Cyrl", words))
        box = Box(50 + r * 900, 100, 850 + r * 900, 140 + 40 * len(lines))
        made.append(Region(f"r{r + 1}", kind, box, tuple(lines)))
    frame = PageFrame("a" * 64, 0, None, 0, 2000, 3000, 300)
    return PageText(frame, tuple(made), "made", (), ())


def test_a_word_split_at_a_line_end_is_one_word_with_two_boxes() -> None:
    page = join_page(page_of("старая библио-\nтека города"))
    words = logical_words(page)
    assert [w.text for w in words] == ["старая", "библиотека", "города"]
    assert [p.text for p in words[1].parts] == ["библио-", "тека"]
    assert words[1].places == ((0, 0), (0, 1))
    assert plain_text(page) == "старая библио-\nтека города\n"


def test_a_word_split_over_three_narrow_lines_is_one_word() -> None:
    page = join_page(page_of("досто-\nприме-\nчательность"))
    assert logical_text(page) == "достопримечательность"


def test_a_word_split_at_a_column_end_is_joined_over_the_picture_between() -> None:
    page = page_of("первая колон-", "12", "ка текста")
    assert logical_text(join_page(page)).startswith("первая колонка")


def test_a_word_split_at_a_page_end_belongs_to_its_first_page() -> None:
    first, second = join_pages([page_of("конец стра-"), page_of("ницы тут")])
    assert logical_text(first) == "конец страницы"
    assert logical_text(second) == "тут"
    mark = second.regions[0].lines[0].words[0].hyphen
    assert mark is not None
    assert (mark.part, mark.content) == (2, "страницы")


def test_nothing_is_joined_over_a_page_without_text() -> None:
    pages = [page_of("конец стра-"), None, page_of("ницы тут")]
    joined = list(join_stream(pages, Vocabulary()))
    assert joined[1] is None
    assert [logical_text(p) for p in joined if p is not None] == ["конец стра-", "ницы тут"]


@pytest.mark.parametrize("leading", [1, 2])
def test_leading_pages_without_text_are_kept(leading: int) -> None:
    joined = list(join_stream([None] * leading + [page_of("слово")], Vocabulary()))
    assert joined[:leading] == [None] * leading
    assert joined[leading] == page_of("слово")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("кто-\nнибудь", "кто-нибудь"),
        ("қазақ-\nорыс", "қазақ-орыс"),
        ("северо-\nзападный", "северо-западный"),
        ("чуть-\nчуть", "чуть-чуть"),
        ("США-\nда", "США-да"),
        ("40-\nлетие", "40-летие"),
    ],
)
def test_a_hyphen_of_the_word_stays(text: str, word: str) -> None:
    assert logical_text(join_page(page_of(text))) == word


def test_the_page_itself_decides_between_hyphen_and_none() -> None:
    page = page_of("слово диван-кровать тут\nновый диван-\nкровать там")
    assert logical_text(join_page(page)).count("диван-кровать") == 2


@pytest.mark.parametrize("text", ["пришёл -\nушёл", "Сказал:-\nдом", "конец-\n, начало"])
def test_a_dash_at_a_line_end_joins_nothing(text: str) -> None:
    assert logical_text(join_page(page_of(text))) == text.replace("\n", " ")


def test_headlines_do_not_run_on_into_the_text() -> None:
    head = page_of("Новости горо-", kind="headline").regions[0]
    page = page_of("ниже текст")
    both = PageText(page.frame, (head, *page.regions), "made", (), ())
    assert [w.text for w in logical_words(join_page(both))][1] == "горо-"


def test_joining_twice_changes_nothing() -> None:
    page = join_page(page_of("старая библио-\nтека горо-", "да Караганды"))
    assert join_page(page) == page
