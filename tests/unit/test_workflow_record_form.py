"""The form of a record: what it shows is what it reads, and nothing that was typed gets lost."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield
from catalog.typed_field import TypedField
from workflow.editing.form import form_of, read_form

LEADER = "00000nam0 22000003  450 "
VALUES = st.text(st.sampled_from("Аққ $#{}\n\r_"), max_size=6)
SUBFIELDS = st.lists(st.builds(Subfield, st.sampled_from("abf"), VALUES), max_size=3).map(tuple)
DATA = st.builds(DataField, st.sampled_from(["010", "200", "461", "856"]), st.just("1 "), SUBFIELDS)
CONTROL = st.builds(ControlField, st.sampled_from(["001", "005", "008", "200"]), VALUES)
LINKS = st.builds(
    LinkField, st.just("463"), st.just(" 0"), st.lists(DATA | CONTROL, max_size=2).map(tuple)
)
FIELDS: st.SearchStrategy[Field] = st.one_of(DATA, CONTROL, LINKS)
RECORDS = st.builds(
    Record,
    st.sampled_from(["rusmarc", "marc21", "irbis"]),
    st.just(LEADER) | st.text(st.sampled_from("0 na"), min_size=24, max_size=24),
    st.lists(FIELDS, max_size=6).map(tuple),
)
TITLE = DataField("200", "1 ", (Subfield("a", "Атау"),))
RECORD = Record("rusmarc", LEADER, (ControlField("001", "7"), TITLE))


def sent(record: Record) -> dict[str, str]:
    """The form as a browser sends it."""
    form = {}
    for row in form_of(record).rows:
        for name in ("tag", "indicators", "text"):
            text = getattr(row.typed, name).replace("\n", "\r\n")
            form[f"{name}-{row.number}"] = text
    return form


@given(RECORDS)
def test_a_form_that_nobody_touched_is_the_record(record: Record) -> None:
    read = read_form(record, sent(record))
    assert [row.problem for row in read.rows if row.problem] == []
    assert read.record == record


@given(RECORDS, st.dictionaries(st.sampled_from([*sent(RECORD), "text-9", "drop-2"]), st.text()))
def test_whatever_is_sent_has_an_answer(record: Record, given: dict[str, str]) -> None:
    read = read_form(record, sent(record) | given)
    assert (read.record is None) == any(row.problem for row in read.rows)


def test_a_new_field_stands_where_its_tag_belongs() -> None:
    form = sent(RECORD) | {"tag-9": "101", "indicators-9": "0#", "text-9": "$akaz", "new-9": ""}
    made = read_form(RECORD, form).record
    assert made is not None
    assert [field.tag for field in made.fields] == ["001", "101", "200"]


def test_a_dropped_row_and_an_empty_one_are_no_fields() -> None:
    empty = {"tag-9": " ", "indicators-9": "", "text-9": "", "new-9": ""}
    made = read_form(RECORD, sent(RECORD) | {"drop-2": "on"} | empty).record
    assert made == Record("rusmarc", LEADER, RECORD.fields[:1])


def test_what_is_wrong_stands_at_its_row_with_all_that_was_typed() -> None:
    new = {"tag-9": "20", "indicators-9": "", "text-9": "$aбар", "new-9": ""}
    read = read_form(RECORD, sent(RECORD) | {"text-2": "сөз", "text-0": "short"} | new)
    assert read.record is None
    told = [(row.typed.tag, row.problem) for row in read.rows]
    assert told == [("LDR", "leader"), ("001", ""), ("200", "subfields"), ("20", "tag")]
    assert read.rows[2].typed == TypedField("200", "1#", "сөз")
    assert read.rows[3].is_new


def test_number_and_time_are_not_made_up() -> None:
    new = {"tag-9": "005", "indicators-9": "", "text-9": "2026", "new-9": ""}
    assert [row.problem for row in read_form(RECORD, sent(RECORD) | new).rows][-1] == "fixed"
