"""What holds of every description, whatever a record holds."""

import datetime
import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.isbd.block import Block
from catalog.isbd.describe import Style, describe
from catalog.isbd.html import to_html
from catalog.isbd.line import Part, plain_text
from catalog.isbd.style import EDITIONS
from catalog.isbd.text import to_text
from catalog.record import ControlField, DataField, LinkField, Record, Subfield
from catalog.view import view
from tests.unit.described import values_at


def one_of(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(text.replace("\n", "|").split("|"))


WORDS = one_of("""Караганда|Қарағанды|в 3 т.|Т. 2|№ 41 (10 окт.)|2 сент.|С. 5-9|1998|1998-|[и др.]
И. П. Ветров|[1985]|[[а]|б]]|...|..|. .| : | / | // |;| – |<b>&|"|320|.kz|+|Ким, В.|a</p>
Источник: Простор. – 1998. – № 2|978-5-02-013850-6|В кн.: Город. – М. : Ось, 2001. – С. 5|""")
TEXTS = st.lists(WORDS | st.text(max_size=8), min_size=1, max_size=4).map(" ".join)
CODES = st.sampled_from("abcdefghijstuvxz0149ACDEFGHJSVZ")
SUBFIELDS = st.lists(st.builds(Subfield, CODES, TEXTS), max_size=5).map(tuple)
TAGS = one_of("""010|011|101|200|203|205|206|207|210|215|225|230|300|320|326|327|337|461|463
606|675|686|700|701|702|710|856|920|961|020|022|041|100|110|245|250|255|260|264|362|490|500|773""")
DATA = st.builds(DataField, TAGS, st.just("  "), SUBFIELDS)
CONTROL = st.builds(ControlField, st.sampled_from(["001", "007", "008", "101", "200"]), TEXTS)
LINKS = st.builds(
    LinkField,
    st.sampled_from(["461", "462", "463", "410"]),
    st.just("  "),
    st.lists(CONTROL | DATA, max_size=3).map(tuple),
)
FORMATS = st.sampled_from(["rusmarc", "unimarc", "marc21", "irbis"])
LEADERS = st.sampled_from(["", "00000nam ", "00000naa2", "00000nls ", "00000nem ", "00000nlb"])
FIELDS = st.lists(DATA | DATA | CONTROL | LINKS, max_size=8).map(tuple)
RECORDS = st.builds(Record, FORMATS, LEADERS, FIELDS)
STYLES = st.builds(
    Style,
    st.sampled_from(EDITIONS),
    dashes=st.booleans(),
    medium=st.booleans(),
    pages_after=st.booleans(),
    price=st.booleans(),
    accessed=st.none() | st.just(datetime.date(2024, 3, 15)),
)
LIMIT = settings(max_examples=250, deadline=None)
VERBATIM = ("title", "other_title", "responsibility", "place", "publisher", "edition", "extent")
FIGURED = ("host_number", "host_year", "pages")
MANY = ("udc", "bbk", "series", "notes", "subjects", "places", "parallel_titles", "links")


def without_addresses(block: Block) -> str:
    return "".join(run.text for run in block.runs if run.style != "link")


@LIMIT
@given(RECORDS, STYLES)
def test_every_record_has_a_description_and_it_is_well_punctuated(r: Record, style: Style) -> None:
    block = describe(r, style, "0123456b")
    text = without_addresses(block)
    assert (block.kind, block.record) == ("entry", "0123456b")
    assert "None" not in text
    assert "  " not in text
    assert ".." not in text
    assert not re.search(r" ([:;=/]) \1 ", text)
    assert not re.search(r"\[[^\]]*\[[^\[]*\][^\[]*\]", text), text
    assert all(run.text for run in block.runs)
    assert to_text([block]) == f"{block.text}\n"


class Reader(HTMLParser):
    """What a browser would read out of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"class", "lang", "data-record", "href"}

    def handle_data(self, data: str) -> None:
        self.text += data


@LIMIT
@given(RECORDS, STYLES)
def test_html_holds_the_text_of_the_description_and_no_tag_of_the_record(
    r: Record, style: Style
) -> None:
    block = describe(r, style)
    reader = Reader()
    reader.feed(to_html([block]))
    reader.close()
    assert reader.tags <= {"p", "span", "strong", "em", "a"}
    assert reader.text == f"{block.text}\n"


@LIMIT
@given(RECORDS)
def test_every_value_of_the_view_stands_where_the_view_says(r: Record) -> None:
    seen = view(r)
    for name, places in seen.sources.items():
        assert places, name
        assert all(values_at(r, place) for place in places), (name, places)
    for name in VERBATIM:
        value = getattr(seen, name)
        assert not value or value in values_at(r, seen.sources[name][0])[0].strip()
    for name in MANY:
        values, places = getattr(seen, name), seen.sources.get(name, ())
        assert len(values) == len(places)
        for value, place in zip(values, places, strict=True):
            assert any(value in found for found in values_at(r, place))
    for person in seen.names:
        assert values_at(r, person.place)
    for derived in ("host_title", "host_date", "isbn", *FIGURED):
        value, places = getattr(seen, derived), seen.sources.get(derived, ())
        assert not value or places, derived
        figures = re.findall(r"\d{2,}", str(value or "")) if derived in FIGURED else []
        stands = " ".join(found for place in places for found in values_at(r, place))
        assert all(number in stands for number in figures), (derived, value, places)


@LIMIT
@given(st.lists(st.builds(Part, st.sampled_from([". – ", " : ", ", ", ". ", " // "]), TEXTS)))
def test_elements_are_joined_with_one_mark_each(parts: list[Part]) -> None:
    text = plain_text(parts)
    assert ".." not in text
    assert "  " not in text
    assert not text.startswith((". ", " ", ","))
