"""Whatever a page says, its stored forms say again."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from olketanu.errors import InputError
from pages.alto import NAMESPACE, read_alto, write_alto
from pages.amend import AMENDMENT_KINDS, Amendment
from pages.codec import (
    amendment_from_dict,
    amendment_to_dict,
    article_from_dict,
    article_to_dict,
    frame_from_dict,
    frame_to_dict,
    language_code,
    language_tag,
)
from pages.logical import join_page, logical_words
from pages.text import (
    REGION_KINDS,
    Article,
    Box,
    Hyphen,
    Line,
    PageFrame,
    PageText,
    ProcessingStep,
    Region,
    RegionRef,
    Word,
)
from pages.words import load, load_lines, project
from pages.xml import parse

_LETTERS = st.sampled_from("әғқңөұүһіАБВабвёыABCxyz0129-—.,«»&<>\"'¬\u00ad\u2010")
_TOKENS = st.text(_LETTERS, min_size=1, max_size=12)
_SIDES = st.integers(0, 3000)
_LENGTHS = st.integers(1, 900)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, top = draw(_SIDES), draw(_SIDES)
    return Box(left, top, left + draw(_LENGTHS), top + draw(_LENGTHS))


_FRAMES = st.builds(
    PageFrame,
    master=st.text("0123456789abcdef", min_size=64, max_size=64),
    frame=st.integers(0, 500),
    crop=st.none() | boxes(),
    quarter_turn=st.integers(0, 3),
    width=st.integers(1, 9000),
    height=st.integers(1, 9000),
    dpi=st.integers(50, 1200),
)
_HYPHENS = st.none() | st.builds(Hyphen, part=st.sampled_from([1, 2]), content=_TOKENS)
_CONFIDENCES = st.none() | st.floats(0, 1)
_WORDS = st.builds(
    Word,
    text=_TOKENS,
    raw=_TOKENS | st.just(""),
    box=boxes(),
    confidence=_CONFIDENCES,
    hyphen=_HYPHENS,
)
_LANGUAGES = st.sampled_from(
    [
        ("kaz", "Cyrl"),
        ("kaz", "Latn"),
        ("kaz", "Arab"),
        ("rus", "Cyrl"),
        ("eng", "Latn"),
        ("und", "Cyrl"),
    ]
)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    language, script = draw(_LANGUAGES)
    baseline = draw(st.tuples(_SIDES, _SIDES, _SIDES, _SIDES))
    words = draw(st.lists(_WORDS, min_size=1, max_size=4))
    return Line(draw(boxes()), baseline, language, script, tuple(words))


@st.composite
def pages(draw: st.DrawFn) -> PageText:
    regions = []
    for number in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(REGION_KINDS))
        found = draw(st.lists(lines(), max_size=3))
        regions.append(Region(f"r{number + 1}", kind, draw(boxes()), tuple(found)))
    pairs = st.tuples(_TOKENS, _TOKENS)
    settings = st.lists(pairs, max_size=2).map(tuple)
    steps = st.lists(st.builds(ProcessingStep, _TOKENS, _TOKENS, settings), max_size=3)
    return PageText(
        frame=draw(_FRAMES),
        regions=tuple(regions),
        engine=draw(_TOKENS),
        models=tuple(draw(st.lists(pairs, max_size=2))),
        provenance=tuple(draw(steps)),
        skew=draw(st.floats(-15, 15)),
    )


def _alto(page: PageText) -> bytes:
    return write_alto(page, page_id="p0001", source="scan.tif", time="2026-11-23T09:00:00Z")


@given(pages())
def test_alto_gives_back_the_page_it_was_written_from(page: PageText) -> None:
    assert read_alto(_alto(page)) == page


@given(pages())
def test_alto_of_an_equal_page_has_equal_bytes_and_unique_ids(page: PageText) -> None:
    data = _alto(page)
    assert _alto(read_alto(data)) == data
    ids = [e.get("ID") for e in parse(data).iter() if e.get("ID") is not None]
    assert len(ids) == len(set(ids))


@given(_FRAMES)
def test_frames_survive_json(frame: PageFrame) -> None:
    assert frame_from_dict(json.loads(json.dumps(frame_to_dict(frame)))) == frame


@given(st.builds(Amendment, _TOKENS, st.sampled_from(AMENDMENT_KINDS), boxes(), _TOKENS, _TOKENS))
def test_amendments_survive_json(amendment: Amendment) -> None:
    assert amendment_from_dict(json.loads(json.dumps(amendment_to_dict(amendment)))) == amendment


@given(
    st.builds(
        Article,
        _TOKENS,
        _TOKENS | st.just(""),
        st.lists(st.builds(RegionRef, _TOKENS, _TOKENS), max_size=3).map(tuple),
        _TOKENS,
        st.floats(0, 1),
    )
)
def test_articles_survive_json(article: Article) -> None:
    assert article_from_dict(json.loads(json.dumps(article_to_dict(article)))) == article


@given(_LANGUAGES)
def test_language_tags_give_back_language_and_script(pair: tuple[str, str]) -> None:
    assert language_code(language_tag(*pair)) == pair


@given(pages())
def test_the_projection_holds_every_logical_word_with_its_boxes(page: PageText) -> None:
    page = join_page(page)
    data = project(page, "f" * 64)
    found = load(data)
    words = logical_words(page)
    assert [found.text[t.start : t.end] for t in found.tokens] == [w.text for w in words]
    for token, word in zip(found.tokens, words, strict=True):
        assert found.boxes(token.start, token.end) == tuple(p.box for p in word.parts)
        assert found.line_languages[token.line] == word.language
        assert found.text.count("\n", 0, token.start) == token.line
    assert found.text.count("\n") == len(found.line_languages)
    assert (found.size, found.alto) == ((page.frame.width, page.frame.height), "f" * 64)
    assert load_lines(data) == (found.text, found.line_languages)
    assert project(page, "f" * 64) == data


@given(pages())
def test_joining_keeps_every_printed_word_and_is_done_once(page: PageText) -> None:
    joined = join_page(page)
    assert [[w.text for w in li.words] for li in joined.lines()] == [
        [w.text for w in li.words] for li in page.lines()
    ]
    assert join_page(joined) == joined


@given(st.binary(max_size=200))
def test_the_projection_of_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"error\.words-unreadable"):
        load(data)
    with pytest.raises(InputError, match=r"error\.words-unreadable"):
        load_lines(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(InputError, match=r"error\.xml-doctype"):
        parse(text.encode(encoding))


def test_xml_that_is_none_and_alto_that_is_not_ours_are_refused() -> None:
    with pytest.raises(InputError, match=r"error\.xml-unreadable"):
        read_alto(b"<alto")
    with pytest.raises(InputError, match=r"error\.alto-foreign"):
        read_alto(f'<alto xmlns="{NAMESPACE}"/>'.encode())
    with pytest.raises(InputError, match=r"error\.alto-foreign"):
        read_alto(etree.tostring(etree.Element("other")))


def test_the_hash_of_the_alto_ties_the_projection_to_it() -> None:
    page = PageText(PageFrame("a" * 64, 0, None, 0, 10, 10, 300), (), "made", (), ())
    digest = sha256(_alto(page)).hexdigest()
    assert load(project(page, digest)).alto == digest
