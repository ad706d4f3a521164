"""Who asks for a class finds everything below it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.udc.hierarchy import broader


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        ("94(574)", ["9", "94", "94(5)", "94(57)", "94(574)", "(5)", "(57)", "(574)"]),
        ("622.33", ["6", "62", "622", "622.3", "622.33"]),
        ("37.014", ["3", "37", "37.0", "37.01", "37.014"]),
        ("94/99", ["9", "94", "99", "94/99"]),
        ("94/.99", ["9", "94", "94/.99"]),
        ("908:622", ["9", "90", "908", "6", "62", "622", "908:622"]),
    ],
)
def test_a_number_gives_itself_and_the_broader_ones(number: str, wanted: list[str]) -> None:
    assert list(broader(number)) == wanted


def test_a_period_stands_whole_behind_its_place() -> None:
    found = broader('94(574.3)"1941/1945"')
    assert {"94", "94(574)", "94(574.3)", '94(574.3)"1941/1945"', "(574.3)"} <= set(found)
    assert not {found for found in found if found.endswith(("(", ".", '"1', ".)"))}


def test_what_is_no_number_stands_for_itself() -> None:
    assert broader("пәні жоқ(") == ("пәні жоқ(",)
    assert broader("") == ()


@given(st.text(alphabet='0123456789.()"=:/+- abЖ', max_size=30))
def test_every_text_gives_each_number_once(text: str) -> None:
    found = broader(text)
    assert len(found) == len(set(found))
    assert bool(found) == bool(text)
