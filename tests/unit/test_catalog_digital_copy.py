"""The link field 856 in both formats."""

import pytest

from catalog.digital_copy import copies, with_class, with_copy
from catalog.record import DataField, Record, Subfield

URL = "https://kitap.example/d/0abc123"


def record(form: str) -> Record:
    tags = ("001", "200", "675", "899") if form == "rusmarc" else ("020", "245", "856", "900")
    fields = tuple(DataField(tag, "  ", (Subfield("a", "x"),)) for tag in tags)
    return Record(form, "0" * 24, fields)


@pytest.mark.parametrize(
    ("form", "indicators", "code"), [("rusmarc", "4 ", "2"), ("marc21", "41", "3")]
)
def test_the_link_has_the_indicators_and_the_label_of_its_format(
    form: str, indicators: str, code: str
) -> None:
    linked = with_copy(record(form), URL, label="Толық мәтін", digest="ab12")
    (field,) = [f for f in linked.data("856") if f.first("u")]
    assert field.indicators == indicators
    assert field.first(code) == "Толық мәтін"
    assert field.first("x") == "sha256:ab12"


@pytest.mark.parametrize("form", ["rusmarc", "marc21"])
def test_linking_twice_changes_nothing(form: str) -> None:
    once = with_copy(record(form), URL, label="a")
    assert with_copy(once, URL, label="a") == once
    assert [f.tag for f in once.fields] == sorted(f.tag for f in once.fields)


def test_a_new_digest_replaces_the_link_where_it_stands() -> None:
    once = with_copy(with_copy(record("rusmarc"), URL, digest="1"), "https://other.example")
    twice = with_copy(once, URL, digest="2")
    assert copies(twice) == [URL, "https://other.example"]
    assert "sha256:2" in [f.first("x") for f in twice.data("856")]


@pytest.mark.parametrize(("form", "tag"), [("rusmarc", "675"), ("marc21", "080")])
def test_a_class_number_is_added_once(form: str, tag: str) -> None:
    classed = with_class(with_class(record(form), "908(574.31)"), "908(574.31)")
    assert [f.first("a") for f in classed.data(tag)].count("908(574.31)") == 1
