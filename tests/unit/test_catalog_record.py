"""The record as a value."""

import pytest

from catalog.record import DataField


def test_a_tag_of_less_than_three_signs_is_no_tag() -> None:
    with pytest.raises(ValueError, match="bad field"):
        DataField("20", "  ", ())


def test_tags_of_irbis_may_be_longer() -> None:
    assert DataField("6629", "  ", ()).tag == "6629"
