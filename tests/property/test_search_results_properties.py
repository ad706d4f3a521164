"""Groups, marks and places, whatever the hits, texts and questions."""

import math
from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pages.logical import join_page
from pages.text import Box, Line, PageFrame, PageText, Region, Word
from pages.words import load, project
from search.engine.base import Hit
from search.engine.wanted import Either, Every, Keys, Row, Wanted
from search.results.boxes import to_points
from search.results.groups import alone, group, group_key
from search.results.highlight import AnalysedPage, analyse_page, mark_boxes
from search.results.inside import places_inside
from search.results.marks import Marker

unhurried = settings(deadline=None, max_examples=80)
WORDS = ["қала", "қаланың", "шахта", "мектеп", "меке-", "және", "1954"]
KEYS = ["кала", "шахта", "мектеп", "мекеме", "мекемект", "жане", "1954"]

hits = st.builds(
    Hit,
    key=st.uuids().map(str),
    kind=st.sampled_from(["page", "record"]),
    form=st.just("book"),
    document=st.sampled_from(["d1", "d2", "d3"]),
    page=st.just("p0001"),
    record=st.sampled_from(["", "r1", "r2"]),
    title=st.just(""),
    date=st.just(""),
    score=st.sampled_from([0.0, 0.5, 1.0, 2.5]),
)
key_sets = st.lists(st.sampled_from(KEYS), min_size=1, max_size=2).map(tuple)
leaves = st.builds(Keys, st.sampled_from(["text", "exact"]), key_sets) | st.builds(
    Row, st.just("text"), st.lists(key_sets, min_size=1, max_size=3).map(tuple)
)
asked = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Every, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Either, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=5,
)
lines = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), min_size=1, max_size=5)


def printed(texts: list[list[str]]) -> AnalysedPage:
    made = []
    for number, words in enumerate(texts):
        top = 40 * number
        boxes = [Box(100 * n, top, 100 * n + 90, top + 30) for n in range(len(words))]
        placed = tuple(Word(word, word, box, 0.9) for word, box in zip(words, boxes, strict=True))
        whole = Box(0, top, boxes[-1].right, top + 30)
        made.append(Line(whole, (0, top, 1, top), "kaz", "Cyrl", placed))
    region = Region("r1", "text", Box(0, 0, 900, 900), tuple(made))
    page = PageText(PageFrame("0" * 64, 0, None, 0, 900, 900, 300), (region,), "t", (), ())
    return analyse_page(load(project(join_page(page), "0" * 64)))


@unhurried
@given(st.lists(hits, max_size=12))
def test_every_hit_is_in_one_group_and_groups_stand_by_score(found: list[Hit]) -> None:
    ranked = sorted(found, key=lambda hit: (-hit.score, hit.key))
    groups = group(ranked)
    pages = [hit.key for one in groups for hit in one.pages]
    assert sorted(pages) == sorted(hit.key for hit in found if hit.kind == "page")
    assert {one.key for one in groups} == {group_key(hit) for hit in found}
    assert all((a.score, b.key) >= (b.score, a.key) for a, b in pairwise(groups))
    for one in groups:
        assert all(group_key(hit) == one.key for hit in one.pages)
        assert one.best == (one.pages[0] if one.pages else one.record)
        best = one.pages[0].score + 0.3 * math.log(len(one.pages)) if one.pages else 0.0
        assert math.isclose(one.score, best + (one.record.score if one.record else 0.0))
    assert [one.best for one in alone(ranked)] == ranked
    assert {one.key for one in group(ranked, ranked=False)} == {one.key for one in groups}


@unhurried
@given(lines, asked)
def test_marks_lie_on_words_that_were_asked_for(texts: list[list[str]], wanted: Wanted) -> None:
    page = printed(texts)
    marks = page.marks(Marker(wanted))
    by_start = {token.start: token for token in page.tokens}
    keys, forms = Counter[str](), Counter[str]()
    _collect(wanted, keys, forms)
    assert all(a.end <= b.start for a, b in pairwise(marks))
    for mark in marks:
        token = by_start[mark.start]
        assert mark.end == token.end
        assert token.key in keys or token.exact in forms
        assert page.words.boxes(mark.start, mark.end)
    every = [box for boxes in mark_boxes(page.words, marks) for box in boxes]
    assert set(every) <= set(page.words.packed)
    assert len(every) == len(set(every))


@unhurried
@given(lines, st.lists(key_sets, min_size=2, max_size=3).map(tuple))
def test_of_a_row_every_marked_word_stands_in_it(
    texts: list[list[str]], row: tuple[tuple[str, ...], ...]
) -> None:
    page = printed(texts)
    marked = {mark.start for mark in page.marks(Marker(Row("text", row)))}
    standing = set()
    for start in range(len(page.tokens) - len(row) + 1):
        window = page.tokens[start : start + len(row)]
        if all(token.key in keys for token, keys in zip(window, row, strict=True)):
            standing |= {token.start for token in window}
    assert marked == standing


@unhurried
@given(lines, asked)
def test_places_are_all_marks_in_order(texts: list[list[str]], wanted: Wanted) -> None:
    page, marker = printed(texts), Marker(wanted)
    marks = page.marks(marker)
    inside = places_inside([("p0001", page), ("p0002", page)], marker)
    for one in inside.pages:
        spans = [(place.start, place.end) for place in one.places]
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        assert all(any(a <= mark.start < b for a, b in spans) for mark in marks)
        assert all(place.boxes for place in one.places)
    assert len(inside.pages) == 2 * bool(marks)
    assert inside.total == sum(len(one.places) for one in inside.pages)


@unhurried
@given(st.floats(-10, 10), st.integers(1, 5000), st.integers(1, 5000))
def test_the_sides_of_a_box_keep_their_lengths_on_the_pdf(
    skew: float, width: int, height: int
) -> None:
    box = Box(10, 20, 10 + width, 20 + height)
    quad = to_points(box, (6000, 6000), (720.0, 720.0), skew)
    assert math.isclose(math.dist(quad[0], quad[1]), width * 0.12, rel_tol=1e-6)
    assert math.isclose(math.dist(quad[1], quad[2]), height * 0.12, rel_tol=1e-6)


def _collect(wanted: Wanted, keys: Counter[str], forms: Counter[str]) -> None:
    match wanted:
        case Keys(name, some):
            (keys if name == "text" else forms).update(some)
        case Row(_, words):
            keys.update(key for some in words for key in some)
        case Every(plans) | Either(plans):
            for one in plans:
                _collect(one, keys, forms)
