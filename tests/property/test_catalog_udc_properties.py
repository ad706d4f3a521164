"""UDC numbers built by rule parse; any text gives a number or an error with a place in it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.udc.notation import Notation, UdcError, parse

FIGURES = st.text("123456789", min_size=1, max_size=8)
MAINS = FIGURES.map(lambda text: ".".join(text[i : i + 3] for i in range(0, len(text), 3)))
PLACES = MAINS.map("({})".format)
TIMES = st.tuples(st.integers(1000, 1500), st.integers(1501, 2026)).map('"{0[0]}/{0[1]}"'.format)
FORMS = st.sampled_from(["(03)", "(075.8)", "(091)", "(=512.122)", "=161.1", "-055.2", "-31"])
SIMPLE = st.builds(
    lambda main, auxiliaries: main + "".join(auxiliaries),
    MAINS,
    st.lists(PLACES | TIMES | FORMS, max_size=3),
)
NUMBERS = st.builds(
    lambda terms, sign: sign.join(terms),
    st.lists(SIMPLE, min_size=1, max_size=3),
    st.sampled_from(["+", ":", "::"]),
)
LIMIT = settings(max_examples=200, deadline=None)


@LIMIT
@given(NUMBERS)
def test_a_number_built_by_rule_parses_to_itself(text: str) -> None:
    found = parse(text)
    assert found.normal == text
    assert "".join(part.text for part in found.parts) == text
    assert found.repairs == ()


@LIMIT
@given(NUMBERS, st.sampled_from(["УДК ", "ӘОЖ: ", " "]))
def test_a_prefix_changes_nothing_but_the_notice(text: str, prefix: str) -> None:
    assert parse(prefix + text).normal == text


@LIMIT
@given(st.text("0123456789.()[]\"'=+/:-–«»,ОЗ*АБab ", max_size=15) | st.text(max_size=15))
def test_any_text_gives_a_stable_number_or_an_error_inside_the_text(text: str) -> None:
    found = _outcome(text)
    if isinstance(found, UdcError):
        assert 0 <= found.position <= len(text)
    else:
        assert parse(found.normal).normal == found.normal


def _outcome(text: str) -> Notation | UdcError:
    try:
        return parse(text)
    except UdcError as error:
        return error


@LIMIT
@given(NUMBERS, st.sampled_from(["(", "+", ":", "=", '"', "[", "-", "/"]))
def test_an_unfinished_number_is_refused(text: str, sign: str) -> None:
    assert isinstance(_outcome(text + sign), UdcError)
