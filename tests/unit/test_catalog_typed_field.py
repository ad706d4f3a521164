"""A field as a person types it: nothing is lost between the record and the form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.marc.embedding import unflatten
from catalog.record import ControlField, DataField, Field, LinkField, Subfield
from catalog.typed_field import TypedError, TypedField, field_of, typed

SIGNS = st.sampled_from([*" ␣${}#\\\n\t\r0Aabқ№«»", "{dollar}", "{0A}", "{2423}", "\x1f"])
TEXTS = st.lists(SIGNS, max_size=8).map("".join)
CODES = st.sampled_from("abfv9A*${# ␣")
INDICATORS = st.text("01 #{$\n", min_size=2, max_size=2)
SUBFIELDS = st.lists(st.builds(Subfield, CODES, TEXTS), min_size=1, max_size=4).map(tuple)
CONTROL = st.builds(ControlField, st.sampled_from(["001", "005", "008"]), TEXTS)
DATA = st.builds(DataField, st.sampled_from(["010", "200", "463", "9AB"]), INDICATORS, SUBFIELDS)
EMBEDDED = st.builds(
    DataField, st.sampled_from(["200", "210"]), INDICATORS, SUBFIELDS | st.just(())
)
LINKS = st.builds(
    LinkField,
    st.sampled_from(["461", "604"]),
    INDICATORS,
    st.lists(st.one_of(CONTROL, EMBEDDED), min_size=1, max_size=3).map(tuple),
)
PIECES = st.sampled_from(["$a", "$", "200 1# ", "001 ", "\r\n"]) | TEXTS
FREE = st.builds(
    TypedField,
    st.sampled_from(["200", "461", "001", "20", " 9AB "]),
    st.text(" #1$\n", max_size=3),
    st.lists(PIECES, max_size=5).map("".join),
)


@given(st.one_of(CONTROL, DATA, LINKS), st.sampled_from(["rusmarc", "marc21"]))
def test_a_field_comes_back_as_it_was(field: Field, form: str) -> None:
    form = "rusmarc" if isinstance(field, LinkField) else form
    assert field_of(typed(field), form) == field


@given(st.builds(ControlField, st.sampled_from(["101", "903"]), TEXTS))
def test_irbis_has_fields_without_subfields_under_any_tag(field: ControlField) -> None:
    assert field_of(typed(field), "irbis") == field


@given(FREE, st.sampled_from(["rusmarc", "marc21", "unimarc", "irbis"]))
def test_what_is_typed_is_a_field_that_stays_or_is_refused(given: TypedField, form: str) -> None:
    try:
        field = field_of(given, form)
    except TypedError:
        return
    assert field_of(typed(field), form) == field


def test_a_field_is_written_as_cataloguers_know_it() -> None:
    title = DataField("200", "1 ", (Subfield("a", "Титул"), Subfield("f", "Автор ")))
    assert typed(title) == TypedField("200", "1#", "$aТитул $fАвтор␣")
    issue = DataField("200", "1 ", (Subfield("a", "№ 40"), Subfield("v", "С. 3")))
    host = LinkField("463", " 0", (ControlField("001", "RU\\1"), issue))
    assert typed(host).text == "001 RU\\1\n200 1# $a№ 40 $vС. 3"
    assert typed(ControlField("008", "98  kz")).text == "98␣␣kz"


def test_embedded_fields_are_understood_as_files_hold_them() -> None:
    field = field_of(TypedField("461", "#0", "$12001␣ $aОгни Алатау"), "rusmarc")
    inner = DataField("200", "1 ", (Subfield("a", "Огни Алатау"),))
    assert field == LinkField("461", " 0", (inner,))
    assert unflatten(inner, "rusmarc") == inner


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (TypedField("20", "##", "$aТитул"), "tag"),
        (TypedField("200", "1##", "$aТитул"), "indicators"),
        (TypedField("200", "1#", "Титул"), "subfields"),
        (TypedField("200", "", "Титул"), "subfields"),
        (TypedField("200", "1#", ""), "subfields"),
        (TypedField("200", "1#", "$aТитул $ $f"), "code"),
        (TypedField("461", "#0", "200 1# $aТитул\nпросто слова"), "embedded"),
        (TypedField("200", "1#", "200 1# $aТитул"), "embedded"),
    ],
)
def test_what_is_no_field_says_why(given: TypedField, code: str) -> None:
    with pytest.raises(TypedError) as caught:
        field_of(given, "rusmarc")
    assert caught.value.code == code
