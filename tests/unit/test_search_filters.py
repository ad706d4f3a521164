import pytest

from olketanu.errors import UsageError
from search.engine.wanted import EVERYTHING, Every, Keys
from search.query.filters import NO_FILTERS, Choice, Filters, narrow, parts_of, read_filters
from tests.unit.search_vocabulary import Words

VOCABULARY = Words(
    date=["1953", "1954", "1954-03", "1954-03-12", "1955"],
    udc=["94", "94(574)", "94(574.31)", "93"],
)


def test_values_go_by_names_and_codes_of_three_languages() -> None:
    read = read_filters({"language": ["kk", "қазақ", "рус"], "kind": ["статья"]})
    articles = ("analytic", "book_part", "journal_article", "newspaper_article")
    assert read.choices == (Choice("form", articles), Choice("language", ("kaz", "rus")))


def test_a_minus_or_an_exclamation_mark_leaves_out() -> None:
    read = read_filters({"language": ["-eng", "!рус"], "catalogue": ["Краевед"]})
    assert read.choices == (
        Choice("catalogue", ("local_history",)),
        Choice("language", (), ("eng", "rus")),
    )


def test_equal_filters_are_equal_however_they_are_written() -> None:
    one = read_filters({"language": ["kk", "ru"], "kind": ["кітап"]}, "1941", "5.1945")
    two = read_filters({"kind": ["book", "книга"], "language": ["рус", "қаз"]}, "1941", "1945-05")
    assert one == two
    assert hash(one) == hash(two)


@pytest.mark.parametrize(
    "given", [{"language": ["марсианский"]}, {"catalogue": ["x"]}, {"udc": [""]}]
)
def test_an_unknown_value_says_which_are_known(given: dict[str, list[str]]) -> None:
    with pytest.raises(UsageError) as caught:
        read_filters(given)
    assert caught.value.key == "error.search-value"


def test_days_are_read_like_those_of_queries() -> None:
    assert read_filters({}, "12.03.1954", "") == Filters("1954-03-12", "")
    assert read_filters({}, "1945", "1941") == Filters("1941", "1945")
    assert read_filters({}, "1930-е", "1930-е") == Filters("1930", "1939")
    with pytest.raises(UsageError) as caught:
        read_filters({}, "давно")
    assert caught.value.key == "error.search-date"


def test_filters_become_parts_field_by_field() -> None:
    read = read_filters({"udc": ["94", "-94(574)"], "kind": ["-page"]}, "1954", "1954")
    dates, kinds, classes = parts_of(read, VOCABULARY)
    assert (dates.field, dates.wanted, dates.unwanted) == ("date", Keys("date", ("1954",)), None)
    assert (kinds.field, kinds.wanted, kinds.unwanted) == ("kind", None, Keys("kind", ("page",)))
    assert classes.wanted == Keys("udc", ("94", "94(574)", "94(574.31)"))
    assert classes.unwanted == Keys("udc", ("94(574)", "94(574.31)"))
    assert parts_of(read.without("udc"), VOCABULARY) == (dates, kinds)
    assert parts_of(read.without("date"), VOCABULARY) == (kinds, classes)


def test_a_query_is_narrowed_by_all_parts() -> None:
    read = read_filters({"language": ["kaz", "-eng"]}, "", "1953")
    word = Keys("text", ("кала",))
    wanted = narrow(word, parts_of(read, VOCABULARY))
    date, language = Keys("date", ("1953",)), Keys("language", ("kaz",))
    assert wanted == Every((word, date, language), (Keys("language", ("eng",)),))
    assert narrow(EVERYTHING, parts_of(NO_FILTERS, VOCABULARY)) == EVERYTHING
