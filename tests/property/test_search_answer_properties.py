"""Two parts answer as one index would, whatever is in them and whatever is asked."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from search.query.filters import Choice, Filters
from search.results.answer import Part, answer
from search.results.facets import FACET_NAMES
from search.results.request import Order, Request
from search.schema import Entry
from tests.unit.search_library import described, engine_of, page

WORDS = ["қала", "қаланың", "шахта", "шахтер", "мектеп", "Караганда", "Қарағанды", "тас"]
texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
PIECES = [*WORDS, "AND", "OR", "НЕ", "(", ")", '"қала шахта"', "шахт*", "мектеб~", "год:1954-"]
queries = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join)
dates = st.sampled_from(["", "1954", "1954-03-05", "1961-03-05"])
orders: st.SearchStrategy[Order] = st.sampled_from(["relevance", "newest", "oldest"])


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    number = draw(st.integers(1, 6))
    facts = {"date": draw(dates), "languages": (draw(st.sampled_from(["kaz", "rus"])),)}
    if draw(st.booleans()):
        record = draw(st.sampled_from(["", "r1"]))
        document = draw(st.sampled_from(["d1", "d2"]))
        return page(document, number, draw(texts), record=record, **facts)
    return described(f"r{number}", draw(texts), document="d1", **facts)


filters = st.builds(
    Filters,
    st.sampled_from(["", "1954", "1961"]),
    st.sampled_from(["", "1961"]),
    st.sampled_from([(), (Choice("language", ("kaz",)),), (Choice("kind", (), ("page",)),)]),
)
requests = st.builds(
    Request,
    query=queries,
    filters=filters,
    anniversary=st.sampled_from(["", "", "03-05"]),
    closed=st.sampled_from([(), (), ("d2",)]),
    facets=st.just(FACET_NAMES),
    offset=st.integers(0, 3),
    limit=st.integers(1, 5),
    grouped=st.booleans(),
    order=orders,
)
collections = st.lists(entries(), max_size=9, unique_by=lambda entry: entry.key)


@settings(deadline=None, max_examples=80)
@given(collections, st.integers(0, 9), requests)
def test_two_parts_answer_as_one(held: list[Entry], cut: int, request: Request) -> None:
    one = answer(request, [Part(engine_of(*held))])
    two = answer(request, [Part(engine_of(*held[:cut])), Part(engine_of(*held[cut:]))])
    assert two == one


@settings(deadline=None, max_examples=60)
@given(collections, requests)
def test_what_is_shown_adds_up(held: list[Entry], request: Request) -> None:
    parts = [Part(engine_of(*held))]
    found = answer(request, parts)
    everything = answer(replace(request, offset=0, limit=99), parts)
    assert len(everything.groups) == everything.group_total == found.group_total
    shown = everything.groups[request.offset : request.offset + request.limit]
    assert found.groups == shown
    entries_shown = [*(hit for one in everything.groups for hit in one.pages)]
    entries_shown += [one.record for one in everything.groups if one.record is not None]
    assert len(entries_shown) == found.total >= found.typed_total
    assert not any(hit.kind == "page" and hit.document in request.closed for hit in entries_shown)
    kinds = next(facet for facet in found.facets if facet.name == "kind")
    if not any(choice.field == "kind" for choice in request.filters.choices):
        assert sum(bucket.count for bucket in kinds.buckets) == found.total


@settings(deadline=None, max_examples=40)
@given(collections, requests)
def test_widening_and_other_names_only_add(held: list[Entry], request: Request) -> None:
    parts = [Part(engine_of(*held))]
    plain = replace(request, grouped=False, offset=0, limit=99, widen=False, expand=False)
    named = replace(plain, expand=True)
    asked = (plain, named, replace(named, widen=True))
    typed, others, all_ = ({g.key for g in answer(one, parts).groups} for one in asked)
    assert typed <= others <= all_
