"""The differences of two records lead from the one to the other; any part of them fits."""

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.comparison.differences import apply_differences, differences
from catalog.comparison.three_way import Verdict, compare
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield

TEXTS = st.text("абвқү", min_size=1, max_size=6)
SUBFIELDS = st.lists(st.builds(Subfield, st.sampled_from("ab"), TEXTS), min_size=1, max_size=2)
DATA = st.builds(
    DataField,
    st.sampled_from(["200", "606", "700"]),
    st.sampled_from(["  ", "1 "]),
    SUBFIELDS.map(tuple),
)
CONTROL = st.builds(ControlField, st.sampled_from(["001", "005"]), TEXTS)
LINKS = st.builds(
    LinkField, st.just("461"), st.just(" 0"), st.lists(DATA, min_size=1, max_size=2).map(tuple)
)
LEADERS = st.sampled_from(
    ["00000nam0 2200000   450 ", "00321nam0 2200111   450 ", "00000nas0 2200000   450 "]
)
FIELDS = st.lists(CONTROL | DATA | LINKS, max_size=9).map(tuple)
RECORDS = st.builds(Record, st.just("rusmarc"), LEADERS, FIELDS)
LIMIT = settings(max_examples=300, deadline=None)


@st.composite
def edited(draw: st.DrawFn) -> tuple[Record, Record]:
    """A record, and what came of it by taking out, putting in, turning and changing fields."""
    base = draw(RECORDS)
    fields = list(base.fields)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(fields)))
        if draw(st.booleans()):
            fields.insert(at, draw(CONTROL | DATA | LINKS))
        elif fields:
            taken = fields.pop(at % len(fields))
            if draw(st.booleans()):
                fields.insert(draw(st.integers(0, len(fields))), taken)
    return base, Record("rusmarc", draw(LEADERS), tuple(fields))


PAIRS = edited() | st.tuples(RECORDS, RECORDS)


def content(record: Record) -> tuple[str, dict[str, list[Field]]]:
    """A record without lengths in its leader and without the order of its tags."""
    tags = {f.tag for f in record.fields}
    codes = record.leader[5:12] + record.leader[17:]
    return codes, {tag: list(record.all(tag)) for tag in tags}


@LIMIT
@given(PAIRS)
def test_all_differences_make_the_other_record(pair: tuple[Record, Record]) -> None:
    base, ours = pair
    assert content(apply_differences(base, differences(base, ours))) == content(ours)


@LIMIT
@given(PAIRS)
def test_there_is_no_difference_just_where_the_content_is_the_same(
    pair: tuple[Record, Record],
) -> None:
    base, ours = pair
    assert (differences(base, ours) == ()) == (content(base) == content(ours))


@LIMIT
@given(PAIRS, st.randoms(use_true_random=False))
def test_a_part_leaves_only_the_rest(pair: tuple[Record, Record], random: object) -> None:
    base, ours = pair
    found = differences(base, ours)
    part = [one for one in found if getattr(random, "random")() < 0.5]  # noqa: B009 - any Random
    half = apply_differences(base, part)
    assert content(apply_differences(half, differences(half, ours))) == content(ours)
    untouched = {f.tag for f in base.fields} - {one.tag for one in part}
    assert all(list(half.all(tag)) == list(base.all(tag)) for tag in untouched)


@LIMIT
@given(RECORDS, st.data())
def test_one_field_changed_a_little_is_one_difference(base: Record, data: st.DataObject) -> None:
    places = [n for n, f in enumerate(base.fields) if isinstance(f, DataField)]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    old = base.fields[at]
    assert isinstance(old, DataField)
    new = DataField(old.tag, old.indicators, (*old.subfields, Subfield("9", "ө")))
    ours = Record("rusmarc", base.leader, (*base.fields[:at], new, *base.fields[at + 1 :]))
    (one,) = differences(base, ours)
    assert (one.kind, one.was, one.now) == ("changed", old, new)


@LIMIT
@given(PAIRS, st.randoms(use_true_random=False))
def test_a_side_that_did_a_part_of_our_changes_is_no_conflict(
    pair: tuple[Record, Record], random: object
) -> None:
    base, ours = pair
    found = differences(base, ours, ignored=("005",))
    part = [one for one in found if getattr(random, "random")() < 0.5]  # noqa: B009 - any Random
    theirs = apply_differences(base, part)
    verdicts = {compare(base, theirs, ours), compare(base, ours, theirs)}
    assert Verdict.BOTH not in verdicts
