"""Checks hold on whatever comes: nothing raises, repairs fit, what is repaired stays repaired."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.faults import KINDS
from bench.made_catalogue import catalogue
from catalog.place import Place, cells, parse_place
from catalog.quality.repair import Edit, apply
from catalog.quality.rules import own_rules
from catalog.quality.subject import Surroundings
from catalog.quality.validate import Context, validate
from catalog.record import ControlField, DataField, LinkField, Record, Subfield

CONTEXT = Context(own_rules(), Surroundings(2026))
MADE = tuple(catalogue(60))
TAGS = ("010", "011", "100", "101", "200", "210", "215", "461", "606", "675", "686", "700", "856")
IRBIS = ("101", "610", "621", "675", "010", "2006")
SIGNS = st.sampled_from("абвгдeopcxyіүqҚӨABC 019-–.,()[]^$&;#<>²\x07\u00ad\ufffd\"'/:=+")
TEXT = st.text(SIGNS, max_size=30)
SUBFIELD = st.builds(Subfield, st.sampled_from("abcdefuvxyz29ACDIZ*"), TEXT)
INDICATORS = st.text(" 0127", min_size=2, max_size=2)
PLAIN = st.builds(
    DataField, st.sampled_from(TAGS), INDICATORS, st.lists(SUBFIELD, max_size=4).map(tuple)
)
CONTROL = st.builds(ControlField, st.sampled_from(("001", "003", "005", "008", *IRBIS)), TEXT)
LINK = st.builds(
    LinkField,
    st.sampled_from(("461", "463", "604")),
    INDICATORS,
    st.lists(CONTROL | PLAIN, max_size=3).map(tuple),
)
RECORDS = st.builds(
    Record,
    st.sampled_from(("rusmarc", "unimarc", "marc21", "irbis")),
    st.text("0123nabms 45", min_size=24, max_size=24),
    st.lists(CONTROL | PLAIN | LINK, max_size=8).map(tuple),
)


@given(RECORDS)
@settings(max_examples=150)
def test_no_record_makes_a_check_fail_and_every_repair_fits_its_record(record: Record) -> None:
    for one in validate(record, CONTEXT):
        assert one.rule != "rule-failed"
        assert parse_place(str(one.place)) == one.place
        if one.proposal is not None:
            done = one.proposal.apply(record)
            assert not done.missed
            assert done.record != record
            assert done.record.format == record.format


@given(RECORDS)
@settings(max_examples=100)
def test_repairs_come_to_an_end(record: Record) -> None:
    for _ in range(8):
        edits = [e for f in validate(record, CONTEXT) if f.proposal for e in f.proposal.edits]
        if not edits:
            return
        record = apply(record, edits).record
    raise AssertionError("repairs go round in a circle")


@given(RECORDS, st.sampled_from(("x", None)))
def test_an_edit_of_one_text_leaves_the_others(record: Record, new: str | None) -> None:
    before = list(cells(record))
    for at, cell in enumerate(before):
        done = apply(record, [Edit(cell.place, cell.value, new)])
        if done.missed:
            continue
        after = [one.value for one in cells(done.record)]
        others = [one.value for n, one in enumerate(before) if n != at]
        if new is None:
            assert after == others
        else:
            assert after == [new if n == at else one.value for n, one in enumerate(before)]


@given(
    st.builds(
        Place,
        st.sampled_from(TAGS),
        st.integers(1, 30),
        st.sampled_from("abz29"),
        st.integers(1, 9),
    )
)
def test_places_are_read_as_they_are_written(place: Place) -> None:
    assert parse_place(str(place)) == place


@given(st.sampled_from(MADE), st.sampled_from(sorted(KINDS)), st.integers(0, 99))
def test_accepting_what_is_proposed_for_an_injected_error_removes_it(
    record: Record, kind: str, seed: int
) -> None:
    fault = KINDS[kind](record, random.Random(seed))
    if fault is None:
        return
    named = [f for f in validate(fault.record, CONTEXT) if f.rule in fault.rules and f.proposal]
    edits = [edit for f in named if f.proposal for edit in f.proposal.edits]
    done = apply(fault.record, edits)
    assert not done.missed
    left = {f.rule for f in validate(done.record, CONTEXT) if f.proposal}
    assert not left & {f.rule for f in named}
